"""Carry a delivery over, or take held and rejected rows up again: one named verb each."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from pccovid.carry_over.days import make_days
from pccovid.carry_over.jobs import failures_told, only_import, open_carry_over
from pccovid.carry_over.ledger import RunLedger, read_ledger
from pccovid.carry_over.leftovers import clear_leftovers, run_folder
from pccovid.carry_over.linking import link_staged
from pccovid.carry_over.mappings import reading_context
from pccovid.carry_over.publishing import publish
from pccovid.carry_over.reading import ReadingJob, fingerprint, read_delivery
from pccovid.carry_over.replaying import stage_held_before, stage_unplaced
from pccovid.carry_over.staging import UNKNOWN_FILES, as_text, create_tables, drop_tables, stage_unknown_files
from pccovid.carry_over.statements import stage_table
from pccovid.connectors.delivery import Delivery, find
from pccovid.foundation.facts import registered
from pccovid.linkage.workspace import Limits

Progress = Callable[[str, float], None]
REPLAY_FOLDER = "(replay)"
_LISTS = {"tokhaiyte_areas", "tokhaiyte_nations"}


class NothingToCarryOver(ValueError):
    """The folder does not exist or holds no file of any known system."""


@dataclass(frozen=True)
class Surroundings:
    """Where an import works: the jobs role's URL, a folder for temporary files and spilled rows, DuckDB's memory; and
    the Spark cluster that links, if any."""

    url: str
    work: Path
    memory: str
    spark_master: str | None = None

    def limits(self, folder: Path) -> Limits:
        """What a linkage may take that spills to `folder`."""
        return Limits(memory=self.memory, threads=2, temp_directory=folder, spark_master=self.spark_master)

    @property
    def spill(self) -> Path:
        """Folder of over-long lines: part of what was received, never cleared."""
        return self.work / "spilled"


@failures_told()
def carry_over(folder: Path, around: Surroundings, *, by: str, now: datetime, progress: Progress) -> RunLedger:
    """Carry the delivery in `folder` over and return its ledger.

    An unpublished run of the same delivery is taken up where it stopped. Raises NothingToCarryOver,
    AnotherImportIsRunning, ImportBrokeOff.
    """
    delivery = _delivery(folder)
    with only_import(around.url) as connection:
        clear_leftovers(connection, around.work, around.spill)
        run, stage, today = _take_up(connection, as_text(folder), fingerprint(delivery), now)
        job = ReadingJob(around.url, run, delivery, today.date(), around.spill, registered())
        with_lists = bool(_LISTS & {file.kind for file in delivery.files})
        context = reading_context(connection, job, with_lists=with_lists)
        stage_unknown_files(connection, run, delivery.unknown)
        if stage == "reading":
            read_delivery(job, context, _files_done(connection, run), progress)
            _set_stage(connection, run, "linking")
        stage_held_before(connection, job, context, with_lists=with_lists)
        return _link_and_publish(connection, run, around, is_replay=False, by=by, now=today, progress=progress)


@failures_told()
def replay(around: Surroundings, *, reason: str | None, by: str, now: datetime, progress: Progress) -> RunLedger:
    """Take held and rejected rows (of one reason, or all) up again, as they were received; returns the ledger.

    Raises AnotherImportIsRunning, ImportBrokeOff.
    """
    with only_import(around.url) as connection:
        clear_leftovers(connection, around.work, around.spill)
        run, _, today = _take_up(connection, REPLAY_FOLDER, f"replay of {reason or 'all'}", now)
        job = ReadingJob(around.url, run, Delivery(files=(), unknown=()), today.date(), around.spill, registered())
        context = reading_context(connection, job, with_lists=True)
        stage_unplaced(connection, job, context, reason)
        stage_held_before(connection, job, context, with_lists=True)
        _set_stage(connection, run, "linking")
        return _link_and_publish(connection, run, around, is_replay=True, by=by, now=today, progress=progress)


def _delivery(folder: Path) -> Delivery:
    if not folder.is_dir():
        raise NothingToCarryOver(f"there is no folder {folder}")
    delivery = find(folder)
    if not delivery.files and (folder / "exports").is_dir():
        delivery = find(folder / "exports")
    if not delivery.files:
        raise NothingToCarryOver(f"{folder} holds no file of any known system; docs/reference/exports.md lists them")
    return delivery


def _take_up(connection: psycopg.Connection, folder: str, of: str, now: datetime) -> tuple[int, str, datetime]:
    """The run to work on, its stage, and the moment it began: everything it writes bears that time."""
    found = connection.execute(
        "SELECT id, stage, started_at FROM people_importrun WHERE fingerprint = %s AND stage <> 'published'"
        " ORDER BY id DESC LIMIT 1",
        [of],
    ).fetchone()
    if found is None:
        found = connection.execute(
            "INSERT INTO people_importrun (folder, fingerprint, stage, started_at, published_by, model_version)"
            " VALUES (%s, %s, 'reading', %s, '', '') RETURNING id, stage, started_at",
            [folder, of, now],
        ).fetchone()
    run, stage, started_at = found  # type: ignore[misc]
    if not _staging_survived(connection, run):
        stage = "reading"
        _set_stage(connection, run, stage)
        _make_staging(connection, run)
    # Linking is against the index as it was; after another delivery it is done afresh.
    return run, "linking" if stage == "publishing" else stage, started_at


def _staging_survived(connection: psycopg.Connection, run: int) -> bool:
    """Unlogged tables are emptied by a crash of the server; the sentinel row tells."""
    try:
        return connection.execute(f"SELECT 1 FROM {stage_table(run, 'sentinel')}").fetchone() is not None  # noqa: S608
    except psycopg.errors.UndefinedTable:
        return False


def _make_staging(connection: psycopg.Connection, run: int) -> None:
    with connection.transaction():
        drop_tables(connection, run)
        create_tables(connection, run, registered())
        connection.execute(f"INSERT INTO {stage_table(run, 'sentinel')} VALUES ('made')")  # noqa: S608


def _files_done(connection: psycopg.Connection, run: int) -> set[int]:
    rows = connection.execute(f"SELECT file_no FROM {stage_table(run, 'file')}")  # noqa: S608
    return {number for (number,) in rows if 0 <= number < UNKNOWN_FILES}


def _set_stage(connection: psycopg.Connection, run: int, stage: str) -> None:
    connection.execute("UPDATE people_importrun SET stage = %s WHERE id = %s", [stage, run])


def _link_and_publish(
    connection: psycopg.Connection, run: int, around: Surroundings,
    *, is_replay: bool, by: str, now: datetime, progress: Progress,
) -> RunLedger:  # fmt: skip
    model_version = link_staged(
        connection, run, with_all_held=is_replay, limits=around.limits(run_folder(around.work, run)), progress=progress
    )  # fmt: skip
    _set_stage(connection, run, "publishing")
    make_days(connection, run, registered(), now)
    with connection.transaction():
        open_carry_over(connection)
        publish(connection, run, registered(), model_version=model_version, by=by, now=now, progress=progress)
    with contextlib.suppress(psycopg.errors.LockNotAvailable):
        drop_tables(connection, run)
    shutil.rmtree(run_folder(around.work, run))
    _count_tables_anew(connection)
    return read_ledger(connection, run)


def _count_tables_anew(connection: psycopg.Connection) -> None:
    """Tell the planner what arrived: whoever signs in next must not wait for autovacuum to come round."""
    connection.execute("SELECT pg_stat_force_next_flush()")  # what this connection changed is counted from now on
    connection.execute("SELECT access.count_tables_anew()")
