"""Orders as desks see those of their area, arrivals, and as each person sees their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pccovid.foundation.reads import by_sql, of_family
from pccovid.officers.database import call_rows


def _frozen(row: Sequence[Any]) -> list[Any]:
    return [tuple(value) if isinstance(value, list) else value for value in row]


@dataclass(frozen=True)
class OrderLine:
    """An open order in sight. `is_missed`: neither today nor yesterday anybody checked.

    `facility`: where the person is lodged or on the way to; `room` once they have one. `because`: contact, arrival,
    case. `heard_on`: the day of the last check, else of the order. `needs`: how many wait for an answer.
    """

    number: int
    person: UUID
    name: str | None
    place: str
    starts_on: date
    ends_on: date
    latest_end: date
    document: str
    is_verified: bool
    state: str
    contact: int | None
    last_check: date | None
    is_missed: bool
    has_symptoms: bool
    because: str
    facility: str | None
    room: str | None
    heard_on: date
    needs: int
    may_have_left: bool
    waits_for_test: bool
    objection: str | None

    @property
    def place_in_list(self) -> PlaceInList:
        """Where it stands among the others."""
        return PlaceInList(self.heard_on, self.ends_on, self.number)


class PlaceInList(NamedTuple):
    """Where an order stands in a desk's list: whom nobody has checked for longest first, then who is out soonest."""

    heard_on: date
    ends_on: date
    number: int


class OrderCount(NamedTuple):
    """How many open orders are in sight, were missed, come after a place in the list; needs that wait, and are late."""

    waiting: int
    missed: int
    later: int
    needs: int
    late_needs: int


@dataclass(frozen=True)
class OwnOrder:
    """An order as the person it is about sees it; `test_days` are dates."""

    number: int
    state: str
    place: str
    starts_on: date
    ends_on: date
    monitor_until: date
    document: str
    is_verified: bool
    office: str
    test_days: tuple[date, ...]
    is_checked_today: bool
    objection: str | None
    answer: str | None
    certificate: int | None
    released_at: datetime | None
    because: str
    facility: str | None
    facility_phone: str | None
    room: str | None


@dataclass(frozen=True)
class Arrival:
    """Somebody of the area who entered the country within three weeks; `entry`: their last one."""

    person: UUID
    name: str | None
    entered_on: date
    from_country: str | None
    is_ordered: bool
    entry: UUID


_BEFORE_ALL = PlaceInList(date.min, date.min, 0)


def arrivals(*, after: UUID | None = None, most: int) -> tuple[Arrival, ...]:
    """`most` arrivals of the area, the newest first; `after`: the entry that the last page ended with.

    Inside an access for `quarantine`. Raises Refused (PC471).
    """
    return tuple(Arrival(*row) for row in call_rows("arrivals_seen", after, most))


def orders(*, after: PlaceInList | None = None, most: int) -> tuple[OrderLine, ...]:
    """`most` open orders in sight, those after a place in the list: whom nobody has checked for longest first.

    Inside a tracer's or quarantine access. Raises Refused (PC471).
    """
    return tuple(OrderLine(*row) for row in call_rows("quarantine_seen", None, *(after or _BEFORE_ALL), most))


def orders_counted(*, after: PlaceInList | None = None) -> OrderCount:
    """How many there are. Inside the same. Raises Refused (PC471)."""
    ((*counts,),) = call_rows("quarantine_counted", *(after or _BEFORE_ALL))
    return OrderCount(*counts)


def orders_waiting(*, officer: int, through: int) -> tuple[int, int, int]:
    """(open orders of the office's area, checks missed, needs late), no record opened. Raises Refused (PC421)."""
    ((count, missed, late),) = call_rows("orders_waiting", officer, through)
    return count, missed, int(late)


def open_order(number: int) -> OrderLine | None:
    """One open order; None where there is none in sight. Inside the same."""
    return next((OrderLine(*row) for row in call_rows("quarantine_seen", number)), None)


ORDER_IN_FORCE = by_sql("SELECT access.order_is_in_force(%(person)s)", lambda _, rows: bool(rows[0][0]))
"""Whether the person has an open order. Needs their own opened access."""


ORDERS_OF_FAMILY = of_family("quarantine_of", lambda row: OwnOrder(*_frozen(row)))
"""Orders of the person and of each child, an open one first. Needs the person's own opened access."""
