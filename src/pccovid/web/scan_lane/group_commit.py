"""Group commit: whatever came in while the last commit was under way is stored by the next one, in one statement.

A bounded number of scans waits; beyond it a request is told to come again. Each caller gets its own rows' outcome when
they are durable and not before. Where the database refuses a group, its rows are tried one by one: the bad one fails
alone. Where the database is away, callers are told so, and nothing is said to be stored.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Protocol

from pccovid.web.scan_lane.wire import Row

STORED, REPLAYED, REFUSED = "stored", "replayed", "refused_by_database"


class LaneIsFull(RuntimeError):
    """So many scans wait already that this request must come again later."""


class StoreIsAway(ConnectionError):
    """The database (or the stream in front of it) did not answer; whether the rows are stored is not known."""


class RowsRefused(ValueError):
    """The database refused the group as a whole because of what is in it."""


class Store(Protocol):
    """Where rows become durable."""

    async def put(self, rows: Sequence[Row]) -> Sequence[int]:
        """Store the rows; positions (from 0) of replays. Raises StoreIsAway, RowsRefused."""


class GroupCommit:
    """The rows that wait, and the writers that store them."""

    def __init__(self, store: Store, *, writers: int = 2, group: int = 1_000, most_waiting: int = 20_000) -> None:
        self._store, self._writers, self._group, self._most = store, writers, group, most_waiting
        self._waiting: list[tuple[Sequence[Row], asyncio.Future[list[str]]]] = []
        self._rows = 0
        self._there_are_some = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._write_on()) for _ in range(self._writers)]

    async def stop(self) -> None:
        """Store what waits, then end."""
        while self._rows:
            await asyncio.sleep(0.01)
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def add(self, rows: Sequence[Row]) -> asyncio.Future[list[str]]:
        """Have rows stored; the future tells what became of each, in order. Raises LaneIsFull."""
        if self._rows + len(rows) > self._most:
            raise LaneIsFull
        outcome: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, outcome))
        self._rows += len(rows)
        self._there_are_some.set()
        return outcome

    async def _write_on(self) -> None:
        while True:
            await self._there_are_some.wait()
            taken = self._take()
            try:
                await self._store_group(taken)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                _tell(taken, error)
            finally:
                self._rows -= sum(len(rows) for rows, _ in taken)

    def _take(self) -> list[tuple[Sequence[Row], asyncio.Future[list[str]]]]:
        """The callers whose rows make up the next group: at least one caller, whatever it brought."""
        count = last = 0
        for last, (rows, _) in enumerate(self._waiting, start=1):  # noqa: B007
            count += len(rows)
            if count >= self._group:
                break
        taken, self._waiting = self._waiting[:last], self._waiting[last:]
        if not self._waiting:
            self._there_are_some.clear()
        return taken

    async def _store_group(self, taken: list[tuple[Sequence[Row], asyncio.Future[list[str]]]]) -> None:
        rows = [row for given, _ in taken for row in given]
        outcomes = await self._outcomes(rows) if rows else []
        start = 0
        for given, future in taken:
            if not future.done():
                future.set_result(outcomes[start : start + len(given)])
            start += len(given)

    async def _outcomes(self, rows: list[Row]) -> list[str]:
        try:
            replays = await self._store.put(rows)
        except RowsRefused:
            if len(rows) == 1:
                return [REFUSED]
            half = len(rows) // 2
            return [*await self._outcomes(rows[:half]), *await self._outcomes(rows[half:])]
        outcomes = [STORED] * len(rows)
        for place in replays:
            outcomes[place] = REPLAYED
        return outcomes


def _tell(taken: list[tuple[Sequence[Row], asyncio.Future[list[str]]]], error: Exception) -> None:
    for _, future in taken:
        if not future.done():
            future.set_exception(error)
