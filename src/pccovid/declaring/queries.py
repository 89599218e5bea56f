"""Reading forms in hand and the communes' queue: a person's own inside their opened access, and the station's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pccovid.declarations.queries import OWN_DECLARATIONS, OwnDeclaration
from pccovid.declaring.operations import ABOUT_DRAFT
from pccovid.foundation.reads import Read, by_number, by_sql, joined
from pccovid.foundation.sealing import sealer
from pccovid.officers.database import call_rows
from pccovid.people.queries import ATTRIBUTES_CLAIMED
from pccovid.vaccination.queries import OWN_DOSES

ON_DESK = 50
"""Lines on one page of the queue."""


@dataclass(frozen=True)
class Draft:
    """A form in hand, or its receipt: then `level` says what it meant and `state` what the station has done."""

    number: int
    form: str
    version: int
    person: UUID | None
    """Whom it is about, where that is the filler or their child."""
    tie: UUID | None
    is_own: bool
    """Whether it is about the filler."""
    given: Mapping[str, list[str]]
    saved_at: datetime
    sent_at: datetime | None
    level: str | None
    reasons: tuple[str, ...]
    state: str | None
    due_at: datetime | None
    told: str | None


class DraftLine(NamedTuple):
    """A form in hand or a receipt, in a list."""

    number: int
    form: str
    tie: UUID | None
    person: UUID | None
    saved_at: datetime
    sent_at: datetime | None
    level: str | None
    state: str | None


class Withdrawn(NamedTuple):
    """A declaration that a station wrote down by telephone and took back; `told`: its words to the person."""

    form: str
    declared_at: datetime
    withdrawn_at: datetime
    reason: str
    told: str
    office: str


class QueueLine(NamedTuple):
    """A declaration that waits: how urgent, why, by when; nobody's name."""

    number: int
    form: str
    level: str
    reasons: list[str]
    arrived_at: datetime
    due_at: datetime
    is_overdue: bool
    state: str
    area: str | None
    tries: int


class DeskLine(NamedTuple):
    """A line whole, as the station reads it."""

    number: int
    form: str
    person: UUID
    is_by_other: bool
    fact: UUID
    level: str
    reasons: list[str]
    rules: str
    arrived_at: datetime
    due_at: datetime
    state: str


class DeskStep(NamedTuple):
    """One step as the station reads it."""

    at: datetime
    act: str
    officer_name: str
    office: str
    told: str
    note: str


def what_is_known(person: UUID) -> frozenset[str]:
    """WHAT_IS_KNOWN in the access that is open."""
    return WHAT_IS_KNOWN.of(person)


def _known(
    _: UUID, claimed: frozenset[str], doses: Sequence[object], declared: Sequence[OwnDeclaration]
) -> frozenset[str]:
    known = set(claimed)
    if doses:
        known.add("vaccines")
    if any(one.chronic_diseases or "has_chronic_disease" in one.answers for one in declared):
        known.add("chronic_diseases")
    return frozenset(known)


WHAT_IS_KNOWN = joined(_known, ATTRIBUTES_CLAIMED, OWN_DOSES, OWN_DECLARATIONS)
"""The attributes a form need not ask of the person, whichever source gave them. Needs their own opened access."""


def draft_read(number: int) -> Read[Draft]:
    """The form in hand of that number. Raises Refused (PC441)."""
    sql = "SELECT * FROM access.declaration_draft_at(%s)"
    return by_number(sql, number, lambda _, rows: _draft(number, rows[0]))


def whom_draft_is_about(number: int) -> str:
    """The same draft's person as SQL, for reads about them in the same trip."""
    return f"(SELECT d.person FROM access.declaration_draft_at({int(number)}) d)"  # noqa: S608 - a number


def _draft(number: int, row: tuple[Any, ...]) -> Draft:
    form, version, person, tie, is_own, sealed, saved, sent, level, reasons, *rest = row
    given = json.loads(sealer().unseal(sealed, ABOUT_DRAFT)) if sealed else {}
    return Draft(
        number, form, version, person, tie, is_own, given, saved, sent, level, tuple(reasons or ()), *rest
    )  # fmt: skip


OWN_DRAFTS = by_sql(
    "SELECT * FROM access.declaration_drafts_of(%(person)s)", lambda _, rows: tuple(DraftLine(*row) for row in rows)
)
"""Forms the person has begun, then what they sent lately. Needs their own opened access."""


WITHDRAWN_DECLARATIONS = by_sql(
    "SELECT * FROM access.withdrawn_declarations_of(%(person)s)",
    lambda _, rows: tuple(Withdrawn(*row) for row in rows),
)
"""What stations took back of the person's, newest first. Needs their own opened access, or their guardian's."""


def queue(*, officer: int, through: int, with_closed: bool = False, page: int = 1) -> tuple[QueueLine, ...]:
    """The station's queue, most urgent first; one more than ON_DESK where there are more. Raises Refused (PC421)."""
    skipped = (page - 1) * ON_DESK
    rows = call_rows("triage_queue", officer, through, with_closed, skipped, ON_DESK + 1)
    return tuple(QueueLine(*row) for row in rows)


def waiting(*, officer: int, through: int) -> tuple[int, int]:
    """(lines that wait, those overdue). Raises Refused (PC421)."""
    ((count, overdue),) = call_rows("triage_waiting", officer, through)
    return count, overdue


def person_of(line: int, *, officer: int, through: int) -> UUID | None:
    """Whom a line of this queue is about; None for any other. Raises Refused (PC421)."""
    ((found,),) = call_rows("triage_person", officer, through, line)
    return found  # type: ignore[no-any-return]


def at_desk(line: int) -> tuple[DeskLine, tuple[DeskStep, ...]]:
    """The line and its steps, inside the access opened for it. Raises Refused (PC451)."""
    (row,) = call_rows("triage_at_desk", line)
    return DeskLine(*row), tuple(DeskStep(*step) for step in call_rows("triage_steps_at_desk", line))
