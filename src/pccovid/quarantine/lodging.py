"""Places of quarantine: rooms and beds, who is sent there, who is in which room. The database's functions refuse.

Everything here happens inside an opened access for `quarantine` (of tracers: seeing counts, and sending); it raises
Refused, whose codes operations.REFUSALS names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from pccovid.officers.database import call, call_rows


@dataclass(frozen=True)
class Facility:
    """An open place; counts alone. `coming`: sent there, without a room yet. `is_here`: of the desk's area."""

    number: int
    name: str
    commune: str
    address: str
    phone: str
    beds: int
    lodged: int
    coming: int
    is_here: bool

    @property
    def free(self) -> int:
        """How many more may be sent there."""
        return max(self.beds - self.lodged - self.coming, 0)


@dataclass(frozen=True)
class Lodged:
    """Somebody who is in a room, or on the way (no `since`)."""

    order: int
    person: UUID
    name: str | None
    since: datetime | None
    starts_on: date
    ends_on: date
    is_missed: bool
    has_symptoms: bool


@dataclass(frozen=True)
class Room:
    """A room with whom it has; `number` None: those who are on the way."""

    number: int | None
    name: str
    beds: int
    people: tuple[Lodged, ...]

    @property
    def free(self) -> int:
        """How many beds are left."""
        return self.beds - len(self.people)


def facilities() -> tuple[Facility, ...]:
    """Open places of everywhere, those of the desk's area first."""
    return tuple(Facility(*row) for row in call_rows("facilities_seen"))


def rooms_of(facility: int) -> tuple[Room, ...]:
    """Who is on the way, then room by room."""
    rows = call_rows("facility_seen", facility)
    return tuple(
        Room(number, name or "", beds or 0, tuple(Lodged(*row[3:]) for row in of_room if row[3] is not None))
        for (number, name, beds), of_room in groupby(rows, key=lambda row: row[:3])
    )


def open_facility(*, name: str, commune: str, address: str, phone: str) -> int:
    """A new place in the desk's area; returns its number."""
    return int(call("open_facility", name, commune, address, phone))


def set_room(facility: int, *, name: str, beds: int) -> None:
    """A room, or its beds anew; none: out of use."""
    call("set_room", facility, name, beds)


def close_facility(facility: int) -> None:
    """Nobody is sent there any more; refused while somebody is there."""
    call("close_facility", facility)


def send(*, order: int, facility: int, words: str) -> None:
    """Send somebody to a place, with a reason; a room they had is free again."""
    call("send_to_facility", order, facility, words)


def admit(*, order: int, room: int) -> None:
    """Give a room, or another one, to somebody who was sent here."""
    call("admit", order, room)
