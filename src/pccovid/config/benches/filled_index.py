"""A large index for a bench, without importing: a made nation's records are read as an import reads them, each is given
the person it is of in truth, and all are copied into the table of claims, sealed as an import seals them.

More people than BASE_PEOPLE are the same nation over again with other numbers and birthdays, under the same names, each
commune moved to another: as many share a key as would among so many.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

import duckdb
import psycopg
from psycopg import sql

from pccovid.areas.registry import registry
from pccovid.areas.units import Residence
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

BASE_PEOPLE = 20_000
TODAY = date(2021, 11, 20)
_STEP = 1_009
_DIGITS = ("personal_id", "old_id", "insurance_no", "id_tail", "phone")
_NAMES = ("passport", "qid", "account", "household")
_COLUMNS = ("record_id", "record", "system", "kind", "source_record_id", "content_hash", "version", "person_id",
            "is_about_nobody", *CLAIM_FIELDS, "sealed")  # fmt: skip


def made_records(folder: Path, *, people: int, seed: int, progress: Progress) -> list[Row]:
    """Each record that claims something, once, with the person it is of; in an order that tells nothing."""
    create(people=people, seed=seed, out=folder, progress=progress)
    persons = _persons(folder / "truth.parquet")
    delivery = find(folder / "exports")
    context = context_for(delivery, today=TODAY, spill=folder / "spill")
    rows: dict[str, Row] = {}
    for number, file in enumerate(delivery.files):
        for row in read_file(file, context=context):
            record = f"{row.system}:{row.kind}:{row.key}"
            if row.claim is not None and record in persons:
                rows[record] = Row(record, str(persons[record]), Claim(*row.claim))
        progress("reading the nation", (number + 1) / len(delivery.files))
    return sorted(rows.values(), key=lambda row: _digest(row.record))


def _persons(truth: Path) -> dict[str, int]:
    """Record → the number of the person it is of."""
    with duckdb.connect(config={"threads": 1}) as duck:
        rows = duck.execute(
            "SELECT system || ':' || file || ':' || key, person FROM read_parquet(?) WHERE person IS NOT NULL",
            [str(truth)],
        )
        return dict(rows.fetchall())


def fill(url: str, rows: Iterable[Row], times: range, progress: Progress) -> None:
    """Add the records, once for each number in `times` (0: as they are), to the index of that owner's URL."""
    names = sql.SQL(", ").join(map(sql.Identifier, _COLUMNS))
    statement = sql.SQL("COPY people_recordclaim ({}) FROM STDIN").format(names)
    with psycopg.connect(url) as connection, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for number in times:
            for row in rows:
                copy.write_row(_values(row if number == 0 else varied(row, number)))
            progress("filling the index", (number + 1 - times.start) / len(times))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE people_recordclaim")


def varied(row: Row, number: int) -> Row:
    """The record as somebody else's of the same name and home."""
    claim, changed = row.claim, {}
    for name in _DIGITS:
        if (value := getattr(claim, name)) is not None and value.isdigit():
            kept, moved = value[:-6], value[-6:]
            changed[name] = kept + str((int(moved) + number * 7_919) % 10 ** len(moved)).zfill(len(moved))
    changed |= {name: f"{value}-{number}" for name in _NAMES if (value := getattr(claim, name)) is not None}
    if claim.birth_date is not None and claim.birth_precision == "day" and "birth_default" not in claim.flags:
        day = claim.birth_date + timedelta(days=37 * number)
        changed |= {"birth_date": day, "birth_swapped": _swapped(day)}
    if claim.commune_code is not None:
        changed |= _moved(claim.commune_code, number)._asdict()
    return Row(f"{row.record}-{number}", f"{row.person}-{number}", claim._replace(**changed))


@cache
def _moved(commune: str, number: int) -> Residence:
    """Another commune for each: whoever lived in one still does."""
    codes, places = _communes()
    there = registry().residence(codes[(places[commune] + number * _STEP) % len(codes)], on=TODAY)
    assert there is not None
    return there


@cache
def _communes() -> tuple[list[str], dict[str, int]]:
    codes = sorted(unit.code for unit in registry().communes(TODAY))
    return codes, {code: place for place, code in enumerate(codes)}


def _swapped(day: date) -> date | None:
    with contextlib.suppress(ValueError):
        other = day.replace(month=day.day, day=day.month)
        return other if other != day else None
    return None


def _digest(text: str) -> bytes:
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()


def _values(row: Row) -> tuple[object, ...]:
    values, sealed = hidden(row.claim, sealer())
    record_id, person = UUID(bytes=_digest(row.record)), UUID(bytes=_digest(f"person:{row.person}"))
    system, kind, _ = row.record.split(":", 2)
    claim = [list(value) if isinstance(value, tuple) else value for value in values]
    return (record_id, row.record, system, kind, record_id, b"", 1, person, False, *claim, sealed)
