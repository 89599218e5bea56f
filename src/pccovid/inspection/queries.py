"""Reading who read: a person's own view, and the inspector's desk. All needs an opened access; see inspection/sql."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import Read, by_number, by_sql, joined
from pccovid.officers.database import call_rows

Evidence = Mapping[str, Any]
PAGE = 20
"""Readings on one page of the person's view."""
_EVIDENCE_AT = 10
ON_DESK = 50
"""Cases, or readings of a case, on one page of the desk."""


@dataclass(frozen=True)
class Reading:
    """One opening of the person's record by an office. A masked one has neither role nor office nor case."""

    id: int
    at: datetime
    role: str
    office: str
    purpose: str
    legal_basis: str
    case: str | None
    categories: tuple[str, ...]
    is_masked: bool
    complaint: int | None

    @property
    def is_emergency(self) -> bool:
        return self.purpose in ("break_glass", "break_glass_search")


@dataclass(frozen=True)
class Withheld:
    """Readings kept back by a dated rule: `effect` delay or mask, until the moment the last of them is told."""

    effect: str
    readings: int
    until: datetime
    legal_basis: str


@dataclass(frozen=True)
class ProgramReading:
    """What a program did for one purpose, folded: over all records, or this very one."""

    purpose: str
    legal_basis: str
    program: str
    is_of_all: bool
    readings: int
    first_at: datetime
    last_at: datetime
    last_reading: int | None


@dataclass(frozen=True)
class Complaint:
    """A person's complaint and what became of it; `answer` is what the inspectors tell them."""

    number: int
    reading: int
    made_at: datetime
    due_at: datetime
    words: str
    state: str
    outcome: str | None
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class OwnView:
    """One page of who looked. `page` counts from 1."""

    readings: tuple[Reading, ...]
    withheld: tuple[Withheld, ...]
    programs: tuple[ProgramReading, ...]
    complaints: tuple[Complaint, ...]
    page: int
    has_more: bool

    @property
    def newer(self) -> int:
        return self.page - 1

    @property
    def older(self) -> int:
        return self.page + 1


@dataclass(frozen=True)
class CaseLine:
    """A case in the queue."""

    number: int
    kind: str
    opened_at: datetime
    due_at: datetime
    state: str
    is_overdue: bool
    officer_name: str
    role: str
    office: str
    area: str | None
    evidence: Evidence
    starts_at: datetime


@dataclass(frozen=True)
class Case(CaseLine):
    """A case whole. `bias` names why this inspector may not decide; '' where they may. `has_term`: one could end."""

    ends_at: datetime
    words: str
    reason_given: str
    person_name: str | None
    bias: str
    has_term: bool


@dataclass(frozen=True)
class CaseReading:
    """One reading a case is about; officers and persons are numbered within the case."""

    id: int
    at: datetime
    officer_no: int
    role: str
    office: str
    purpose: str
    case: str | None
    person_no: int
    person_name: str | None
    person_area: str | None
    categories: Sequence[str]
    is_the_one: bool
    there_are: int


@dataclass(frozen=True)
class Decision:
    """What an inspector decided, and what became of the officer's term."""

    at: datetime
    officer_name: str
    office: str
    outcome: str
    reason: str
    answer: str
    term: str


@dataclass(frozen=True)
class Waiting:
    """How many cases of a kind wait, and how many of them are overdue."""

    kind: str
    waiting: int
    overdue: int


@dataclass(frozen=True)
class Referral:
    """What inspectors handed to the head of an office: the appointment it is about, and whether that has ended."""

    number: int
    at: datetime
    kind: str
    outcome: str
    reason: str
    by_office: str
    appointment: int
    officer_name: str
    office: str
    area: str | None
    is_over: bool


OWN_PERSONS = by_sql(
    "SELECT * FROM access.own_view_persons()", lambda _, rows: tuple((person, name or "") for person, name in rows)
)
"""(id, name) of whose view is open: the person first, then children. Needs the person's own opened access."""


def own_persons() -> tuple[tuple[UUID, str], ...]:
    """OWN_PERSONS in the access that is open."""
    return tuple((person, name or "") for person, name in call_rows("own_view_persons"))


def view_at(page: int) -> Read[OwnView]:
    """One page of who was shown the person's record, newest first. Needs the person's own opened access."""
    readings = Read(
        lambda person: ((_READINGS, {"person": person, "skipped": (page - 1) * PAGE, "most": PAGE + 1}),),
        lambda _, rows: tuple(_reading(row) for row in rows),
    )
    return joined(
        lambda _, found, withheld, programs, complaints: OwnView(
            found[:PAGE], withheld, programs, complaints, page, len(found) > PAGE
        ),
        readings, _WITHHELD, _PROGRAMS, _COMPLAINTS,
    )  # fmt: skip


def own_view(person: UUID, *, page: int) -> OwnView:
    """The same, in the access that is open."""
    return view_at(page).of(person)


def whole_view(person: UUID) -> OwnView:
    """The same with every reading at once, for the person's copy. Needs the person's own opened access."""
    return replace(
        own_view(person, page=1), readings=tuple(_reading(row) for row in call_rows("readings_of", person, 0, None)),
        has_more=False,
    )  # fmt: skip


_READINGS = "SELECT * FROM access.readings_of(%(person)s, %(skipped)s, %(most)s)"
_WITHHELD = by_sql(
    "SELECT * FROM access.withheld_of(%(person)s)", lambda _, rows: tuple(Withheld(*row) for row in rows)
)
_PROGRAMS = by_sql(
    "SELECT * FROM access.program_readings_of(%(person)s)", lambda _, rows: tuple(ProgramReading(*row) for row in rows)
)
_COMPLAINTS = by_sql(
    "SELECT * FROM access.complaints_of(%(person)s)", lambda _, rows: tuple(Complaint(*row) for row in rows)
)


def reading_in_family(reading: int) -> Read[tuple[UUID, Reading] | None]:
    """One reading and whose it is: the person's own or a child's; None where it is neither, or is kept back."""
    sql = (
        "SELECT family.person, r.* FROM access.own_view_persons() family"
        " CROSS JOIN LATERAL access.readings_of(family.person, 0, NULL) r WHERE r.reading = %s LIMIT 1"
    )

    def found(_: UUID, rows: Rows) -> tuple[UUID, Reading] | None:
        return (rows[0][0], _reading(rows[0][1:])) if rows else None

    return by_number(sql, reading, found)


def cases(*, kind: str = "", state: str = "waiting", only_overdue: bool = False, page: int = 1) -> tuple[CaseLine, ...]:
    """The queue of the desk, overdue first; one more than ON_DESK where there are more. Raises Refused (PC421)."""
    skipped = (page - 1) * ON_DESK
    rows = call_rows("inspection_cases", kind, state, only_overdue, skipped, ON_DESK + 1)
    return tuple(CaseLine(*_with_evidence(row)) for row in rows)


def waiting() -> tuple[Waiting, ...]:
    """What waits at the desk, by kind. Raises Refused (PC421)."""
    return tuple(Waiting(*row) for row in call_rows("inspection_counts"))


def case(number: int) -> Case | None:
    """One case in sight of the desk. Raises Refused (PC421)."""
    rows = call_rows("inspection_case_of", number)
    return Case(*_with_evidence(rows[0])) if rows else None


def readings_of_case(number: int, *, page: int) -> tuple[CaseReading, ...]:
    """The readings a case is about, oldest first. Raises Refused (PC421)."""
    rows = call_rows("inspection_readings", number, (page - 1) * ON_DESK, ON_DESK)
    return tuple(CaseReading(*row) for row in rows)


def hours_of_case(number: int) -> tuple[tuple[datetime, int], ...]:
    """(hour begun, readings) of a case. Raises Refused (PC421)."""
    return tuple((since, readings) for since, readings in call_rows("inspection_hours", number))


def peers_of_case(number: int) -> tuple[tuple[int, int], ...]:
    """(measure, officer-days) of the officer's peers; empty for kinds that compare with nobody. Raises Refused."""
    return tuple((measured, days) for measured, days in call_rows("inspection_peers", number))


def decisions_of(number: int) -> tuple[Decision, ...]:
    """What was decided about a case, oldest first. Raises Refused (PC421)."""
    return tuple(Decision(*row) for row in call_rows("inspection_decisions", number))


def referrals_to(*, head: int, through: int) -> tuple[Referral, ...]:
    """What inspectors handed to this head. Raises Refused (PC401)."""
    return tuple(Referral(*row) for row in call_rows("inspection_referrals", head, through))


def _with_evidence(row: tuple[Any, ...]) -> list[Any]:
    """A case's row with its evidence read; Django hands JSON on as text."""
    return [json.loads(value) if at == _EVIDENCE_AT else value for at, value in enumerate(row)]


def _reading(row: tuple[Any, ...]) -> Reading:
    reading, at, role, office, purpose, legal_basis, case_reference, categories, is_masked, complaint = row
    return Reading(
        reading, at, role, office, purpose, legal_basis, case_reference, tuple(categories), is_masked, complaint
    )
