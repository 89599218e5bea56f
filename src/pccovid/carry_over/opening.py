"""Claims on their way to the linkage: sealed numbers are opened here, in batches, and nowhere in the database.

The Parquet file that comes of it holds bare numbers; it lies in the import's own folder and is removed with it.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from pccovid.foundation.sealing import Sealer, sealer
from pccovid.people.numbers import NUMBERS, shown


def write_open_claims(reader: pa.RecordBatchReader, path: Path) -> None:
    """Write the batches with numbers in the place of their hashes, and without the column `sealed`."""
    keys = sealer()
    schema = pa.schema([field for field in reader.schema if field.name != "sealed"])
    path.touch(mode=0o600)
    with parquet.ParquetWriter(path, schema) as writer:
        for batch in reader:
            writer.write_batch(opened(batch, keys).cast(schema))


def opened(batch: pa.RecordBatch, keys: Sealer) -> pa.RecordBatch:
    """One batch of claims (columns of Claim and `sealed`, JSON text) with its numbers readable."""
    numbers = [shown(json.loads(sealed), keys) if sealed else {} for sealed in batch.column("sealed").to_pylist()]
    for name in NUMBERS:
        stored = batch.column(name).to_pylist()
        values = [one.get(name, value) for one, value in zip(numbers, stored, strict=True)]
        place = batch.schema.get_field_index(name)
        batch = batch.set_column(place, batch.schema.field(name), pa.array(values, batch.schema.field(name).type))
    return batch.drop_columns(["sealed"])
