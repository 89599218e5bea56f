"""What benches of the exchange share: an agreement in force with its key and token, and the hub's process."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import psycopg
from cryptography.hazmat.primitives.asymmetric import ec

from pccovid.config.benches.filled_index import varied
from pccovid.config.web_server import web_server
from pccovid.foundation.database import ROLE_URL_VARIABLE
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import JOBS, WEB, role_url
from pccovid.linkage.claim import Claim
from pccovid.linkage.one_record.nodes import Row


class HubDidNotStart(RuntimeError):
    """The measured process did not answer."""


class Agreed(NamedTuple):
    """An agreement in force: its number, a token of it, and its private key."""

    number: int
    token: str
    key: ec.EllipticCurvePrivateKey


def agreed(url: str, agency: str, *, notify_url: str | None = None) -> Agreed:
    """An agreement on identity, doses and tests for a made agency; the index's persons are opened with the first."""
    token, key = secrets.token_urlsafe(32), ec.generate_private_key(ec.SECP384R1())
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(
            "INSERT INTO people_person (id, is_identity_verified, attribute_sources, created_at)"
            " SELECT DISTINCT person_id, false, '{}'::jsonb, now() FROM people_recordclaim WHERE person_id IS NOT NULL"
            " ON CONFLICT DO NOTHING"
        )
        owner.execute(
            "INSERT INTO access.agency (code, name, standing) VALUES (%s, 'Cơ quan đo', 'facility')", [agency]
        )
        row = owner.execute(
            "INSERT INTO access.agreement (agency_code, purpose, categories, written, valid_until, document, reason,"
            " asked_by, asked_through, asked_office, notify_url) VALUES (%s, 'care', '{identity,vaccination,test}',"
            " '{identity,vaccination,test}', now() + interval '1 day', 'bench', 'chỉ để đo, không có thật', 1, 1, 'x',"
            " %s) RETURNING id",
            [agency, notify_url],
        ).fetchone()
        assert row is not None
        owner.execute(
            "INSERT INTO access.agreement_opinion (agreement_id, asked_by, officer_id, appointment_id, office,"
            " approves, note) VALUES (%s, 1, 2, 1, 'x', true, '')",
            row,
        )
        owner.execute("INSERT INTO access.agreement_key VALUES (%s, 'k', %s, 'bench')", [row[0], json.dumps(_jwk(key))])
        owner.execute(
            "INSERT INTO access.agency_token (digest, agreement_id, kid, scopes, expires_at)"
            " VALUES (%s, %s, 'k', '{system/*.crus}', now() + interval '1 day')",
            [hashlib.sha256(token.encode()).digest(), row[0]],
        )
        owner.execute("VACUUM ANALYZE")
    return Agreed(row[0], token, key)


def _jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    point = {name: base64.urlsafe_b64encode(getattr(numbers, name).to_bytes(48)).rstrip(b"=").decode() for name in "xy"}
    return {"kty": "EC", "crv": "P-384", "kid": "k", **point}


@contextlib.contextmanager
def hub(url: str, environment: Environment) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """The hub's server with one process on a free port of this machine."""
    port = free_port()
    variables = {
        **os.environ, ROLE_URL_VARIABLE: role_url(url, WEB, environment.home), "PCCOVID_SERVES": "exchange",
        "PCCOVID_EXCHANGE_URL": role_url(url, JOBS, environment.home),
    }  # fmt: skip
    command = web_server(f"127.0.0.1:{port}", workers=1, threads=2, log_level="error")
    with subprocess.Popen(command, env=variables) as process:
        try:
            _wait_for(port)
            yield port, process
        finally:
            process.terminate()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as asked:
            asked.request("GET", "/api/fhir/R4/metadata")
            if asked.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise HubDidNotStart("the hub did not answer")


def free_port() -> int:
    """A port that nothing answers on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MemoryWatch:
    """The resident memory of a serving process, looked at as messages come."""

    MARKS = (10_000, 50_000, 100_000)

    def __init__(self, messages: int) -> None:
        self.messages = messages
        self._at = {max(1, messages // 8), *(mark for mark in self.MARKS if mark < messages), messages}
        self.seen: dict[int, tuple[int, int]] = {}
        """Messages sent → (peak, present) in MB."""
        self.noted = 0

    def note(self, sent: int, process: int) -> None:
        """Look, if it is time: after an eighth, at the marks, and after the last."""
        self.noted = sent
        if sent in self._at:
            self.seen[sent] = _memory(process)

    def report(self, name: str) -> dict[str, object]:
        """Peaks as a list, both with how many messages had been sent, and the last peak in proportion to the first."""
        peaks = [peak for peak, _ in self.seen.values()]
        return {
            f"{name}_peak_mb": peaks,
            f"{name}_mb_at": {str(sent): {"peak": peak, "now": now} for sent, (peak, now) in self.seen.items()},
            f"{name}_memory_growth": round(peaks[-1] / peaks[0], 3),
        }


def _memory(process: int) -> tuple[int, int]:
    """The peak of a process's resident memory, and what it is now, in MB."""
    lines = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return tuple(int(lines[name].split()[0]) // 1024 for name in ("VmHWM", "VmRSS"))  # type: ignore[return-value]


def enough(rows: Sequence[Row], messages: int) -> Iterator[Claim]:
    """The claims of so many messages: of the records, and then of others of the same names and homes."""
    for number in range(messages):
        row = rows[number % len(rows)]
        yield (varied(row, number // len(rows)) if number >= len(rows) else row).claim
