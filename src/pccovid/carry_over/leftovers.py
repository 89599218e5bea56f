"""What an import leaves behind when it is killed, cleared away by the next one that holds the lock.

Claims on their way to the linkage and DuckDB's overflow are personal data in plain files: they must not stay.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg

from pccovid.carry_over.staging import drop_tables

_UNFINISHED_SPILLS = ".unfinished-*"
_RELINKING = ("shadow", "training", "evaluating")
TAKE_RELINKING = "SELECT pg_try_advisory_lock(hashtext('pccovid shadow'))"
"""The lock of whoever reads all claims out of the index: a shadow, a training, a measuring of a model."""
LEAVE_RELINKING = "SELECT pg_advisory_unlock(hashtext('pccovid shadow'))"


def run_folder(work: Path, run: int) -> Path:
    """Where one run keeps its temporary files."""
    return work / f"run-{run}"


def clear_leftovers(connection: psycopg.Connection, work: Path, spill: Path) -> None:
    """Remove temporary files of any run, half-written spilled lines, and staging tables of published runs.

    The import's lock must be held: no other run is at work.
    """
    for folder in work.glob("run-*"):
        shutil.rmtree(folder)
    _clear_relinking(connection, work)
    for unfinished in spill.glob(_UNFINISHED_SPILLS):
        unfinished.unlink()
    for (run,) in connection.execute(
        "SELECT DISTINCT r.id FROM people_importrun r JOIN pg_tables t"
        " ON t.schemaname = 'staging' AND starts_with(t.tablename, 'r' || r.id || '_') WHERE r.stage = 'published'"
    ).fetchall():
        with connection.transaction():
            drop_tables(connection, run)


def _clear_relinking(connection: psycopg.Connection, work: Path) -> None:
    """Claims that a killed shadow or training left, unless one is at work."""
    if connection.execute(TAKE_RELINKING).fetchone() == (True,):
        for name in _RELINKING:
            shutil.rmtree(work / name, ignore_errors=True)
        connection.execute(LEAVE_RELINKING)
