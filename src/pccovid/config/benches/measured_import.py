"""One import in a process of its own, with what memory it took: of all, and of all but DuckDB, whose limit is set.

Run as a module it is that process: it reports a JSON object a line on standard output, progress first, figures last.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypedDict, cast

import django
import duckdb

from pccovid.config.benches.scratch import carry_over_as_job
from pccovid.foundation.database import ROLE_URL_VARIABLE
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import JOBS, role_url
from pccovid.linkage import engine
from pccovid.linkage.workspace import Limits, open_workspace

Progress = Callable[[str, float], None]
_EVERY_SECONDS = 0.02
_MB = 1 << 20


class Figures(TypedDict):
    """Rows received, seconds, peak memory in MB: of the process; of it and all it started, without the run's DuckDB's
    buffers (those of who clusters count); of the largest that it started."""

    rows: int
    balances: bool
    wall_seconds: float
    peak_mb: int
    peak_mb_without_duckdb: int
    peak_mb_of_a_child: int


class ImportBroke(RuntimeError):
    """The measured process ended without figures."""


def measure(url: str, environment: Environment, exports: Path, work: Path, progress: Progress) -> Figures:
    """Import `exports` into the database of that owner's URL, in a process of its own. Raises ImportBroke."""
    command = [sys.executable, "-m", __name__, str(exports), str(work), environment.import_memory]
    # Named in the child's environment alone, for a URL holds a password.
    variables = {**os.environ, ROLE_URL_VARIABLE: role_url(url, JOBS, environment.home)}
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            told = json.loads(line)
            if "stage" not in told:
                return cast(Figures, told)
            progress(told["stage"], told["fraction"])
    raise ImportBroke(f"the import ended with {child.returncode}")


class _Watch:
    """A thread that looks at this process's memory while it works, and at what of it DuckDB holds."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._looking = threading.Lock()
        self._held = 0
        self._opened: duckdb.DuckDBPyConnection | None = None
        self.peak_without_duckdb = 0
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def watching(self, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
        """The run's working database, looked into until it closes: never while it does, which DuckDB refuses."""
        with open_workspace(limits) as connection:
            self._opened = connection.cursor()
            try:
                yield connection
            finally:
                with self._looking:
                    self._opened.close()
                    self._opened = None
        # Until here it held what it held when last asked.
        self._held = 0

    def end(self) -> int:
        """Stop looking; returns the peak in MB."""
        self._ended.set()
        self._thread.join()
        return self.peak_without_duckdb // _MB

    def _look(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            held = self._held_by_duckdb()
            pages = sum(map(_pages, [os.getpid(), *_children()]))
            self.peak_without_duckdb = max(self.peak_without_duckdb, pages * resource.getpagesize() - held)

    def _held_by_duckdb(self) -> int:
        with self._looking:
            if self._opened is not None:
                row = self._opened.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchone()
                self._held = int(row[0] or 0) if row else 0
            return self._held


def _children() -> list[int]:
    """Processes started by this one that still run: readers, and who clusters."""
    threads = Path("/proc/self/task").iterdir()
    return [int(child) for thread in threads for child in _read(thread / "children").split()]


def _pages(process: int) -> int:
    return int((_read(Path(f"/proc/{process}/statm")).split() or ["0", "0"])[1])


def _read(path: Path) -> str:
    """Its text; none where the process has ended meanwhile."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _main(exports: Path, work: Path, memory: str) -> None:
    watch, started = _Watch(), time.perf_counter()
    # The only way to ask the run's database what it holds, without the run knowing that it is watched.
    setattr(engine, "open_workspace", watch.watching)  # noqa: B010
    ledger = carry_over_as_job(os.environ[ROLE_URL_VARIABLE], memory, exports, work, _tell)
    _say({
        "rows": ledger.total("received"), "balances": all(file.balances for file in ledger.files),
        "wall_seconds": round(time.perf_counter() - started, 2), "peak_mb_without_duckdb": watch.end(),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "peak_mb_of_a_child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
    })  # fmt: skip


def _tell(stage: str, fraction: float) -> None:
    _say({"stage": stage, "fraction": fraction})


def _say(told: dict[str, object]) -> None:
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    django.setup()
    _main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
