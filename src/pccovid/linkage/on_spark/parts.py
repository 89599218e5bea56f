"""Parts clustered by Spark's workers: each reads its part from the shared folder and leaves its answer beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from importlib import import_module
from pathlib import Path

import pyarrow as pa

from pccovid.linkage.clustering_parts import Left, Work, read_table, work_on, write_tables
from pccovid.linkage.on_spark.session import Cluster, emptied
from pccovid.linkage.parts import GIVEN, LEFT, Tables


def on_workers(parts: Iterable[Tables], work: Work, cluster: Cluster) -> Iterator[tuple[Tables, Left]]:
    """Every part with what it left, in order; as clustering_parts.in_turn."""
    folder = emptied(cluster.folder / "parts")
    written = [_write(folder, part) for part in parts]
    context = cluster.session.sparkContext
    if written:
        context.parallelize([part.part for part in written], len(written)).foreach(
            partial(cluster_part, str(folder), work)
        )
    for part in written:
        with _answer(folder, part.part).open("rb") as file:
            yield part, dict(zip(LEFT, (read_table(file) for _ in LEFT), strict=True))


def _write(folder: Path, part: Tables) -> Tables:
    """The part's tables in a file of the folder; of the part itself its numbers are kept."""
    with (folder / f"{part.part}.given").open("wb") as file:
        write_tables(file, [part.given[name] for name in GIVEN])
    return Tables(part.part, part.wholes, {})


def cluster_part(folder: str, work: Work, part: int) -> None:
    """On a worker. Begun again after a loss, or twice at once, it leaves the same answer, whole or not at all."""
    with (Path(folder) / f"{part}.given").open("rb") as file:
        given: dict[str, pa.Table] = dict(zip(GIVEN, (read_table(file) for _ in GIVEN), strict=True))
    left = work_on(given, work)
    answer = _answer(Path(folder), part)
    draft = answer.with_name(f"{part}.{_attempt()}.draft")
    with draft.open("wb") as file:
        write_tables(file, list(left.values()))
    draft.replace(answer)


def _answer(folder: Path, part: int) -> Path:
    return folder / f"{part}.left"


def _attempt() -> int:
    """The number of this attempt, which no other has."""
    task = import_module("pyspark").TaskContext.get()
    return 0 if task is None else int(task.taskAttemptId())
