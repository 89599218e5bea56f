"""A real Spark cluster for a test or a bench: a standalone master and workers, each a process, on loopback alone."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

_HOST = "127.0.0.1"
_PATIENCE = 300.0


class SparkDidNotStart(RuntimeError):
    """Master or workers did not answer in time, or pyspark is not installed."""


@dataclass
class SparkCluster:
    """A running cluster: the master's address, and the process of each worker."""

    master: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def kill_worker(self, number: int) -> int:
        """Kill a worker and the executors it started, at once; returns how many executors that were."""
        executors = descendants(self.workers[number].pid)
        for process in (self.workers[number].pid, *executors):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.workers[number].wait()
        return len(executors)


def descendants(parent: int) -> list[int]:
    """Every process that the process started, and those they started."""
    found: list[int] = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found += [child, *descendants(child)]
    return found


@contextlib.contextmanager
def spark_cluster(folder: Path, *, workers: int = 2, memory: str = "1g") -> Iterator[SparkCluster]:
    """Start a master and `workers` workers of one core each; ended with the block. Raises SparkDidNotStart."""
    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise SparkDidNotStart("pyspark is not installed: `make spark-env` installs it")
    port, page = _free_port(), _free_port()
    with contextlib.ExitStack() as running:
        start = _Starter(Path(spec.origin).parent, folder, running)
        start("master.Master", "--port", str(port), "--webui-port", str(page))
        cluster = SparkCluster(f"spark://{_HOST}:{port}")
        _wait_for(page, workers=0)
        for number in range(workers):
            cluster.workers.append(start(
                "worker.Worker", "--cores", "1", "--memory", memory, "--webui-port", "0",
                "--work-dir", str(folder / f"worker-{number}"), cluster.master,
            ))  # fmt: skip
        _wait_for(page, workers=workers)
        yield cluster


@dataclass
class _Starter:
    """Starts processes of Spark and ends them with the stack."""

    home: Path
    folder: Path
    running: contextlib.ExitStack

    def __call__(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ, "SPARK_HOME": str(self.home), "SPARK_LOCAL_IP": _HOST, "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": "-XX:+UseSerialGC",
        }  # fmt: skip
        log = self.running.enter_context((self.folder / f"{what}.log").open("ab"))
        command = [str(self.home / "bin" / "spark-class"), f"org.apache.spark.deploy.{what}", "--host", _HOST, *options]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        self.running.callback(_end, process)
        return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((_HOST, 0))
        return int(free.getsockname()[1])


def _wait_for(page: int, *, workers: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(OSError, ValueError):
            if _state(page)["aliveworkers"] >= workers:
                return
        time.sleep(0.3)
    raise SparkDidNotStart(f"no master with {workers} workers answered within {_PATIENCE:.0f} seconds")


def _state(page: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://{_HOST}:{page}/json/", timeout=5) as answer:  # noqa: S310
        state: dict[str, Any] = json.load(answer)
    return state
