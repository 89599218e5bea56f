"""The measured loop: from the specimen taken, or the dose given, until its person has seen it; by laboratory and site.

The database's functions count and time (sql/loop.sql); nobody is named. A guardian's look at a child is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pccovid.officers.database import call_rows

OVERDUE_HOURS = 48
"""Hours after which a specimen without a result is counted as one that never came; our own choice."""
SPANS = (7, 14, 31)


@dataclass(frozen=True)
class SpecimenLoop:
    """One laboratory, or the site where none is named. Medians in hours, None where no such step is known."""

    source: str
    came: int
    resulted: int
    waiting: int
    overdue: int
    oldest_overdue: datetime | None
    to_laboratory: float | None
    to_result: float | None
    to_here: float | None
    to_person: float | None
    seen: int


@dataclass(frozen=True)
class DoseLoop:
    """One site. `missing`: doses of which an earlier one by number never came."""

    source: str
    came: int
    missing: int
    oldest_missing: datetime | None
    to_register: float | None
    to_here: float | None
    to_person: float | None
    seen: int


def loop_of_tests(*, officer: int, through: int, days: int) -> tuple[SpecimenLoop, ...]:
    """Laboratories, those with most overdue specimens first. Raises Refused."""
    return tuple(SpecimenLoop(*row) for row in call_rows("loop_of_tests", officer, through, days))


def loop_of_doses(*, officer: int, through: int, days: int) -> tuple[DoseLoop, ...]:
    """Sites, those of which most earlier doses are missing first. Raises Refused."""
    return tuple(DoseLoop(*row) for row in call_rows("loop_of_doses", officer, through, days))
