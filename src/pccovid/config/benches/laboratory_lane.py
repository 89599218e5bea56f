"""HL7 v2 of laboratories, by MLLP inside TLS into a listener's own process, against bare inserts of the same rows."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pccovid.agreements.certificates import authority_in, certificate_for
from pccovid.config.benches.bare_rows import bare_seconds
from pccovid.config.benches.exchanging import Agreed, HubDidNotStart, MemoryWatch, agreed, enough, free_port
from pccovid.config.benches.scratch import Progress
from pccovid.connectors.hl7v2.framing import framed
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import JOBS, role_url
from pccovid.linkage.claim import Claim
from pccovid.linkage.one_record.nodes import Row

_WARMED_UP_BY = 20
_UNDER_WAY = 16
_COMMAND = (sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())")


def measured(
    url: str, environment: Environment, about: Sequence[Row], messages: int, at_once: int, progress: Progress
) -> dict[str, Any]:
    """Figures of ORU^R01 on one connection, each about somebody of the records: `messages` one after another, then
    `at_once` of a sender that keeps sixteen under way without waiting for answers."""
    agreement = agreed(url, "bench-lab")
    wanted = map(_message, count(), enough(about, messages + at_once + _WARMED_UP_BY))
    memory = MemoryWatch(messages + at_once)
    with tempfile.TemporaryDirectory() as folder, listener(url, environment) as (port, process):
        tls = client_side(url, environment, agreement, Path(folder))
        one_by_one = islice(wanted, messages + _WARMED_UP_BY)
        took, answers = _sent(port, process.pid, tls, one_by_one, memory, progress)
        seconds, told = _sent_without_waiting(port, process.pid, tls, wanted, memory, progress)
    bare = statistics.mean(bare_seconds(url, "facility.bench-lab", messages + at_once, progress))
    return {
        "ratios": {
            "hl7_vs_bare_insert": round(bare / statistics.mean(took), 4),
            "hl7_without_waiting_vs_bare_insert": round(bare / (seconds / at_once), 4),
        },
        "hl7_messages_per_second": round(len(took) / sum(took), 1), "hl7_answers": dict(answers + told),
        "hl7_without_waiting_per_second": round(at_once / seconds, 1),
        "hl7_ms_p50": round(statistics.median(took) * 1000, 3),
        "hl7_ms_p95": round(statistics.quantiles(took, n=100, method="inclusive")[94] * 1000, 3),
        **memory.report("listener"),
    }  # fmt: skip


def _message(number: int, claim: Claim) -> bytes:
    assert claim.birth_date is not None
    assert claim.name is not None
    birth = claim.birth_date.isoformat()[: 4 if claim.birth_precision == "year" else 10]
    return message_about(number, claim.name, birth, claim.personal_id, claim.sex)


def message_about(number: int, name: str, birth: str, personal_id: str | None, sex: str | None) -> bytes:
    """An ORU^R01 with one negative result of somebody. `birth`: ISO day or year."""
    national = f"~{personal_id}^^^QG^NI" if personal_id else ""
    return "\r".join((
        f"MSH|^~\\&|LIS|LAB|HUB|PCCOVID|20211021200000||ORU^R01^ORU_R01|C{number}|P|2.5.1||||||UNICODE UTF-8",
        f"PID|1||L{number}^^^LAB^MR{national}||{name}||{birth.replace('-', '')}|{(sex or 'u')[:1].upper()}",
        f"OBR|1||O{number}|94309-2^RT-PCR^LN|||20211021080000",
        "OBX|1|CWE|94309-2^RT-PCR^LN||260415000^Not detected^SCT||||||F|||20211021080000|||||20211021200000",
    )).encode()  # fmt: skip


@contextlib.contextmanager
def listener(url: str, environment: Environment) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The listener's own process on a free port of this machine."""
    port = free_port()
    variables = {**os.environ, "PCCOVID_DATABASE_URL": url, "PCCOVID_HOME": str(environment.home)}
    command = [*_COMMAND, "laboratories", "listen", "--port", str(port)]
    with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(port)
            yield port, process
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise HubDidNotStart("the laboratories' listener did not answer")


def client_side(url: str, environment: Environment, agreement: Agreed, folder: Path) -> ssl.SSLContext:
    """The laboratory's side of TLS: a certificate for its agreement's key."""
    now = datetime.now(UTC)
    authority = authority_in(environment.home / "secrets", now=now)
    with psycopg.connect(role_url(url, JOBS, environment.home)) as jobs:
        pem = certificate_for(jobs, authority, agreement=agreement.number, kid="k", now=now)
    kept = folder / "laboratory.pem"
    kept.write_bytes(pem + agreement.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(cadata=authority.pem().decode())
    context.load_cert_chain(kept)
    return context


def _sent(
    port: int, listening: int, tls: ssl.SSLContext, messages: Iterable[bytes], memory: MemoryWatch, progress: Progress
) -> tuple[list[float], Counter[str]]:
    """Seconds of each message after the first few, and what was answered."""
    took: list[float] = []
    answers: Counter[str] = Counter()
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        tls.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        for number, message in enumerate(messages):
            begun = time.perf_counter()
            connection.sendall(framed(message))
            answer = b""
            while not answer.endswith(b"\x1c\r"):
                answer += connection.recv(65536)
            if number >= _WARMED_UP_BY:
                took.append(time.perf_counter() - begun)
                answers[answer.split(b"MSA|", 1)[1][:2].decode()] += 1
                memory.note(len(took), listening)
            progress("sending HL7 messages", len(took) / memory.messages)
    return took, answers


def _sent_without_waiting(
    port: int, listening: int, tls: ssl.SSLContext, messages: Iterator[bytes], memory: MemoryWatch, progress: Progress
) -> tuple[float, Counter[str]]:
    """Seconds of all of them together, and what was answered."""
    answers: Counter[str] = Counter()
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        tls.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        begun, got, before = time.perf_counter(), b"", memory.noted
        under_way = _send_some(connection, messages, _UNDER_WAY)
        while under_way:
            *whole, got = (got + connection.recv(65536)).split(b"\x1c\r")
            answers.update(one.split(b"MSA|", 1)[1][:2].decode() for one in whole)
            for place in range(len(whole)):
                memory.note(before + answers.total() - len(whole) + place + 1, listening)
            under_way += _send_some(connection, messages, len(whole)) - len(whole)
            progress("sending HL7 messages", memory.noted / memory.messages)
        return time.perf_counter() - begun, answers


def _send_some(connection: ssl.SSLSocket, messages: Iterator[bytes], most: int) -> int:
    some = list(islice(messages, most))
    connection.sendall(b"".join(map(framed, some)))
    return len(some)
