"""Reading doses: only inside an opened access, which the database holds to its scope."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import by_queryset
from pccovid.people.origin import ORIGIN_COLUMNS, Origin, with_origin
from pccovid.vaccination.models import Dose

_COLUMNS = ("product", "product_text", "lot_number", "occurred_on", "dose_number", "site_name", "reaction_note")


@dataclass(frozen=True)
class OwnDose:
    """One injection. `repeats` are further entries of the same injection, kept but not counted."""

    origin: Origin
    product: str | None
    product_text: str | None
    lot_number: str | None
    occurred_on: date | None
    dose_number: int | None
    """As the source claims it; `position` is the count by date."""
    site_name: str | None
    reaction_note: str | None
    position: int = 0
    repeats: tuple[OwnDose, ...] = ()


def _doses(_: UUID, rows: Rows) -> tuple[OwnDose, ...]:
    earlier_of: dict[UUID, UUID | None] = {}
    doses: list[OwnDose] = []
    for (earlier, *values), origin in map(with_origin, rows):
        earlier_of[origin.fact] = earlier
        doses.append(OwnDose(origin, *values))
    return _each_once(doses, earlier_of)


def _each_once(doses: list[OwnDose], earlier_of: dict[UUID, UUID | None]) -> tuple[OwnDose, ...]:
    repeats: dict[UUID, list[OwnDose]] = {}
    for dose in doses:
        repeats.setdefault(_first_entry(dose.origin.fact, earlier_of), []).append(dose)
    standing = [dose for dose in doses if dose.origin.fact in repeats]
    return tuple(
        replace(dose, position=position, repeats=tuple(d for d in repeats[dose.origin.fact] if d is not dose))
        for position, dose in enumerate(standing, start=1)
    )


def _first_entry(fact: UUID, earlier_of: dict[UUID, UUID | None]) -> UUID:
    """The first entry of the injection; a chain of repeats is followed, a mark to an unseen dose is not."""
    seen = {fact}
    while (earlier := earlier_of[fact]) in earlier_of and earlier is not None and earlier not in seen:
        seen.add(earlier)
        fact = earlier
    return fact


OWN_DOSES = by_queryset(
    lambda person: (
        Dose.objects.filter(person_id=person, superseded_at=None)
        .order_by("occurred_on", "entered_at", "id")
        .values_list("duplicate_of", *_COLUMNS, *ORIGIN_COLUMNS)
    ),
    _doses,
)
"""The person's injections in order of date, each once, with its repeated entries beside it."""


def own_doses(person: UUID) -> tuple[OwnDose, ...]:
    """The same, in the access that is open."""
    return OWN_DOSES.of(person)
