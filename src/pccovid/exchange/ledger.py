"""The ledger of what agencies send: a run for each agency and day, a line for each kind of resource, and every message.

received = linked + new + held + rejected, for every message and every line, as the database demands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import psycopg

from pccovid.agreements.rules import Grant
from pccovid.carry_over.arriving import HELD, LINKED, NEW, REJECTED, Placed

_OUTCOMES = (LINKED, NEW, HELD, REJECTED)


class RunOfDay:
    """The run that today's messages of an agency belong to, opened by the first. Asked when made, awaited when used."""

    def __init__(self, connection: psycopg.Connection, grant: Grant, now: datetime) -> None:
        self._connection, self._grant, self._now = connection, grant, now
        self._name = f"{grant.system} {now.date().isoformat()}"
        self._asked = self._ask()

    def _ask(self) -> psycopg.Cursor[tuple[int]]:
        query = b"SELECT id FROM people_importrun WHERE fingerprint = %s AND stage = 'published' ORDER BY id LIMIT 1"
        return self._connection.execute(query, [self._name], prepare=True)

    def number(self) -> int:
        """The run's number."""
        found = self._asked.fetchone()
        if found is None:
            self._connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1))", [self._name])
            found = self._ask().fetchone()
        return found[0] if found is not None else _opened(self._connection, self._grant, self._name, self._now)


def _opened(connection: psycopg.Connection, grant: Grant, name: str, now: datetime) -> int:
    row = connection.execute(
        "INSERT INTO people_importrun (folder, fingerprint, stage, started_at, published_at, published_by,"
        " model_version) VALUES (%s, %s, 'published', %s, %s, %s, '') RETURNING id",
        [f"({grant.name})", name, now, now, grant.case],
    ).fetchone()
    assert row is not None
    return int(row[0])


def write_ledger(
    connection: psycopg.Connection, run: int, grant: Grant, *, kind: str, digest: bytes,
    placed: Iterable[tuple[str, Placed]], told_of: Iterable[UUID],
) -> None:  # fmt: skip
    """Count a message's rows into the day's lines, write the message down, and tell whose records it was about.

    `placed`: (kind of record, outcome); `told_of`: persons, to whom it stands in who looked. One statement, and last
    in its transaction: the lines of a day are counted up, and whoever counts waits for who counted before.
    """
    rows = list(placed)
    kinds = sorted({one for one, _ in rows})
    lines = [_counts(one for name, one in rows if name == kind) for kind in kinds]
    reasons = Counter((name, one.outcome, one.reason) for name, one in rows if one.outcome in (HELD, REJECTED))
    connection.execute(_COUNT, [
        run, grant.system, kinds, *(list(column) for column in zip(*lines, strict=True)), *_columns_of(reasons),
        sorted(told_of), _TOLD, kind, digest, _counts(one for _, one in rows),
    ], prepare=True)  # fmt: skip


_COUNT = b"""
WITH line AS (
    INSERT INTO people_importfile AS f (run_id, system, repeated, notes, name, kind, received, linked, new, held,
                                        rejected, unchanged)
    SELECT %s, %s, 0, '{}', l.name, l.name, l.received, l.linked, l.new, l.held, l.rejected, l.unchanged
    FROM unnest(%s::text[], %s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::integer[], %s::integer[])
        AS l (name, received, linked, new, held, rejected, unchanged)
    ORDER BY l.name
    ON CONFLICT (run_id, name) DO UPDATE SET received = f.received + excluded.received,
        linked = f.linked + excluded.linked, new = f.new + excluded.new, held = f.held + excluded.held,
        rejected = f.rejected + excluded.rejected, unchanged = f.unchanged + excluded.unchanged
    RETURNING f.id, f.name
), counted AS (
INSERT INTO people_importreason AS r (file_id, outcome, reason, field, rows)
SELECT l.id, n.outcome, n.reason, '', n.rows
FROM unnest(%s::text[], %s::text[], %s::text[], %s::integer[]) AS n (name, outcome, reason, rows)
    JOIN line l USING (name)
ORDER BY l.name, n.outcome, n.reason
ON CONFLICT (file_id, outcome, reason, field) DO UPDATE SET rows = r.rows + excluded.rows
)
SELECT access.disclose(%s::uuid[], %s::text[]), access.note_message(%s, %s, %s::integer[])"""
_TOLD = ["identity"]


def _columns_of(reasons: Counter[tuple[str, str, str]]) -> list[list[object]]:
    listed = sorted(reasons.items())
    names: list[list[object]] = [[key[place] for key, _ in listed] for place in range(3)]
    return [*names, [rows for _, rows in listed]]


def _counts(placed: Iterable[Placed]) -> list[int]:
    """received, linked, new, held, rejected, and of the linked ones those that came unchanged."""
    rows = list(placed)
    of = Counter(one.outcome for one in rows)
    return [len(rows), *(of[outcome] for outcome in _OUTCOMES),
            sum(one.is_unchanged and one.outcome == LINKED for one in rows)]  # fmt: skip
