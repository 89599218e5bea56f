"""Reading places visited and journeys: only inside an opened access, which the database holds to its scope."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import by_queryset, joined
from pccovid.movement.models import Place, Scan, Trip, Visit
from pccovid.movement.rules import ASSUMED_STAY, LONGEST_STAY
from pccovid.people.origin import ORIGIN_COLUMNS, Origin, with_origin

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_TRIP_COLUMNS = (
    "trip_key", "departure_place", "destination_place", "departure_commune", "destination_commune", "transport",
    "vehicle_number", "seat", "departed_at", "valid_until",
)  # fmt: skip


@dataclass(frozen=True)
class VisitedPlace:
    """What is known of a registered place; who registered it is not told."""

    name: str | None
    kind: str | None
    address: str | None
    commune: str | None


@dataclass(frozen=True)
class OwnVisit:
    """One stay at a place; `left_at` is None where nobody checked out, `place` where it is not registered here."""

    entered_at: datetime | None
    left_at: datetime | None
    via: str | None
    place: VisitedPlace | None
    origin: Origin


@dataclass(frozen=True)
class VisitAtPlace:
    """A stay of somebody at a place; one of the two moments may be missing, then span_of() says what is assumed."""

    id: UUID
    person: UUID
    entered_at: datetime | None
    left_at: datetime | None


@dataclass(frozen=True)
class PassedCheckpoint:
    """One scan of the trip's code."""

    scanned_at: datetime | None
    checkpoint: str | None


@dataclass(frozen=True)
class OwnTrip:
    """A declared or permitted journey and the checkpoints that scanned it."""

    origin: Origin
    checkpoints: tuple[PassedCheckpoint, ...]
    departure_place: str | None
    destination_place: str | None
    departure_commune: str | None
    destination_commune: str | None
    transport: str | None
    vehicle_number: str | None
    seat: str | None
    departed_at: datetime | None
    valid_until: datetime | None


def _visits_of(person: UUID) -> QuerySet[Visit, Any]:
    place = Place.objects.filter(place_key=OuterRef("place_key")).order_by("id")
    described = place.values(data=JSONObject(name="name", kind="kind", address="address", commune="commune_code"))
    return (
        Visit.objects.filter(person_id=person, superseded_at=None)
        .annotate(place=Subquery(described[:1]))
        .order_by(F("entered_at").desc(nulls_last=True), "id")
        .values_list("entered_at", "left_at", "via", "place", *ORIGIN_COLUMNS)
    )


def _visits(_: UUID, rows: Rows) -> tuple[OwnVisit, ...]:
    return tuple(
        OwnVisit(entered, left, via, VisitedPlace(**json.loads(found)) if found else None, Origin(*origin))
        for entered, left, via, found, *origin in rows
    )


OWN_VISITS = by_queryset(_visits_of, _visits)
"""Places the person visited, newest first."""


def own_visits(person: UUID) -> tuple[OwnVisit, ...]:
    """The same, in the access that is open."""
    return OWN_VISITS.of(person)


def visits_at(place_key: str, start: datetime, end: datetime) -> tuple[VisitAtPlace, ...]:
    """Who in sight of the opened access was at the place at any time from `start` to `end`, by when they came.

    A stay without its end, or its beginning, is taken to have lasted ASSUMED_STAY. Stays longer than LONGEST_STAY
    do not exist, so few days are looked into.
    """
    first, last = (start - ASSUMED_STAY).astimezone(_HERE).date(), (end + LONGEST_STAY).astimezone(_HERE).date()
    came = Q(entered_at__gte=start - LONGEST_STAY, entered_at__lte=end) & (
        Q(left_at__gte=start) | Q(left_at=None, entered_at__gte=start - ASSUMED_STAY)
    )
    only_left = Q(entered_at=None, left_at__gte=start, left_at__lte=end + ASSUMED_STAY)
    rows = (
        Visit.objects.filter(came | only_left, place_key=place_key, day__gte=first, day__lte=last, superseded_at=None)
        .order_by(F("entered_at").asc(nulls_first=True), "id")
        .values_list("id", "person_id", "entered_at", "left_at")
    )
    return tuple(VisitAtPlace(*row) for row in rows)


def _scans(_: UUID, rows: Rows) -> dict[str | None, list[PassedCheckpoint]]:
    scans: dict[str | None, list[PassedCheckpoint]] = {}
    for trip_key, scanned_at, checkpoint in rows:
        scans.setdefault(trip_key, []).append(PassedCheckpoint(scanned_at, checkpoint))
    return scans


def _trips(_: UUID, scans: dict[str | None, list[PassedCheckpoint]], rows: Rows) -> tuple[OwnTrip, ...]:
    return tuple(
        OwnTrip(origin, tuple(scans.get(key, ())), *values) for (key, *values), origin in map(with_origin, rows)
    )


OWN_TRIPS = joined(
    _trips,
    by_queryset(
        lambda person: (
            Scan.objects.filter(person_id=person, superseded_at=None)
            .order_by("scanned_at", "id")
            .values_list("trip_key", "scanned_at", "checkpoint")
        ),
        _scans,
    ),
    by_queryset(
        lambda person: (
            Trip.objects.filter(person_id=person, superseded_at=None)
            .order_by(F("departed_at").desc(nulls_last=True), "id")
            .values_list(*_TRIP_COLUMNS, *ORIGIN_COLUMNS)
        ),
        lambda _, rows: rows,
    ),
)
"""Journeys of the person, newest first, each with its checkpoints in order of time."""


def own_trips(person: UUID) -> tuple[OwnTrip, ...]:
    """The same, in the access that is open."""
    return OWN_TRIPS.of(person)
