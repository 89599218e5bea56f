"""What is published of flows, as the console shows it: nobody's rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db import connection

from pccovid.bulk_export.suppression import TOTAL
from pccovid.published_statistics.flows import ARROW
from pccovid.published_statistics.rules import COUNTRY, FLOWS, UNKNOWN

LEVELS = {"province": 2, "district": 3, "commune": 5}
"""How long codes of the 2021 list are."""


@dataclass(frozen=True)
class PublishedWeek:
    """The newest release of a week of flows."""

    release: int
    week: date
    threshold: int


@dataclass(frozen=True)
class Flow:
    """From one area to another: people of the week and of each day; None where a number is left blank."""

    origin: str
    destination: str
    people: int | None
    days: tuple[int | None, ...]


def weeks() -> tuple[PublishedWeek, ...]:
    """Weeks of which flows are published, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (week) id, week, threshold FROM published_statistics_release WHERE theme = %s"
            " ORDER BY week DESC, id DESC",
            [FLOWS],
        )
        return tuple(PublishedWeek(*row) for row in cursor.fetchall())


def flows(release: int, *, level: str) -> tuple[Flow, ...]:
    """Pairs of one level, the most people first; what is left blank comes last."""
    rows: dict[str, dict[str, int | None]] = defaultdict(dict)
    for area, day, people in cells(release):
        origin, arrow, destination = area.partition(ARROW)
        if arrow and len(origin) == len(destination) == LEVELS[level]:
            rows[area][day] = people
    found = [_flow(area, told) for area, told in rows.items()]
    return tuple(sorted(found, key=lambda one: (-(one.people or 0), one.origin, one.destination)))


def rest(release: int) -> int | None:
    """How many are counted in pairs too small for a line, or of unknown areas; None where that is left blank."""
    return next((people for area, day, people in cells(release) if (area, day) == (UNKNOWN, TOTAL)), None)


def everybody(release: int) -> int | None:
    """How many went in all; None where that is left blank."""
    return next((people for area, day, people in cells(release) if (area, day) == (COUNTRY, TOTAL)), None)


def cells(release: int) -> tuple[tuple[str, str, int | None], ...]:
    """(pair, day or '*', people) of a release, for a file."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.area, c.day, c.people FROM published_statistics_cell c JOIN published_statistics_release r"
            " ON r.id = c.release_id WHERE c.release_id = %s AND r.theme = %s ORDER BY c.area, c.day",
            [release, FLOWS],
        )
        return tuple((area, day, people) for area, day, people in cursor.fetchall())


def _flow(area: str, told: dict[str, int | None]) -> Flow:
    origin, _, destination = area.partition(ARROW)
    days = tuple(told[day] for day in sorted(told) if day != TOTAL)
    return Flow(origin, destination, told.get(TOTAL), days)
