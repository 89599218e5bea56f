"""Claims on their way to the linkage: sealed numbers are opened here, in batches, and nowhere in the database.

The Parquet file that comes of it holds bare numbers; it lies in the import's own folder and is removed with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from pccovid.foundation.sealing import sealer
from pccovid.people.numbers import NUMBERS, opener

Opens = Mapping[str, Callable[[str], str]]
"""Number column → (seal → value)."""


def write_open_claims(reader: pa.RecordBatchReader, path: Path) -> None:
    """Write the batches with numbers in the place of their hashes, and without the column `sealed`."""
    opens = opener(sealer())
    schema = pa.schema([field for field in reader.schema if field.name != "sealed"])
    path.touch(mode=0o600)
    with parquet.ParquetWriter(path, schema) as writer:
        for batch in reader:
            writer.write_batch(opened(batch, opens).cast(schema))


def opened(batch: pa.RecordBatch, opens: Opens) -> pa.RecordBatch:
    """One batch of claims (columns of Claim and `sealed`, JSON text) with its numbers readable."""
    columns = {name: batch.column(name).to_pylist() for name in NUMBERS}
    for row, sealed in enumerate(batch.column("sealed").to_pylist()):
        if sealed is not None:
            for name, seal in json.loads(sealed).items():
                columns[name][row] = opens[name](seal)
    for name, values in columns.items():
        place = batch.schema.get_field_index(name)
        batch = batch.set_column(place, batch.schema.field(name), pa.array(values, batch.schema.field(name).type))
    return batch.drop_columns(["sealed"])
