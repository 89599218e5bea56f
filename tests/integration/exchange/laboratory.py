"""A made laboratory: its certificate, its connection by MLLP inside TLS, its messages."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings

from integration.exchange.agencies import SigningKey
from integration.exchange.conftest import Exchange
from pccovid.agreements.certificates import Authority, authority_in, certificate_for, server_certificate
from pccovid.connectors.hl7v2.framing import framed
from pccovid.web.laboratory_lane.listening import Bounds, LaboratoryLane, tls_of


def result(control: str, patient: str, order: str, *, value: str = "260373001^^SCT", name: str = "Hồ^Thử^Mẫu",
           born: str = "19710304", code: str = "94309-2") -> bytes:  # fmt: skip
    """An ORU^R01 of a made person."""
    return "\r".join((
        f"MSH|^~\\&|LIS|PXN-THU|HUB|PCCOVID|20211021200000||ORU^R01^ORU_R01|{control}|P|2.5.1||||||UNICODE UTF-8",
        f"PID|1||{patient}^^^PXN-THU^MR||{name}||{born}|F",
        f"OBR|1||{order}|{code}^x^LN|||20211021080000",
        f"OBX|1|CWE|{code}^x^LN||{value}||||||F|||20211021080000|||||20211021200000",
    )).encode()  # fmt: skip


class Connection:
    """One connection of a laboratory."""

    def __init__(self, port: int, tls: ssl.SSLContext) -> None:
        plain = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket = tls.wrap_socket(plain, server_hostname="127.0.0.1")
        self._rest = b""

    def send(self, message: bytes) -> list[list[str]]:
        """The answer's segments, each in its fields."""
        self.socket.sendall(framed(message))
        return self.answer()

    def answer(self) -> list[list[str]]:
        while b"\x1c\r" not in self._rest:
            got = self.socket.recv(65536)
            if not got:
                raise EOFError
            self._rest += got
        one, _, self._rest = self._rest.partition(b"\x1c\r")
        return [line.split("|") for line in one.lstrip(b"\x0b").decode().strip("\r").split("\r")]


@dataclass
class Laboratory:
    """A listener of the hub on a port of its own, and machines of agreements."""

    exchange: Exchange
    lane: LaboratoryLane
    port: int
    authority: Authority
    folder: Path

    def tls(self, agreement: int, key: SigningKey) -> ssl.SSLContext:
        """A client's side: its certificate by the hub's authority, its private key its own."""
        with self.exchange.made.connect("jobs") as jobs:
            pem = certificate_for(jobs, self.authority, agreement=agreement, kid=key.kid, now=datetime.now(UTC))
        kept = self.folder / f"{agreement}.pem"
        private = key._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        kept.write_bytes(pem + private)
        context = ssl.create_default_context(cadata=self.authority.pem().decode())
        context.load_cert_chain(kept)
        return context

    def connect(self, agreement: int, key: SigningKey) -> Connection:
        return Connection(self.port, self.tls(agreement, key))


@contextlib.contextmanager
def laboratory(exchange: Exchange, folder: Path, **bounds: Any) -> Iterator[Laboratory]:
    """The listener in a thread of its own."""
    now = datetime.now(UTC)
    authority = authority_in(folder, now=now)
    own = server_certificate(authority, folder, "127.0.0.1", now=now)
    tls = tls_of(*own, folder / "laboratories-authority.pem")
    lane = LaboratoryLane(
        exchange.made.url("jobs"), settings.EXCHANGE_SECRET, lambda: datetime.now(UTC), Bounds(**bounds)
    )
    started, stop, found = threading.Event(), asyncio.Event(), {}

    async def listen() -> None:
        async with lane.listening("127.0.0.1", 0, tls) as port:
            found.update(port=port, loop=asyncio.get_running_loop())
            started.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(listen(),))
    thread.start()
    assert started.wait(20)
    try:
        yield Laboratory(exchange, lane, found["port"], authority, folder)
    finally:
        found["loop"].call_soon_threadsafe(stop.set)
        thread.join(30)
        assert not thread.is_alive()


__all__ = ["Connection", "Laboratory", "laboratory", "result"]
