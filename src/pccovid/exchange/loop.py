"""The measured loop: from the specimen taken, or the dose given, until its person has seen it; by laboratory and site.

The database's functions count and time (sql/loop.sql); nobody is named. A guardian's look at a child is not counted.
Which single tubes and doses never came is read under an opened access, and told to their persons like any reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from pccovid.foundation import access
from pccovid.foundation.purposes import PURPOSES
from pccovid.officers.database import call_rows

OVERDUE_HOURS = 48
"""Hours after which a specimen without a result is counted as one that never came; our own choice."""
SPANS = (7, 14, 31)
MOST_LISTED = 100
"""Tubes, and doses, that are listed one by one: the oldest."""


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


@dataclass(frozen=True)
class LostTube:
    """A specimen whose result never came: by its tube alone, nobody is named."""

    source: str
    tube: str
    collected_at: datetime


@dataclass(frozen=True)
class LostDose:
    """A dose that a later one by number tells of and that never came: known by that later one."""

    source: str
    number: int
    """Of the missing dose."""
    later_on: date
    lot_number: str
    """Of the later dose."""


_TUBES = """
SELECT t.person_id, coalesce(t.laboratory, t.site_name, t.source_system), coalesce(t.tube_barcode, ''), t.collected_at
FROM lab_tests_test t
WHERE t.superseded_at IS NULL AND t.result IS NULL AND t.collected_at < access.present() - make_interval(hours => %s)
  AND t.collected_at >= access.present() - make_interval(days => %s)
ORDER BY t.collected_at, t.id LIMIT %s
"""
_DOSES = """
SELECT d.person_id, coalesce(d.site_name, d.source_system), d.dose_number - 1, d.occurred_on, coalesce(d.lot_number, '')
FROM vaccination_dose d
WHERE d.superseded_at IS NULL AND d.duplicate_of IS NULL AND d.dose_number > 1
  AND d.occurred_on >= (access.present() - make_interval(days => %s))::date
  AND NOT EXISTS (SELECT 1 FROM vaccination_dose b WHERE b.person_id = d.person_id AND b.superseded_at IS NULL
                  AND b.dose_number = d.dose_number - 1)
ORDER BY d.occurred_on, d.id LIMIT %s
"""


def what_never_came(*, officer: int, role: str, days: int) -> tuple[tuple[LostTube, ...], tuple[LostDose, ...]]:
    """Tubes without a result and doses without their earlier one, the oldest first; for who repairs data.

    Everybody whose tube or dose is listed reads of it among who looked. Raises access.AccessRefused.
    """
    with (
        access.open(
            access.officer(officer, role), purpose="data_repair", legal_basis=PURPOSES["data_repair"].basis,
            scope=access.everybody(), case="measured_loop",
        ) as disclosures,
        connection.cursor() as cursor,
    ):  # fmt: skip
        cursor.execute(_TUBES, [OVERDUE_HOURS, days, MOST_LISTED])
        tubes: list[tuple[UUID, str, str, datetime]] = cursor.fetchall()
        cursor.execute(_DOSES, [days, MOST_LISTED])
        doses: list[tuple[UUID, str, int, date, str]] = cursor.fetchall()
        disclosures.add({person for person, *_ in tubes}, ["test"])
        disclosures.add({person for person, *_ in doses}, ["vaccination"])
    return tuple(LostTube(*row[1:]) for row in tubes), tuple(LostDose(*row[1:]) for row in doses)
