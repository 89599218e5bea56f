"""Rows taken up again: those the linkage held (in every run), and held or rejected ones an operator replays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

import psycopg

from pccovid.carry_over.jobs import open_carry_over
from pccovid.carry_over.reading import ReadingJob
from pccovid.carry_over.staging import FileToStage, stage_rows
from pccovid.carry_over.statements import stage_table
from pccovid.connectors.context import ReadingContext, context_for
from pccovid.connectors.reading import read_payload
from pccovid.connectors.rows import ParsedRow

# File numbers below zero are rows that were received earlier; only a replay's own appear in its ledger.
HELD_BEFORE, REPLAYED = -1, -2


class Payload(NamedTuple):
    """A stored row to parse again."""

    unplaced: UUID | None
    system: str
    kind: str
    key: str
    payload: str


def stage_held_before(connection: psycopg.Connection, job: ReadingJob) -> None:
    """Stage every record the linkage has held so far: new evidence may have arrived for it."""
    if _is_staged(connection, job.run, HELD_BEFORE):
        return
    with connection.transaction():
        open_carry_over(connection)
        rows = connection.execute(
            "SELECT NULL::uuid, s.system, s.kind, s.key, s.payload"
            " FROM people_recordclaim c JOIN people_sourcerecord s ON s.id = c.source_record_id"
            " WHERE c.person_id IS NULL AND NOT c.is_about_nobody ORDER BY c.record"
        ).fetchall()
    _stage(connection, job, HELD_BEFORE, "(held before)", map(Payload._make, rows))


def choose_unplaced(connection: psycopg.Connection, reason: str | None) -> list[Payload]:
    """The unresolved held and rejected rows, all or of one reason, as they were received."""
    with connection.transaction():
        open_carry_over(connection)
        rows = connection.execute(
            "SELECT id, system, kind, key, payload FROM people_unplacedrow"
            " WHERE resolved_at IS NULL AND (%(reason)s::text IS NULL OR reason = %(reason)s)"
            " ORDER BY run_id, file_name, row_no",
            {"reason": reason},
        ).fetchall()
    return [Payload._make(row) for row in rows]


def stage_unplaced(connection: psycopg.Connection, job: ReadingJob, payloads: list[Payload]) -> None:
    """Stage the chosen rows as one file named for the replay."""
    _stage(connection, job, REPLAYED, "(replay)", payloads)


def _stage(
    connection: psycopg.Connection, job: ReadingJob, number: int, name: str, payloads: Iterable[Payload]
) -> None:
    context = context_for(job.delivery, job.today, job.spill)
    sources: list[tuple[int, int, UUID]] = []
    rows = _parse_again(payloads, context, number, sources)
    stage_rows(connection, job.run, FileToStage(number, name, "", ""), rows, job.facts, dict)
    target = stage_table(job.run, "replay")
    with connection.cursor() as cursor, cursor.copy(f"COPY {target} (file_no, row_no, unplaced_id) FROM STDIN") as copy:
        for source in sources:
            copy.write_row(source)


def _parse_again(
    payloads: Iterable[Payload], context: ReadingContext, number: int, sources: list[tuple[int, int, UUID]]
) -> Iterator[ParsedRow]:
    row_no = 0
    for stored in payloads:
        for row in read_payload(stored.system, stored.kind, stored.key, stored.payload, context=context):
            row_no += 1
            if stored.unplaced is not None and row.key == stored.key:
                sources.append((number, row_no, stored.unplaced))
            yield row._replace(row_no=row_no)


def _is_staged(connection: psycopg.Connection, run: int, number: int) -> bool:
    table = stage_table(run, "file")
    return connection.execute(f"SELECT 1 FROM {table} WHERE file_no = %s", [number]).fetchone() is not None  # noqa: S608
