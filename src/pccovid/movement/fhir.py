"""Visits, trips and checkpoint scans as FHIR R4 Observations of the social history. Pure.

FHIR has no resource for where somebody went; the codes are our own.
"""

from __future__ import annotations

from typing import NamedTuple

from pccovid.foundation.fhir import OWN, About, Resource, coding, concept, instant, observation, period
from pccovid.movement.carried import CarriedScan, CarriedTrip, CarriedVisit


class PlaceWords(NamedTuple):
    """What is known of the place of a visit."""

    name: str | None = None
    address: str | None = None
    commune: str | None = None


def _code(name: str) -> Resource:
    return concept(coding(f"{OWN}movement", name))


def visit_observation(visit: CarriedVisit, about: About, place: PlaceWords = PlaceWords()) -> Resource:  # noqa: B008
    """A stay at a place, from check-in to check-out."""
    values = {"place_key": visit.place_key, "via": visit.via, **{f"place_{k}": v for k, v in place._asdict().items()}}
    return observation(
        _code("visit"), about, values=values, effectivePeriod=period(visit.entered_at, visit.left_at)
    )  # fmt: skip


def trip_observation(trip: CarriedTrip, about: About) -> Resource:
    """A declared or permitted journey."""
    values = {name: value for name, value in trip._asdict().items() if name != "departed_at"}
    departed = instant(trip.departed_at) if trip.departed_at else None
    return observation(_code("trip"), about, values=values, effectiveDateTime=departed)


def scan_observation(scan: CarriedScan, about: About) -> Resource:
    """A checkpoint's scan of a trip's code."""
    scanned = instant(scan.scanned_at) if scan.scanned_at else None
    values = {"trip_key": scan.trip_key, "checkpoint": scan.checkpoint}
    return observation(_code("scan"), about, values=values, effectiveDateTime=scanned)
