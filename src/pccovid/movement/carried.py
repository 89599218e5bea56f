"""Places, visits, trips and checkpoint scans as earlier systems hand them over."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pccovid.foundation.facts import StagedFact


class CarriedPlace(NamedTuple):
    """A registered place. It belongs to nobody; the registrant is contact data of the place."""

    place_key: str
    name: str | None
    kind: str | None
    commune_code: str | None
    address: str | None
    registrant_name: str | None
    registrant_phone: str | None
    registered_at: datetime | None


class CarriedVisit(NamedTuple):
    """One stay at a place; left_at is None where nobody checked out."""

    place_key: str | None
    entered_at: datetime | None
    left_at: datetime | None
    via: str | None
    """'personal_qr', 'paper_qr', 'cccd', 'bhyt' or 'phone'."""


class CarriedTrip(NamedTuple):
    """A declared or permitted journey."""

    trip_key: str
    departure_place: str | None
    destination_place: str | None
    departure_commune: str | None
    destination_commune: str | None
    transport: str | None
    vehicle_number: str | None
    """Plate or flight."""
    seat: str | None
    departed_at: datetime | None
    valid_until: datetime | None


class CarriedScan(NamedTuple):
    """One checkpoint scan of a trip's movement code."""

    trip_key: str
    scanned_at: datetime | None
    checkpoint: str | None


PLACE = StagedFact("place", "movement_place", CarriedPlace, sealed=("registrant_phone",))
VISIT = StagedFact("visit", "movement_visit", CarriedVisit, by_day=("left_at", "entered_at"))
TRIP = StagedFact("trip", "movement_trip", CarriedTrip, by_day=("departed_at", "valid_until"))
SCAN = StagedFact("scan", "movement_scan", CarriedScan, by_day=("scanned_at",))
