"""Made agencies that send as badly as some do: twice, out of order, cut off in the middle, in another shape."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from pccovid.connectors.hl7v2.framing import framed

_DRIFTED, _AGAIN, _CUT = 0.05, 0.1, 0.1
"""Shares of messages that are of another shape, sent twice, and whose answer is not waited for the first time."""
_PAUSE, _SECONDS = 0.2, 20.0


@dataclass
class Sent:
    """What one agency sent: distinct messages, how many of them in another shape, and what befell them."""

    messages: int = 0
    drifted: int = 0
    counts: Counter[str] = field(default_factory=Counter)


Deliver = Callable[[bytes], str]
"""Sends once and returns `taken` or `refused`. Raises OSError, EOFError: to be sent again."""


def send_all(
    messages: Sequence[bytes], deliver: Deliver, cut: Callable[[bytes], None], chance: Random, *, seconds: float
) -> Sent:
    """Send each until it is taken or refused, over so many seconds; neighbours change places, some come twice."""
    sent, begun = Sent(), time.monotonic()
    for place, message in enumerate(_shuffled(messages, chance)):
        time.sleep(max(0.0, begun + place * seconds / len(messages) - time.monotonic()))
        is_drifted = chance.random() < _DRIFTED
        sent.messages, sent.drifted = sent.messages + 1, sent.drifted + is_drifted
        body = drifted(message) if is_drifted else message
        if chance.random() < _CUT:
            with contextlib.suppress(OSError, EOFError):
                cut(body)
                sent.counts["answer not waited for"] += 1
        outcome = _until_answered(body, deliver, sent)
        sent.counts[outcome] += 1
        if chance.random() < _AGAIN:
            sent.counts["sent twice"] += 1
            assert _until_answered(body, deliver, sent) == outcome, "the same message fared otherwise"
    return sent


def _shuffled(messages: Sequence[bytes], chance: Random) -> list[bytes]:
    """In an order that is a little wrong."""
    return [message for _, message in sorted((place + chance.uniform(0, 4), one) for place, one in enumerate(messages))]


def drifted(message: bytes) -> bytes:
    """The message in another shape: what it is about stands where nobody looks for it."""
    return message.replace(b'"status"', b'"trangThai"').replace(b"|94309-2^", b"|XN01^").replace(b"^LN|", b"^NB|")


def _until_answered(body: bytes, deliver: Deliver, sent: Sent) -> str:
    while True:
        try:
            return deliver(body)
        except (OSError, EOFError, http.client.HTTPException):
            sent.counts["tried in vain"] += 1
            time.sleep(_PAUSE)


class Bundles:
    """Sends bundles to the hub; each on a connection of its own."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._headers = port, {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}

    def deliver(self, body: bytes) -> str:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=_SECONDS)) as connection:
            connection.request("POST", "/api/fhir/R4", body, self._headers)
            answer = connection.getresponse()
            answer.read()
        if answer.status >= 500 or answer.status == 429:
            raise OSError(f"status {answer.status}")
        return "taken" if answer.status == 200 else "refused"

    def cut(self, body: bytes) -> None:
        """Send it and hang up."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=_SECONDS)) as connection:
            connection.request("POST", "/api/fhir/R4", body, self._headers)


class Messages:
    """Sends HL7 v2 messages to the listener; each on a connection of its own."""

    def __init__(self, port: int, tls: ssl.SSLContext) -> None:
        self._port, self._tls = port, tls

    def deliver(self, body: bytes) -> str:
        with self._connected() as connection:
            connection.sendall(framed(body))
            answer = b""
            while not answer.endswith(b"\x1c\r"):
                came = connection.recv(65536)
                if not came:
                    raise EOFError
                answer += came
        code = answer.split(b"MSA|", 1)[1][:2]
        if code == b"AR":
            raise OSError("to be sent again")
        return "taken" if code == b"AA" else "refused"

    def cut(self, body: bytes) -> None:
        """Send a part of it, and hang up."""
        with self._connected() as connection:
            connection.sendall(framed(body)[: len(body) // 2])

    def _connected(self) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self._port), timeout=_SECONDS)
        try:
            return self._tls.wrap_socket(plain, server_hostname="127.0.0.1")
        except BaseException:
            plain.close()
            raise


def bundle_of(sender: str, number: int, name: str, birth: str, personal_id: str, insurance_no: str | None) -> bytes:
    """A person and a dose of theirs, as one agency sends it."""
    own = "https://pccovid.invalid/fhir/NamingSystem/"
    who = [{"system": f"https://{sender}.invalid/file", "value": f"P{number}"},
           {"system": f"{own}personal-id", "value": personal_id}]  # fmt: skip
    who += [{"system": f"{own}insurance-no", "value": insurance_no}] if insurance_no else []
    patient = {"resourceType": "Patient", "identifier": who, "name": [{"text": name}], "birthDate": birth}
    dose = {
        "resourceType": "Immunization", "status": "completed", "patient": {"reference": "urn:uuid:p"},
        "identifier": [{"system": f"https://{sender}.invalid/dose", "value": f"D{number}"}],
        "vaccineCode": {"text": "Pfizer"}, "occurrenceDateTime": "2021-10-20", "lotNumber": f"L{number}",
    }  # fmt: skip
    entries = [
        {"fullUrl": f"urn:uuid:{name}", "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
        for name, one in (("p", patient), ("d", dose))
    ]
    return json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()
