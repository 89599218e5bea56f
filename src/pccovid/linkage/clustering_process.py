"""Run as a module: reads parts from standard input until it ends, clusters each and writes what it leaves."""

from __future__ import annotations

import sys

import pyarrow as pa

from pccovid.linkage.clustering_parts import read_table, work_on, write_tables
from pccovid.linkage.engine import cluster
from pccovid.linkage.parts import GIVEN


def _main() -> None:
    while True:
        try:
            first = read_table(sys.stdin.buffer)
        except pa.ArrowInvalid:
            return
        rest = [read_table(sys.stdin.buffer) for _ in GIVEN[1:]]
        left = work_on(dict(zip(GIVEN, [first, *rest], strict=True)), cluster)
        write_tables(sys.stdout.buffer, list(left.values()))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()
