"""Opening one person's record outside the office's area or purpose, in an emergency, for a quarter of an hour.

Owns `access.break_glass`. Reading goes through access.open as the office BREAK_GLASS; a trigger of the log lets it see
the one person of an open glass. For the inspector's desk: `glasses_to_review` and `review`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pccovid.officers.database import call, call_rows

BREAK_GLASS, SEARCH = "break_glass", "break_glass_search"
"""The role and purpose of reading, and the purpose of finding the person."""
SHORTEST_REASON = 20
OUTCOMES = ("justified", "unjustified", "to_be_investigated")


@dataclass(frozen=True)
class OpenGlass:
    """A glass that is open now; `person` is None while the person is sought."""

    id: int
    person: UUID | None
    reason: str
    broken_at: datetime
    ends_at: datetime

    @property
    def case(self) -> str:
        """The case reference that every reading under it carries; the database demands it."""
        return case_of(self.id)


@dataclass(frozen=True)
class BrokenGlass:
    """A glass of the officer's own past."""

    id: int
    reason: str
    broken_at: datetime
    ends_at: datetime
    is_open: bool
    has_person: bool
    outcome: str | None


@dataclass(frozen=True)
class GlassToReview:
    """A glass as the inspector judges it; `openings` counts its rows in the access log."""

    id: int
    officer: int
    officer_name: str
    role: str
    area: str | None
    office: str
    person: UUID | None
    reason: str
    broken_at: datetime
    ends_at: datetime
    reviewed_by: int | None
    reviewed_at: datetime | None
    outcome: str | None
    review_note: str
    openings: int


def case_of(glass: int) -> str:
    """The case reference of a glass."""
    return f"KC-{glass}"


def break_glass(*, officer: int, appointment: int, reason: str, person: UUID | None) -> int:
    """Break it; returns its number. Raises Refused: PC411 office not held, PC412 reason too short, PC413 five a day."""
    return int(call("break_glass", officer, appointment, reason, person))


def name_person(*, officer: int, glass: int, person: UUID) -> bool:
    """Bind an open glass to the person found; False where it is not open, not theirs, or bound already."""
    return bool(call("name_in_glass", officer, glass, person))


def open_glass(*, officer: int, glass: int) -> OpenGlass | None:
    """The officer's open glass of that number, else None."""
    rows = call_rows("open_glass", officer, glass)
    return OpenGlass(glass, *rows[0]) if rows else None


def glasses_of(officer: int) -> tuple[BrokenGlass, ...]:
    """The officer's last twenty."""
    return tuple(BrokenGlass(*row) for row in call_rows("glasses_of", officer))


def glasses_to_review(*, inspector: int) -> tuple[GlassToReview, ...]:
    """Glasses broken from offices in the inspector's area, those without a decision first."""
    return tuple(GlassToReview(*row) for row in call_rows("glasses_to_review", inspector))


def review(*, inspector: int, glass: int, outcome: str, note: str) -> None:
    """Record the decision (one of OUTCOMES), once. Raises Refused (PC411)."""
    call("review_break_glass", inspector, glass, outcome, note)
