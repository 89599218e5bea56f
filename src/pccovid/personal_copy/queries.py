"""Everything about one person, read inside their own opened access: all facts of every kind, superseded ones too.

Facts come by their registration, so that a kind that lands tomorrow is in the copy without a word here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pccovid.foundation.classification import category_of
from pccovid.foundation.facts import StagedFact, registered
from pccovid.movement.queries import VisitedPlace, own_visits
from pccovid.people.dossier import FactTable, HeldFact, RecordLine, dossier, facts_of
from pccovid.people.queries import FamilyTie, OwnIdentity, own_family, own_identity
from pccovid.personal_copy.rules import left_out, status
from pccovid.vaccination.queries import own_doses


@dataclass(frozen=True)
class CopiedFact:
    """One fact. `values`: column → value, without what the rules leave out; `carried` the same as the feature knows it.

    `repeats` is the fact that this one enters again; `place` what is known of the place of a visit.
    """

    id: UUID
    kind: str
    category: str
    status: str
    repeats: UUID | None
    values: Mapping[str, Any]
    carried: Any
    place: VisitedPlace | None
    system: str
    provenance: str
    recorded_at: datetime
    superseded_at: datetime | None


@dataclass(frozen=True)
class PersonalCopy:
    """What is held about one person."""

    identity: OwnIdentity
    facts: tuple[CopiedFact, ...]
    ties: tuple[FamilyTie, ...]
    """Those the person declared for; who declared for the person stands among the facts."""
    records: tuple[RecordLine, ...]

    def of_kind(self, kind: str) -> tuple[CopiedFact, ...]:
        """Facts of one kind, standing ones first."""
        return tuple(fact for fact in self.facts if fact.kind == kind)


def copied_kinds() -> tuple[StagedFact, ...]:
    """Every kind of fact about persons, in order of registration; a registered place is about nobody."""
    return tuple(fact for fact in registered() if fact.name != "place")


def copy_of(person: UUID) -> PersonalCopy | None:
    """The copy; None where the opened access does not reach the person."""
    identity, record = own_identity(person), dossier(person)
    if identity is None or record is None:
        return None
    repeats = {again.origin.fact: dose.origin.fact for dose in own_doses(person) for again in dose.repeats}
    places = {visit.origin.fact: visit.place for visit in own_visits(person)}
    kinds = {fact.name: fact for fact in copied_kinds()}
    facts = tuple(
        _copied(kinds[table.kind], table, held, repeats.get(held.id), places.get(held.id))
        for table in facts_of(person)
        for held in table.rows
    )
    ties = tuple(tie for tie in own_family(person) if not tie.kind.endswith("_of"))
    return PersonalCopy(identity, facts, ties, record.records)


def _copied(
    kind: StagedFact, table: FactTable, held: HeldFact, repeats: UUID | None, place: VisitedPlace | None
) -> CopiedFact:
    values = {name: _read(held, table, name) for name in table.columns}
    hidden = left_out(kind.name, values)
    return CopiedFact(
        id=held.id, kind=kind.name, category=category_of(kind.table),
        status=status(superseded=held.superseded_at is not None, repeats=repeats is not None), repeats=repeats,
        values={name: value for name, value in values.items() if name not in hidden},
        carried=kind.values(**{name: None if name in hidden else value for name, value in values.items()}),
        place=place, system=held.system, provenance=held.provenance, recorded_at=held.recorded_at,
        superseded_at=held.superseded_at,
    )  # fmt: skip


def _read(held: HeldFact, table: FactTable, name: str) -> Any:
    """A value as Python knows it; a cursor of Django's hands JSON on as text."""
    value = held.values[table.columns.index(name)]
    return json.loads(value) if name == "answers" and isinstance(value, str) else value
