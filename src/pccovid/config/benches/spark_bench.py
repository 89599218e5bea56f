"""The linkage on a Spark cluster of this machine against the same on DuckDB: same people, and what Spark takes for it.

A standalone master and its workers are started for the bench, one core each. What was shuffled and spilled comes from
Spark's own log of events.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from pccovid.config.benches.linkage_bench import MadeClaims, make_claims
from pccovid.config.benches.linkage_lane import OURS, Lane, kilobytes, measure
from pccovid.config.benches.spark_cluster import SparkCluster, descendants, spark_cluster
from pccovid.linkage.workspace import Limits

Progress = Callable[[str, float], None]
_ANSWERS = ("assignments", "review", "merges")


def run(
    *, rows: int, seed: int, workers: int, worker_memory: str, limits: Limits, progress: Progress
) -> dict[str, Any]:
    """Link `rows` records of a made nation both ways. `same` says whether every answer is equal to the last row."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        made = make_claims(folder / "made", rows, seed, limits, progress)
        on_duckdb = measure(OURS, made.claims, folder / "duckdb", limits)
        progress("linking on DuckDB", 1.0)
        with spark_cluster(folder, workers=workers, memory=worker_memory) as cluster, _set_up(folder, worker_memory):
            on_spark, of_workers = _on_spark(cluster, made, folder / "spark", limits)
        progress("linking on Spark", 1.0)
        same = all(
            _same(folder / "duckdb" / f"{name}.parquet", folder / "spark" / f"{name}.parquet") for name in _ANSWERS
        )
        return {
            "bench": "spark", "rows": made.rows, "seed": seed, "same": same, "workers": workers,
            "ratios": {"spark_vs_duckdb": on_duckdb["seconds"] / on_spark["seconds"]},
            "duckdb": on_duckdb, "spark": on_spark, "of_workers": of_workers | _shuffled(folder / "events"),
        }  # fmt: skip


@contextlib.contextmanager
def _set_up(folder: Path, memory: str) -> Iterator[None]:
    """Settings where Spark looks for them: everything on loopback, and a log of events."""
    (folder / "events").mkdir()
    settings = {
        "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false",
        "spark.executor.memory": memory, "spark.eventLog.enabled": "true", "spark.eventLog.compress": "false",
        "spark.eventLog.rolling.enabled": "false", "spark.eventLog.dir": (folder / "events").as_uri(),
    }  # fmt: skip
    text = "".join(f"{name} {value}\n" for name, value in settings.items())
    (folder / "spark-defaults.conf").write_text(text, encoding="utf-8")
    before = {name: os.environ.get(name) for name in ("SPARK_CONF_DIR", "SPARK_LOCAL_IP")}
    os.environ |= {"SPARK_CONF_DIR": str(folder), "SPARK_LOCAL_IP": "127.0.0.1"}
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


class _Watch:
    """A thread that looks at the workers, and at the executors and Python processes they started, while they work."""

    def __init__(self, cluster: SparkCluster) -> None:
        self._workers = [worker.pid for worker in cluster.workers]
        self._ended = threading.Event()
        self._seconds: dict[int, float] = {}
        self.peaks = [0] * len(self._workers)
        """The most megabytes that each worker held, with all it started."""
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> float:
        """Stop looking; returns the processor seconds of them all."""
        self._ended.set()
        self._thread.join()
        return sum(self._seconds.values())

    def _look(self) -> None:
        while not self._ended.wait(0.5):
            for number, worker in enumerate(self._workers):
                processes = [worker, *descendants(worker)]
                self.peaks[number] = max(self.peaks[number], sum(map(kilobytes, processes)) >> 10)
                self._seconds |= {process: used for process in processes if (used := _processor_seconds(process))}


def _processor_seconds(process: int) -> float:
    """What the process has used so far; 0 where it has just ended."""
    with contextlib.suppress(OSError):
        told = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _on_spark(cluster: SparkCluster, made: MadeClaims, folder: Path, limits: Limits) -> tuple[Lane, dict[str, Any]]:
    """What the calling process took, and what the workers did."""
    watch = _Watch(cluster)
    try:
        lane = measure(OURS, made.claims, folder, replace(limits, spark_master=cluster.master))
    finally:
        seconds = watch.end()
    return lane, {"processor_seconds": round(seconds, 1), "peak_mb_each": watch.peaks}


def _same(one: Path, other: Path) -> bool:
    with duckdb.connect() as duck:
        ((differing,),) = duck.execute(
            "SELECT count(*) FROM ((FROM read_parquet($1) EXCEPT ALL FROM read_parquet($2))"
            " UNION ALL (FROM read_parquet($2) EXCEPT ALL FROM read_parquet($1)))", [str(one), str(other)],
        ).fetchall()  # fmt: skip
    return int(differing) == 0


def _shuffled(events: Path) -> dict[str, float]:
    """Megabytes that tasks wrote for others to read and spilled, and the seconds they ran, over all tasks."""
    written = spilled = ran = 0
    for log in events.iterdir():
        for line in log.read_text(encoding="utf-8").splitlines():
            event = json.loads(line)
            if event["Event"] == "SparkListenerTaskEnd" and (metrics := event.get("Task Metrics")):
                written += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
                spilled += metrics["Disk Bytes Spilled"]
                ran += metrics["Executor Run Time"]
    return {"shuffle_mb": round(written / 1e6, 1), "spilled_mb": round(spilled / 1e6, 1),
            "task_seconds": round(ran / 1000, 1)}  # fmt: skip
