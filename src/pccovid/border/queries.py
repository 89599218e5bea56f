"""Reading border crossings: only inside an opened access, which the database holds to its scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F

from pccovid.border.models import Entry
from pccovid.foundation.reads import by_queryset
from pccovid.people.origin import ORIGIN_COLUMNS, Origin, with_origin

_COLUMNS = (
    "gate", "vehicle_kind", "vehicle_number", "seat", "departed_on", "entered_on", "departure_country",
    "departure_province", "destination_province", "vaccines_used",
)  # fmt: skip


@dataclass(frozen=True)
class OwnEntry:
    """One crossing as the traveller declared it."""

    origin: Origin
    places_passed: tuple[str, ...]
    gate: str | None
    vehicle_kind: str | None
    vehicle_number: str | None
    seat: str | None
    departed_on: date | None
    entered_on: date | None
    departure_country: str | None
    departure_province: str | None
    destination_province: str | None
    vaccines_used: str | None


OWN_ENTRIES = by_queryset(
    lambda person: (
        Entry.objects.filter(person_id=person, superseded_at=None)
        .order_by(F("entered_on").desc(nulls_last=True), "id")
        .values_list(*_COLUMNS, "places_passed", *ORIGIN_COLUMNS)
    ),
    lambda _, rows: tuple(
        OwnEntry(origin, tuple(passed), *values) for (*values, passed), origin in map(with_origin, rows)
    ),
)
"""The person's border crossings, newest first."""


def own_entries(person: UUID) -> tuple[OwnEntry, ...]:
    """The same, in the access that is open."""
    return OWN_ENTRIES.of(person)
