"""The profiles that received resources must follow, as data: validated by validation.py, published as they stand. Pure.

They narrow FHIR R4 to what is needed to know whose a resource is, to know it again when it is sent twice, and to read
the fact it carries; everything else R4 allows may be sent along and is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pccovid.foundation.fhir import OWN_EXTENSION, Resource, without_empty

FHIR_VERSION = "4.0.1"


class Element(NamedTuple):
    """A rule about one element: `name` as JSON spells it, where `x|y` is a choice of which one must be there."""

    name: str
    why: str
    minimum: int = 1
    codes: tuple[str, ...] = ()
    """The only values allowed."""


class Profile(NamedTuple):
    """What a resource type must hold here beside what R4 asks."""

    kind: str
    title: str
    elements: tuple[Element, ...]

    @property
    def name(self) -> str:
        return f"pccovid-{self.kind.lower()}"

    @property
    def url(self) -> str:
        return OWN_EXTENSION + self.name


_CHOICES = ("occurrence", "medication", "effective")
_CHOSEN = {
    "occurrenceDateTime": "dateTime", "medicationCodeableConcept": "CodeableConcept",
    "medicationReference": "Reference", "effectiveDateTime": "dateTime", "effectivePeriod": "Period",
}  # fmt: skip
_IDENTIFIER = Element("identifier", "by its identifier a resource is known again when it is sent twice")

PROFILES: dict[str, Profile] = {
    profile.kind: profile
    for profile in (
        Profile("Patient", "A person as an agency knows them", (
            _IDENTIFIER,
            Element("name", "without a name nobody is found, and no record opened"),
            Element("gender", "one word of FHIR's list", 0, ("male", "female", "other", "unknown")),
        )),
        Profile("Immunization", "A dose given", (
            _IDENTIFIER,
            Element("status", "what became of the dose", 1, ("completed", "entered-in-error", "not-done")),
            Element("vaccineCode", "the vaccine: a product of the EU value set, CVX, ATC J07BX03, or its name as text"),
            Element("patient", "whose dose it is"),
            Element("occurrenceDateTime", "the day it was given"),
        )),
        Profile("Observation", "A laboratory test with its result, a vital sign, or a border crossing", (
            _IDENTIFIER,
            Element("status", "how far the test has come", 1,
                    ("registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error",
                     "unknown")),
            Element("code", "by LOINC, a test: 94309-2, 94500-6 (PCR), 94558-4, 97097-0 (antigen); a crossing: 8691-8"),
            Element("subject", "whose it is"),
        )),
        Profile("DiagnosticReport", "The report that Observations belong to", (
            _IDENTIFIER,
            Element("status", "how far the report has come", 1,
                    ("registered", "partial", "preliminary", "final", "amended", "corrected", "appended", "cancelled",
                     "entered-in-error", "unknown")),
            Element("code", "what was examined"),
            Element("subject", "whose report it is"),
        )),
        Profile("Specimen", "A specimen with its tube's code", (
            Element("identifier|accessionIdentifier", "by it a specimen is known again when it is sent twice"),
            Element("subject", "whose specimen it is"),
        )),
        Profile("Encounter", "A stay or visit, and how it ended", (
            _IDENTIFIER,
            Element("status", "how far the stay has come", 1,
                    ("planned", "arrived", "triaged", "in-progress", "onleave", "finished", "cancelled",
                     "entered-in-error", "unknown")),
            Element("class", "whether somebody stays, comes, or is brought"),
            Element("subject", "whose stay it is"),
        )),
        Profile("Condition", "A diagnosis", (
            _IDENTIFIER,
            Element("code", "the diagnosis: ICD-10, SNOMED CT, or its name as text"),
            Element("subject", "whose diagnosis it is"),
        )),
        Profile("Procedure", "Something done to treat", (
            _IDENTIFIER,
            Element("status", "whether it was done", 1,
                    ("preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error",
                     "unknown")),
            Element("code", "what was done, as a code or as text"),
            Element("subject", "to whom"),
        )),
        Profile("MedicationAdministration", "A drug given", (
            _IDENTIFIER,
            Element("status", "whether it was given", 1,
                    ("in-progress", "not-done", "on-hold", "completed", "entered-in-error", "stopped", "unknown")),
            Element("medicationCodeableConcept|medicationReference", "the drug: a code, or its name as text"),
            Element("subject", "to whom"),
            Element("effectiveDateTime|effectivePeriod", "when it was given"),
        )),
        Profile("Coverage", "An insurance card", (
            _IDENTIFIER,
            Element("status", "whether it stands", 1, ("active", "cancelled", "draft", "entered-in-error")),
            Element("beneficiary", "whose card it is"),
            Element("payor", "who pays"),
        )),
    )
}  # fmt: skip


def structure_definition(profile: Profile) -> Resource:
    """The profile as a StructureDefinition that constrains R4's own."""
    return {
        "resourceType": "StructureDefinition",
        "id": profile.name,
        "url": profile.url,
        "version": "1",
        "name": "".join(part.capitalize() for part in profile.name.split("-")),
        "title": profile.title,
        "status": "active",
        "fhirVersion": FHIR_VERSION,
        "kind": "resource",
        "abstract": False,
        "type": profile.kind,
        "baseDefinition": f"http://hl7.org/fhir/StructureDefinition/{profile.kind}",
        "derivation": "constraint",
        "differential": {"element": [{"id": profile.kind, "path": profile.kind}, *_differential(profile)]},
    }


def _differential(profile: Profile) -> Iterator[dict[str, Any]]:
    for rule in profile.elements:
        by_path: dict[str, list[dict[str, str]]] = {}
        for name in rule.name.split("|"):
            choice = next((one for one in _CHOICES if name.startswith(one) and name != one), None)
            types = by_path.setdefault(f"{profile.kind}.{f'{choice}[x]' if choice else name}", [])
            types += [{"code": _CHOSEN[name]}] if choice else []
        for path, types in by_path.items():
            minimum = rule.minimum if len(by_path) == 1 else None
            yield without_empty({"id": path, "path": path, "short": _short(rule), "min": minimum, "type": types})


def _short(rule: Element) -> str:
    return f"{rule.why} ({' | '.join(rule.codes)})" if rule.codes else rule.why
