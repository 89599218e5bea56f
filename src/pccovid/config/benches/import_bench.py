"""Import of a made nation against COPY of the same bytes into an unindexed table."""

from __future__ import annotations

import gzip
import resource
import statistics
import tempfile
import time
from pathlib import Path
from typing import BinaryIO, cast

import psycopg

from pccovid.carry_over.ledger import RunLedger
from pccovid.config.benches.scratch import Progress, carry_over_into, scratch_database
from pccovid.foundation.environment import Environment
from pccovid.sandbox.nation import create

_BLOCK = 1 << 20


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, repeat: int, progress: Progress
) -> dict[str, object]:
    """Import `people` made people into a database of its own; `import_vs_copy` is our rows/s ÷ COPY's rows/s."""
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        create(people=people, seed=seed, out=folder / "nation", progress=progress)
        exports = folder / "nation" / "exports"
        copies = [_copy_raw(url, exports) for _ in range(repeat)]
        stages = _Stages(progress)
        started = time.perf_counter()
        ledger = carry_over_into(url, environment, exports, folder / "work", stages)
        wall = time.perf_counter() - started
    return _report(ledger, wall, copies, stages, people, seed)


def _report(
    ledger: RunLedger, wall: float, copies: list[float], stages: _Stages, people: int, seed: int
) -> dict[str, object]:
    rows, copy_seconds = ledger.total("received"), statistics.median(copies)
    return {
        "bench": "import", "people": people, "seed": seed, "rows": rows,
        "ratios": {"import_vs_copy": copy_seconds / wall},
        "rows_per_second": round(rows / wall), "copy_rows_per_second": round(rows / copy_seconds),
        "wall_seconds": round(wall, 2), "copy_seconds": [round(seconds, 3) for seconds in copies],
        "stages_seconds": stages.seconds(),
        "peak_mb": _peak_mb(resource.RUSAGE_SELF), "peak_mb_of_a_reader": _peak_mb(resource.RUSAGE_CHILDREN),
        "balances": all(file.balances for file in ledger.files),
    }  # fmt: skip


class _Stages:
    """A progress callback that also keeps how long each stage took."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._starts = progress, {}  # type: ignore[var-annotated]
        self._last = time.perf_counter()

    def __call__(self, stage: str, fraction: float) -> None:
        self._last = time.perf_counter()
        self._starts.setdefault(stage, self._last)
        self._progress(stage, fraction)

    def seconds(self) -> dict[str, float]:
        """Stage → seconds from its first report to the next stage's first (the last one: to its own last report)."""
        starts = sorted(self._starts.items(), key=lambda item: item[1])
        ends = [start for _, start in starts[1:]] + [self._last]
        return {stage: round(end - start, 2) for (stage, start), end in zip(starts, ends, strict=True)}


def _copy_raw(url: str, exports: Path) -> float:
    """Seconds to COPY every byte of the files, line by line, into one unindexed text column."""
    files = [path for path in sorted(exports.iterdir()) if path.is_file()]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS raw_lines")
        connection.execute("CREATE TABLE raw_lines (line text)")
        started = time.perf_counter()
        # Delimiter and quote are control bytes that no line holds: a line is one value.
        statement = "COPY raw_lines FROM STDIN (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02', ESCAPE E'\\x02')"
        for path in files:
            with connection.cursor() as cursor, cursor.copy(statement) as copy, _opened(path) as content:
                while block := content.read(_BLOCK):
                    copy.write(block.replace(b"\r", b"").replace(b"\x00", b""))
        seconds = time.perf_counter() - started
        connection.execute("DROP TABLE raw_lines")
    return seconds


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _peak_mb(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024
