"""A steward's file of people, CSV or Parquet, as a table of the columns that are known.

| column | meaning |
|---|---|
| record_id | the row's own id, unique in the file; required |
| full_name, or given_name and family_name | in any script, order and letter case; "Family, Given" too |
| birth_date | YYYY-MM-DD, DD/MM/YYYY or DD/MM/YY (MM/DD where the file shows it), 24061971, 24 Jun 1971, or a year |
| sex | male or female, as word or letter; whatever else stands there is compared as it is |
| national_id, old_id, insurance_no, phone, email | with or without blanks and signs |
| address, commune_code | as text |

Every column but record_id may be absent, and every value empty. Heads may be in capitals and have blanks for
underlines. Other columns are not read, and named.
"""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa

from pccovid.linkage.anybody.file_text import BrokenTable, table_rows

PERSON_COLUMNS = (
    "record_id", "full_name", "given_name", "family_name", "birth_date", "sex", "national_id", "old_id",
    "insurance_no", "phone", "email", "address", "commune_code",
)  # fmt: skip
NUMBERS = ("national_id", "old_id", "insurance_no", "phone", "email")
_ROWS_AT_A_TIME = 20_000
_TEXTS = pa.schema([(name, pa.string()) for name in PERSON_COLUMNS])


class NotPeople(ValueError):
    """The file holds no people that can be compared; the message says what is missing."""


def read_file(db: duckdb.DuckDBPyConnection, path: Path, table: str) -> tuple[str, ...]:
    """Makes `table`: the file's PERSON_COLUMNS as written, NULL where absent or blank. The heads of columns that are
    not known. Raises NotPeople, also where a record_id is empty or stands twice."""
    if not path.is_file():
        raise NotPeople(f"there is no file {path}")
    try:
        reads = _read_parquet if path.suffix.lower() == ".parquet" else _read_csv
        unread = reads(db, path, table)
    except BrokenTable as failure:
        raise NotPeople(f"{path.name}: {failure}") from failure
    except (duckdb.Error, UnicodeError, OSError) as failure:
        raise NotPeople(f"{path.name} cannot be read: {str(failure).splitlines()[0]}") from failure
    _check_ids(db, path, table)
    return unread


def _check_ids(db: duckdb.DuckDBPyConnection, path: Path, table: str) -> None:
    row = db.execute(f"""
        SELECT count(*) FILTER (n > 1 OR record_id IS NULL), sum(n) - count(record_id),
            arg_max(record_id, n) FILTER (record_id IS NOT NULL), max(n) FILTER (record_id IS NOT NULL)
        FROM (SELECT record_id, count(*) AS n FROM {table} GROUP BY 1)""").fetchone()
    assert row is not None
    wrong, surplus, most, times = row
    if wrong:
        example = f", {most} {times:,} times" if (times or 0) > 1 else ""
        raise NotPeople(f"{path.name}: a record_id is empty or stands twice ({surplus:,} rows{example})")


def _read_csv(db: duckdb.DuckDBPyConnection, path: Path, table: str) -> tuple[str, ...]:
    rows = table_rows(path)
    head = next(rows)
    places, unread = _known(path, head)
    db.execute(f"CREATE OR REPLACE TABLE {table} ({', '.join(f'{name} VARCHAR' for name in PERSON_COLUMNS)})")
    while batch := list(islice(rows, _ROWS_AT_A_TIME)):
        db.register("batch_of_rows", pa.table(_columns(batch, places), schema=_TEXTS))
        db.execute(f"INSERT INTO {table} FROM batch_of_rows")
        db.unregister("batch_of_rows")
    return unread


def _columns(rows: list[list[str]], places: dict[str, int]) -> list[pa.Array]:
    def value(row: list[str], name: str) -> str | None:
        return (row[places[name]].strip() or None) if name in places else None

    return [pa.array([value(row, name) for row in rows], pa.string()) for name in PERSON_COLUMNS]


def _read_parquet(db: duckdb.DuckDBPyConnection, path: Path, table: str) -> tuple[str, ...]:
    read = db.read_parquet(str(path))
    places, unread = _known(path, read.columns)
    kinds = [str(kind) for kind in read.types]
    db.execute("SET TimeZone = 'UTC'")
    read.project(", ".join(
        f"{_as_text(read.columns[places[name]], kinds[places[name]]) if name in places else 'NULL::VARCHAR'} AS {name}"
        for name in PERSON_COLUMNS
    )).create(table)  # fmt: skip
    return unread


def _as_text(column: str, kind: str) -> str:
    """Of a number with decimals the whole number where it is one: 0.0 behind a number is no part of it."""
    quoted = '"' + column.replace('"', '""') + '"'
    text = f"nullif(trim(CAST({quoted} AS VARCHAR)), '')"
    if kind not in ("DOUBLE", "FLOAT"):
        return text
    return f"""CASE WHEN isnan({quoted}) THEN NULL WHEN {quoted} = floor({quoted}) AND abs({quoted}) < 1e15
        THEN CAST(CAST({quoted} AS BIGINT) AS VARCHAR) ELSE {text} END"""


def _known(path: Path, head: list[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each known column stands, and the heads of the others."""
    places: dict[str, int] = {}
    for place, name in enumerate(head):
        places.setdefault(re.sub(r"[\s\-]+", "_", name.strip().lower()), place)
    known = {name: places[name] for name in PERSON_COLUMNS if name in places}
    columns = f"columns known: {', '.join(PERSON_COLUMNS)}"
    if "record_id" not in known:
        heads = ", ".join(name.strip()[:40] for name in head[:20])
        raise NotPeople(f"{path.name} has no column record_id, but: {heads or 'nothing'}; {columns}")
    if len(known) < 2:
        raise NotPeople(f"{path.name} tells nothing of anybody; {columns}")
    return known, tuple(name.strip() for place, name in enumerate(head) if place not in known.values() and name.strip())
