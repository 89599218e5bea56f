"""Load on the hot lane, in a process of its own: made codes, many connections, each sends its next when answered.

    python -m pccovid.config.benches.scan_load < order.json     prints one JSON line: what was acknowledged, how quickly

The order names host, port, the device's secret, how many scans, how many in a request, from how many connections.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import UTC, datetime
from itertools import islice
from typing import TypedDict, cast
from uuid import UUID, uuid4

import msgspec
import uvloop

from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.rules import Standing, issue


class Order(TypedDict):
    """What to send."""

    host: str
    port: int
    secret: str
    scans: int
    in_a_request: int
    connections: int


class Load:
    """The requests still to send, and what came back."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.requests = iter(made_requests(order))
        self.seconds: list[float] = []
        self.stored = self.failed = 0
        self._open = order["connections"]
        self.all_done = asyncio.get_running_loop().create_future()

    async def run(self) -> dict[str, float]:
        loop, started = asyncio.get_running_loop(), time.perf_counter()
        for _ in range(self.order["connections"]):
            await loop.create_connection(lambda: _Connection(self), self.order["host"], self.order["port"])
        await self.all_done
        took = time.perf_counter() - started
        ordered = sorted(self.seconds) or [0.0]
        return {
            "stored": self.stored, "refused": self.order["scans"] - self.stored - self.failed, "failed": self.failed,
            "seconds": took, "per_second": self.stored / took, "p50_ms": 1e3 * ordered[len(ordered) // 2],
            "p99_ms": 1e3 * ordered[len(ordered) * 99 // 100],
        }  # fmt: skip

    def note(self, status: bytes, body: bytes, seconds: float) -> None:
        self.seconds.append(seconds)
        if status == b"200":
            self.stored += body.count(b'"stored"')
        else:
            self.failed += self.order["in_a_request"]

    def one_less(self) -> None:
        self._open -= 1
        if not self._open and not self.all_done.done():
            self.all_done.set_result(None)


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as far as the lane speaks it: a status line, Content-Length, a body; then the next request."""

    def __init__(self, load: Load) -> None:
        self._load, self._got = load, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are no subclass of asyncio's.
        self._transport = cast(asyncio.Transport, transport)
        self._send_next()

    def _send_next(self) -> None:
        request = next(self._load.requests, None)
        if request is None:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, found, rest = self._got.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(rest) >= length:
            self._got = b""
            self._load.note(head[9:12], rest, time.perf_counter() - self._sent)
            self._send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._load.one_less()


def made_requests(order: Order) -> list[bytes]:
    """Every request as it goes over the wire, each scan of somebody else."""
    keys, now = code_keys(), datetime.now(UTC)
    standing, at = Standing(is_verified=True), now.isoformat()
    scans = iter(
        {"id": str(uuid4()), "code": issue(keys, UUID(int=number), standing, now=now), "way": "in", "at": at}
        for number in range(order["scans"])
    )
    requests = []
    while batch := list(islice(scans, order["in_a_request"])):
        body = msgspec.json.encode(batch[0] if order["in_a_request"] == 1 else batch)
        head = (
            f"POST /scans HTTP/1.1\r\nHost: {order['host']}\r\nAuthorization: Bearer {order['secret']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        requests.append(head.encode() + body)
    return requests


def main() -> None:
    order: Order = json.load(sys.stdin)

    async def load() -> dict[str, float]:
        return await Load(order).run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(load())), flush=True)


if __name__ == "__main__":
    main()
