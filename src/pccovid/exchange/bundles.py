"""Requests to write as entries: one resource alone, a batch, or a transaction. Pure.

What is wrong with the form of a request is refused as a whole; what is wrong with a single resource is said of it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from pccovid.connectors.agency_fhir.elements import first, objects, text_at
from pccovid.connectors.agency_fhir.envelopes import KIND_OF
from pccovid.connectors.agency_fhir.travel import is_travel
from pccovid.connectors.agency_fhir.treatment import is_vital_sign
from pccovid.connectors.json_values import ObjectParser
from pccovid.exchange.outcomes import Issue, Refusal

MOST_BYTES = 4 * 1024 * 1024
MOST_ENTRIES = 1_000
PATIENT_OF = {
    "Immunization": "patient", "Observation": "subject", "DiagnosticReport": "subject", "Specimen": "subject",
    "Coverage": "beneficiary", "Encounter": "subject", "Condition": "subject", "Procedure": "subject",
    "MedicationAdministration": "subject",
}  # fmt: skip
"""Resource type → the element that says whose it is."""
_METHODS = ("POST", "PUT")


@dataclass(frozen=True)
class Identified:
    """An identifier: system and value."""

    system: str
    value: str


@dataclass(frozen=True)
class Sent:
    """One resource to write. `only_new`: nothing is changed where it is known already (conditional create)."""

    at: str
    """Where it stands in the request, as a prefix of FHIRPaths: '' or `Bundle.entry[3].resource.`."""
    kind: str
    resource: dict[str, Any]
    full_url: str = ""
    only_new: bool = False
    issues: tuple[Issue, ...] = ()
    """What makes it impossible, found while the request was read."""


def read_json(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises Refusal."""
    if len(body) > MOST_BYTES:
        raise Refusal(413, Issue("too-long", f"more than {MOST_BYTES} bytes"))
    try:
        text = body.decode("utf-8")
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
    named = _conditioned(condition)
    if named is None:
        return [Issue("not-supported", "the only condition is identifier=system|value", at)]
    if named not in identifiers(resource):
        return [Issue("business-rule", "the condition names an identifier that the resource does not have", at)]
    return []


def _conditioned(condition: object) -> Identified | None:
    if not isinstance(condition, str):
        return None
    query = parse_qs(condition.lstrip("?"), keep_blank_values=True)
    if set(query) != {"identifier"} or len(query["identifier"]) != 1:
        return None
    return read_token(query["identifier"][0])


def read_token(text: str) -> Identified | None:
    """`system|value` as an identifier; None where either is missing."""
    system, bar, value = text.partition("|")
    return Identified(system, value) if bar and system and value else None


def identifiers(resource: Mapping[str, Any]) -> list[Identified]:
    """The identifiers of a resource that have both system and value, a specimen's accession last."""
    named = [*objects(resource, "identifier"), *objects(resource, "accessionIdentifier")]
    found = [(one.get("system"), one.get("value")) for one in named]
    return [Identified(s, v) for s, v in found if isinstance(s, str) and isinstance(v, str) and s and v]


def key_of(resource: Mapping[str, Any], secret: bytes) -> str | None:
    """The name under which a resource is known again: of its first whole identifier, hidden under a key of the house.

    A file number may be a document number, so it is never kept in the clear. None where there is no identifier.
    """
    named = identifiers(resource)
    return hidden_key(named[0], secret) if named else None


def hidden_key(identifier: Identified, secret: bytes) -> str:
    """An identifier as the key of a record."""
    text = f"{identifier.system}\x00{identifier.value}".encode("utf-8", "surrogatepass")
    return hmac.new(secret, text, hashlib.sha256).hexdigest()[:40]


@dataclass(frozen=True)
class Whose:
    """What a resource says of whose it is: a Patient's key among the sender's, or one of our persons."""

    key: str | None = None
    person: UUID | None = None


def whose(sent: Sent, patients: Mapping[str, str], secret: bytes) -> Whose | Issue:
    """Whose a resource is. `patients`: full URL in the bundle → the Patient's key."""
    element = PATIENT_OF.get(sent.kind, "")
    at = f"{sent.at}{sent.kind}.{element}"
    reference = sent.resource.get(element)
    text = text_at(reference, "reference") or ""
    if text in patients:
        return Whose(key=patients[text])
    found = _person(text) or _queried(text, secret)
    if found is not None:
        return found
    logical = reference.get("identifier") if isinstance(reference, dict) else None
    named = identifiers({"identifier": logical}) if logical else []
    if named:
        return Whose(key=hidden_key(named[0], secret))
    return Issue("not-found", "the reference names no Patient of this bundle, of yours or of ours", at)


def _person(text: str) -> Whose | None:
    kind, _, number = text.partition("/")
    if kind != "Patient":
        return None
    try:
        return Whose(person=UUID(number))
    except ValueError:
        return None


def _queried(text: str, secret: bytes) -> Whose | None:
    path, mark, query = text.partition("?")
    named = _conditioned(unquote(query)) if path == "Patient" and mark else None
    return Whose(key=hidden_key(named, secret)) if named else None


def named_in(entries: list[Sent], kind: str, secret: bytes) -> dict[str, str]:
    """Full URL → key of every resource of a type in a bundle that has both."""
    keyed = [(sent.full_url, key_of(sent.resource, secret)) for sent in entries if sent.kind == kind]
    return {url: key for url, key in keyed if url and key}


def specimen_of(sent: Sent, entries: list[Sent]) -> dict[str, Any] | None:
    """The Specimen of the same bundle that an Observation refers to, or one it contains."""
    reference = text_at(sent.resource, "specimen", "reference")
    if reference is None:
        return None
    if reference.startswith("#"):
        contained = objects(sent.resource, "contained")
        return next((one for one in contained if one.get("id") == reference[1:]), None)
    return next((one.resource for one in entries if one.full_url == reference and one.kind == "Specimen"), None)


def kind_of(resource: Mapping[str, Any]) -> str:
    """What a resource is by CATEGORY_OF: its type, of an Observation with what it observes."""
    kind = str(resource.get("resourceType"))
    if kind != "Observation":
        return kind
    if is_travel(resource):
        return f"{kind}.travel"
    return f"{kind}.{'vital-signs' if is_vital_sign(dict(resource)) else 'laboratory'}"


def stay_of(sent: Sent, stays: Mapping[str, str], secret: bytes) -> str | None:
    """The key of the Encounter that a resource is, or says that it belongs to. `stays`: full URL → key."""
    if sent.kind == "Encounter":
        return key_of(sent.resource, secret)
    reference = first(sent.resource, "encounter") or first(sent.resource, "context")
    text = text_at(reference, "reference") or ""
    if text in stays:
        return stays[text]
    path, mark, query = text.partition("?")
    named = _conditioned(unquote(query)) if path == "Encounter" and mark else None
    logical = identifiers({"identifier": first(reference, "identifier")})
    found = named or (logical[0] if logical else None)
    return hidden_key(found, secret) if found else None


def is_taken(kind: str) -> bool:
    """Whether resources of this type are taken in at all."""
    return kind in KIND_OF
