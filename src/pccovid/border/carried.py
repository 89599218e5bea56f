"""Entry declaration as tokhaiyte.vn hands it over."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pccovid.foundation.facts import StagedFact


class CarriedEntry(NamedTuple):
    """One border crossing; the health answers travel as a declaration of form 'entry' beside it."""

    gate: str | None
    vehicle_kind: str | None
    vehicle_number: str | None
    seat: str | None
    departed_on: date | None
    entered_on: date | None
    departure_country: str | None
    departure_province: str | None
    destination_province: str | None
    places_passed: tuple[str, ...]
    vaccines_used: str | None


ENTRY = StagedFact("entry", "border_entry", CarriedEntry)
