"""Cases and contacts as a tracer sees them, and what a person is told. The database decides who sees what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from pccovid.foundation.reads import of_family
from pccovid.officers.database import call_rows


@dataclass(frozen=True)
class CaseLine:
    """One case of the tracer's area; `document` is what makes it one, and `verified` whether that text was found."""

    number: int
    person: UUID
    name: str | None
    definition: str
    document: str | None
    verified: bool
    first_at: datetime
    onset_on: date | None
    starts_at: datetime
    ends_at: datetime
    ends_because: str
    commune_residence: str | None
    commune_stay: str | None
    traced_at: datetime | None
    contacts: int
    contacts_of_contacts: int
    waiting: int


@dataclass(frozen=True)
class ContactLine:
    """Somebody a case met; without person, name and places where they live outside the tracer's area.

    `via`: the number of the contact through whom a contact of a contact was met; None for those the case met.
    """

    number: int
    person: UUID | None
    name: str | None
    lives_in: str | None
    level: int
    score: float
    first_at: datetime
    last_at: datetime
    outcome: str
    outcome_words: str
    via: int | None
    kinds: tuple[str, ...]
    days: tuple[date, ...]
    minutes: int | None
    places: tuple[str, ...]
    is_guessed: bool
    rule: str | None


@dataclass(frozen=True)
class FarContact:
    """Somebody of the tracer's area whom a case elsewhere met."""

    number: int
    person: UUID
    name: str | None
    level: int
    score: float
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class CaseLink:
    """One case may have infected another. Cases by their place in the chain (1: the one asked for).

    Without number where the case is out of sight; days are of first positives; `is_likeliest` of the target's sources.
    """

    source: int
    target: int
    source_number: int | None
    target_number: int | None
    source_on: date
    target_on: date
    score: float
    is_likeliest: bool


@dataclass(frozen=True)
class SharedPlace:
    """A place where several cases were on one day. `people`: all who were there; `others`: cases in sight."""

    place: str
    day: date
    cases: int
    people: int
    others: tuple[int, ...]


@dataclass(frozen=True)
class TracedCase:
    """A case with its contacts, the surest first, its chain, and the places it shared with other cases."""

    line: CaseLine
    contacts: tuple[ContactLine, ...]
    links: tuple[CaseLink, ...]
    places: tuple[SharedPlace, ...]

    def next_waiting(self) -> ContactLine | None:
        """The contact to handle next: the surest of the tracer's area of whom nothing is known yet."""
        return next((one for one in self.contacts if one.person and one.level == 1 and not one.outcome), None)


@dataclass(frozen=True)
class Foreseen:
    """What another period changes about one contact: 'new', 'kept' or 'gone'; unnamed where they live elsewhere."""

    person: UUID | None
    name: str | None
    lives_in: str | None
    change: str
    score: float | None
    minutes: int | None
    days: tuple[date, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class TaskLine:
    """Something to do. `between`: why nobody may hold it ('' where somebody does); no name if only offered.

    `said`: what the person wrote who disputes having met a case.
    """

    number: int
    kind: str
    case: int | None
    person: UUID | None
    name: str | None
    owner_area: str
    due_at: datetime
    is_overdue: bool
    handed_to: str | None
    handed_words: str
    is_handed_here: bool
    is_mine: bool
    said: str
    between: str


class TaskCount(NamedTuple):
    """How many open tasks of a kind there are, are late, may be held by nobody, and are due after a given one."""

    kind: str
    waiting: int
    overdue: int
    between: int
    later: int


class Dispute(NamedTuple):
    """What a person wrote about an exposure told to them, by when it is answered, and the answer ('' until then)."""

    said: str
    said_at: datetime
    due_at: datetime
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class Exposure:
    """What a person is told of having met a case: how near, on which days, and since when it is known."""

    level: int
    days: tuple[date, ...]
    found_at: datetime


def cases(*, after: int | None = None, most: int) -> tuple[CaseLine, ...]:
    """`most` cases of the area, newest first; `after`: the case that the last page ended with.

    Inside a tracer's opened access. Raises Refused (PC471).
    """
    return tuple(CaseLine(*row) for row in call_rows("trace_cases_seen", None, after, most))


def from_elsewhere(*, most: int) -> tuple[FarContact, ...]:
    """`most` contacts of the area whose case is seen elsewhere, the soonest due first. Inside the same."""
    return tuple(FarContact(*row) for row in call_rows("contacts_from_elsewhere", most))


def case(number: int) -> TracedCase | None:
    """One case with its contacts; None where there is none in sight. Inside a tracer's opened access."""
    # First: it says most of whom it names, and the log keeps the first word on each person.
    places = tuple(SharedPlace(*_frozen(row)) for row in call_rows("trace_places_seen", number))
    lines = [CaseLine(*row) for row in call_rows("trace_cases_seen", number)]
    if not lines:
        return None
    return TracedCase(
        lines[0],
        tuple(ContactLine(*_frozen(row)) for row in call_rows("trace_contacts_seen", number)),
        tuple(CaseLink(*row) for row in call_rows("trace_chain_seen", number)),
        places,
    )


def foreseen(number: int, *, starts_at: datetime, ends_at: datetime) -> tuple[Foreseen, ...]:
    """Whom the case would have met in another period; nothing is written. Inside a tracer's access. Raises Refused."""
    rows = call_rows("preview_contacts", number, starts_at, ends_at)
    return tuple(
        Foreseen(person, name, lives_in, change, score, minutes, tuple(days or ()), tuple(kinds or ()))
        for person, name, lives_in, change, score, minutes, days, kinds in rows
    )


def tasks(*, kind: str | None = None, after: int | None = None, most: int) -> tuple[TaskLine, ...]:
    """Open tasks of the area and those handed to it, the soonest due first: `most` of each kind, or of one `kind`.

    `after`: the number of the task that the last page ended with. Inside a tracer's opened access.
    """
    return tuple(TaskLine(*row) for row in call_rows("trace_tasks_seen", kind, after, most))


def tasks_counted(*, after: int | None = None) -> dict[str, TaskCount]:
    """Kind → how many tasks of it there are, `later` than one of that number. Inside a tracer's opened access."""
    return {row[0]: TaskCount(*row) for row in call_rows("trace_tasks_counted", after)}


def tasks_waiting(*, officer: int, through: int) -> tuple[int, int]:
    """(open tasks of the office's area, those late), without opening a record. Raises Refused (PC421)."""
    ((count, overdue),) = call_rows("tasks_waiting", officer, through)
    return count, overdue


def _frozen(row: Sequence[Any]) -> list[Any]:
    return [tuple(value) if isinstance(value, list) else value for value in row]


EXPOSURES_OF_FAMILY = of_family("exposures_told", lambda row: Exposure(*_frozen(row)))
"""What the person and each child are told, one each where there is any. Needs the person's own opened access."""
DISPUTES_OF_FAMILY = of_family("disputes_told", lambda row: Dispute(*row))
"""What they said to it, newest first. Needs the person's own opened access."""
