"""Facts and persons as resources of the interface: the features' own mappings, with references that can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pccovid.agreements.rules import type_of
from pccovid.foundation.facts import StagedFact, registered
from pccovid.foundation.fhir import About, Resource, instant
from pccovid.people.fhir import patient
from pccovid.people.queries import OwnIdentity
from pccovid.personal_copy.fhir_document import MAPPINGS

FACT_OF: Mapping[str, str] = {
    "Immunization": "dose", "Observation.laboratory": "test", "Observation.vital-signs": "vital_sign",
    "Coverage": "card", "Encounter": "stay", "Condition": "condition", "Procedure": "procedure",
    "MedicationAdministration": "medication", "Observation.travel": "entry",
}  # fmt: skip
"""Resource type (a key of CATEGORY_OF) → the kind of fact it shows."""
KIND_OF_FACT: Mapping[str, str] = {fact: kind for kind, fact in FACT_OF.items()}
READ_TYPES = tuple(dict.fromkeys(("Patient", *map(type_of, FACT_OF))))
"""Resource types that can be asked for."""
ORIGIN = ("id", "person_id", "source_system", "provenance", "recorded_at", "superseded_at")
"""The columns every fact is read with, before its own."""


@dataclass(frozen=True)
class FactRow:
    """A fact as it was read."""

    kind: str
    id: UUID
    person: UUID
    system: str
    provenance: str
    recorded_at: datetime
    superseded_at: datetime | None
    carried: Any

    @property
    def version(self) -> int:
        """1 while it stands; 2 once a newer version of its record took its place."""
        return 1 if self.superseded_at is None else 2

    @property
    def updated_at(self) -> datetime:
        return self.superseded_at or self.recorded_at


def fact_kinds_of(kind: str) -> tuple[str, ...]:
    """The keys of FACT_OF that a resource type stands for."""
    return tuple(one for one in FACT_OF if type_of(one) == kind)


def staged(kind: str) -> StagedFact:
    """The description of the facts behind a resource type."""
    return next(fact for fact in registered() if fact.name == FACT_OF[kind])


def fact_row(kind: str, row: tuple[Any, ...]) -> FactRow:
    """A row of ORIGIN and the fact's own columns."""
    fact = staged(kind)
    values = fact.opened(tuple(row[len(ORIGIN) :]))
    number, person, system, provenance, recorded_at, superseded_at = row[: len(ORIGIN)]
    carried = fact.values(*values)
    return FactRow(kind, number, person, system, provenance, recorded_at, superseded_at, carried)


def fact_resource(row: FactRow, version: int | None = None) -> Resource:
    """A fact as its resource: the version that stands now, or an earlier one."""
    shown = version or row.version
    about = About(row.id, row.person, row.system, row.provenance, row.recorded_at, shown == 1)
    made = _asked_by_address(MAPPINGS[FACT_OF[row.kind]](row.carried, about), row.person)
    made["meta"] |= {"versionId": str(shown), "lastUpdated": instant(row.recorded_at if shown == 1 else row.updated_at)}
    return made


def patient_resource(identity: OwnIdentity, merged_into: UUID | None = None) -> Resource:
    """A person; one that was merged into another says so, as FHIR wants it."""
    made = patient(identity)
    if merged_into is not None:
        made["active"] = False
        made["link"] = [{"other": {"reference": f"Patient/{merged_into}"}, "type": "replaced-by"}]
    return made


def _asked_by_address(resource: Resource, person: UUID) -> Resource:
    """References to the person as addresses of this interface, in place of a document's own."""
    inside = f"urn:uuid:{person}"
    for name, value in resource.items():
        if isinstance(value, dict) and value.get("reference") == inside:
            resource[name] = {"reference": f"Patient/{person}"}
    return resource
