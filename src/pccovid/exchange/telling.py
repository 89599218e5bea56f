"""Telling receivers that their feed has something new: signed, short, without anything about anybody.

What is new is fetched by the feed, under the agreement and with a token; the message only says that it is time to, and
from where. Signed with Ed25519 as Standard Webhooks has it (`v1a`): the receiver needs only our public key.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from queue import SimpleQueue
from random import Random
from typing import Any

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pccovid.exchange.marks import mark
from pccovid.exchange.posting import post
from pccovid.foundation.asking import ANSWERED, NOT_REACHED, Passed, note_passed
from pccovid.foundation.outbox import Claimed, Delivered, Message, deliver_side_by_side, put
from pccovid.foundation.sealing import sealer

TOPIC = "feed"
KEY_ID = "webhooks-1"
_LOOKS_EVERY_SECONDS = 0.5


class Signer:
    """Signs messages with the key that a secret of the house makes."""

    def __init__(self, secret: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"webhooks " + secret.encode()).digest())

    def headers(self, number: str, body: bytes, at: datetime) -> dict[str, str]:
        """The three headers of Standard Webhooks."""
        moment = str(int(at.timestamp()))
        signature = self._key.sign(f"{number}.{moment}.".encode() + body)
        return {
            "webhook-id": number, "webhook-timestamp": moment,
            "webhook-signature": "v1a," + base64.b64encode(signature).decode(),
        }  # fmt: skip

    def jwk(self) -> dict[str, Any]:
        """The public key that receivers check with (RFC 8037)."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        x = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": KEY_ID, "x": x}


def gather_news(connection: psycopg.Connection, *, now: datetime) -> int:
    """Put a message out for each agreement whose feed has something new; returns how many. As the jobs role."""
    with connection.transaction():
        news = connection.execute("SELECT * FROM access.take_feed_news()").fetchall()
        for agreement, url, since_at, since, until_at, until in news:
            body = {"agreement": f"CS-{agreement}", "since": mark(f"{since_at}-{since}")}
            put(connection, Message(url, TOPIC, f"CS-{agreement}.{until_at}-{until}", body), now=now)
    return len(news)


def tell(
    connection: psycopg.Connection, signer: Signer, *, now: Callable[[], datetime], chance: Random,
    plain_http: bool = False,
) -> Delivered:  # fmt: skip
    """Put out what is new and deliver what is due, until nothing is; a receiver that is slow holds up no other.

    Each attempt is written into the log of messages, under the id that the receiver knows it by.

    `plain_http`: a sandbox's receivers may answer without TLS, on this machine alone.
    """

    passed: SimpleQueue[tuple[str, Passed]] = SimpleQueue()

    def send(one: Claimed) -> None:
        body, asked_at, outcome = body_of(one.message), now(), NOT_REACHED
        try:
            post(one.message.endpoint, body, signer.headers(f"msg_{one.id}", body, asked_at), plain_http=plain_http)
            outcome = ANSWERED
        finally:
            case, ended_at = str(one.message.body.get("agreement", "")), max(asked_at, now())
            answer = b"" if outcome == ANSWERED else None
            told = Passed(f"msg_{one.id}", case, asked_at, ended_at, outcome, body, answer)
            passed.put((one.message.endpoint, told))

    def gather() -> None:
        _note(connection, passed)
        gather_news(connection, now=now())

    delivered = deliver_side_by_side(
        connection, send, topics=[TOPIC], now=now, chance=chance, looks_every=_LOOKS_EVERY_SECONDS, gather=gather
    )
    _note(connection, passed)
    return delivered


def _note(connection: psycopg.Connection, passed: SimpleQueue[tuple[str, Passed]]) -> None:
    """Write down what the threads that send have passed on."""
    told = [passed.get_nowait() for _ in range(passed.qsize())]
    if not told:
        return
    with connection.transaction():
        for endpoint in sorted({endpoint for endpoint, _ in told}):
            note_passed(connection, sealer(), endpoint=endpoint, topic=TOPIC,
                        passed=[one for to, one in told if to == endpoint])  # fmt: skip


def body_of(message: Message) -> bytes:
    """The message as a Parameters resource."""
    parameters = [{"name": name, "valueString": str(value)} for name, value in message.body.items()]
    told = {"resourceType": "Parameters",
            "parameter": [{"name": "type", "valueCode": "event-notification"}, *parameters]}  # fmt: skip
    return json.dumps(told, separators=(",", ":")).encode()
