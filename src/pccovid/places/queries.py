"""Reading the register of places: what a poster leads to, one's own, the commune's; counts, never names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from uuid import UUID

from pccovid.foundation.reads import Read, by_sql
from pccovid.officers.database import call_rows
from pccovid.places.operations import Office
from pccovid.places.rules import PlaceKind, look_alike

MOST = 500


@dataclass(frozen=True)
class Place:
    """A place as whoever stands before it may see it."""

    id: UUID
    key: str
    name: str
    kind: str
    commune: str
    address: str
    closed_at: datetime | None


@dataclass(frozen=True)
class RegisteredPlace(Place):
    """The same for its commune."""

    registered_by: str
    print: str
    same_as: UUID | None


@dataclass(frozen=True)
class CarriedPlace:
    """A place of an earlier system that nobody has taken up."""

    key: str
    name: str
    kind: str | None
    commune: str
    address: str | None


@dataclass(frozen=True)
class DayCount:
    """How many came on a day."""

    day: date
    came: int


def kinds() -> tuple[PlaceKind, ...]:
    """The kinds in force."""
    return tuple(PlaceKind(*row) for row in call_rows("kinds_of_places"))


KINDS_IN_FORCE = by_sql(
    "SELECT * FROM access.kinds_of_places()", lambda _, rows: tuple(PlaceKind(*row) for row in rows)
)
"""The same beside other reads."""


def shown_at(place: UUID) -> Read[Place | None]:
    """The place of a poster; the one it is the same as, where it was registered twice."""
    return Read(
        lambda _: (("SELECT * FROM access.place_shown(%s)", [place]),),
        lambda _, rows: next((Place(*row) for row in rows), None),
    )


OWN_PLACES = by_sql("SELECT * FROM access.own_places()", lambda _, rows: tuple(Place(*row) for row in rows))
"""Inside one's own opened access: the open ones first."""


def own_counts(place: UUID) -> Read[tuple[DayCount, ...]]:
    """Day by day, newest first, for who registered it; nothing for anybody else."""
    return Read(
        lambda _: (("SELECT * FROM access.place_counts(%s, NULL, NULL)", [place]),),
        lambda _, rows: tuple(DayCount(*row) for row in rows),
    )


def places_of(by: Office) -> tuple[RegisteredPlace, ...]:
    """The newest of the office's area. Raises Refused."""
    return tuple(RegisteredPlace(*row) for row in call_rows("places_of_commune", *by, MOST))


def carried_places_of(by: Office) -> tuple[CarriedPlace, ...]:
    """Those of the area that earlier systems knew and nobody has taken up. Raises Refused."""
    return tuple(CarriedPlace(*row) for row in call_rows("carried_places_of_commune", *by, MOST))


def counts(place: UUID, *, by: Office) -> tuple[DayCount, ...]:
    """Day by day, newest first. Nothing for anybody else."""
    return tuple(DayCount(*row) for row in call_rows("place_counts", place, *by))


@dataclass(frozen=True)
class Scanner:
    """A device of a place, without its secret; `last_at`: when something last came from it."""

    id: UUID
    name: str
    registered_at: datetime
    last_at: datetime | None


def scanners(place: UUID, *, by: Office) -> tuple[Scanner, ...]:
    """Devices in use, newest first. Raises Refused."""
    return tuple(Scanner(*row) for row in call_rows("scanners_of_place", place, *by))


def own_scanners(place: UUID) -> Read[tuple[Scanner, ...]]:
    """The same for who registered the place; nothing for anybody else."""
    return Read(
        lambda _: (("SELECT * FROM access.scanners_of_place(%s, NULL, NULL)", [place]),),
        lambda _, rows: tuple(Scanner(*row) for row in rows),
    )


def revoked_codes(by: Office) -> tuple[tuple[UUID, datetime], ...]:
    """Whose codes of the last two days were revoked, and when. Raises Refused."""
    return tuple((person, since) for person, since in call_rows("revoked_codes", *by))


def is_revoked(person: UUID, made: datetime) -> Read[bool]:
    """Whether this person took back the codes made at that moment. Needs an own opened access, of whoever reads it."""
    return Read(
        lambda _: (("SELECT access.code_is_revoked(%s, %s)", [person, made]),), lambda _, rows: rows[0][0] is not False
    )


def look_alikes(places: Sequence[RegisteredPlace]) -> list[tuple[RegisteredPlace, RegisteredPlace]]:
    """Pairs of one commune that may be one place entered twice; the elder second."""
    open_ones = [place for place in places if place.same_as is None and place.closed_at is None]
    return [
        (one, other) for one, other in combinations(open_ones, 2)
        if one.commune == other.commune and look_alike(one.print, other.print)
    ]  # fmt: skip
