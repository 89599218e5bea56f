"""Second stage: staged claims and their neighbours in the index go through the linkage; its answers come back.

Claims leave PostgreSQL as CSV and enter DuckDB as a file, so memory is the limits' alone, whatever the delivery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import gettempdir

import duckdb
import psycopg
import pyarrow as pa
from psycopg import sql
from pyarrow.parquet import ParquetFile

from pccovid.carry_over.jobs import open_carry_over
from pccovid.carry_over.models_in_force import model_in_force
from pccovid.carry_over.opening import write_open_claims
from pccovid.carry_over.statements import CLAIM_FIELDS, script, stage_table
from pccovid.linkage.decided import SCHEMA
from pccovid.linkage.engine import Limits, LinkOutcome, link_into

Progress = Callable[[str, float], None]
_BATCH_ROWS = 10_000
_DATES, _BOOLEANS = ("birth_date", "birth_swapped"), ("id_verified", "phone_is_own")


def link_staged(
    connection: psycopg.Connection, run: int, *, with_all_held: bool, limits: Limits, progress: Progress
) -> str:
    """Decide whose every incoming record is; fills the run's assignment, review and merge tables.

    Records held so far take part where news concerns them, and `with_all_held` also where another model held them.
    Returns the version of the model used. Repeatable: earlier answers of the run are replaced. Files are made in the
    folder that the limits name.
    """
    work = limits.temp_directory or Path(gettempdir())
    model = model_in_force(connection)
    with connection.transaction():
        open_carry_over(connection)
        connection.execute(script("arrange", run, with_all_held=with_all_held, model=model.version))
        connection.execute(script("neighbours", run))
        claims = export_claims(connection, script("claims", run), work / f"claims-{run}.parquet", limits.memory)
        decisions = ruled(connection)
    outcome = link_into(
        work, claims, decisions=decisions, model=model, limits=limits,
        progress=lambda stage, share: progress("linking people", share),
    )  # fmt: skip
    with connection.transaction():
        open_carry_over(connection)
        _load_outcome(connection, run, outcome)
        connection.execute(script("outcome", run))
    for path in (claims, outcome.assignments, outcome.review, outcome.merges):
        path.unlink()
    return model.version


RULED = """
SELECT a.record, b.record, d.standing = 'same' FROM link_review_ruling d
    JOIN people_recordclaim a ON a.record_id = d.record_id JOIN people_recordclaim b ON b.record_id = d.other_record_id
WHERE d.standing IN ('same', 'different') ORDER BY 1, 2
"""


def ruled(connection: psycopg.Connection, query: str = RULED) -> pa.Table:
    """What officers have ruled about pairs of records: it binds. `query`: two record names, and whether the same."""
    rows = connection.execute(query).fetchall()
    return pa.Table.from_pylist([dict(zip(SCHEMA.names, row, strict=True)) for row in rows], schema=SCHEMA)


def export_claims(connection: psycopg.Connection, claims: sql.Composable, as_parquet: Path, memory: str) -> Path:
    """Write the claims of a query (columns as in sql/claims.sql), their numbers opened, to a Parquet file."""
    work, as_csv = as_parquet.parent, as_parquet.with_suffix(".csv")
    work.mkdir(parents=True, exist_ok=True)
    query = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)").format(claims)
    with as_csv.open("wb") as file, connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            file.write(block)
    with duckdb.connect(config={"temp_directory": str(work), "memory_limit": memory, "threads": 1}) as duck:
        read = duck.sql(
            f"SELECT {_typed_columns()} FROM read_csv(?, header=false, all_varchar=true, auto_detect=false,"  # noqa: S608
            " delim=',', quote='\"', escape='\"', nullstr='', allow_quoted_nulls=false, max_line_size=8000000,"
            # Without a bound of its own a buffer is sixteen times the longest line, or the file.
            " buffer_size=16000000,"
            f" columns={_csv_columns()})",
            params=[str(as_csv)],
        )
        write_open_claims(read.to_arrow_reader(_BATCH_ROWS), as_parquet)
    as_csv.unlink()
    return as_parquet


def _csv_columns() -> str:
    names = ("record", "system", "kind", "person", *CLAIM_FIELDS, "sealed")
    return "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in names) + "}"


def _typed_columns() -> str:
    return ", ".join(["record", "system", "kind", "person", *map(_typed_column, CLAIM_FIELDS), "sealed"])


def _typed_column(field: str) -> str:
    if field in _DATES:
        return f"{field}::DATE AS {field}"
    if field in _BOOLEANS:
        return f"{field} = 't' AS {field}"
    if field == "flags":
        return "CASE WHEN flags IS NULL OR flags = '' THEN []::VARCHAR[] ELSE string_split(flags, ' ') END AS flags"
    return field


def _load_outcome(connection: psycopg.Connection, run: int, outcome: LinkOutcome[Path]) -> None:
    assigned = ("record", "cluster", "person", "decision", "weight", "reason", "evidence")
    for name, columns, path in (
        ("assignment", assigned, outcome.assignments),
        ("review", ("record", "other_record", "weight", "reason", "evidence"), outcome.review),
        ("merge", ("person_kept", "person_absorbed", "weight", "evidence"), outcome.merges),
    ):
        target = sql.SQL(stage_table(run, name))
        connection.execute(sql.SQL("TRUNCATE {}").format(target))
        copy_answers(connection, target, columns, path)


def copy_answers(
    connection: psycopg.Connection, target: sql.Composable, columns: tuple[str, ...], answers: Path
) -> None:
    """Copy these columns of a file of the linkage's answers into a table, a batch at a time."""
    _copy(connection, target, columns, _rows(answers, columns))


def _rows(path: Path, columns: Iterable[str]) -> Iterator[tuple[object, ...]]:
    with ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=10_000, columns=list(columns)):
            yield from zip(*(column.to_pylist() for column in batch.select(list(columns)).columns), strict=True)


def _copy(
    connection: psycopg.Connection, target: sql.Composable, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(target, names)
    empty_text = {columns.index(name) for name in ("reason",) if name in columns}
    evidence = columns.index("evidence")
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            values = list(row)
            for place in empty_text:
                values[place] = values[place] or ""
            values[evidence] = values[evidence] or "{}"
            copy.write_row(values)
