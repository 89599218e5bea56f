"""Reading requests: a person's own, inside their opened access, and the desks'. See rights/sql."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import NOBODY, Read, by_number, of_family
from pccovid.foundation.sealing import sealer
from pccovid.officers.database import call, call_rows
from pccovid.rights.operations import ABOUT_VALUE
from pccovid.rights.rules import LAST_MOMENT, RESTRICTING

Readers = Mapping[int, Callable[[Any], Any]]
"""Place in a row → how its value is read."""
ON_DESK = 50
"""Requests on one page of the queue."""


@dataclass(frozen=True)
class Part:
    """What became of one kind of data: done (so many rows), or refused by this reason."""

    category: str
    is_done: bool
    rows: int
    refusal: str | None


@dataclass(frozen=True)
class OwnStep:
    """One step as the person reads it; `office` is '' for themselves and for the program."""

    number: int
    at: datetime
    act: str
    actor: str
    role: str
    office: str
    state: str
    told: str
    refusal: str | None
    days: int | None
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class OwnRequest:
    """A request as its person reads it. `desks`: the offices it may be answered by."""

    number: int
    kind: str
    about: str
    asked_at: datetime
    is_by_guardian: bool
    words: str
    categories: tuple[str, ...]
    attribute: str | None
    fact_table: str | None
    wanted: str
    state: str
    acknowledge_due: datetime
    finish_due: datetime
    escalation_due: datetime | None
    is_overdue: bool
    has_restriction: bool
    desks: tuple[str, ...]

    @property
    def acknowledge_last(self) -> datetime:
        return self.acknowledge_due - LAST_MOMENT

    @property
    def finish_last(self) -> datetime:
        return self.finish_due - LAST_MOMENT

    @property
    def escalation_last(self) -> datetime | None:
        return self.escalation_due and self.escalation_due - LAST_MOMENT

    @property
    def is_open(self) -> bool:
        return self.state in ("received", "acknowledged", "extended", "proposed", "overturned", "escalated", "granted")

    @property
    def may_withdraw(self) -> bool:
        return self.is_open and self.state != "granted"

    @property
    def may_escalate(self) -> bool:
        is_with_office = self.is_open and self.state not in ("escalated", "granted")
        return self.state in ("refused", "partly_fulfilled") or (is_with_office and self.is_overdue)

    @property
    def may_lift(self) -> bool:
        return self.has_restriction and self.state in ("fulfilled", "partly_fulfilled")


@dataclass(frozen=True)
class QueueLine:
    """A request in the queue: what kind, by when, nobody's name. `is_waiting`: an officer has something to do."""

    number: int
    kind: str
    about: str
    attribute: str | None
    asked_at: datetime
    state: str
    due: datetime | None
    is_overdue: bool
    area: str | None
    is_waiting: bool

    @property
    def last(self) -> datetime | None:
        """The last moment in time."""
        return self.due and self.due - LAST_MOMENT


@dataclass(frozen=True)
class DeskRequest:
    """A request whole, as its desk reads it. `bias` names why this officer may not decide; '' where they may."""

    number: int
    kind: str
    about: str
    person: UUID
    is_by_guardian: bool
    asked_at: datetime
    words: str
    categories: tuple[str, ...]
    attribute: str | None
    fact_table: str | None
    fact: UUID | None
    wanted: str
    decided: str
    state: str
    acknowledge_due: datetime
    finish_due: datetime
    escalation_due: datetime | None
    is_overdue: bool
    needs_two: bool
    is_extended: bool
    longest_extension: int
    bias: str
    person_name: str | None

    @property
    def is_restricting(self) -> bool:
        return self.kind in RESTRICTING

    @property
    def last(self) -> datetime | None:
        """The last moment in time for what is to be done next."""
        due = {"received": self.acknowledge_due, "escalated": self.escalation_due}.get(self.state, self.finish_due)
        return due and due - LAST_MOMENT


@dataclass(frozen=True)
class DeskStep:
    """One step as the desk reads it, with who took it."""

    number: int
    at: datetime
    act: str
    actor: str
    officer_name: str
    office: str
    state: str
    told: str
    note: str
    refusal: str | None
    days: int | None
    granted: tuple[str, ...] | None


@dataclass(frozen=True)
class Holding:
    """Rows of one kind of data that erasure would take, and that law keeps."""

    category: str
    erasable: int
    kept: int


def _own(row: Sequence[Any]) -> OwnRequest:
    opened: Readers = {6: tuple, 9: _open, 16: tuple}
    return OwnRequest(*[opened[at](value) if at in opened else value for at, value in enumerate(row)])


OWN_REQUESTS = of_family("rights_of", _own)
"""Requests of the person and of each child, newest first. Needs the person's own opened access."""


def own_requests(person: UUID) -> tuple[OwnRequest, ...]:
    """Those about one of them, in the access that is open."""
    return OWN_REQUESTS.of(person).get(person, ())


def own_steps(request: int) -> tuple[OwnStep, ...]:
    """steps_of(), in the access that is open."""
    return steps_of(request).of(NOBODY)


def steps_of(request: int) -> Read[tuple[OwnStep, ...]]:
    """The steps of one of one's own requests, oldest first; none of anybody else's."""

    def steps(_: UUID, rows: Rows) -> tuple[OwnStep, ...]:
        return tuple(OwnStep(*[*values, tuple(Part(**part) for part in json.loads(parts))]) for *values, parts in rows)

    return by_number("SELECT * FROM access.right_steps_of(%s)", request, steps)


def queue(*, officer: int, through: int, with_closed: bool = False, page: int = 1) -> tuple[QueueLine, ...]:
    """The desk's requests, overdue first; one more than ON_DESK where there are more. Raises Refused (PC421)."""
    skipped = (page - 1) * ON_DESK
    return tuple(
        QueueLine(*row) for row in call_rows("rights_queue", officer, through, with_closed, skipped, ON_DESK + 1)
    )


def waiting(*, officer: int, through: int) -> tuple[int, int]:
    """(requests that wait for the office, those overdue). Raises Refused (PC421)."""
    ((count, overdue),) = call_rows("rights_waiting", officer, through)
    return count, overdue


def restricted_persons(*, officer: int, through: int) -> int:
    """How many persons have a restriction in force. Raises Refused (PC421)."""
    return int(call("restrictions_in_force", officer, through))


def person_of(request: int, *, officer: int, through: int) -> UUID | None:
    """Whom a request that waits at this desk is about; None for any other. Raises Refused (PC421)."""
    found: UUID | None = call("right_person", officer, through, request)
    return found


def at_desk(request: int) -> tuple[DeskRequest, tuple[DeskStep, ...]]:
    """The request and its steps, inside the access opened for it. Raises Refused (PC451)."""
    (row,) = call_rows("right_at_desk", request)
    opened: Readers = {7: tuple, 11: _open, 12: _open}
    found = DeskRequest(*[opened[at](value) if at in opened else value for at, value in enumerate(row)])
    steps = tuple(
        DeskStep(*[*values, None if granted is None else tuple(granted)])
        for *values, granted in call_rows("right_steps_at_desk", request)
    )
    return found, steps


def holdings(request: int) -> tuple[Holding, ...]:
    """How much of each kind there is, inside the access opened for a request for erasure. Raises Refused (PC451)."""
    found: dict[str, tuple[int, int]] = {}
    for category, erasable, kept in call_rows("right_holdings", request):
        before = found.get(category, (0, 0))
        found[category] = (before[0] + erasable, before[1] + kept)
    return tuple(Holding(category, *counts) for category, counts in found.items())


def _open(sealed: str | None) -> str:
    return sealer().unseal(sealed, ABOUT_VALUE) if sealed else ""
