"""Requests to write as entries: one resource alone, a batch, or a transaction. Pure.

What is wrong with the form of a request is refused as a whole; what is wrong with a single resource is said of it.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from pccovid.connectors.agency_fhir.elements import first, text_at
from pccovid.connectors.agency_fhir.envelopes import KIND_OF
from pccovid.connectors.agency_fhir.travel import is_travel
from pccovid.connectors.agency_fhir.treatment import is_vital_sign
from pccovid.connectors.json_values import ObjectParser
from pccovid.exchange.conditions import conditioned, identifiers
from pccovid.exchange.entries import Sent
from pccovid.exchange.outcomes import Issue, Refusal
from pccovid.exchange.references import contained, key_of, names_of, person_in, pointed_to, resolved

MOST_BYTES = 4 * 1024 * 1024
MOST_ENTRIES = 1_000
PATIENT_OF = {
    "Immunization": "patient", "Observation": "subject", "DiagnosticReport": "subject", "Specimen": "subject",
    "Coverage": "beneficiary", "Encounter": "subject", "Condition": "subject", "Procedure": "subject",
    "MedicationAdministration": "subject",
}  # fmt: skip
"""Resource type → the element that says whose it is."""
_METHODS = ("POST", "PUT")


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Refusal."""
    if len(body) > MOST_BYTES:
        raise Refusal(413, Issue("too-long", f"more than {MOST_BYTES} bytes"))
    try:
        text = body.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        raise Refusal(400, Issue("structure", "the body is not UTF-8")) from None
    parsed = ObjectParser().parse(text)
    if parsed.value is None:
        raise Refusal(400, Issue("structure", f"the body is no JSON object: {parsed.reason}"))
    if parsed.duplicates:
        raise Refusal(400, Issue("structure", "a member stands twice in one object"))
    _refuse_unstorable(parsed.value)
    return parsed.value


def _refuse_unstorable(value: dict[str, Any]) -> None:
    try:
        written = json.dumps(value, ensure_ascii=False, allow_nan=False)
        written.encode("utf-8")
    except (ValueError, UnicodeEncodeError):
        raise Refusal(400, Issue("value", "a number or a text that cannot be kept")) from None
    if "\\u0000" in written:
        raise Refusal(400, Issue("value", "a text with a NUL character"))


def read_entries(bundle: Mapping[str, Any]) -> tuple[bool, list[Sent]]:
    """(whether all or nothing is to be written, its entries in order). Raises Refusal."""
    kind, entries = bundle.get("type"), bundle.get("entry", [])
    if kind not in ("transaction", "batch"):
        raise Refusal(400, Issue("value", "Bundle.type must be transaction or batch", "Bundle.type"))
    if not isinstance(entries, list) or not entries:
        raise Refusal(400, Issue("required", "a bundle has at least one entry", "Bundle.entry"))
    if len(entries) > MOST_ENTRIES:
        raise Refusal(413, Issue("too-long", f"more than {MOST_ENTRIES} entries", "Bundle.entry"))
    return kind == "transaction", [_entry(number, entry) for number, entry in enumerate(entries)]


def _entry(number: int, entry: object) -> Sent:
    at = f"Bundle.entry[{number}]"
    if not isinstance(entry, dict) or not isinstance(entry.get("resource"), dict):
        return Sent(f"{at}.resource.", "", {}, issues=(Issue("required", "an entry needs a resource", at),))
    request = entry.get("request")
    request = request if isinstance(request, dict) else {}
    kind = entry["resource"].get("resourceType")
    kind = kind if isinstance(kind, str) else ""
    full_url = entry.get("fullUrl")
    return Sent(
        f"{at}.resource.", kind, entry["resource"], full_url if isinstance(full_url, str) else "",
        request.get("ifNoneExist") is not None, tuple(_request_issues(request, kind, entry["resource"], at)),
    )  # fmt: skip


def _request_issues(request: Mapping[str, Any], kind: str, resource: Mapping[str, Any], at: str) -> list[Issue]:
    method, url = request.get("method"), request.get("url")
    if method not in _METHODS:
        return [Issue("not-supported", "only POST and conditional PUT are taken", f"{at}.request.method")]
    if not isinstance(url, str):
        return [Issue("required", "request.url is missing", f"{at}.request.url")]
    path, query = urlsplit(url.lstrip("/")).path, urlsplit(url).query
    if method == "PUT" and path.startswith(f"{kind}/"):
        words = "PUT is taken as Type?identifier=system|value alone, not by an id"
        return [Issue("not-supported", words, f"{at}.request.url")]
    if path != kind:
        return [Issue("value", "request.url does not name the resource's type", f"{at}.request.url")]
    condition = query if method == "PUT" else request.get("ifNoneExist")
    if method == "PUT" and not query:
        return [Issue("not-supported", "PUT is taken with ?identifier= alone", f"{at}.request.url")]
    return condition_issues(condition, resource, f"{at}.request")


def condition_issues(condition: object, resource: Mapping[str, Any], at: str) -> list[Issue]:
    """A condition must name an identifier that the resource itself has: by it the resource is known again."""
    if condition is None:
        return []
    named = conditioned(condition)
    if named is None:
        return [Issue("not-supported", "the only condition is identifier=system|value", at)]
    if named not in identifiers(resource):
        return [Issue("business-rule", "the condition names an identifier that the resource does not have", at)]
    return []


@dataclass(frozen=True)
class Whose:
    """What a resource says of whose it is: a Patient's key among the sender's, or one of our persons."""

    key: str | None = None
    person: UUID | None = None


def whose(sent: Sent, patients: Mapping[str, str], secret: bytes) -> Whose | Issue:
    """Whose a resource is. `patients`: what Patients of the bundle are called → their keys."""
    element = PATIENT_OF.get(sent.kind, "")
    reference = sent.resource.get(element)
    key = pointed_to(reference, "Patient", patients, sent, secret)
    person = person_in(reference) if key is None else None
    if key is not None or person is not None:
        return Whose(key, person)
    words = "the reference names no Patient of this bundle, of yours or of ours, or more than one"
    return Issue("not-found", words, f"{sent.at}{sent.kind}.{element}")


def specimen_of(sent: Sent, entries: list[Sent]) -> dict[str, Any] | None:
    """The Specimen of the same bundle that an Observation refers to, or one it contains."""
    reference = text_at(sent.resource, "specimen", "reference")
    if reference is None:
        return None
    inside, name = contained(sent.resource, reference), resolved(reference, sent)
    return inside or next((one.resource for one in entries if one.kind == "Specimen" and name in names_of(one)), None)


def kind_of(resource: Mapping[str, Any]) -> str:
    """What a resource is by CATEGORY_OF: its type, of an Observation with what it observes."""
    kind = str(resource.get("resourceType"))
    if kind != "Observation":
        return kind
    if is_travel(resource):
        return f"{kind}.travel"
    return f"{kind}.{'vital-signs' if is_vital_sign(dict(resource)) else 'laboratory'}"


def stay_of(sent: Sent, stays: Mapping[str, str], secret: bytes) -> str | None:
    """The key of the Encounter that a resource is, or belongs to. `stays`: what the bundle's are called → keys."""
    if sent.kind == "Encounter":
        return key_of(sent.resource, secret)
    reference = first(sent.resource, "encounter") or first(sent.resource, "context")
    return pointed_to(reference, "Encounter", stays, sent, secret)


def is_taken(kind: str) -> bool:
    """Whether resources of this type are taken in at all."""
    return kind in KIND_OF
