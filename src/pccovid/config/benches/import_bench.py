"""Import of a made nation against COPY of the same bytes into an unindexed table."""

from __future__ import annotations

import gzip
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import psycopg

from pccovid.config.benches.measured_import import Figures, measure
from pccovid.config.benches.scratch import Progress, scratch_database
from pccovid.foundation.environment import Environment
from pccovid.sandbox.nation import create

_BLOCK = 1 << 20


def run(
    owner_url: str, environment: Environment, *, people: int, seed: int, repeat: int, growth: bool, progress: Progress
) -> dict[str, object]:
    """Import `people` made people into a database of its own; `import_vs_copy` is our rows/s ÷ COPY's rows/s.

    With `growth` a tenth of the people are imported first, and `memory_growth` is peak memory of the whole ÷ that of
    the tenth, DuckDB's buffers left out: they have a limit of their own.
    """
    tenth = _measure(owner_url, environment, people // 10, seed, 0, progress) if growth else None
    whole = _measure(owner_url, environment, people, seed, repeat, progress)
    report = _report(whole, people, seed)
    if tenth is not None:
        before, after = (one.figures["peak_mb_without_duckdb"] for one in (tenth, whole))
        report["memory_growth"] = round(after / before, 3)
        report["tenth"] = {"people": people // 10, **tenth.figures}
    return report | {"duckdb_limit": environment.import_memory}


@dataclass(frozen=True)
class _Measured:
    figures: Figures
    stages: dict[str, float]
    copies: list[float]


def _measure(
    owner_url: str, environment: Environment, people: int, seed: int, repeat: int, progress: Progress
) -> _Measured:
    with scratch_database(owner_url, environment) as url, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        create(people=people, seed=seed, out=folder / "nation", progress=progress)
        exports = folder / "nation" / "exports"
        copies = [_copy_raw(url, exports) for _ in range(repeat)]
        stages = _Stages(progress)
        figures = measure(url, environment, exports, folder / "work", stages)
    return _Measured(figures, stages.seconds(), copies)


def _report(measured: _Measured, people: int, seed: int) -> dict[str, object]:
    rows, copy_seconds = measured.figures["rows"], statistics.median(measured.copies)
    wall = measured.figures["wall_seconds"]
    return {
        "bench": "import", "people": people, "seed": seed,
        "ratios": {"import_vs_copy": copy_seconds / wall},
        "rows_per_second": round(rows / wall), "copy_rows_per_second": round(rows / copy_seconds),
        "copy_seconds": [round(seconds, 3) for seconds in measured.copies],
        "stages_seconds": measured.stages, **measured.figures,
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
