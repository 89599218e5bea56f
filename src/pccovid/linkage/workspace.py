"""The bounds a linkage run keeps to, and the in-process database that holds its working tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Limits:
    """Memory (DuckDB notation) and threads of the working database; where it spills when memory is short.

    `most_nodes`: about how many distinct records are clustered at a time; beside the database's, that is what memory
    a run takes. `spark_master`: address of a Spark cluster that compares and clusters instead; its workers see
    `temp_directory` under the same path.
    """

    memory: str = "1GB"
    threads: int = 2
    temp_directory: Path | None = None
    most_nodes: int = 30_000
    spark_master: str | None = None


def open_workspace(limits: Limits) -> duckdb.DuckDBPyConnection:
    """An empty in-memory database within the limits. Raises duckdb.Error for a memory text it cannot read."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET memory_limit = ?", [limits.memory])
    # What a task has let go of goes back to the system at once: kept for later use it would count as ours.
    connection.execute("SET allocator_flush_threshold = '16MB'")
    connection.execute(f"SET threads = {int(limits.threads)}")
    connection.execute("SET preserve_insertion_order = false")
    # A checkpoint has nothing to secure here, and takes half a second each time.
    connection.execute("SET checkpoint_threshold = '1TB'")
    if limits.temp_directory is not None:
        connection.execute("SET temp_directory = ?", [str(limits.temp_directory)])
    return connection


def count(db: duckdb.DuckDBPyConnection, query: str) -> int:
    """The single number that a query gives."""
    ((number,),) = db.execute(query).fetchall()
    return int(number)
