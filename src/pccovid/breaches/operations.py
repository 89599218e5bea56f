"""Writing the rules, entering breaches, taking steps, drawing the affected. The database's functions check and refuse.

Codes of refusal are in REFUSALS; each function's own are named in breaches/sql.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection as django_connection

from pccovid.breaches.rules import MOVES, PERIODS, Facts, Move, Period
from pccovid.officers.database import call

REFUSALS = {
    "PC461": "not_held", "PC462": "not_now", "PC463": "words_missing", "PC464": "incomplete",
    "PC465": "impossible_time", "PC466": "late", "PC467": "nobody", "PC468": "own_readings", "PC469": "same_officer",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What a program enters: `source` audit, export_trace or operator; `subject` makes it one breach however often."""

    source: str
    subject: str
    kinds: tuple[str, ...]
    words: str
    discovered_at: datetime
    happened_from: datetime | None = None
    happened_to: datetime | None = None
    export: int | None = None


def write_rules() -> None:
    """Write periods and moves to where the database's functions read them; as the owner, through Django."""
    _rewrite("breach_period", Period._fields, [tuple(one) for one in PERIODS])
    _rewrite("breach_move", Move._fields, [tuple(one._replace(roles=list(one.roles))) for one in MOVES])  # type: ignore[arg-type]


def _rewrite(table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    places = ", ".join(["%s"] * len(columns))
    with django_connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM access.{table}")  # noqa: S608 - our own names
        cursor.executemany(f"INSERT INTO access.{table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608


def open_breach(
    *, by: int, through: int, happened_from: datetime | None, happened_to: datetime | None, discovered_at: datetime,
    kinds: tuple[str, ...], words: str, case: int | None = None,
) -> int:  # fmt: skip
    """Enter a breach, perhaps from a case of inspection; returns its number. Raises Refused (PC46x)."""
    return int(
        call("open_breach", by, through, happened_from, happened_to, discovered_at, list(kinds), words, case)
    )  # fmt: skip


def report_breach(connection: psycopg.Connection, finding: Finding) -> int:
    """Enter what a program found; returns the number, the same for the same subject. As the jobs role."""
    with connection.transaction():
        row = connection.execute(
            "SELECT access.report_breach(%s, %s, %s, %s, %s, %s, %s, %s)",
            [finding.source, finding.subject, finding.happened_from, finding.happened_to, finding.discovered_at,
             list(finding.kinds), finding.words, finding.export],
        ).fetchone()  # fmt: skip
    assert row is not None
    return int(row[0])


def take_step(
    *, by: int, through: int, breach: int, step: str, words: str = "", facts: Facts | None = None,
    happened_from: datetime | None = None, happened_to: datetime | None = None,
    told_at: datetime | None = None, reference: str = "",
) -> str:  # fmt: skip
    """Take a step of rules.MOVES; returns the state reached. Raises Refused (PC46x)."""
    known = (
        (list(facts.kinds) or None, list(facts.categories), facts.persons, facts.persons_basis, facts.consequences,
         facts.measures, facts.advice)
        if facts else (None,) * 7
    )  # fmt: skip
    return str(
        call(
            "take_breach_step", by, through, breach, step, words, *known, happened_from, happened_to, told_at, reference
        )
    )


def draw_persons(
    *, by: int, through: int, breach: int, kind: str, username: str = "", from_at: datetime | None = None,
    to_at: datetime | None = None, number: int | None = None,
) -> int:  # fmt: skip
    """Draw affected persons from the log; `kind` officer_read, export or case. Returns how many. Raises Refused."""
    return int(call("draw_breach_persons", by, through, breach, kind, username, from_at, to_at, number))


def mark_overdue(connection: psycopg.Connection) -> int:
    """Mark what passed its hours; returns how many are newly marked. As the jobs role."""
    with connection.transaction():
        row = connection.execute("SELECT access.mark_overdue_breaches()").fetchone()
    return int(row[0]) if row else 0
