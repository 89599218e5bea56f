"""Reading a delivery with several processes: each takes a file, parses it and copies it into staging."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg

from pccovid.carry_over.jobs import die_with_parent
from pccovid.carry_over.staging import FileToStage, stage_rows
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.delivery import DeliveredFile, Delivery
from pccovid.connectors.reading import read_file
from pccovid.foundation.facts import StagedFact

Progress = Callable[[str, float], None]
_WORKERS = 2


@dataclass(frozen=True)
class ReadingJob:
    """What a worker process needs to know to read any file of the delivery."""

    url: str
    run: int
    delivery: Delivery
    today: date
    spill: Path
    facts: tuple[StagedFact, ...]


def fingerprint(delivery: Delivery) -> str:
    """Hash of the delivery's file names and contents: the same delivery is recognised wherever it lies."""
    whole = hashlib.blake2b(digest_size=16)
    for file in delivery.files:
        whole.update(file.path.name.encode())
        with file.path.open("rb") as content:
            whole.update(hashlib.file_digest(content, lambda: hashlib.blake2b(digest_size=16)).digest())
    return whole.hexdigest()


def read_delivery(job: ReadingJob, context: ReadingContext, done: set[int], progress: Progress) -> None:
    """Stage every file that is not yet in `done`, the largest first. No worker outlives this call."""
    sizes = [file.path.stat().st_size for file in job.delivery.files]
    waiting = sorted((n for n in range(len(sizes)) if n not in done), key=lambda n: (-sizes[n], n))
    whole, read = sum(sizes) or 1, sum(sizes[n] for n in done)
    progress("reading files", read / whole)
    if not waiting:
        return
    spawning = multiprocessing.get_context("spawn")
    given = (job, context, os.getpid())
    with (
        ProcessPoolExecutor(_WORKERS, spawning, initializer=_start_worker, initargs=given) as pool,
        ExitStack() as ends,
    ):
        ends.callback(_end_workers)
        running = {pool.submit(_stage_file, number): number for number in waiting}
        for finished in as_completed(running):
            finished.result()
            read += sizes[running[finished]]
            progress("reading files", read / whole)
        ends.pop_all()


def _end_workers() -> None:
    """When reading stops early, the pool would first wait for every file: end its processes instead."""
    for worker in multiprocessing.active_children():
        worker.kill()


class _Worker:
    """What one worker process keeps between files."""

    job: ReadingJob
    context: ReadingContext


def _start_worker(job: ReadingJob, context: ReadingContext, parent: int) -> None:
    die_with_parent(parent)
    _Worker.job = job
    _Worker.context = context


def _stage_file(number: int) -> int:
    job, file = _Worker.job, _Worker.job.delivery.files[number]
    with psycopg.connect(job.url, autocommit=True, application_name="pccovid reading") as connection:
        return stage_one_file(connection, job, _Worker.context, number, file)


def stage_one_file(
    connection: psycopg.Connection, job: ReadingJob, context: ReadingContext, number: int, file: DeliveredFile
) -> int:
    """Parse one file into the run's staging tables; returns its number of rows."""
    reading = read_file(file, context=context)
    place = FileToStage(number, file.path.name, file.system, file.kind)
    # The notes are complete, and another object, once the rows have been read.
    return stage_rows(connection, job.run, place, reading, job.facts, lambda: reading.notes.as_json())
