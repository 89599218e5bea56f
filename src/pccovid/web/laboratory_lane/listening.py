"""The listener itself. A connection's next messages are read when those before have been answered; what a sender sent
without waiting is written together, and each is answered.

Nothing is acknowledged before its commit. What is cut off, or not answered because this process was killed, comes
again from the sender, and is no second fact.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from pccovid.agreements.certificates import NoSuchMachine, grant_of_certificate
from pccovid.connectors.hl7v2 import answers
from pccovid.connectors.hl7v2.answers import REFUSED, WRONG, Fault
from pccovid.connectors.hl7v2.framing import FrameIsWrong, Frames, framed
from pccovid.connectors.hl7v2.messages import Header, MessageIsWrong, batched, header_of
from pccovid.connectors.persons import keep_few_readings
from pccovid.exchange.laboratories import answer_results, answer_together, answered, answered_batch
from pccovid.foundation.kept_connections import check

_log = logging.getLogger("pccovid.laboratories")
_CHUNK = 64 * 1024
_WAIT_SECONDS = 10.0
_MOST_TOGETHER = 16
"""Messages in one transaction: beyond, others would wait too long for whom these are about."""


@dataclass(frozen=True)
class Bounds:
    """How much of everything: connections at once, messages written at once, and seconds."""

    connections: int = 200
    writers: int = 4
    idle_seconds: float = 300.0
    frame_seconds: float = 30.0
    """How long a frame that has begun may take to end."""
    handshake_seconds: float = 10.0


@dataclass
class Counted:
    """What came and what became of it; nothing of what it said."""

    answers: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    connections: int = 0


class LaboratoryLane:
    """Takes messages in for the agreements that connections' certificates name."""

    def __init__(self, url: str, secret: bytes, now: Callable[[], datetime], bounds: Bounds | None = None) -> None:
        self.bounds, self.counted = bounds or Bounds(), Counted()
        self._secret, self._now, self._is_closing = secret, now, False
        self._conversations: set[asyncio.Task[None]] = set()
        self._writers = ThreadPoolExecutor(self.bounds.writers, thread_name_prefix="laboratories")
        self._pool = ConnectionPool(
            url, min_size=0, max_size=self.bounds.writers, open=False, check=check,
            kwargs={"autocommit": True, "application_name": "pccovid laboratories"},
        )  # fmt: skip

    @contextlib.asynccontextmanager
    async def listening(self, host: str, port: int, tls: ssl.SSLContext) -> AsyncIterator[int]:
        """Listen until the block ends; yields the port."""
        keep_few_readings()
        self._pool.open()
        server = await asyncio.start_server(
            self._serve, host, port, ssl=tls, limit=_CHUNK, ssl_handshake_timeout=self.bounds.handshake_seconds
        )
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            self._is_closing = True
            server.close()
            # What is being written is written, and answered, before this ends.
            await asyncio.to_thread(self._writers.shutdown)
            for task in self._conversations:
                task.cancel()
            await asyncio.gather(*self._conversations, return_exceptions=True)
            self._pool.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.counted.connections += 1
        frames = Frames()
        task = asyncio.current_task()
        assert task is not None
        self._conversations.add(task)
        try:
            if self.counted.connections > self.bounds.connections:
                self.counted.faults["too many connections"] += 1
                return
            await self._converse(reader, writer, frames)
        except FrameIsWrong as wrong:
            self.counted.faults["frame"] += 1
            await self._say(writer, self._refusal(Header(), answers.DATA, str(wrong)))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            self.counted.faults["connection"] += 1
        except asyncio.CancelledError:
            if not self._is_closing:
                raise
        finally:
            frames.closed()
            self.counted.faults.update(_told(frames))
            self.counted.connections -= 1
            self._conversations.discard(task)
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 1)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, frames: Frames) -> None:
        certificate = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        while True:
            octets = await self._read(reader, frames)
            if not octets:
                return
            whole, wrong = _whole(frames, octets)
            for few in _by_few(whole):
                for answer in await self._answers(certificate, few):
                    await self._say(writer, answer)
            if wrong is not None:
                raise wrong

    async def _read(self, reader: asyncio.StreamReader, frames: Frames) -> bytes:
        """The next octets: soon where a frame has begun, and that within its time."""
        loop = asyncio.get_running_loop()
        frames.begun_at = (frames.begun_at or loop.time()) if frames.is_inside else None
        left = self.bounds.idle_seconds
        if frames.begun_at is not None:
            left = max(0.0, frames.begun_at + self.bounds.frame_seconds - loop.time())
        return await asyncio.wait_for(reader.read(_CHUNK), left)

    async def _answers(self, certificate: bytes | None, messages: list[bytes]) -> list[bytes]:
        if self._is_closing:
            return [self._refusal(header_of(one), answers.LOCKED, "this service is ending; send it again")
                    for one in messages]  # fmt: skip
        loop = asyncio.get_running_loop()
        told = await loop.run_in_executor(self._writers, self.answer_all, certificate, messages)
        self.counted.answers.update(map(_code_of, told))
        return told

    async def _say(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        writer.write(framed(answer))
        with contextlib.suppress(ConnectionError):
            await asyncio.wait_for(writer.drain(), self.bounds.frame_seconds)

    def answer_all(self, certificate: bytes | None, messages: Sequence[bytes]) -> list[bytes]:
        """Write messages that came together; their acknowledgements, whatever happens."""
        together = self._answered_together(certificate, messages) if len(messages) > 1 else None
        return together or [self.answer(certificate, one) for one in messages]

    def _answered_together(self, certificate: bytes | None, messages: Sequence[bytes]) -> list[bytes] | None:
        # Whatever hinders one of them is told when each is taken alone; until then nothing of any is written.
        with contextlib.suppress(Exception), self._pool.connection(timeout=_WAIT_SECONDS) as connection:
            grant = grant_of_certificate(connection, certificate or b"")
            return answer_together(connection, grant, messages, secret=self._secret, now=self._now())
        return None

    def answer(self, certificate: bytes | None, message: bytes) -> bytes:
        """Write one message, or each of a batch for itself; the acknowledgement, whatever happens."""
        header = header_of(message)
        try:
            messages = batched(message)
            if messages is not None:
                made = [one for few in _by_few(messages) for one in self.answer_all(certificate, few)]
                return answered_batch(message, made, self._now())
            with self._pool.connection(timeout=_WAIT_SECONDS) as connection:
                grant = grant_of_certificate(connection, certificate or b"")
                return answer_results(connection, grant, message, secret=self._secret, now=self._now())
        except MessageIsWrong as wrong:
            return answered(header, WRONG, [Fault(wrong.code, wrong.words, wrong.place)], self._now())
        except (NoSuchMachine, ValueError) as refused:
            words = str(refused) if isinstance(refused, NoSuchMachine) else "the message cannot be taken"
            return self._refusal(header, answers.KEY, words)
        except (PoolTimeout, psycopg.OperationalError):
            return self._refusal(header, answers.LOCKED, "it cannot be written at this moment; send it again")
        except Exception as fault:
            # A fault of ours: told to the sender without what it was, kept here without what the message said.
            _log.error("a message could not be taken: %s", type(fault).__name__)
            return self._refusal(header, answers.INTERNAL, "a fault of this service; nothing was written")

    def _refusal(self, header: Header, code: int, words: str) -> bytes:
        return answered(header, REFUSED, [Fault(code, words)], self._now())


def _whole(frames: Frames, octets: bytes) -> tuple[list[bytes], FrameIsWrong | None]:
    """The messages that are complete with these octets, and what then ends the connection."""
    whole: list[bytes] = []
    try:
        for message in frames.feed(octets):
            whole.append(message)  # noqa: PERF402 - what came before a fault is kept
    except FrameIsWrong as wrong:
        return whole, wrong
    return whole, None


def _by_few(messages: list[bytes]) -> Iterator[list[bytes]]:
    for at in range(0, len(messages), _MOST_TOGETHER):
        yield messages[at : at + _MOST_TOGETHER]


def _told(frames: Frames) -> dict[str, int]:
    faults = frames.faults
    told = {"stray octets": faults.stray_octets, "begun anew": faults.begun_anew, "cut off": faults.unfinished}
    return {name: count for name, count in told.items() if count}


def _code_of(answer: bytes) -> str:
    return answer.split(b"MSA|", 1)[1][:2].decode()


def tls_of(certificate: Path, key: Path, authority: Path) -> ssl.SSLContext:
    """TLS 1.2 or later, and no connection without a certificate of that authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(authority)
    return context
