"""FHIR R4 as plain dicts: code systems, codes, times, references, and what every resource of a fact carries. Pure.

Each feature's `fhir.py` maps its own facts with these; whoever makes a document or answers a query puts them together.
Code systems of our own stand under `https://pccovid.invalid/fhir/` (RFC 2606: a name that never resolves) until the
ministry gives them an address; what stands there is our own word and nobody else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple
from uuid import UUID

Resource = dict[str, Any]

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
ATC = "http://www.whocc.no/atc"
EU_PRODUCT = "https://ec.europa.eu/health/documents/community-register/html/"
"""Vaccines authorised in the Union, as the EU DCC value set names them."""
EU_OTHER_PRODUCT = "http://ec.europa.eu/temp/vaccineproductname"
"""Vaccines without authorisation in the Union, in the same value set."""
HL7 = "http://terminology.hl7.org/CodeSystem/"
OWN = "https://pccovid.invalid/fhir/CodeSystem/"
OWN_EXTENSION = "https://pccovid.invalid/fhir/StructureDefinition/"
OWN_NUMBERS = "https://pccovid.invalid/fhir/NamingSystem/"

_VIET_NAM = timezone(timedelta(hours=7))


class About(NamedTuple):
    """What a resource says beside the fact's own values: which fact, whose, from which system, if it still stands."""

    fact: UUID
    person: UUID
    system: str
    provenance: str
    recorded_at: datetime
    is_standing: bool = True
    """False: a newer version came, or it repeats another entry of the same event."""


def resource(kind: str, about: About, **elements: object) -> Resource:
    """A resource of this fact, without its empty elements."""
    tags = [coding(f"{OWN}provenance", about.provenance), coding(f"{OWN}source-system", about.system)]
    meta = {"lastUpdated": instant(about.recorded_at), "tag": tags}
    return without_empty({"resourceType": kind, "id": str(about.fact), "meta": meta, **elements})


def observation(
    code: Resource, about: About, *, values: Mapping[str, object], category: str = "social-history", **elements: object
) -> Resource:
    """An Observation whose values stand in components under our own codes, each under its own name."""
    components = [
        {"code": concept(coding(f"{OWN}field", name)), **_valued(value)}
        for name, value in values.items()
        if value not in (None, "", [], ())
    ]
    return resource(
        "Observation", about, status="final" if about.is_standing else "entered-in-error",
        category=[concept(coding(f"{HL7}observation-category", category))],
        code=code, subject=reference(about.person), component=components, **elements,
    )  # fmt: skip


def _valued(value: object) -> Resource:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, datetime):
        return {"valueDateTime": instant(value)}
    if isinstance(value, date):
        return {"valueDateTime": value.isoformat()}
    if isinstance(value, list | tuple):
        return {"valueString": ", ".join(map(str, value))}
    return {"valueString": str(value)}


def coding(system: str, code: str, display: str | None = None) -> Resource:
    """One code of a system."""
    return without_empty({"system": system, "code": code, "display": display})


def concept(*codings: Resource, text: str | None = None) -> Resource:
    """A CodeableConcept of these codes."""
    return without_empty({"coding": list(codings), "text": text})


def reference(to: UUID) -> Resource:
    """A reference to the resource of that id in the same bundle."""
    return {"reference": f"urn:uuid:{to}"}


def instant(at: datetime) -> str:
    """A moment to the second, with Viet Nam's offset."""
    return at.astimezone(_VIET_NAM).isoformat(timespec="seconds")


def period(start: datetime | None, end: datetime | None) -> Resource | None:
    """A Period; None where neither end is known. Ends in the wrong order, as sources may give them, are left out."""
    if start and end and end < start:
        end = None
    found = {"start": instant(start) if start else None, "end": instant(end) if end else None}
    return without_empty(found) or None


def partial_date(value: date | None, precision: str | None) -> str | None:
    """A date no finer than it is known."""
    if value is None:
        return None
    return value.isoformat()[: {"year": 4, "month": 7}.get(precision or "day", 10)]


def extension(name: str, parts: Mapping[str, str]) -> Resource:
    """An extension of our own made of codes."""
    return {
        "url": OWN_EXTENSION + name,
        "extension": [{"url": url, "valueCode": code} for url, code in parts.items() if code],
    }


def without_empty(elements: Mapping[str, object]) -> Resource:
    """The elements that hold something: FHIR forbids empty ones."""
    return {name: value for name, value in elements.items() if not _is_empty(value)}


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str | Mapping | list | tuple) and not value)
