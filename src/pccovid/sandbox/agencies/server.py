"""A made agency that sends to the hub, as a process of its own.

    python -m pccovid.sandbox.agencies.server --name CODE [--port N]

`POST /sandbox/connect` tells it its agreement, its files and where the hub is. `POST /sandbox/send` takes a bundle or
an HL7 v2 message, which it sends in order and again until it is taken or refused; `GET /sandbox/sent` tells what became
of each. `GET /sandbox/feed` is the copy that it keeps of the change feed: it asks whenever the hub tells of news.
"""

from __future__ import annotations

import argparse
import json
import queue
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from pccovid.connectors.calling import AddressIsWrong, NotReached, Refused
from pccovid.connectors.sandbox_server.faults import Order
from pccovid.connectors.sandbox_server.http_server import Agency, Answered, Asked, as_json, serve
from pccovid.sandbox.agencies.cast import CAST, MLLP
from pccovid.sandbox.agencies.hub import Hub
from pccovid.sandbox.agencies.machine_key import MachineKey
from pccovid.sandbox.agencies.mllp import Listener

_FIRST_WAIT, _LONGEST_WAIT = 0.2, 30.0
_LOOK_AGAIN_SECONDS = 5.0


@dataclass(frozen=True)
class Connected:
    """What an agency is told to reach the hub: all but the addresses are of its own agreement."""

    hub: str
    client: str
    key: str
    listener: str = ""
    certificate: str = ""
    authority: str = ""


@dataclass
class Letter:
    """One message to the hub, and what became of it."""

    number: int
    tries: int = 0
    taken_at: float | None = None
    """Seconds of the clock, when the hub's word had come that it is written."""
    answer: Any = None
    refused: str = ""


class SendingAgency(Agency):
    """An agency that sends in the order in which it was told to, and keeps a copy of the feed."""

    def __init__(self, code: str, port: int = 0) -> None:
        super().__init__(port)
        self._made = next(one for one in CAST if one.code == code)
        self._letters: list[Letter] = []
        self._waiting: queue.Queue[tuple[Letter, Any]] = queue.Queue()
        self._copies: list[dict[str, Any]] = []
        self._news, self._is_following, self._lock = threading.Event(), False, threading.Lock()
        self._connected: Connected | None = None

    def answer(self, asked: Asked, met: Mapping[str, Order]) -> Answered:
        """The sandbox's own addresses, and the one where the hub tells of news."""
        if asked.method == "GET" and asked.path == "/sandbox/sent":
            return as_json(200, [asdict(one) for one in self._letters])
        if asked.method == "GET" and asked.path == "/sandbox/feed":
            with self._lock:
                return as_json(200, {"isFollowing": self._is_following, "entries": self._copies})
        if asked.method != "POST":
            return Answered(405)
        if asked.path == "/news":
            self._news.set()  # a hint alone: what is new is asked for under the agreement
            return Answered(204)
        if asked.path == "/sandbox/connect":
            return self._connect(json.loads(asked.body))
        return self._take(json.loads(asked.body)) if asked.path == "/sandbox/send" else Answered(404)

    def _connect(self, told: dict[str, str]) -> Answered:
        self._connected = Connected(**told)
        try:
            send, follower = self._sender(), self._hub()
        except (OSError, ValueError, AddressIsWrong) as wrong:
            return as_json(400, {"error": str(wrong)})
        threading.Thread(target=self._send_all, args=(send,), daemon=True).start()
        threading.Thread(target=self._follow, args=(follower,), daemon=True).start()
        return Answered(204)

    def _hub(self) -> Hub:
        assert self._connected is not None
        return Hub(self._connected.hub, self._connected.client, MachineKey.of(Path(self._connected.key)),
                   lambda: datetime.now(UTC))  # fmt: skip

    def _sender(self) -> Callable[[Any], Any]:
        assert self._connected is not None
        if self._made.speaks == MLLP:
            files = Path(self._connected.certificate), Path(self._connected.authority)
            return Listener(self._connected.listener, *files).send
        return self._hub().send

    def _take(self, message: Any) -> Answered:
        with self._lock:
            letter = Letter(len(self._letters))
            self._letters.append(letter)
            self._waiting.put((letter, message))
        return as_json(202, {"number": letter.number})

    def _send_all(self, send: Callable[[Any], Any]) -> None:
        """One after another: the next one waits until the one before is taken or refused."""
        chance = Random(self._made.code)
        while True:
            letter, message = self._waiting.get()
            wait = _FIRST_WAIT
            while letter.taken_at is None and not letter.refused:
                letter.tries += 1
                try:
                    letter.answer = send(message)
                    letter.taken_at = time.time()
                except Refused as refused:
                    letter.refused = str(refused)
                except NotReached:
                    time.sleep(wait * chance.uniform(0.5, 1.0))
                    wait = min(wait * 2, _LONGEST_WAIT)

    def _follow(self, hub: Hub) -> None:
        """Ask for what is new when told, and now and then without being told."""
        while True:
            try:
                came = hub.changes()
            except (NotReached, Refused):
                came = []
            else:
                with self._lock:
                    self._copies += [_copy(one) for one in came]
                    self._is_following = True
            self._news.wait(_LOOK_AGAIN_SECONDS)
            self._news.clear()


def _copy(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of the feed as it is kept, with when it was seen."""
    return {"address": entry["request"]["url"], "resource": entry.get("resource"), "seenAt": time.time()}


def made(arguments: list[str] | None = None) -> Agency:
    """The server that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True, choices=[one.code for one in CAST])
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    options = parser.parse_args(arguments)
    return SendingAgency(options.name, options.port)


if __name__ == "__main__":
    raise SystemExit(serve(made()))
