"""What people in quarantine need, as tickets; and days on which somebody may have left. The database refuses.

Officers act inside an opened access of tracing or quarantine, persons inside their own; Refused as operations.REFUSALS.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pccovid.foundation.reads import by_sql
from pccovid.officers.database import call, call_rows


@dataclass(frozen=True)
class Need:
    """A ticket that waits for an answer; `order` is whose."""

    number: int
    order: int
    kind: str
    words: str
    asked_at: datetime
    is_by_person: bool
    due_at: datetime
    is_overdue: bool


@dataclass(frozen=True)
class OwnNeed:
    """What the person asked for, and what came of it (`outcome` None: it waits)."""

    order: int
    kind: str
    words: str
    asked_at: datetime
    outcome: str | None
    answer: str
    office: str


@dataclass(frozen=True)
class DayAway:
    """A day on which somebody may have left the place; `verdict` None: nobody has decided yet."""

    order: int
    day: date
    found_by: str
    verdict: str | None
    words: str


@dataclass(frozen=True)
class OwnDayAway:
    """A day as an officer has decided it, told to the person."""

    order: int
    day: date
    verdict: str
    words: str


def waiting(*, after: int | None = None, most: int) -> tuple[Need, ...]:
    """`most` needs of orders in sight, the soonest due first; `after`: the need that the last page ended with."""
    return tuple(Need(*row) for row in call_rows("needs_seen", after, most))


def waiting_of(order: int) -> tuple[Need, ...]:
    """Needs of one order in sight, the soonest due first."""
    return tuple(Need(*row) for row in call_rows("needs_of_order", order))


OWN = by_sql("SELECT * FROM access.needs_of(%(person)s)", lambda _, rows: tuple(OwnNeed(*row) for row in rows))
"""The person's own, newest first. Needs their own opened access."""


def days_away_of(order: int) -> tuple[DayAway, ...]:
    """Of one open order in sight, newest first."""
    return tuple(DayAway(*row) for row in call_rows("breaches_of_quarantine_seen", order))


OWN_DAYS_AWAY = by_sql(
    "SELECT * FROM access.breaches_of_own_quarantine(%(person)s)",
    lambda _, rows: tuple(OwnDayAway(*row) for row in rows),
)
"""The person's own that were decided. Needs their own opened access."""


def ask(person: UUID, *, kind: str, words: str) -> None:
    """The person asks. Raises Refused (PC472, PC473, PC477)."""
    call("ask_need", person, kind, words)


def note(*, order: int, kind: str, words: str) -> None:
    """An officer heard of it. Raises Refused (PC472, PC473, PC477)."""
    call("note_need", order, kind, words)


def answer(number: int, *, outcome: str, words: str) -> None:
    """Say what came of a need. Raises Refused (PC472, PC473)."""
    call("answer_need", number, outcome, words)


def note_day_away(*, order: int, day: date, verdict: str, words: str) -> None:
    """Decide what a day was: left without leave, allowed, or mistaken. Raises Refused (PC472, PC473, PC474)."""
    call("note_breach", order, day, verdict, words)
