"""The hot lane as a process of its own in front of a made database, and a device that speaks to it."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from conftest import MadeDatabase, database_from
from pccovid.config.benches.scan_bench import wait_for_lane
from pccovid.config.lane_process import lane_command, lane_environment
from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.rules import Standing, issue
from pccovid.web.scan_lane.postgres import hash_of

VERIFIED = Standing(is_verified=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def register(owner: psycopg.Connection, *, kind: str = "place", place: str | None = "P1") -> str:
    """A device's secret; the owner writes it as the console's function would."""
    secret = secrets.token_urlsafe(32)
    owner.execute(
        "INSERT INTO access.scan_device (kind, place_key, name, key_hash, registered_by)"
        " VALUES (%s, %s, %s, %s, 'test')",
        [kind, place if kind == "place" else None, place or "Chốt 1", hash_of(secret)],
    )
    return secret


def scan(person: int = 1, *, way: str = "in", code: str | None = None, at: datetime | None = None) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "id": str(uuid4()), "code": code or issue(code_keys(), UUID(int=person), VERIFIED, now=now), "way": way,
        "at": (at or now).isoformat(),
    }  # fmt: skip


class Lane:
    """A running lane; may be killed and started again."""

    def __init__(self, url: str, **settings: str) -> None:
        self.port, self.url, self.settings = free_port(), url, settings
        self.start()

    def start(self) -> None:
        environment = lane_environment(self.url, code_keys(), **self.settings)
        self.process = subprocess.Popen(
            lane_command("127.0.0.1", self.port), env=environment, stderr=subprocess.DEVNULL
        )
        wait_for_lane(self.port)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)

    def waits_to_know(self, secret: str, *, known: bool = True) -> None:
        """Return once the lane has heard of the device, or of its loss."""
        until = time.monotonic() + 20
        while (self.send([], secret)[0] == 200) != known:
            assert time.monotonic() < until
            time.sleep(0.1)

    def send(self, content: Any, secret: str, **headers: str) -> tuple[int, Any]:
        """(status, answer) of one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        connection.request("POST", "/scans", body, {"Authorization": f"Bearer {secret}", **headers})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None


@contextmanager
def running(made: MadeDatabase, **settings: str) -> Iterator[Lane]:
    lane = Lane(made.url("scan"), **settings)
    try:
        yield lane
    finally:
        lane.stop()


@pytest.fixture(scope="module")
def made(prepared_url: str, home: Path) -> MadeDatabase:
    return database_from(prepared_url, home)


@pytest.fixture(scope="module")
def secret(made: MadeDatabase) -> str:
    with made.connect("owner") as owner:
        return register(owner)


@pytest.fixture(scope="module")
def lane(made: MadeDatabase, secret: str) -> Iterator[Lane]:
    with running(made) as one:
        yield one
