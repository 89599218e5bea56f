"""Taking in a laboratory's HL7 v2 message: as the resources it says, by the way that FHIR takes, and answered in kind.

Every message gets an answer. AA is said after the commit alone; AE: nothing of it was written, and the same would fare
the same; AR: nothing of it was written for a reason that is not in its results (kind, version, no agreement, busy).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

import psycopg

from pccovid.agreements.rules import Grant
from pccovid.connectors.hl7v2 import answers
from pccovid.connectors.hl7v2.answers import ACCEPTED, REFUSED, WARNING, WRONG, Fault, acknowledgement
from pccovid.connectors.hl7v2.messages import Header, Message, MessageIsWrong, batch_control, header_of, read_message
from pccovid.connectors.hl7v2.results import Made, Results, read_results
from pccovid.exchange.entries import Sent
from pccovid.exchange.outcomes import ERROR, Issue, Refusal, held_issue
from pccovid.exchange.receiving import Message as Taken
from pccovid.exchange.receiving import Received, is_held, message_of, receive, receive_together
from pccovid.foundation.access import AccessRefused
from pccovid.people.operations import IndexIsBusy

_KINDS = ("ORU^R01", "ORU")
"""The second as the oldest versions write it: they have no other ORU."""
_VERSIONS = ("2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9")
_CODES = {"required": answers.REQUIRED, "code-invalid": answers.TABLE, "not-found": answers.KEY,
          "forbidden": answers.KEY, "business-rule": answers.TABLE}  # fmt: skip


def answer_results(
    connection: psycopg.Connection, grant: Grant, octets: bytes, *, secret: bytes, now: datetime
) -> bytes:
    """Write what a message holds; its acknowledgement. Lets through what a database says when it is not there."""
    header = header_of(octets)
    try:
        results = _read(octets)
        received = _received(connection, grant, octets, results, secret, now)
    except MessageIsWrong as wrong:
        code = WRONG if wrong.is_content else REFUSED
        return answered(header, code, [Fault(wrong.code, wrong.words, wrong.place)], now)
    except _RefusedWhole as refused:
        return answered(header, WRONG, refused.faults, now)
    except IndexIsBusy as busy:
        return answered(header, REFUSED, [Fault(answers.LOCKED, str(busy))], now)
    except AccessRefused:
        return answered(header, REFUSED, [Fault(answers.KEY, "the agreement does not cover that")], now)
    return answered(header, ACCEPTED, [*_warnings(received, results)], now)


def answered_batch(octets: bytes, made: Sequence[bytes], now: datetime) -> bytes:
    """The acknowledgements of a batch's messages as a batch of their own, which names the sender's (BHS-12)."""
    begin = f"BHS|^~\\&|PCCOVID|PCCOVID|||{now:%Y%m%d%H%M%S%z}||||{uuid4().hex[:20]}|{batch_control(octets)}\r"
    return begin.encode() + b"".join(made) + f"BTS|{len(made)}\r".encode()


def answer_together(
    connection: psycopg.Connection, grant: Grant, messages: Sequence[bytes], *, secret: bytes, now: datetime
) -> list[bytes] | None:
    """Write messages that came without waiting for answers by one transaction; their acknowledgements.

    None, and nothing written, where one of them is refused. Raises whatever hinders one: each is for one of its own.
    """
    read = [_read(octets) for octets in messages]
    entries = [_message(octets, results) for octets, results in zip(messages, read, strict=True)]
    received = receive_together(connection, grant, entries, secret=secret, now=now)
    if received is None:
        return None
    return [
        answered(header_of(octets), ACCEPTED, _warnings(one, results), now)
        for octets, one, results in zip(messages, received, read, strict=True)
    ]


def _read(octets: bytes) -> Results:
    message = read_message(octets)
    _check_header(message)
    return read_results(message)


def answered(header: Header, code: str, faults: Iterable[Fault], now: datetime) -> bytes:
    """An acknowledgement under a number of its own."""
    return acknowledgement(header, code, faults, number=uuid4().hex[:20], at=now)


class _RefusedWhole(Exception):  # noqa: N818 - an answer, no failure of ours
    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("refused")
        self.faults = faults


def _check_header(message: Message) -> None:
    header = message.header
    if "^".join(header.kind.split("^")[:2]) not in _KINDS:
        raise MessageIsWrong(answers.KIND, f"taken is {_KINDS[0]}", "MSH^1^9")
    if header.processing.split("^")[0] != "P":
        raise MessageIsWrong(answers.PROCESSING, "taken is P; training and debugging have no place here", "MSH^1^11")
    if header.version.split("^")[0][:3] not in _VERSIONS:
        raise MessageIsWrong(answers.VERSION, f"taken are {', '.join(_VERSIONS)}", "MSH^1^12")
    if not header.control:
        raise MessageIsWrong(answers.REQUIRED, "a message needs its control id", "MSH^1^10")


def _received(
    connection: psycopg.Connection, grant: Grant, octets: bytes, results: Results, secret: bytes, now: datetime
) -> list[Received]:
    try:
        return receive(connection, grant, _message(octets, results), secret=secret, known={}, now=now)
    except Refusal as refusal:
        raise _RefusedWhole([_fault(issue, results.made) for issue in refusal.issues]) from None


def _message(octets: bytes, results: Results) -> Taken:
    entries = [Sent(f"{at}/", one.kind, one.resource, one.name, only_new=False) for at, one in enumerate(results.made)]
    return message_of(octets, "hl7v2", entries, is_atomic=True)


def _warnings(received: list[Received], results: Results) -> Iterable[Fault]:
    """What was not taken over, or is held; the rest was written."""
    for one in received:
        issues = list(one.issues)
        if is_held(one) and one.placed is not None:
            issues.append(held_issue(one.placed.reason, one.sent.at + one.sent.kind))
        yield from (_fault(issue, results.made) for issue in issues)
    for place in results.passed_over:
        yield Fault(answers.TABLE, "passed over: no test of the epidemic", place, WARNING)


def _fault(issue: Issue, made: tuple[Made, ...]) -> Fault:
    """An issue in HL7's words, at the segment and field that the element came from."""
    number, _, path = issue.element.partition("/")
    one = made[int(number)] if number.isascii() and number.isdigit() and int(number) < len(made) else None
    element = path.split(".")[1].split("[")[0] if "." in path else ""
    place = (one.places.get(element) or one.places.get("", "")) if one else ""
    code = _CODES.get(issue.code, answers.DATA)
    return Fault(code, issue.words, place, answers.ERROR if issue.severity == ERROR else WARNING)
