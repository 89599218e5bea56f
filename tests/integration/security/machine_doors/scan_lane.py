"""The hot lane of scans, a process of its own: a device of a place, which gives scans and is told of nobody."""

from __future__ import annotations

import functools
import http.client
from collections.abc import Iterable

from integration.console.made_index import Console
from integration.scan_lane.conftest import Lane, register, scan
from integration.security.addresses import Address
from integration.security.doors import STARTED, Answer, Ask, Door, as_text
from pccovid.web.scan_lane.postgres import hash_of
from pccovid.web.scan_lane.service import SCANS, pages


def _addresses() -> Iterable[Address]:
    paths = [SCANS, *(route.path for route in pages().routes)]  # type: ignore[attr-defined]
    return [Address("", path, {}, pages) for path in paths]


@functools.cache
def _lane(url: str) -> Lane:
    """One running lane for a database, until the session of tests ends."""
    lane = Lane(url)
    STARTED.callback(lane.stop)
    return lane


def _with(console: Console, authorization: str) -> Ask:
    lane = _lane(console.made.url("scan"))

    def ask(method: str, path: str, body: bytes, kind: str) -> Answer:
        headers = {"Content-Type": kind} | ({"Authorization": authorization} if authorization else {})
        connection = http.client.HTTPConnection("127.0.0.1", lane.port, timeout=30)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = as_text(answer.read()) + str(answer.getheaders())
        connection.close()
        return Answer(answer.status, text)

    return ask


def _device(console: Console) -> str:
    """The secret of a device that the lane knows."""
    with console.owner() as owner:
        secret = register(owner)
    _lane(console.made.url("scan")).waits_to_know(secret)
    return secret


def _rightful(console: Console) -> Ask:
    """A device whose scans are taken."""
    secret = _device(console)
    told = _lane(console.made.url("scan")).send(scan(9), secret)
    assert told == (200, {"result": "stored"})
    return _with(console, f"Bearer {secret}")


def _lost(console: Console) -> Ask:
    secret = _device(console)
    with console.owner() as owner:
        owner.execute("UPDATE access.scan_device SET revoked_at = now() WHERE key_hash = %s", [hash_of(secret)])
    _lane(console.made.url("scan")).waits_to_know(secret, known=False)
    return _with(console, f"Bearer {secret}")


def _by_its_hash(console: Console) -> Ask:
    """What the database keeps of a secret is no secret."""
    return _with(console, f"Bearer {hash_of(_device(console)).hex()}")


DOOR = Door(
    "scan_lane", SCANS, _rightful, addresses=_addresses, stranger=_with,
    public={"/health": "that the process answers, and nothing else"},
    wrong={"a device that was lost": _lost, "a device's hash": _by_its_hash},
)  # fmt: skip
