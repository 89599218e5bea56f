"""A session on a cluster, with this very version of the linkage sent along to its workers.

Workers need Python, DuckDB and pyarrow of the versions that this process has, and see `folder` under the same path.
All else of Spark (memory, cores, addresses) is set where Spark looks for it: spark-defaults.conf and SPARK_* variables.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pccovid

ROWS_OF_A_BATCH = 20_000
"""Pairs that a worker compares at a time."""

NODES_OF_A_TASK = 50_000
"""About how many nodes' keys, or pairs, one task joins."""

_BELOW = ("foundation/__init__.py", "foundation/no_cycles.py")
"""What the linkage imports of other packages of ours."""

_SETTINGS = {
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(ROWS_OF_A_BATCH),
    # A worker that is lost takes its tasks along: they are begun again elsewhere.
    "spark.task.maxFailures": "8",
    "spark.stage.maxConsecutiveAttempts": "8",
}


class SparkIsMissing(RuntimeError):
    """A master is set, but the package pyspark is not installed."""


@dataclass(frozen=True)
class Cluster:
    """An open session, and a folder that this process and every worker see under one path."""

    session: Any
    folder: Path

    def uri(self, name: str) -> str:
        """Where `name` in the folder is, as Spark wants it."""
        return (self.folder / name).absolute().as_uri()

    def divide_by(self, nodes: int) -> None:
        """As many tasks as the nodes are worth, unless whoever runs the cluster has said how many."""
        name, context = "spark.sql.shuffle.partitions", self.session.sparkContext
        if not context.getConf().contains(name):
            tasks = max(2 * context.defaultParallelism, nodes // NODES_OF_A_TASK)
            self.session.conf.set(name, str(tasks))


@contextlib.contextmanager
def cluster_at(master: str, folder: Path | None) -> Iterator[Cluster]:
    """Raises SparkIsMissing, or what Spark raises where no master answers."""
    if find_spec("pyspark") is None:
        raise SparkIsMissing("PCCOVID_SPARK_MASTER is set, but pyspark is not installed: `make spark-env` installs it")
    # Workers call the interpreter by this path, unless Spark is told otherwise.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory(prefix="spark-", dir=folder) as shared:
        session = _session(master)
        try:
            session.sparkContext.addPyFile(str(packed_for_workers(Path(shared))))
            yield Cluster(session, Path(shared))
        finally:
            session.stop()


def _session(master: str) -> Any:
    builder = import_module("pyspark.sql").SparkSession.builder.master(master).appName("pccovid linkage")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def packed_for_workers(folder: Path) -> Path:
    """This version of the linkage, and what of the ground floor it stands on, as a file that Python imports from."""
    top = Path(pccovid.__file__).parent
    packed = folder / "pccovid-linkage.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in [top / "__init__.py", *(top / name for name in _BELOW), *sorted((top / "linkage").rglob("*"))]:
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(top.parent))
    return packed


def emptied(folder: Path) -> Path:
    """The folder, without what an earlier attempt left."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
