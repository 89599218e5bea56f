"""Parts clustered one after another in this process, or several at a time in processes of their own.

What is decided about people is plain Python over a part's own tables, so as many parts are worked off at a time as the
run may use threads. A process of its own is started from the start, not forked: the working database has threads.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from typing import IO

import duckdb
import pyarrow as pa

from pccovid.foundation.no_cycles import no_cycles
from pccovid.linkage.parts import GIVEN, LEFT, Tables
from pccovid.linkage.workspace import Limits, open_workspace

NODES_WORTH_A_PROCESS = 15_000
"""With fewer nodes for each of them, starting processes costs more than they save."""

MEMORY_OF_A_PART = "500MB"
"""For DuckDB, in the working database of one part."""

Left = Mapping[str, pa.Table]
Work = Callable[[duckdb.DuckDBPyConnection], None]


class PartBroke(RuntimeError):
    """A process that clustered a part ended before it answered."""


def work_on(given: Mapping[str, pa.Table], work: Work) -> Left:
    """What `work` makes of one part's tables, in a working database of the part's own."""
    with open_workspace(Limits(memory=MEMORY_OF_A_PART, threads=1)) as db, no_cycles():
        for name, table in given.items():
            db.register("given_now", table)
            db.execute(f"CREATE TABLE {name} AS SELECT * FROM given_now")
            db.unregister("given_now")
        work(db)
        return {name: db.sql(f"SELECT * FROM {name}").to_arrow_table() for name in LEFT}


def in_turn(parts: Iterator[Tables], work: Work) -> Iterator[tuple[Tables, Left]]:
    """Every part with what it left."""
    for part in parts:
        yield part, work_on(part.given, work)


def side_by_side(parts: Iterator[Tables], processes: int) -> Iterator[tuple[Tables, Left]]:
    """The same, clustered by `processes` processes; in the order of the parts. Raises PartBroke."""
    with contextlib.ExitStack() as started:
        idle: Queue[_Process] = Queue()
        for _ in range(processes):
            idle.put(started.enter_context(_started()))
        threads = started.enter_context(ThreadPoolExecutor(processes))
        waiting: deque[tuple[Tables, Future[Left]]] = deque()
        for part in parts:
            if len(waiting) == processes:
                yield _first(waiting)
            waiting.append((part, threads.submit(_ask, idle, part.given)))
        while waiting:
            yield _first(waiting)


def _first(waiting: deque[tuple[Tables, Future[Left]]]) -> tuple[Tables, Left]:
    part, answer = waiting.popleft()
    return part, answer.result()


_Process = subprocess.Popen[bytes]


@contextlib.contextmanager
def _started() -> Iterator[_Process]:
    command = [sys.executable, "-m", "pccovid.linkage.clustering_process"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


def _ask(idle: Queue[_Process], given: Mapping[str, pa.Table]) -> Left:
    process = idle.get()
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        write_tables(process.stdin, [given[name] for name in GIVEN])
        process.stdin.flush()
        return dict(zip(LEFT, (read_table(process.stdout) for _ in LEFT), strict=True))
    except (OSError, pa.ArrowInvalid) as failure:
        raise PartBroke(f"a process that clusters ended with {process.poll()}") from failure
    finally:
        idle.put(process)


def write_tables(to: IO[bytes], tables: list[pa.Table]) -> None:
    """Each as a stream of its own, one after another."""
    for table in tables:
        with pa.ipc.new_stream(to, table.schema) as stream:
            stream.write_table(table)


def read_table(source: IO[bytes]) -> pa.Table:
    """The next table that `write_tables` wrote. Raises pa.ArrowInvalid at the end."""
    with pa.ipc.open_stream(source) as stream:
        return stream.read_all()
