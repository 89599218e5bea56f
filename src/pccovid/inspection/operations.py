"""Writing the rules, looking through the log, objecting, deciding. The database's functions check and refuse.

Codes of refusal are in REFUSALS; each function's own are named in inspection/sql.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from django.db import connection as django_connection

from pccovid.inspection.rules import KINDS, WITHHOLDINGS, Kind, Withholding
from pccovid.officers.database import call

REFUSALS = {
    "PC421": "no_inspection", "PC422": "not_in_sight", "PC423": "own", "PC424": "decided", "PC425": "reason_too_short",
    "PC426": "answer_missing", "PC427": "no_outcome", "PC428": "term_stays", "PC431": "not_yours",
    "PC432": "too_few_words", "PC433": "already", "PC434": "too_many",
}  # fmt: skip
BATCH = 5_000
_KIND_COLUMNS = tuple(name for name in Kind._fields if name != "reason")


class Inspected(NamedTuple):
    """Entries of the log looked at, and findings opened or grown."""

    entries: int
    findings: int


def write_rules() -> None:
    """Write kinds, thresholds and withholdings to where the database's functions read them."""
    kinds = [kind._replace(purposes=list(kind.purposes))._asdict() for kind in KINDS.values()]  # type: ignore[arg-type]
    _rewrite("inspection_kind", _KIND_COLUMNS, [tuple(one[name] for name in _KIND_COLUMNS) for one in kinds])
    _rewrite("withholding", Withholding._fields, [tuple(one) for one in WITHHOLDINGS])


def _rewrite(table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    places = ", ".join(["%s"] * len(columns))
    with django_connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM access.{table}")  # noqa: S608 - our own names
        cursor.executemany(f"INSERT INTO access.{table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608


def inspect_log(connection: psycopg.Connection) -> Inspected:
    """Look through what was chained since the last time. As the jobs role; each batch is a transaction of its own."""
    entries, findings = 0, 0
    while True:
        with connection.transaction():
            row = connection.execute("SELECT * FROM access.inspect_log(%s)", [BATCH]).fetchone()
        assert row is not None
        entries, findings = entries + row[0], findings + row[1]
        if row[0] < BATCH:
            return Inspected(entries, findings)


def complain(*, person: UUID, reading: int, words: str) -> int:
    """Object to a reading, inside the person's own opened access; returns the case's number. Raises Refused (PC43x)."""
    return int(call("complain", person, reading, words))


def decide(*, case: int, outcome: str, reason: str, answer: str, end_term: bool) -> str:
    """Decide inside an opened inspection; returns what became of the term: untouched, ended, referred or over.

    Raises Refused (PC42x).
    """
    return str(call("decide_inspection", case, outcome, reason, answer, end_term))
