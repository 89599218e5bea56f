"""Many cases traced on several connections at once, each its own part of them: the same rows as on one.

PostgreSQL never writes what it finds with more than one process, and cases are traced each for itself. A part is a
transaction of its own, so a lane that breaks off leaves its cases to the next pass and the others' stand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

import psycopg

CASES_WORTH_A_LANE = 100
"""Planning a part takes longer than is gained with fewer."""

_SLOTS = 64
"""As trace_contacts locks them: parts that share a slot would wait for each other."""

Opened = Callable[[psycopg.Connection], AbstractContextManager[None]]
"""A transaction on a connection with the program's access opened in it."""


@dataclass(frozen=True)
class Lanes:
    """How many connections trace at most, and how another one of the program's role is made, on autocommit."""

    connect: Callable[[], psycopg.Connection]
    most: int

    def parts_of(self, cases: Sequence[int]) -> list[list[int]]:
        """The cases in as many parts as are worth it, no two of which wait for each other; one where few are due."""
        count = max(1, min(self.most, len(cases) // CASES_WORTH_A_LANE))
        parts: list[list[int]] = [[] for _ in range(count)]
        for case in cases:
            parts[case % _SLOTS % count].append(case)
        return [part for part in parts if part]


def trace_these(connection: psycopg.Connection, cases: Sequence[int], *, second: bool = True) -> tuple[int, int]:
    """Trace these cases anew inside the program's opened access; returns how many F1 and F2 they have."""
    row = connection.execute("SELECT * FROM access.trace_contacts(%s, %s)", [list(cases), second]).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def trace_in_lanes(
    connections: Sequence[psycopg.Connection], parts: Sequence[Sequence[int]], opened: Opened, *, second: bool = True
) -> tuple[int, int]:
    """As trace_these, each part on the connection in its place; returns the sums. Raises what the first lane raises."""

    def traced(connection: psycopg.Connection, part: Sequence[int]) -> tuple[int, int]:
        with opened(connection):
            return trace_these(connection, part, second=second)

    with ThreadPoolExecutor(len(parts)) as pool:
        counts = list(pool.map(traced, connections, parts))
    return sum(first for first, _ in counts), sum(second_level for _, second_level in counts)


def trace_beside(
    connection: psycopg.Connection, cases: Sequence[int], lanes: Lanes, opened: Opened, *, second: bool = True
) -> tuple[int, int]:
    """As trace_in_lanes, on this connection and as many others as the cases are worth."""
    parts = lanes.parts_of(cases)
    with ExitStack() as others:
        connections = [connection] + [others.enter_context(lanes.connect()) for _ in parts[1:]]
        return trace_in_lanes(connections, parts, opened, second=second)
