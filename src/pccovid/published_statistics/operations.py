"""Publishing the counts of a week, as the jobs role, under an access that sees nobody's row."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import psycopg
from django.db import connection as django_connection

from pccovid.areas.registry import registry
from pccovid.bulk_export.suppression import AlreadyDisclosed, Cell, Table, suppressed
from pccovid.foundation.access import open_for_job
from pccovid.foundation.classification import RETENTIONS
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.published_statistics.flows import flow_table
from pccovid.published_statistics.rules import (
    FLOWS,
    THEMES,
    WeekIsWrong,
    days_of,
    table_of,
    threshold_of,
    tree_of,
    weeks_to_tell,
)

JOB = PURPOSE = "statistics"
_REFUSED = {"PC481": "nothing of that name is counted", "PC482": "the week is not over for long enough"}


class NobodyWent(LookupError):
    """Nobody is counted in that week; nothing is written, so whoever is brought in later still counts."""


@dataclass(frozen=True)
class Release:
    """A published table: how many cells it has, and how many of them stay blank."""

    number: int
    theme: str
    week: date
    provinces: tuple[str, ...]
    threshold: int
    released_at: datetime
    cells: int
    blank: int


def write_rules(*, today: date) -> None:
    """Write themes and the threshold in force to where the database reads them; as the owner, through Django."""
    rule = threshold_of(today)
    with django_connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.statistics_theme")
        cursor.executemany(
            "INSERT INTO access.statistics_theme (theme, category, table_name, day_of, only_where, threshold,"
            " wait_days, rows_of, area_of) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    one.code,
                    one.category,
                    one.table_name,
                    one.day,
                    one.only_where,
                    rule.people,
                    rule.wait_days,
                    one.rows,
                    one.area,
                )
                for one in THEMES.values()
            ],
        )


def publish(
    connection: psycopg.Connection, *, theme: str, week: date, provinces: Iterable[str], by: str, today: date,
    of_somebody: bool = False,
) -> Release:  # fmt: skip
    """Publish a week's table by province, and by district and commune in the named provinces.

    Flows have a table of their own (flows.py), as fine as numbers allow everywhere, so `provinces` says nothing there.
    Provinces that an earlier release of the week opened stay open, so that nothing it says is forgotten. `connection`
    is the jobs role's, in autocommit. `of_somebody`: a week of nobody is not published but raises NobodyWent. Raises
    WeekIsWrong, LookupError (no such province), AlreadyDisclosed.
    """
    columns, rule = days_of(week), threshold_of(today)
    with connection.transaction():
        open_for_job(connection, JOB, purpose=PURPOSE, legal_basis=EPIDEMIC_LAW, case=f"TK-{theme}-{week}")
        counts = _counts(connection, theme, week)
        if of_somebody and not counts:
            raise NobodyWent(f"{theme}, {week}")
        earlier = _published(connection, theme, week)
        units = registry()
        opened = [] if theme == FLOWS else sorted({*provinces, *_opened(connection, theme, week)})
        if theme == FLOWS:
            table = flow_table(columns, counts, units)
        else:
            table = table_of(tree_of(units, opened), columns, counts, units)
        blank = suppressed(table, threshold=rule.people, published=earlier)
        number = _write(connection, theme, week, opened, by, table, blank)
    return next(one for one in releases(connection) if one.number == number)


def publish_flows_due(connection: psycopg.Connection, *, by: str, today: date) -> tuple[Release, ...]:
    """Publish every week of flows that is over for long enough, still kept whole and not published yet.

    As publish; what it refuses waits for whoever publishes by hand. Raises nothing of it.
    """
    told = {one.week for one in releases(connection) if one.theme == FLOWS}
    kept = RETENTIONS["movement"].days
    assert kept is not None
    made = []
    for week in weeks_to_tell(today, wait_days=threshold_of(today).wait_days, kept_days=kept):
        if week not in told:
            with contextlib.suppress(NobodyWent, WeekIsWrong, AlreadyDisclosed):
                made.append(
                    publish(connection, theme=FLOWS, week=week, provinces=(), by=by, today=today, of_somebody=True)
                )
    return tuple(made)


def releases(connection: psycopg.Connection) -> tuple[Release, ...]:
    """Everything that was published, newest first."""
    rows = connection.execute(
        "SELECT r.id, r.theme, r.week, r.provinces, r.threshold, r.released_at, count(c.area),"
        " count(c.area) FILTER (WHERE c.people IS NULL) FROM published_statistics_release r"
        " LEFT JOIN published_statistics_cell c ON c.release_id = r.id GROUP BY r.id ORDER BY r.id DESC"
    ).fetchall()
    return tuple(
        Release(number, theme, week, tuple(provinces), *rest) for number, theme, week, provinces, *rest in rows
    )


def cells(connection: psycopg.Connection, release: int) -> dict[Cell, int | None]:
    """A release's cells; None where one stays blank. Empty where there is no such release."""
    rows = connection.execute(
        "SELECT area, day, people FROM published_statistics_cell WHERE release_id = %s ORDER BY area, day", [release]
    )
    return {Cell(area, day): people for area, day, people in rows}


def _counts(connection: psycopg.Connection, theme: str, week: date) -> dict[tuple[str, str], int]:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    try:
        rows = connection.execute("SELECT area, day, people FROM access.counts_of_week(%s, %s)", [theme, week])
    except psycopg.DatabaseError as error:
        if error.sqlstate not in _REFUSED:
            raise
        raise WeekIsWrong(f"{theme}, {week}: {_REFUSED[error.sqlstate]}") from error
    for area, day, people in rows:
        counts[area, day.isoformat()] += people
    return counts


def _published(connection: psycopg.Connection, theme: str, week: date) -> set[Cell]:
    """What a reader has of this week already."""
    rows = connection.execute(
        "SELECT DISTINCT c.area, c.day FROM published_statistics_cell c"
        " JOIN published_statistics_release r ON r.id = c.release_id"
        " WHERE r.theme = %s AND r.week = %s AND c.people IS NOT NULL",
        [theme, week],
    )
    return {Cell(area, day) for area, day in rows}


def _opened(connection: psycopg.Connection, theme: str, week: date) -> set[str]:
    rows = connection.execute(
        "SELECT DISTINCT unnest(provinces) FROM published_statistics_release WHERE theme = %s AND week = %s",
        [theme, week],
    )
    return {province for (province,) in rows}


def _write(
    connection: psycopg.Connection, theme: str, week: date, provinces: list[str], by: str, table: Table,
    blank: frozenset[Cell],
) -> int:  # fmt: skip
    told = [(cell, None if cell in blank else people) for cell, people in sorted(table.values.items())]
    row = connection.execute(
        "SELECT access.publish_statistics(%s, %s, %s, %s, %s, %s, %s::integer[])",
        [theme, week, provinces, by, [cell.area for cell, _ in told], [cell.column for cell, _ in told],
         [people for _, people in told]],
    ).fetchone()  # fmt: skip
    assert row is not None
    return int(row[0])
