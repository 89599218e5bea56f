"""The claims of a delivery's files, read without a database: for measuring a model before anything is carried over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_type_hints

import duckdb
import pyarrow as pa
from pyarrow import parquet

from pccovid.connectors.context import context_for
from pccovid.connectors.delivery import Delivery, find
from pccovid.connectors.reading import read_file
from pccovid.connectors.rows import ACCEPTED
from pccovid.linkage.claim import Claim

_BATCH_ROWS = 20_000
_TYPES = {date | None: pa.date32(), bool: pa.bool_(), tuple[str, ...]: pa.list_(pa.string())}
_HINTS = get_type_hints(Claim)
_SCHEMA = pa.schema([
    ("place", pa.int64()), ("record", pa.string()), ("system", pa.string()), ("kind", pa.string()),
    *((name, _TYPES.get(_HINTS[name], pa.string())) for name in Claim._fields),
])  # fmt: skip


class NoDelivery(ValueError):
    """The folder does not exist or holds no file of any known system."""


def claims_of_delivery(folder: Path, work: Path, *, today: date, memory: str) -> Path:
    """Read the delivery in `folder` and write its claims, the newest of each record, as a Parquet file in `work`.

    Memory does not grow with the delivery. Raises NoDelivery, OSError.
    """
    delivery = _delivery(folder)
    everything, newest = work / "rows.parquet", work / "claims.parquet"
    work.mkdir(parents=True, exist_ok=True)
    everything.touch(mode=0o600)
    newest.touch(mode=0o600)
    with parquet.ParquetWriter(everything, _SCHEMA) as writer:
        for batch in _batches(_rows(delivery, today, work / "spilled")):
            writer.write_batch(batch)
    with duckdb.connect(config={"temp_directory": str(work), "memory_limit": memory}) as duck:
        duck.from_parquet(str(everything)).create_view("rows_read")
        duck.sql(
            "SELECT * EXCLUDE (place) FROM rows_read"
            " QUALIFY row_number() OVER (PARTITION BY record ORDER BY place DESC) = 1"
        ).write_parquet(str(newest))
    everything.unlink()
    return newest


def _delivery(folder: Path) -> Delivery:
    for place in (folder, folder / "exports"):
        if place.is_dir() and (found := find(place)).files:
            return found
    raise NoDelivery(f"{folder} holds no file of any known system")


def _rows(delivery: Delivery, today: date, spill: Path) -> Iterator[tuple[object, ...]]:
    """Rows that are accepted and about somebody, numbered in order of reading."""
    context = context_for(delivery, today, spill)
    place = 0
    for file in delivery.files:
        for row in read_file(file, context=context):
            if row.verdict == ACCEPTED and row.claim is not None and row.key:
                place += 1
                yield (place, f"{row.system}:{row.kind}:{row.key}", row.system, row.kind, *row.claim)


def _batches(rows: Iterator[tuple[object, ...]]) -> Iterator[pa.RecordBatch]:
    held: list[tuple[object, ...]] = []
    for row in rows:
        held.append(row)
        if len(held) == _BATCH_ROWS:
            yield _batch(held)
            held = []
    if held:
        yield _batch(held)


def _batch(rows: list[tuple[object, ...]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    return pa.RecordBatch.from_arrays(
        [pa.array(list(values), field.type) for values, field in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA
    )
