"""One linkage in a process of its own: seconds, processor seconds, and the most memory it and its children held.

Run as a module it is that process: it prints one JSON object. Memory is what the pages weigh (each shared page by its
share), looked at while it works, so processes of its own count as well.
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
from importlib import import_module
from pathlib import Path
from typing import TypedDict, cast

from pccovid.linkage.workspace import Limits

OURS, SPLINK, RECORDLINKAGE = "ours", "splink", "recordlinkage"
_MODULES = {OURS: "bare_linkage", SPLINK: "bare_splink", RECORDLINKAGE: "bare_recordlinkage"}
_EVERY_SECONDS = 0.1


class Lane(TypedDict):
    """What one linkage took, how many pairs of records it compared or put together, and the seconds of its stages."""

    seconds: float
    processor_seconds: float
    peak_mb: int
    pairs: int
    stages_seconds: dict[str, float]


LinkBare = Callable[[Path, Path, Limits], tuple[int, dict[str, float]]]
"""Links claims and writes `assignments.parquet` in the folder; gives `pairs` and `stages_seconds`."""


class LaneBroke(RuntimeError):
    """The measured process ended without figures."""


def measure(lane: str, claims: Path, folder: Path, limits: Limits) -> Lane:
    """Link `claims`; the answer is `assignments.parquet` (record, cluster) in `folder`. Raises LaneBroke."""
    folder.mkdir(parents=True, exist_ok=True)
    given = [lane, str(claims), str(folder), limits.memory, str(limits.threads), limits.spark_master or ""]
    done = subprocess.run([sys.executable, "-m", __name__, *given], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise LaneBroke(f"the lane {lane} ended with {done.returncode}")
    return cast(Lane, json.loads(done.stdout.splitlines()[-1]))


def _main(lane: str, claims: Path, folder: Path, limits: Limits) -> None:
    run = _lane(lane)
    with _watched() as peak:
        started = time.perf_counter()
        pairs, stages = run(claims, folder, limits)
        seconds = time.perf_counter() - started
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    figures: Lane = {
        "seconds": round(seconds, 2), "peak_mb": max(peak) >> 10, "pairs": pairs, "stages_seconds": stages,
        "processor_seconds": round(sum(one.ru_utime + one.ru_stime for one in used), 2),
    }  # fmt: skip
    print(json.dumps(figures), flush=True)


def _lane(name: str) -> LinkBare:
    """What another lane needs is not imported: it would weigh."""
    run: LinkBare = import_module(f"pccovid.config.benches.{_MODULES[name]}").link_bare
    return run


@contextlib.contextmanager
def _watched() -> Iterator[list[int]]:
    """The kilobytes this process and its children held, each time somebody looked."""
    ended, seen = threading.Event(), [0]

    def look() -> None:
        while not ended.wait(_EVERY_SECONDS):
            seen.append(sum(map(kilobytes, [os.getpid(), *_children(os.getpid())])))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        ended.set()
        watcher.join()


def _children(parent: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").iterdir():
        with contextlib.suppress(OSError):
            found += map(int, (task / "children").read_text().split())
    return found


def kilobytes(process: int) -> int:
    """What the process weighs; 0 where it has just ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


if __name__ == "__main__":
    _main(
        sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]),
        Limits(
            memory=sys.argv[4], threads=int(sys.argv[5]), spark_master=sys.argv[6] or None,
            temp_directory=Path(sys.argv[3]),
        ),
    )  # fmt: skip
