"""A relay in front of PostgreSQL that counts round trips as the wire shows them, whoever makes them and however.

A client waits for the server after a Query, a Sync, or a Flush of statements that it sent before; each of those is one
round trip. What a client sends without waiting (the statements of a pipeline) is none of its own, nor is a Flush that
follows a Sync: nothing answers it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Iterator
from unittest import mock
from urllib.parse import urlsplit

_ENDS, _FLUSH = {b"Q", b"S"}, b"H"
_PLAIN = {"PGSSLMODE": "disable", "PGGSSENCMODE": "disable"}
_SOME = 65536


class Relay:
    """Where to connect instead, and how many round trips were made by way of it."""

    def __init__(self, listener: socket.socket, behind: str) -> None:
        parts = urlsplit(behind)
        self._listener, self._behind = listener, (parts.hostname or "127.0.0.1", parts.port or 5432)
        account = parts.netloc.rpartition("@")[0]
        self.url = parts._replace(netloc=f"{account}@127.0.0.1:{listener.getsockname()[1]}").geturl()
        self.trips = 0

    def serve(self) -> None:
        """Take connections until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._behind)
                for one in (client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for ends in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._hand_on, args=ends, daemon=True).start()

    def _hand_on(self, giver: socket.socket, taker: socket.socket, is_client: bool) -> None:
        counted = _Messages()
        with contextlib.suppress(OSError):
            while octets := giver.recv(_SOME):
                if is_client:
                    self.trips += counted.waits_in(octets)
                taker.sendall(octets)
            taker.shutdown(socket.SHUT_WR)


class _Messages:
    """The client's half of one connection, cut into messages; the first has no letter in front."""

    def __init__(self) -> None:
        self._rest, self._is_first, self._is_open = b"", True, False

    def waits_in(self, octets: bytes) -> int:
        """After how many of the messages that these octets complete the client waits."""
        self._rest += octets
        waits = 0
        while len(self._rest) >= 5:
            start = 0 if self._is_first else 1
            (length,) = struct.unpack_from("!I", self._rest, start)
            if len(self._rest) < start + length:
                break
            waits += not self._is_first and self._waits(self._rest[:1])
            self._rest, self._is_first = self._rest[start + length :], False
        return waits

    def _waits(self, letter: bytes) -> bool:
        is_end = letter in _ENDS or (letter == _FLUSH and self._is_open)
        self._is_open = letter not in _ENDS and letter != _FLUSH
        return is_end


@contextlib.contextmanager
def counted_trips(behind: str) -> Iterator[Relay]:
    """A relay to the server of that URL; connections must be plain, so that its messages can be told apart."""
    with socket.create_server(("127.0.0.1", 0)) as listener, mock.patch.dict(os.environ, _PLAIN):
        relay = Relay(listener, behind)
        threading.Thread(target=relay.serve, daemon=True).start()
        yield relay
