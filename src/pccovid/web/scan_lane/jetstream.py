"""NATS JetStream in front of the same store: the lane acknowledges once a stream has the rows, and drains them into
PostgreSQL beside that. Only where PCCOVID_NATS_URL names servers (several, with commas between them, are one cluster).

The stream has as many copies as there are servers, three at most: it goes on while a majority is there. A replay is not
known to the stream; it is found, and not stored again, when the row reaches PostgreSQL: such a scan is told `stored`.
A single server must be told to flush each message (`sync_interval: always`), or a cut of power may lose two minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import msgspec

from pccovid.web.scan_lane.group_commit import RowsRefused, Store, StoreIsAway
from pccovid.web.scan_lane.wire import Row

try:
    import nats
    import nats.errors
    import nats.js.errors
except ImportError:  # only who sets PCCOVID_NATS_URL needs it (the extra `nats`)
    nats = None  # type: ignore[assignment]

STREAM = SUBJECT = "scans"
_DRAIN = "inbox"
_MOST_COPIES = 3
_PATIENCE_SECONDS = 10.0
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Row]).decode


class NatsIsMissing(RuntimeError):
    """PCCOVID_NATS_URL is set and the client is not installed."""


class JetStreamStore:
    """Rows into a stream, a group in one message, acknowledged by a majority of its copies."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def put(self, rows: Sequence[Row]) -> Sequence[int]:
        """Nothing is known of replays here. Raises StoreIsAway."""
        try:
            await self._stream.publish(SUBJECT, _encode(rows), timeout=_PATIENCE_SECONDS, stream=STREAM)
        except (TimeoutError, nats.errors.Error, nats.js.errors.Error, OSError) as away:
            raise StoreIsAway(type(away).__name__) from None
        return []


class Drain:
    """Takes groups out of the stream, one after another, into the store behind; a group is let go once it is stored."""

    def __init__(self, stream: Any, store: Store) -> None:
        self._stream, self._store = stream, store
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._drain_on())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _drain_on(self) -> None:
        while True:
            try:
                await self._drain()
            except (TimeoutError, nats.errors.Error, nats.js.errors.Error, StoreIsAway, OSError):
                await asyncio.sleep(0.5)

    async def _drain(self) -> None:
        waiting = await self._stream.pull_subscribe(SUBJECT, durable=_DRAIN, stream=STREAM)
        while True:
            with contextlib.suppress(nats.errors.TimeoutError):
                for message in await waiting.fetch(50, timeout=1):
                    await self._store_each(_decode(message.data))
                    await message.ack()

    async def _store_each(self, rows: Sequence[Row]) -> None:
        """The group, or what of it the database takes: one that it refuses keeps nobody else out."""
        try:
            await self._store.put(rows)
        except RowsRefused:
            if len(rows) > 1:
                for row in rows:
                    await self._store_each([row])


async def connect(servers: str) -> tuple[Any, Any]:
    """(connection, stream's context), with the stream made where it is missing. Raises NatsIsMissing."""
    if nats is None:
        raise NatsIsMissing("PCCOVID_NATS_URL is set: install the extra `nats`")
    addresses = [server.strip() for server in servers.split(",") if server.strip()]
    connection = await nats.connect(addresses, max_reconnect_attempts=-1, reconnect_time_wait=0.2)
    stream = connection.jetstream(timeout=_PATIENCE_SECONDS)
    copies = min(_MOST_COPIES, len(addresses))
    try:
        await stream.add_stream(name=STREAM, subjects=[SUBJECT], num_replicas=copies, storage="file")
    except nats.js.errors.BadRequestError:
        # It is there already, as an earlier process made it.
        await stream.stream_info(STREAM)
    return connection, stream
