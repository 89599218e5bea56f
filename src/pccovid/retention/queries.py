"""What the page of data protection shows: periods, what is due, proofs, and the declared end. Nobody's data.

Every function is the database's, which checks that the office is held; officers/database.py turns refusals around.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from pccovid.officers.database import call, call_rows

REFUSALS = {"PC422": "no_such_declaration", "PC423": "not_held", "PC424": "approved_already"}


@dataclass(frozen=True)
class TableLine:
    """One table: its period or what it is kept until, and what the last look found; None where nobody looked yet."""

    table: str
    retention: str
    days: int | None
    until: str
    document: str
    verified: bool
    because: str | None
    due: int | None
    kept: int | None
    counted_at: datetime | None


@dataclass(frozen=True)
class Proof:
    """One proof of erasure; `commitment` and `hash` are shown as hex."""

    position: int
    table: str
    because: str
    rows: int
    cut_off: datetime
    erased_at: datetime
    commitment: str
    hash: str


@dataclass(frozen=True)
class Approval:
    """Which office approved, and when."""

    office: str
    at: datetime


@dataclass(frozen=True)
class DeclaredEndLine:
    """The declaration that stands; `is_mine`: this officer has approved it."""

    number: int
    ends_on: date
    decision: str
    proposed_by: str
    proposed_at: datetime
    approvals: tuple[Approval, ...]
    is_mine: bool

    @property
    def is_approved(self) -> bool:
        return len(self.approvals) >= 2


def overview(*, officer: int, through: int) -> tuple[TableLine, ...]:
    """Every table in the order of erasure. Raises Refused."""
    return tuple(TableLine(*row) for row in call_rows("retention_overview", officer, through))


def proofs(*, officer: int, through: int, most: int) -> tuple[Proof, ...]:
    """The newest proofs, newest first. Raises Refused."""
    return tuple(
        Proof(position, table, because, rows, cut_off, at, bytes(commitment).hex(), bytes(own).hex())
        for position, table, because, rows, cut_off, at, commitment, own in call_rows(
            "retention_proofs", officer, through, most
        )
    )


def declared_end(*, officer: int, through: int) -> DeclaredEndLine | None:
    """The declaration that stands, if any. Raises Refused."""
    rows = call_rows("declared_end", officer, through)
    if not rows:
        return None
    number, ends_on, decision, by, at, approvals, is_mine = rows[0]
    told = tuple(Approval(one["office"], datetime.fromisoformat(one["at"])) for one in json.loads(approvals))
    return DeclaredEndLine(number, ends_on, decision, by, at, told, is_mine)


def approve_end(*, officer: int, through: int, declaration: int) -> None:
    """Approve the declared end as this officer. Raises Refused."""
    call("approve_epidemic_end", officer, through, declaration)
