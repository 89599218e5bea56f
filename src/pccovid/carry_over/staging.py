"""First stage: the delivery's files, read by the connectors and copied into staging tables.

One file is one transaction: a process that dies leaves the files it finished and nothing of the one it was in.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple, cast

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from pccovid.carry_over.statements import CLAIM_FIELDS, LIST_FIELDS, script, stage_table
from pccovid.connectors.rows import ParsedRow
from pccovid.foundation.facts import StagedFact
from pccovid.foundation.sealing import Sealer, sealer
from pccovid.people.numbers import hidden, sealed_payload

_FLUSH_ROWS = 2_000
# A row may have a million characters; ordinary ones have a few hundred.
_FLUSH_CHARACTERS = 3_000_000
# Files that are not read are numbered from here.
UNKNOWN_FILES = 1_000_000
_ROW_COLUMNS = (
    "file_no", "row_no", "system", "kind", "key", "record", "record_id", "payload", "content_hash", "verdict",
    "reason", "has_claim", *CLAIM_FIELDS, "sealed",
)  # fmt: skip
_LISTS = tuple(CLAIM_FIELDS.index(name) for name in LIST_FIELDS)
_NO_CLAIM: tuple[object, ...] = (None,) * (len(CLAIM_FIELDS) + 1)


class FileToStage(NamedTuple):
    """One file's place in the run."""

    number: int
    name: str
    system: str
    kind: str


def create_tables(connection: psycopg.Connection, run: int, facts: Iterable[StagedFact]) -> None:
    """Make the run's staging tables where they are not there yet."""
    connection.execute(script("create", run))
    for fact in facts:
        columns = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in fact.columns.items()
        )
        connection.execute(
            sql.SQL(
                "CREATE UNLOGGED TABLE IF NOT EXISTS {} (file_no integer NOT NULL, row_no bigint NOT NULL,"
                " position integer NOT NULL, {})"
            ).format(sql.SQL(stage_table(run, fact.name)), columns)
        )


def drop_tables(connection: psycopg.Connection, run: int) -> None:
    """Remove whatever the run staged."""
    found = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'staging' AND tablename LIKE %s", [f"r{int(run)}\\_%"]
    ).fetchall()
    for (name,) in found:
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier("staging", name)))


def clear_file(connection: psycopg.Connection, run: int, number: int, facts: Iterable[StagedFact]) -> None:
    """Take one file's rows out of staging again, if they are there."""
    for name in ("row", "problem", "file", "replay", *(fact.name for fact in facts)):
        table = sql.SQL(stage_table(run, name))
        connection.execute(sql.SQL("DELETE FROM {} WHERE file_no = %s").format(table), [number])


def stage_rows(
    connection: psycopg.Connection,
    run: int,
    file: FileToStage,
    rows: Iterable[ParsedRow],
    facts: Iterable[StagedFact],
    notes: Callable[[], dict[str, object]],
    on_rows: Callable[[int], None] = lambda count: None,
) -> int:
    """Copy one file's rows, claims and facts into staging, in one transaction; returns the number of rows."""
    with connection.transaction():
        writer = _Writer(connection, run, file.number, facts)
        for row in rows:
            writer.add(row)
            if writer.is_full:
                on_rows(writer.flush())
        on_rows(writer.flush())
        writer.finish(file, notes())
    return writer.total


def stage_unknown_files(connection: psycopg.Connection, run: int, paths: Iterable[Path]) -> None:
    """Lines of the ledger for what lies in the folder and is not read: nobody shall think it was carried over."""
    statement = sql.SQL("INSERT INTO {} VALUES (%s, %s, '', '', %s) ON CONFLICT DO NOTHING").format(
        sql.SQL(stage_table(run, "file"))
    )
    for number, path in enumerate(paths, UNKNOWN_FILES):
        connection.execute(statement, [number, as_text(Path(path.name)), Jsonb({"remarks": ["unknown_file"]})])


def as_text(path: Path) -> str:
    """The path fit for the database: a file's name may hold bytes that are no text."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


class _Writer:
    """Collects rows and facts of one file and copies them in batches, so memory does not grow with the file."""

    def __init__(self, connection: psycopg.Connection, run: int, file_no: int, facts: Iterable[StagedFact]) -> None:
        self._connection, self._run, self._file_no = connection, run, file_no
        self._keys = sealer()
        self._rows: list[tuple[object, ...]] = []
        self._facts: dict[str, list[tuple[object, ...]]] = {fact.name: [] for fact in facts}
        self._json_places = {
            fact.name: tuple(i for i, kind in enumerate(fact.columns.values()) if kind == "jsonb") for fact in facts
        }
        self._columns = {fact.name: ("file_no", "row_no", "position", *fact.columns) for fact in facts}
        self._sealed_places = {
            fact.name: tuple((tuple(fact.columns).index(column), fact.about(column)) for column in fact.sealed)
            for fact in facts
        }
        self._problems: Counter[tuple[str, str]] = Counter()
        self.total = 0
        self._characters = 0

    @property
    def is_full(self) -> bool:
        return len(self._rows) >= _FLUSH_ROWS or self._characters >= _FLUSH_CHARACTERS

    def add(self, row: ParsedRow) -> None:
        record = f"{row.system}:{row.kind}:{row.key}"
        record_id = hashlib.md5(record.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
        self._rows.append((
            self._file_no, row.row_no, row.system, row.kind, row.key, record, record_id if row.key else None,
            sealed_payload(row.payload, record_id if row.key else None, self._keys), self._keys.mark(row.content_hash),
            row.verdict, row.reason, row.claim is not None,
            *(_NO_CLAIM if row.claim is None else claim_values(row.claim, self._keys)),
        ))  # fmt: skip
        for position, fact in enumerate(row.facts):
            self._facts[fact.kind].append(
                (self._file_no, row.row_no, position, *self._fact_values(fact.kind, fact.values))
            )
        self._problems.update(row.problems)
        self._characters += len(row.payload)

    def _fact_values(self, kind: str, values: tuple[object, ...]) -> list[object]:
        wrapped = _json_wrapped(values, self._json_places[kind])
        for place, about in self._sealed_places[kind]:
            text = wrapped[place]
            wrapped[place] = self._keys.seal(text, about) if isinstance(text, str) else text
        return wrapped

    def flush(self) -> int:
        count = len(self._rows)
        self._copy("row", _ROW_COLUMNS, self._rows)
        for name, values in self._facts.items():
            self._copy(name, self._columns[name], values)
        self.total += count
        self._characters = 0
        return count

    def finish(self, file: FileToStage, notes: dict[str, object]) -> None:
        counted: list[tuple[object, ...]] = [
            (self._file_no, field, reason, rows) for (field, reason), rows in sorted(self._problems.items())
        ]
        self._copy("problem", ("file_no", "field", "reason", "rows"), counted)
        self._connection.execute(
            sql.SQL("INSERT INTO {} VALUES (%s, %s, %s, %s, %s)").format(sql.SQL(stage_table(self._run, "file"))),
            [file.number, file.name, file.system, file.kind, json.dumps(notes, ensure_ascii=False, default=str)],
        )

    def _copy(self, table: str, columns: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
        if not rows:
            return
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.SQL(stage_table(self._run, table)), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
        rows.clear()


def claim_values(claim: tuple[object, ...], keys: Sealer) -> list[object]:
    """The claim with hashes for its numbers, and their seals as the last value."""
    values, sealed = hidden(claim, keys)
    # A tuple would be sent as a composite value; PostgreSQL arrays are lists.
    for place in _LISTS:
        values[place] = list(cast(tuple[str, ...], values[place]))
    values.append(sealed)
    return values


def _json_wrapped(values: tuple[object, ...], json_places: tuple[int, ...]) -> list[object]:
    wrapped: list[object] = [list(value) if type(value) is tuple else value for value in values]
    for place in json_places:
        wrapped[place] = Jsonb(wrapped[place])
    return wrapped
