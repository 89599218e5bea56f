"""What sealing costs: the same import, sign-ins and searches with sealed numbers and with bare ones, in turn.

The product cannot run bare, and nothing here lets it: the bare lane exchanges the few functions that hide values
inside this process, for a database of its own. Reading is done in this process, in both lanes, so that it reaches
them; it counts for more of an import here than it does with several reading processes.
"""

from __future__ import annotations

import contextlib
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import psycopg
from django.utils.module_loading import import_string

from pccovid.carry_over.reading import ReadingJob, stage_one_file
from pccovid.config.benches.scratch import Progress, carry_over_into, scratch_database
from pccovid.connectors.context import ReadingContext
from pccovid.foundation.environment import Environment
from pccovid.sandbox.nation import create

SEALED, BARE = "sealed", "bare"
_STAGING = "pccovid.carry_over.staging"
# Models can be imported only once Django is set up, which the command does after this module is.
_LANES = "pccovid.config.benches.asking_pages.Lanes"
_ASK = "pccovid.config.benches.asking_numbers.ask_both"


@dataclass
class Lane:
    """Seconds of one lane, a value for each round."""

    whole: list[float] = field(default_factory=list)
    reading: list[float] = field(default_factory=list)
    """Of this process's own work, so that what else the machine does counts less."""


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, requests: int, repeat: int, progress: Progress
) -> dict[str, object]:
    """Ratios of seconds, bare ÷ sealed (1 is free), of `repeat` imports and `requests` look-ups of each kind."""
    lanes, rows = {SEALED: Lane(), BARE: Lane()}, 0
    asked: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        create(people=people, seed=seed, out=folder / "nation", progress=progress)
        for number in range(repeat):
            with contextlib.ExitStack() as databases:
                urls = {
                    name: databases.enter_context(
                        scratch_database(owner_url, environment, name=f"pccovid_bench_{name}")
                    )
                    for name in lanes
                }
                for name in (SEALED, BARE)[:: 1 if number % 2 == 0 else -1]:
                    rows = _import(name, urls[name], environment, folder, lanes[name], progress)
                if number == repeat - 1:
                    asked = _ask(urls, requests)
    return _report(lanes, asked, rows, people, seed)


def _import(name: str, url: str, environment: Environment, folder: Path, lane: Lane, progress: Progress) -> int:
    with read_here(lane), bare_values() if name == BARE else contextlib.nullcontext():
        started = time.perf_counter()
        ledger = carry_over_into(url, environment, folder / "nation" / "exports", folder / "work", progress)
        lane.whole.append(time.perf_counter() - started)
    return ledger.total("received")


@contextlib.contextmanager
def read_here(lane: Lane) -> Iterator[None]:
    """Files are read by this process, one after the other, and the time of it is kept."""

    def read(job: ReadingJob, context: ReadingContext, done: set[int], progress: Progress) -> None:
        started = time.process_time()
        for number, file in enumerate(job.delivery.files):
            with psycopg.connect(job.url, autocommit=True) as connection:
                stage_one_file(connection, job, context, number, file)
            progress("reading files", (number + 1) / len(job.delivery.files))
        lane.reading.append(time.process_time() - started)

    with patch("pccovid.carry_over.operations.read_delivery", read):
        yield


class _BareValues:
    """Stands for the sealer while staging: whatever it is given stays as it is."""

    def seal(self, text: str, about: str) -> str:
        return text

    def mark(self, content_hash: bytes) -> bytes:
        return content_hash


@contextlib.contextmanager
def bare_values() -> Iterator[None]:
    """Staging in this process, until the block ends, hides nothing: what it writes is read like rows from before."""

    def as_they_are(values: Sequence[object], keys: object) -> tuple[list[object], None]:
        return list(values), None

    with patch(f"{_STAGING}.sealer", _BareValues), patch(f"{_STAGING}.hidden", as_they_are):
        yield


def _ask(urls: dict[str, str], requests: int) -> dict[str, dict[str, list[float]]]:
    for url in urls.values():
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("VACUUM ANALYZE")
    lanes = import_string(_LANES)(**urls)
    ask: Callable[..., dict[str, dict[str, list[float]]]] = import_string(_ASK)
    with lanes.in_use():
        return ask(lanes, requests)


def _report(
    lanes: dict[str, Lane], asked: dict[str, dict[str, list[float]]], rows: int, people: int, seed: int
) -> dict[str, object]:
    sealed, bare = lanes[SEALED], lanes[BARE]
    medians = {what: {name: statistics.median(times) for name, times in by.items()} for what, by in asked.items()}
    return {
        "bench": "sealing", "people": people, "seed": seed, "rows": rows,
        "ratios": {
            "import": min(bare.whole) / min(sealed.whole),
            "reading": min(bare.reading) / min(sealed.reading),
            **{what: by[BARE] / by[SEALED] for what, by in medians.items()},
        },
        "microseconds_a_row": round(1e6 * (min(sealed.reading) - min(bare.reading)) / rows, 2),
        "import_seconds": {name: [round(seconds, 2) for seconds in lane.whole] for name, lane in lanes.items()},
        "reading_seconds": {name: [round(seconds, 2) for seconds in lane.reading] for name, lane in lanes.items()},
        "p50_ms": {what: {name: round(1000 * one, 3) for name, one in by.items()} for what, by in medians.items()},
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip
