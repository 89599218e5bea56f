"""A large index for a bench, without importing: a made nation's records are read as an import reads them, each is given
the person it is of in truth, and all are copied into the table of claims, sealed as an import seals them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb
import psycopg
from psycopg import sql

from pccovid.carry_over.statements import CLAIM_FIELDS
from pccovid.config.benches.scratch import Progress
from pccovid.connectors.context import context_for
from pccovid.connectors.delivery import find
from pccovid.connectors.reading import read_file
from pccovid.foundation.sealing import sealer
from pccovid.linkage.claim import Claim
from pccovid.linkage.one_record.nodes import Row
from pccovid.people.numbers import hidden
from pccovid.sandbox.nation import create

TODAY = date(2021, 11, 20)
_COLUMNS = ("record_id", "record", "system", "kind", "source_record_id", "content_hash", "version", "person_id",
            "is_about_nobody", *CLAIM_FIELDS, "sealed")  # fmt: skip


def fill(url: str, folder: Path, *, people: int, seed: int, ask: int, progress: Progress) -> tuple[list[Row], int]:
    """Fill the empty index of that owner's URL; returns about `ask` records kept back, and how many went in."""
    create(people=people, seed=seed, out=folder, progress=progress)
    persons = _persons(folder / "truth.parquet")
    every = max(2, len(persons) // ask)
    kept_back: list[Row] = []
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TEMP TABLE arriving (LIKE people_recordclaim INCLUDING DEFAULTS)")
        names = sql.SQL(", ").join(map(sql.Identifier, _COLUMNS))
        with connection.cursor() as cursor, cursor.copy(
            sql.SQL("COPY arriving ({}) FROM STDIN").format(names)
        ) as copy:  # fmt: skip
            for row in _rows(folder, persons, progress):
                if int.from_bytes(_digest(row.record)[:8]) % every == 0 and len(kept_back) < ask:
                    kept_back.append(row._replace(person=None))
                else:
                    copy.write_row(_values(row))
        kept = [row.record for row in kept_back]
        connection.execute("DELETE FROM arriving WHERE record = ANY (%s)", [kept])
        loaded = connection.execute(
            "INSERT INTO people_recordclaim SELECT DISTINCT ON (record_id) * FROM arriving ORDER BY record_id"
        ).rowcount
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE people_recordclaim")
    return kept_back, loaded


def _persons(truth: Path) -> dict[str, int]:
    """Record → the number of the person it is of."""
    with duckdb.connect(config={"threads": 1}) as duck:
        rows = duck.execute(
            "SELECT system || ':' || file || ':' || key, person FROM read_parquet(?) WHERE person IS NOT NULL",
            [str(truth)],
        )
        return dict(rows.fetchall())


def _rows(folder: Path, persons: dict[str, int], progress: Progress) -> Iterator[Row]:
    delivery = find(folder / "exports")
    context = context_for(delivery, today=TODAY, spill=folder / "spill")
    for number, file in enumerate(delivery.files):
        for row in read_file(file, context=context):
            record = f"{row.system}:{row.kind}:{row.key}"
            if row.claim is not None and record in persons:
                person = UUID(bytes=_digest(f"person:{persons[record]}"))
                yield Row(record, str(person), Claim(*row.claim))
        progress("filling the index", (number + 1) / len(delivery.files))


def _digest(text: str) -> bytes:
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()


def _values(row: Row) -> tuple[object, ...]:
    values, sealed = hidden(row.claim, sealer())
    record_id, (system, kind, _) = UUID(bytes=_digest(row.record)), row.record.split(":", 2)
    claim = [list(value) if isinstance(value, tuple) else value for value in values]
    return (record_id, row.record, system, kind, record_id, b"", 1, row.person, False, *claim, sealed)
