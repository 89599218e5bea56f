"""Reading shadows: which there are, what one would change, and one person before and after.

Everything needs an opened access to everybody; without it there is nothing to see.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from pccovid.relinking.shadows import NEEDED, READY

PAGE_ROWS = 50
PERSON_KINDS = ("merged", "absorbed", "split", "opened", "restored", "moved", "held", "placed")


class ApprovalRefused(PermissionError):
    """`code`: PC442 no such shadow waits, PC443 approved already by this officer, 42501 no steward for everybody."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Approval:
    """One officer's approval."""

    officer: int
    office: str
    at: datetime


@dataclass(frozen=True)
class ShadowLine:
    """One shadow; `counts` as counting.counts_of gives them, with what the linkage counted."""

    id: int
    model_version: str
    software: str
    stage: str
    made_by: str
    started_at: datetime
    ready_at: datetime | None
    swapped_by: str
    swapped_at: datetime | None
    rolled_back_by: str
    rolled_back_at: datetime | None
    counts: Mapping[str, Any]
    approvals: tuple[Approval, ...]

    @property
    def waits(self) -> bool:
        return self.stage == READY

    @property
    def is_approved(self) -> bool:
        return len({one.officer for one in self.approvals}) >= NEEDED


@dataclass(frozen=True)
class ChangeLine:
    """One person who would change: how, and of how many records to how many."""

    person: UUID
    kinds: tuple[str, ...]
    records_before: int
    records_after: int
    is_verified: bool
    other_person: UUID | None


@dataclass(frozen=True)
class ChangePage:
    """One page of persons, most records first."""

    rows: tuple[ChangeLine, ...]
    number: int
    pages: int
    total: int


@dataclass(frozen=True)
class RecordChange:
    """A record of the person before or after; `kind` is empty where it stays. `other`: whose it was or would be."""

    record_id: UUID
    record: str
    system: str
    name: str | None
    birth_date: date | None
    birth_precision: str | None
    kind: str
    reason: str
    is_before: bool
    is_after: bool
    other: UUID | None
    evidence: Mapping[str, Any]


@dataclass(frozen=True)
class PersonChange:
    """One person before and after."""

    line: ChangeLine
    name: str | None
    records: tuple[RecordChange, ...]

    @property
    def persons(self) -> tuple[UUID, ...]:
        """Everybody whom this shows something of."""
        others = {record.other for record in self.records if record.other is not None}
        return (self.line.person, *sorted(others - {self.line.person}))


_SHADOW = """
SELECT id, model_version, software, stage, made_by, started_at, ready_at, swapped_by, swapped_at, rolled_back_by,
       rolled_back_at, counts FROM relinking_shadow"""
_CHOSEN = """
FROM relinking_change c WHERE c.shadow_id = %(shadow)s AND (%(kind)s = '' OR %(kind)s = ANY (c.kinds))
  AND (%(reason)s = '' OR EXISTS (SELECT 1 FROM relinking_move m WHERE m.shadow_id = c.shadow_id
       AND m.reason = %(reason)s AND c.person_id IN (m.person_before, m.person_after)))"""
_LINE = "c.person_id, c.kinds, c.records_before, c.records_after, c.is_verified, c.other_person"
_RECORDS = """
SELECT k.record_id, k.record, k.system, k.name, k.birth_date, k.birth_precision, coalesce(m.kind, ''),
       coalesce(m.reason, ''), m.id IS NULL OR m.person_before = %(person)s,
       m.id IS NULL OR m.person_after = %(person)s,
       CASE WHEN m.person_before = %(person)s THEN m.person_after ELSE m.person_before END, coalesce(m.evidence, '{}')
FROM people_recordclaim k
    LEFT JOIN relinking_move m ON m.shadow_id = %(shadow)s AND m.record_id = k.record_id AND m.kind <> 'still_held'
WHERE k.record_id IN (
    SELECT r.record_id FROM people_recordclaim r WHERE r.person_id = %(person)s
    UNION SELECT v.record_id FROM relinking_move v
          WHERE v.shadow_id = %(shadow)s AND %(person)s IN (v.person_before, v.person_after))
  AND (m.id IS NULL AND k.person_id = %(person)s OR %(person)s IN (m.person_before, m.person_after))
ORDER BY k.record"""


def shadows(*, most: int) -> tuple[ShadowLine, ...]:
    """The newest shadows, newest first."""
    return tuple(_shadow(row) for row in _rows(f"{_SHADOW} ORDER BY id DESC LIMIT %(most)s", {"most": most}))


def shadow(number: int) -> ShadowLine | None:
    """One shadow; None where there is none in sight."""
    rows = _rows(f"{_SHADOW} WHERE id = %(id)s", {"id": number})
    return _shadow(rows[0]) if rows else None


def newest_of_model(model_print: str) -> ShadowLine | None:
    """The newest shadow that was made with this model and compared."""
    rows = _rows(
        f"{_SHADOW} WHERE model_print = %(print)s AND ready_at IS NOT NULL ORDER BY id DESC LIMIT 1",
        {"print": model_print},
    )
    return _shadow(rows[0]) if rows else None


def changes(number: int, *, kind: str = "", reason: str = "", page: int = 1) -> ChangePage:
    """One page of the persons whom a shadow would change, all or of one kind or reason."""
    wanted: dict[str, Any] = {"shadow": number, "kind": kind, "reason": reason}
    ((total,),) = _rows(f"SELECT count(*) {_CHOSEN}", wanted)
    pages = max(1, -(-total // PAGE_ROWS))
    at = min(max(page, 1), pages)
    rows = _rows(
        f"SELECT {_LINE} {_CHOSEN} ORDER BY greatest(c.records_before, c.records_after) DESC, c.person_id"
        " LIMIT %(rows)s OFFSET %(start)s",
        {**wanted, "rows": PAGE_ROWS, "start": (at - 1) * PAGE_ROWS},
    )
    return ChangePage(tuple(map(_line, rows)), at, pages, total)


def person_change(number: int, person: UUID) -> PersonChange | None:
    """One person before and after, record by record; None where the shadow would not change them."""
    wanted: dict[str, Any] = {"shadow": number, "person": person}
    rows = _rows(
        f"SELECT {_LINE}, p.name FROM relinking_change c LEFT JOIN people_person p ON p.id = c.person_id"  # noqa: S608
        " WHERE c.shadow_id = %(shadow)s AND c.person_id = %(person)s",
        wanted,
    )
    if not rows:
        return None
    records = tuple(RecordChange(*(*row[:-1], _json(row[-1]))) for row in _rows(_RECORDS, wanted))
    return PersonChange(_line(rows[0][:-1]), rows[0][-1], records)


def approve(number: int) -> None:
    """Approve a shadow as the officer whose access is open. Raises ApprovalRefused."""
    try:
        # A refusal must not take the entry in the log with it.
        with transaction.atomic():
            _rows("SELECT access.approve_shadow(%(id)s)", {"id": number})
    except DatabaseError as error:
        code = getattr(error.__cause__, "sqlstate", None) or ""
        if not code.startswith("PC44") and code != "42501":
            raise
        raise ApprovalRefused(code) from error


def _shadow(row: tuple[Any, ...]) -> ShadowLine:
    approvals = _rows(
        "SELECT officer_id, office, approved_at FROM relinking_approval WHERE shadow_id = %(id)s ORDER BY id",
        {"id": row[0]},
    )
    known: tuple[Any, ...] = (*row[:-1], _json(row[-1]), tuple(Approval(*one) for one in approvals))
    return ShadowLine(*known)


def _line(row: tuple[Any, ...]) -> ChangeLine:
    person, kinds, *rest = row
    return ChangeLine(person, tuple(kinds), *rest)


def _json(value: Any) -> Any:
    """Django hands JSON of raw queries over as text."""
    return json.loads(value) if isinstance(value, str) else value


def _rows(query: str, wanted: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, wanted)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
