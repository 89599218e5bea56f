"""The vendor's code lists as they stand: those of this delivery over those that came with earlier ones.

Lists come as files of their own, and a delivery may lack them: what an earlier one said still holds.
"""

from __future__ import annotations

import json

import psycopg

from pccovid.carry_over.jobs import open_carry_over
from pccovid.carry_over.reading import ReadingJob
from pccovid.connectors.context import AREA_COLUMNS, NATION_COLUMNS, ReadingContext, context_for
from pccovid.connectors.texts import clean
from pccovid.people.numbers import shown_payload

_STORED = (
    "SELECT s.payload, s.record_id FROM people_recordclaim c JOIN people_sourcerecord s ON s.id = c.source_record_id"
    " WHERE c.kind = %s ORDER BY c.record"
)
# Matching ten thousand names with the official list takes seconds, so it is done only for rows that name them.
_NEEDED = (
    "SELECT EXISTS (SELECT 1 FROM people_recordclaim"
    "               WHERE person_id IS NULL AND NOT is_about_nobody AND system = %(system)s)"
    " OR EXISTS (SELECT 1 FROM people_unplacedrow WHERE resolved_at IS NULL AND system = %(system)s)"
)
_SYSTEM = "tokhaiyte"
_COLUMNS = {"tokhaiyte_areas": AREA_COLUMNS, "tokhaiyte_nations": NATION_COLUMNS}


def reading_context(connection: psycopg.Connection, job: ReadingJob, *, with_lists: bool) -> ReadingContext:
    """What reading this delivery's rows, and stored ones again, needs to know.

    `with_lists`: rows that are placed already are to be read again by the code lists as they stand now.
    """
    with connection.transaction():
        open_carry_over(connection)
        stored = (
            {kind: _stored(connection, kind) for kind in _COLUMNS} if with_lists or _are_needed(connection, job) else {}
        )
    return context_for(job.delivery, job.today, job.spill, stored)


def _are_needed(connection: psycopg.Connection, job: ReadingJob) -> bool:
    if any(file.system == _SYSTEM for file in job.delivery.files):
        return True
    return connection.execute(_NEEDED, {"system": _SYSTEM}).fetchone() == (True,)


def _stored(connection: psycopg.Connection, kind: str) -> list[tuple[str, ...]]:
    rows = (json.loads(shown_payload(*stored)) for stored in connection.execute(_STORED, [kind]))
    return [tuple(clean(str(row.get(name, ""))).text for name in _COLUMNS[kind]) for row in rows]
