"""Stored rows read again: held records that news may help, records whose reading has changed, and an operator's replay.

Memory does not grow with their number: rows stream from a server-side cursor through the reader into staging.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

import psycopg

from pccovid.carry_over.jobs import open_carry_over
from pccovid.carry_over.reading import ReadingJob
from pccovid.carry_over.staging import FileToStage, clear_file, stage_rows
from pccovid.carry_over.statements import stage_table
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.reading import read_payload
from pccovid.connectors.rows import REJECTED, ParsedRow
from pccovid.people.numbers import shown_payload

# File numbers below zero are rows that were received earlier; only a replay's own appear in its ledger.
HELD_BEFORE, REPLAYED = -1, -2
_BATCH = 1_000
_EMPTY_HASH = bytes(16)


class Payload(NamedTuple):
    """A stored row to parse again."""

    unplaced: UUID | None
    system: str
    kind: str
    key: str
    payload: str
    """As received: unsealed on its way out of the index."""
    reason: str


# Where a code list arrives, rows that could not be read without it are read again too.
_HELD = """
SELECT NULL::uuid, s.system, s.kind, s.key, s.payload, '', s.record_id
FROM people_recordclaim c JOIN people_sourcerecord s ON s.id = c.source_record_id
WHERE NOT c.is_about_nobody
  AND (c.person_id IS NULL
       OR %(lists)s AND c.system = 'tokhaiyte' AND (c.province_code IS NULL OR c.nationality IS NULL))
ORDER BY c.record
"""
_UNPLACED = """
SELECT id, system, kind, key, payload, reason, record_id FROM people_unplacedrow
WHERE resolved_at IS NULL AND (%(reason)s::text IS NULL OR reason = %(reason)s)
ORDER BY run_id, file_name, row_no, id
"""


def stage_held_before(
    connection: psycopg.Connection, job: ReadingJob, context: ReadingContext, *, with_lists: bool
) -> None:
    """Stage every record the linkage has held so far, and `with_lists` those that new code lists may explain.

    What an interrupted run staged of them is replaced: the index may have moved on since.
    """
    place = FileToStage(HELD_BEFORE, "(held before)", "", "")
    _stage(connection, job, context, place, _HELD, {"lists": with_lists})


def stage_unplaced(
    connection: psycopg.Connection, job: ReadingJob, context: ReadingContext, reason: str | None
) -> None:
    """Stage the unresolved held and rejected rows, all or of one reason, as one file named for the replay."""
    place = FileToStage(REPLAYED, "(replay)", "", "")
    _stage(connection, job, context, place, _UNPLACED, {"reason": reason})


def stage_chosen(
    connection: psycopg.Connection, job: ReadingJob, context: ReadingContext, query: str, parameters: dict[str, object]
) -> None:
    """Stage the stored records that a query chooses (columns as in _HELD), as records held before."""
    _stage(connection, job, context, FileToStage(HELD_BEFORE, "(chosen)", "", ""), query, parameters)


def _stage(
    connection: psycopg.Connection, job: ReadingJob, context: ReadingContext, place: FileToStage,
    query: str, parameters: dict[str, object],
) -> None:  # fmt: skip
    """One transaction: all of the rows and their origins, or none."""
    with connection.transaction():
        open_carry_over(connection)
        clear_file(connection, job.run, place.number, job.facts)
        with connection.cursor(f"stored_{-place.number}") as stored:
            stored.itersize = _BATCH
            stored.execute(query, parameters)
            sources: list[tuple[int, UUID]] = []
            rows = _parse_again(map(_opened, stored), context, sources)
            stage_rows(connection, job.run, place, rows, job.facts, dict)
        _copy_sources(connection, job.run, place.number, sources)


def _opened(row: tuple[Any, ...]) -> Payload:
    *values, record = row
    stored = Payload._make(values)
    return stored._replace(payload=shown_payload(stored.payload, record))


def _copy_sources(connection: psycopg.Connection, run: int, number: int, sources: list[tuple[int, UUID]]) -> None:
    statement = f"COPY {stage_table(run, 'replay')} (file_no, row_no, unplaced_id) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row_no, unplaced in sources:
            copy.write_row((number, row_no, unplaced))


def _parse_again(
    stored: Iterable[Payload], context: ReadingContext, sources: list[tuple[int, UUID]]
) -> Iterator[ParsedRow]:
    row_no = 0
    for payload in stored:
        for row in _readings(payload, context):
            row_no += 1
            if payload.unplaced is not None:
                sources.append((row_no, payload.unplaced))
            yield row._replace(row_no=row_no)


def _readings(stored: Payload, context: ReadingContext) -> list[ParsedRow]:
    """The rows that a stored one reads as today; one that cannot be read any more stays what it was."""
    try:
        rows = read_payload(stored.system, stored.kind, stored.key, stored.payload, context=context)
    except (KeyError, ValueError):
        rows = []
    if rows or stored.unplaced is None:
        return rows
    return [ParsedRow(stored.system, stored.kind, stored.key, 0, stored.payload, _EMPTY_HASH, REJECTED, stored.reason)]
