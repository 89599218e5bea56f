"""Receivers are told of news: signed, at least once, again after a failure; one that is sick holds up nobody else."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from random import Random
from typing import Any

import psycopg
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from integration.exchange.agencies import bundle, dose, patient
from integration.exchange.conftest import Exchange
from pccovid.foundation.outbox import (
    FAILURES_THAT_CLOSE,
    MOST_ATTEMPTS,
    Claimed,
    Message,
    NotTaken,
    claim_due,
    dead_letters,
    deliver_due,
    put,
    replay,
)

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)


class Receiver:
    """A real HTTP server that keeps what it is sent, and answers as it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(receiver.status)
                if receiver.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/nhan-tin"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def jobs(exchange: Exchange) -> Iterator[psycopg.Connection]:
    exchange.owner.execute("DELETE FROM foundation_outbox; DELETE FROM foundation_outboxendpoint")
    with exchange.made.connect("jobs", autocommit=True) as connection:
        yield connection


def tell_all(jobs: psycopg.Connection, at: datetime) -> Any:
    from django.conf import settings

    from pccovid.exchange.telling import Signer, gather_news, tell

    gather_news(jobs, now=at)
    return tell(jobs, Signer(settings.WEBHOOK_SECRET), now=lambda: at, chance=Random(1), plain_http=True)


def test_a_receiver_is_told_signed_and_finds_the_news_from_the_mark_it_was_told(
    exchange: Exchange, receiver: Receiver, jobs: psycopg.Connection
) -> None:
    agency = exchange.agency(agency="nghe-tin", name="Cơ quan nghe tin", notify_url=receiver.url)
    tell_all(jobs, NOW)
    receiver.taken.clear()
    answer = agency.post("", bundle(patient("WA", birthDate="1949-02-03"), dose("WA", "urn:uuid:1")))
    given = answer.json()["entry"][1]["response"]["location"].split("/_history")[0]
    assert tell_all(jobs, NOW).taken == 1
    ((headers, body),) = receiver.taken
    (key,) = agency.client.get("/api/auth/signing-keys").json()["keys"]
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
    signature = base64.b64decode(headers["webhook-signature"].removeprefix("v1a,"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode()
    public.verify(signature, signed + body)
    with pytest.raises(InvalidSignature):
        public.verify(signature, signed + body + b" ")
    told = {one["name"]: one.get("valueString") for one in json.loads(body)["parameter"]}
    assert told["agreement"] == f"CS-{agency.agreement}"
    assert "WA" not in body.decode()
    entries = agency.get("$changes", _since=told["since"]).json()["entry"]
    assert given in [one["request"]["url"] for one in entries]
    assert tell_all(jobs, NOW).taken == 0, "told once"


def test_a_redirect_or_a_fault_is_no_taking_and_comes_again_later(receiver: Receiver, jobs: psycopg.Connection) -> None:
    put(jobs, Message(receiver.url, "feed", "1", {"agreement": "CS-1"}), now=NOW)
    for status in (302, 500):
        receiver.status = status
        assert tell_all(jobs, NOW + timedelta(hours=status)).failed == 1
    receiver.status = 200
    assert tell_all(jobs, NOW + timedelta(hours=500)).taken == 0, "not before its time"
    assert tell_all(jobs, NOW + timedelta(hours=502)).taken == 1
    keys = {headers["webhook-id"] for headers, _ in receiver.taken}
    assert len(receiver.taken) == 3
    assert len(keys) == 1, "the receiver knows it again"
    logged = (
        "SELECT outcome, case_reference FROM foundation_messagelog WHERE reference = %s AND endpoint = %s ORDER BY id"
    )
    assert jobs.execute(logged, [keys.pop(), receiver.url]).fetchall() == [
        ("not_reached", "CS-1"), ("not_reached", "CS-1"), ("answered", "CS-1"),
    ]  # fmt: skip


class Line:
    """Receivers by name: those that are sick take nothing."""

    def __init__(self, *sick: str) -> None:
        self.sick, self.taken = set(sick), []  # type: ignore[var-annotated]

    def send(self, one: Claimed) -> None:
        if one.message.endpoint in self.sick:
            raise NotTaken("sick")
        self.taken.append((one.message.endpoint, one.message.key))


def deliver(jobs: psycopg.Connection, line: Line, at: datetime) -> Any:
    return deliver_due(jobs, line.send, now=lambda: at, chance=Random(1))


def test_nobody_waits_behind_the_sick_one_and_it_is_left_alone_after_some_failures(jobs: psycopg.Connection) -> None:
    line = Line("sick")
    for number in range(20):
        for endpoint in ("sick", "well"):
            put(jobs, Message(endpoint, "test", str(number), {}), now=NOW)
    done = deliver(jobs, line, NOW)
    assert done.taken == 20
    assert done.failed == FAILURES_THAT_CLOSE
    assert deliver(jobs, line, NOW + timedelta(seconds=20)).failed == 0, "closed for half a minute"
    assert deliver(jobs, line, NOW + timedelta(seconds=31)).failed == 1, "one try, then closed for longer"
    line.sick.clear()
    done = deliver(jobs, line, NOW + timedelta(hours=1))
    assert done.taken == 20
    assert sorted(set(line.taken)) == sorted((e, str(n)) for e in ("sick", "well") for n in range(20))


def test_what_was_put_out_twice_is_one_message(jobs: psycopg.Connection) -> None:
    assert put(jobs, Message("a", "test", "k", {}), now=NOW)
    assert not put(jobs, Message("a", "test", "k", {"other": 1}), now=NOW)
    line = Line()
    assert deliver(jobs, line, NOW).taken == 1


def test_a_message_that_was_put_out_in_a_transaction_that_failed_is_not_there(jobs: psycopg.Connection) -> None:
    with contextlib.suppress(ZeroDivisionError), jobs.transaction():
        put(jobs, Message("a", "test", "k", {}), now=NOW)
        raise ZeroDivisionError
    assert deliver(jobs, Line(), NOW).taken == 0


def test_what_is_given_up_is_replayed_by_range_and_no_faster_than_the_rate(jobs: psycopg.Connection) -> None:
    line, at = Line("gone"), NOW
    for number in range(6):
        put(jobs, Message("gone", "test", str(number), {}), now=NOW)
    for _ in range(MOST_ATTEMPTS * 6 + 20):
        at += timedelta(hours=2)
        deliver(jobs, line, at)
    letters = dead_letters(jobs)
    assert [one.attempts for one in letters] == [MOST_ATTEMPTS] * 6
    line.sick.clear()
    assert replay(jobs, first=letters[1].id, last=letters[4].id, per_minute=2, now=at) == 4
    at += timedelta(hours=1)
    jobs.execute("UPDATE foundation_outbox SET next_at = next_at + interval '1 hour' WHERE state = 'waiting'")
    counts = [deliver(jobs, line, at + timedelta(seconds=s)).taken for s in (0, 10, 31, 61, 91, 200)]
    assert counts == [1, 0, 1, 1, 1, 0]
    assert len(dead_letters(jobs)) == 2


def test_a_sender_that_dies_with_a_message_in_hand_loses_none(jobs: psycopg.Connection) -> None:
    put(jobs, Message("a", "test", "k", {}), now=NOW)
    assert len(claim_due(jobs, now=NOW)) == 1
    assert claim_due(jobs, now=NOW + timedelta(seconds=30)) == [], "it may still be on its way"
    assert deliver(jobs, Line(), NOW + timedelta(seconds=61)).taken == 1


def test_an_address_without_tls_is_not_spoken_to_in_production(jobs: psycopg.Connection) -> None:
    from pccovid.exchange.posting import post

    for url in ("http://127.0.0.1:1/x", "ftp://a.invalid", "https://[::1", "http://benh-vien.thu/"):
        with pytest.raises(NotTaken):
            post(url, b"{}", {}, plain_http=False)
    with pytest.raises(NotTaken):
        post("http://benh-vien.thu/", b"{}", {}, plain_http=True)
