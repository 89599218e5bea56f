"""The store behind the lane: PostgreSQL as the role `scan`, by asyncpg; and the devices that may write."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
from collections.abc import Sequence
from uuid import UUID

import asyncpg

from pccovid.web.scan_lane.group_commit import RowsRefused, StoreIsAway
from pccovid.web.scan_lane.wire import Device, Row

_TAKE = "SELECT access.take_scans($1, $2, $3, $4, $5, $6, $7, $8)"
_AWAY = (OSError, asyncio.TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError,
         asyncpg.OperatorInterventionError, asyncpg.InsufficientResourcesError)  # fmt: skip
_PATIENCE_SECONDS = 20.0


class PostgresStore:
    """Rows into the inbox, a group in one statement."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def put(self, rows: Sequence[Row]) -> Sequence[int]:
        """Positions of replays; when this returns, all other rows are committed. Raises StoreIsAway, RowsRefused."""
        try:
            async with self._pool.acquire(timeout=_PATIENCE_SECONDS) as connection:
                replays = await connection.fetchval(_TAKE, *zip(*rows, strict=True), timeout=_PATIENCE_SECONDS)
        except _AWAY as away:
            raise StoreIsAway(type(away).__name__) from None
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as refused:
            raise RowsRefused(type(refused).__name__) from None
        return [position - 1 for position in replays]


async def connect(url: str, *, connections: int) -> asyncpg.Pool:
    """A pool as the role of that URL; every commit waits for the disk."""
    return await asyncpg.create_pool(
        url, min_size=1, max_size=connections, max_inactive_connection_lifetime=300, reset=_nothing_to_reset,
        server_settings={"application_name": "pccovid scan", "synchronous_commit": "on"},
    )  # fmt: skip


async def _nothing_to_reset(connection: asyncpg.Connection) -> None:
    """Our statements leave nothing behind in a session; asking the server to forget it costs a round trip a group."""


class Devices:
    """Which devices may write, asked anew every few seconds: a lost device is out within that time."""

    def __init__(self, pool: asyncpg.Pool, *, every_seconds: float = 2.0) -> None:
        self._pool, self._every = pool, every_seconds
        self._by_hash: dict[bytes, Device] = {}
        self._known: dict[str, Device] = {}
        self._asked_at = -every_seconds
        self._asking = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._ask()
        self._task = asyncio.create_task(self._ask_on())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def known(self, secret: str) -> Device | None:
        """The device with this secret, of those known now."""
        device = self._known.get(secret)
        if device is None:
            device = self._by_hash.get(hash_of(secret))
            if device is not None:
                self._known[secret] = device
        return device

    async def find(self, secret: str) -> Device | None:
        """The same, by an answer of the database younger than the question; it is asked once a second for all who ask.

        A device that was handed out a moment ago is so never told that nobody knows it. Raises StoreIsAway: nobody is
        called unknown because the database is not there.
        """
        came = time.monotonic()
        async with self._asking:
            if self._asked_at < came:
                await asyncio.sleep(self._asked_at + 1.0 - came)
            if self._asked_at < came:
                await self._ask_now()
        return self.known(secret)

    async def _ask_now(self) -> None:
        try:
            await self._ask()
        except _AWAY as away:
            raise StoreIsAway(type(away).__name__) from None

    async def _ask_on(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            with contextlib.suppress(*_AWAY):
                await self._ask()

    async def _ask(self) -> None:
        asked_at = time.monotonic()
        async with self._pool.acquire(timeout=_PATIENCE_SECONDS) as connection:
            rows = await connection.fetch("SELECT * FROM access.scan_devices()", timeout=_PATIENCE_SECONDS)
        self._asked_at = max(self._asked_at, asked_at)
        self._by_hash = {
            row["key_hash"]: Device(UUID(int=row["id"].int), row["kind"], row["place_key"]) for row in rows
        }
        self._known = {}


def hash_of(secret: str) -> bytes:
    """What the database keeps of a device's secret: random 32 bytes need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
