"""The ledger of what agencies send: a run for each agency and day, a line for each kind of resource, and every message.

received = linked + new + held + rejected, for every message and every line, as the database demands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import psycopg

from pccovid.agreements.rules import Grant
from pccovid.carry_over.arriving import HELD, LINKED, NEW, REJECTED, Placed

_OUTCOMES = (LINKED, NEW, HELD, REJECTED)


def run_of_day(connection: psycopg.Connection, grant: Grant, now: datetime) -> int:
    """The run that today's messages of the agency belong to, opened by the first."""
    name = f"{grant.system} {now.date().isoformat()}"
    found = _found(connection, name)
    if found is None:
        connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [name])
        found = _found(connection, name)
    if found is not None:
        return found
    row = connection.execute(
        "INSERT INTO people_importrun (folder, fingerprint, stage, started_at, published_at, published_by,"
        " model_version) VALUES (%s, %s, 'published', %s, %s, %s, '') RETURNING id",
        [f"({grant.name})", name, now, now, grant.case],
    ).fetchone()
    assert row is not None
    return int(row[0])


def _found(connection: psycopg.Connection, name: str) -> int | None:
    row = connection.execute(
        "SELECT id FROM people_importrun WHERE fingerprint = %s AND stage = 'published' ORDER BY id LIMIT 1", [name]
    ).fetchone()
    return int(row[0]) if row else None


def write_ledger(
    connection: psycopg.Connection, run: int, grant: Grant, *, kind: str, digest: bytes,
    placed: Iterable[tuple[str, Placed]],
) -> None:  # fmt: skip
    """Count a message's rows into the day's lines and write the message down. `placed`: (kind of record, outcome).

    Last in its transaction: the lines of a day are counted up, and whoever counts waits for who counted before.
    """
    rows = list(placed)
    for record_kind in sorted({one for one, _ in rows}):
        _count_line(connection, run, grant, record_kind, [one for name, one in rows if name == record_kind])
    counted = _counts(one for _, one in rows)
    connection.execute("SELECT access.note_message(%s, %s, %s)", [kind, digest, counted])


def _count_line(connection: psycopg.Connection, run: int, grant: Grant, record_kind: str, placed: list[Placed]) -> None:
    row = connection.execute(
        "INSERT INTO people_importfile AS f (run_id, name, system, kind, received, linked, new, held, rejected,"
        " unchanged, repeated, notes) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 0, '{}')"
        " ON CONFLICT (run_id, name) DO UPDATE SET received = f.received + excluded.received,"
        " linked = f.linked + excluded.linked, new = f.new + excluded.new, held = f.held + excluded.held,"
        " rejected = f.rejected + excluded.rejected, unchanged = f.unchanged + excluded.unchanged RETURNING id",
        [run, record_kind, grant.system, record_kind, *_counts(placed)],
    ).fetchone()
    assert row is not None
    reasons = Counter((one.outcome, one.reason) for one in placed if one.outcome in (HELD, REJECTED))
    for (outcome, reason), rows in sorted(reasons.items()):
        connection.execute(
            "INSERT INTO people_importreason AS r (file_id, outcome, reason, field, rows) VALUES (%s, %s, %s, '', %s)"
            " ON CONFLICT (file_id, outcome, reason, field) DO UPDATE SET rows = r.rows + excluded.rows",
            [row[0], outcome, reason, rows],
        )


def _counts(placed: Iterable[Placed]) -> list[int]:
    """received, linked, new, held, rejected, and of the linked ones those that came unchanged."""
    rows = list(placed)
    of = Counter(one.outcome for one in rows)
    return [len(rows), *(of[outcome] for outcome in _OUTCOMES),
            sum(one.is_unchanged and one.outcome == LINKED for one in rows)]  # fmt: skip
