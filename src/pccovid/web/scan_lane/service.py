"""The hot lane as an ASGI application: `POST /scans` with one scan or a list, `GET /health`.

Starlette has the routes and the life of the process. `POST /scans` is a plain ASGI application among them, reached
before the middlewares: they and Starlette's Request would take a third of the lane's time.
"""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from pccovid.personal_codes.keys import LaneKeys, lane_keys
from pccovid.web.scan_lane import jetstream
from pccovid.web.scan_lane.group_commit import STORED, GroupCommit, LaneIsFull, Store, StoreIsAway
from pccovid.web.scan_lane.postgres import Devices, PostgresStore, connect
from pccovid.web.scan_lane.wire import MOST_BYTES, Device, Row, ScanRefused, reader, split

DATABASE_VARIABLE, GROUP_VARIABLE, WRITERS_VARIABLE = "PCCOVID_SCAN_URL", "PCCOVID_SCAN_GROUP", "PCCOVID_SCAN_WRITERS"
WAITING_VARIABLE, NATS_VARIABLE = "PCCOVID_SCAN_WAITING", "PCCOVID_NATS_URL"
SCANS = "/scans"
_JSON = (b"content-type", b"application/json")
_COME_AGAIN = (b"retry-after", b"1")
_STORED = (200, b'{"result":"stored"}')
_encode = msgspec.json.Encoder().encode
Answer = tuple[int, bytes]


class BodyTooLarge(ValueError):
    """More bytes than a request may have."""


def application() -> ASGIApp:
    """The service, with what its process was told from outside."""
    others = pages()

    async def lane(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == SCANS:
            await _take_scans(others, scope, receive, send)
        else:
            await others(scope, receive, send)

    return lane


def pages() -> Starlette:
    """Everything that is not scans."""
    return Starlette(routes=[Route("/health", health)], lifespan=_life)


@contextlib.asynccontextmanager
async def _life(app: Starlette) -> AsyncIterator[None]:
    writers = int(os.environ.get(WRITERS_VARIABLE, "2"))
    pool = await connect(os.environ[DATABASE_VARIABLE], connections=writers + 1)
    app.state.keys, app.state.devices = lane_keys(), Devices(pool)
    beside = contextlib.AsyncExitStack()
    app.state.lane = GroupCommit(
        await _store(PostgresStore(pool), beside), writers=writers, group=int(os.environ.get(GROUP_VARIABLE, "1000")),
        most_waiting=int(os.environ.get(WAITING_VARIABLE, "20000")),
    )  # fmt: skip
    await app.state.devices.start()
    app.state.lane.start()
    # What the process began with stays; looking through it again and again for garbage takes time from the scans.
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        await app.state.lane.stop()
        await beside.aclose()
        await app.state.devices.stop()
        pool.terminate()


async def _store(behind: Store, beside: contextlib.AsyncExitStack) -> Store:
    """PostgreSQL alone, or JetStream in front of it where one setting says so."""
    servers = os.environ.get(NATS_VARIABLE)
    if not servers:
        return behind
    connection, stream = await jetstream.connect(servers)
    beside.push_async_callback(connection.close)
    drain = jetstream.Drain(stream, behind)
    drain.start()
    beside.push_async_callback(drain.stop)
    return jetstream.JetStreamStore(stream)


async def health(request: Request) -> Response:
    """That the process answers; nothing about anybody."""
    return Response(b'{"status":"ok"}', media_type="application/json")


async def _take_scans(app: Starlette, scope: Scope, receive: Receive, send: Send) -> None:
    """Each scan with what became of it, once the stored ones are durable.

    200 with a result for each; 400 no scans at all; 401 unknown device; 405 not a POST; 413 too much at once; 429 too
    many wait; 503 the database is away (nothing is said to be stored: send the same again).
    """
    status, body = await _answer_to(app, scope, receive)
    headers = [_JSON, (b"content-length", str(len(body)).encode())]
    if status in (429, 503):
        headers.append(_COME_AGAIN)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _answer_to(app: Starlette, scope: Scope, receive: Receive) -> Answer:
    if scope["method"] != "POST":
        return 405, b'{"error":"method"}'
    secret, clock = _told_in(scope)
    try:
        device = app.state.devices.known(secret) or await app.state.devices.find(secret)
        if device is None:
            return 401, b'{"error":"device"}'
        body = await _body(receive)
        raw = split(body)
        sent = datetime.fromisoformat(clock) if clock else None
        return await _stored(app.state.lane, _read_all(raw, app.state.keys, device, sent), body[:1] == b"{")
    except BodyTooLarge:
        return 413, b'{"error":"too_large"}'
    except (msgspec.DecodeError, ValueError, TypeError):
        return 400, b'{"error":"malformed"}'
    except LaneIsFull:
        return 429, b'{"error":"full"}'
    except (StoreIsAway, OSError, TimeoutError):
        return 503, b'{"error":"away"}'


async def _stored(lane: GroupCommit, read: list[Row | str], is_single: bool) -> Answer:
    rows = [one for one in read if isinstance(one, Row)]
    outcomes = await lane.add(rows) if rows else []
    if is_single:
        result = outcomes[0] if rows else str(read[0])
        return _STORED if result == STORED else (200, _encode({"result": result}))
    following = iter(outcomes)
    return 200, _encode({"results": [one if isinstance(one, str) else next(following) for one in read]})


def _read_all(raw: list[bytes | msgspec.Raw], keys: LaneKeys, device: Device, sent: datetime | None) -> list[Row | str]:
    """For each scan its row, or the word for which it is refused. Raises TypeError for a clock without a zone."""
    row_of = reader(keys, device, sent, datetime.now(UTC))
    read: list[Row | str] = []
    for one in raw:
        try:
            read.append(row_of(one))
        except ScanRefused as refused:
            read.append(refused.reason)
    return read


def _told_in(scope: Scope) -> tuple[str, str]:
    """The device's secret and its own clock, from the headers `Authorization: Bearer` and `Device-Time`."""
    secret = clock = b""
    for name, value in scope["headers"]:
        if name == b"authorization" and value[:7] == b"Bearer ":
            secret = value[7:]
        elif name == b"device-time":
            clock = value
    return secret.decode("latin-1"), clock.decode("latin-1")


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        if len(body) > MOST_BYTES:
            raise BodyTooLarge
        message = await receive()
        body += message.get("body", b"")
    if len(body) > MOST_BYTES:
        raise BodyTooLarge
    return body
