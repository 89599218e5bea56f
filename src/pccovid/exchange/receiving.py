"""Taking in what an agency sends: validated, matched, written, counted; one transaction for a request, or for several.

A transaction is all or nothing; of a batch each entry stands for itself. What cannot be placed is held with its reason
and taken up again when news comes; what is wrong is kept apart, whole, so that it can be looked at and replayed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from pccovid.agreements.rules import Grant
from pccovid.carry_over.arriving import HELD, REJECTED, ArrivingIndex, Placed
from pccovid.connectors.agency_fhir.envelopes import KIND_OF, PATIENT, Envelope
from pccovid.connectors.agency_fhir.reading import read_envelope
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.rows import ACCEPTED, ParsedRow
from pccovid.connectors.rows import REJECTED as ROW_REJECTED
from pccovid.exchange.bundles import Whose, kind_of, specimen_of, stay_of, whose
from pccovid.exchange.entries import Sent
from pccovid.exchange.ledger import RunOfDay, write_ledger
from pccovid.exchange.outcomes import Issue, Refusal, row_issues
from pccovid.exchange.references import key_of, named_in
from pccovid.exchange.validation import problems_of
from pccovid.foundation.access import opening_for_job
from pccovid.foundation.purposes import PURPOSES

_JOB = "exchange"
_BAD = "profile"
TREATMENT = ("Encounter", "Condition", "Procedure", "MedicationAdministration", "Observation")
"""Resource types that may belong to a stay."""


@dataclass(frozen=True)
class Received:
    """What became of one entry: `placed` None where it was not written."""

    sent: Sent
    placed: Placed | None
    issues: tuple[Issue, ...]


@dataclass(frozen=True)
class Message:
    """One request to write: its entries, whether all or nothing, and its digest."""

    kind: str
    entries: tuple[Sent, ...]
    is_atomic: bool
    digest: bytes


_Read = tuple[ParsedRow | None, tuple[Issue, ...]]


def _two_persons(sent: Sent) -> Issue:
    words = "another resource of this request has the same identifier and is about another person"
    return Issue("duplicate", words, f"{sent.at}{sent.kind}.identifier")


class _Intake:
    """The rows of one message, read and not yet placed."""

    def __init__(self, grant: Grant, message: Message, secret: bytes, now: datetime, known: Mapping[UUID, str]) -> None:
        self.grant, self.message, self.secret, self.known = grant, message, secret, known
        self.context = ReadingContext(today=now.date(), spill=Path())
        self.patients = named_in(list(message.entries), "Patient", secret)
        self.stays = named_in(list(message.entries), "Encounter", secret)
        self.read = self._about_one_each([self._row(sent) for sent in message.entries])

    def _about_one_each(self, read: list[_Read]) -> list[_Read]:
        """The same, but resources of one identifier that are about different persons are refused: one of them would
        take the other's place."""
        whose_is: dict[tuple[str, str], set[str]] = {}
        for row, _ in read:
            if row is not None and row.claim is not None and row.claim.account:
                whose_is.setdefault((row.kind, row.key), set()).add(row.claim.account)
        return [
            (None, (_two_persons(sent),)) if row and len(whose_is.get((row.kind, row.key), ())) > 1 else (row, issues)
            for sent, (row, issues) in zip(self.message.entries, read, strict=True)
        ]

    def _row(self, sent: Sent) -> _Read:
        issues = [*sent.issues] or problems_of(sent.resource, sent.at)
        if not issues and not self.grant.may_write(kind_of(sent.resource)):
            issues = [Issue("forbidden", f"the agreement does not let {sent.kind} be sent", f"{sent.at}{sent.kind}")]
        key = key_of(sent.resource, self.secret)
        if not issues and key is None:
            issues = [Issue("required", "an identifier with system and value is needed",
                            f"{sent.at}{sent.kind}.identifier")]  # fmt: skip
        if issues or key is None:
            return None, tuple(issues)
        return self._read(sent, key)

    def _read(self, sent: Sent, key: str) -> _Read:
        account = None if sent.kind == "Patient" else self._account(sent)
        if isinstance(account, Issue):
            return None, (account,)
        envelope = Envelope(sent.resource, account, specimen_of(sent, list(self.message.entries)),
                            stay_of(sent, self.stays, self.secret) if sent.kind in TREATMENT else None)  # fmt: skip
        row = read_envelope(self.grant.system, KIND_OF[sent.kind], key, envelope, self.context)
        return row, tuple(row_issues(row, sent.kind, sent.at))

    def _account(self, sent: Sent) -> str | Issue:
        """The record of the person it is about."""
        found = whose(sent, self.patients, self.secret)
        if isinstance(found, Issue):
            return found
        if found.key is not None:
            return f"{self.grant.system}:{PATIENT}:{found.key}"
        return self._record_of(found, sent)

    def _record_of(self, found: Whose, sent: Sent) -> str | Issue:
        record = self.known.get(found.person) if found.person else None
        if record is None:
            return Issue("not-found", "there is no such Patient within your agreement", f"{sent.at}{sent.kind}")
        return record

    @property
    def accepted(self) -> list[ParsedRow]:
        """The rows that will be placed; none where all of it is refused."""
        rows = [] if self.is_refused else [row for row, _ in self.read]
        return [row for row in rows if row is not None and row.verdict == ACCEPTED]

    def received(self, placed: Sequence[Placed]) -> list[Received]:
        """What became of the entries, with what there is to say of each."""
        return [Received(sent, one, issues) for sent, one, (_, issues)
                in zip(self.message.entries, placed, self.read, strict=True)]  # fmt: skip

    @property
    def is_refused(self) -> bool:
        """Whether a transaction is refused as a whole: an entry that cannot be written takes the others with it."""
        return self.message.is_atomic and any(row is None or row.verdict == ROW_REJECTED for row, _ in self.read)


def receive(
    connection: psycopg.Connection, grant: Grant, message: Message, *, secret: bytes, known: Mapping[UUID, str],
    now: datetime,
) -> list[Received]:  # fmt: skip
    """Write a message and tell what became of each entry, in their order.

    `known`: our persons whom entries name by our own ids, each with a record of theirs to hang on. Raises Refusal with
    all that is wrong where a transaction is refused, and IndexIsBusy.
    """
    made: list[_Intake] = []

    def read() -> list[_Intake]:
        made.append(_Intake(grant, message, secret, now, known))
        return made

    (answers,) = _written(connection, grant, read, now)
    if made[0].is_refused:
        raise Refusal(422, *(issue for one in answers for issue in one.issues if issue.severity == "error"))
    return answers


def receive_together(
    connection: psycopg.Connection, grant: Grant, messages: Sequence[Message], *, secret: bytes, now: datetime
) -> list[list[Received]] | None:
    """The same for messages that name none of our ids, all in one transaction; None where one is refused: then nothing
    is written, and each is for a transaction of its own. Raises IndexIsBusy."""
    intakes = [_Intake(grant, message, secret, now, {}) for message in messages]
    if any(intake.is_refused for intake in intakes):
        return None
    return _written(connection, grant, lambda: intakes, now)


def _written(
    connection: psycopg.Connection, grant: Grant, read: Callable[[], Sequence[_Intake]], now: datetime
) -> list[list[Received]]:
    """What became of the entries of each message, all of them written by one transaction.

    They are read, which takes this process as long as all else, while the database opens their access.
    """
    with _in_few_trips(connection):
        today = RunOfDay(connection, grant, now)
        wait = opening_for_job(connection, _JOB, purpose=_JOB, legal_basis=PURPOSES[_JOB].basis, case=grant.case)
        intakes = read()
        wait()
        run = today.number()
        index = ArrivingIndex(connection, run, intakes[0].context, by=grant.case, now=now)
        index.hold(row for intake in intakes for row in intake.accepted)
        placed = [_refused_whole(one, index) if one.is_refused else _placed(one, index) for one in intakes]
        index.settle()
        told_of = index.told_of
        for intake, rows in zip(intakes, placed, strict=True):
            message = intake.message
            kinds = [KIND_OF.get(sent.kind, "fhir_other") for sent in message.entries]
            write_ledger(connection, run, grant, kind=message.kind, digest=message.digest,
                         placed=zip(kinds, rows, strict=True), told_of=told_of)  # fmt: skip
            told_of = set()
    return [intake.received(rows) for intake, rows in zip(intakes, placed, strict=True)]


@contextmanager
def _in_few_trips(connection: psycopg.Connection) -> Iterator[None]:
    """A transaction in a pipeline: only answers that are needed are waited for, and with the last ones the commit.

    `connection.transaction()` would wait three times more.
    """
    try:
        with connection.pipeline():
            connection.execute(b"BEGIN")
            yield
            connection.execute(b"COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _placed(intake: _Intake, index: ArrivingIndex) -> list[Placed]:
    """Persons first, then what is about them; told in the order of the entries."""
    rows = [row for row, _ in intake.read]
    order = sorted(range(len(rows)), key=lambda at: intake.message.entries[at].kind != "Patient")
    found: dict[int, Placed] = {}
    for at in order:
        row, sent = rows[at], intake.message.entries[at]
        if row is None:
            found[at] = _kept_apart(index, intake, sent)
        else:
            found[at] = index.place(row, only_new=sent.only_new)
    return [found[at] for at in range(len(rows))]


def _refused_whole(intake: _Intake, index: ArrivingIndex) -> list[Placed]:
    """Nothing is written; the entries that are at fault are kept apart, the others only counted."""
    placed = []
    for (row, _), sent in zip(intake.read, intake.message.entries, strict=True):
        if row is None:
            placed.append(_kept_apart(index, intake, sent))
        elif row.verdict == ROW_REJECTED:
            placed.append(index.place(row))
        else:
            placed.append(Placed(UUID(int=0), REJECTED, "refused_with_others", None, 0))
    return placed


def _kept_apart(index: ArrivingIndex, intake: _Intake, sent: Sent) -> Placed:
    """A resource that is none, under the name it has or that of its content, so that it can be looked at."""
    envelope = Envelope(sent.resource)
    payload, content_hash = envelope.packed()
    key = key_of(sent.resource, intake.secret) or hashlib.sha256(payload.encode()).hexdigest()[:40]
    kind = KIND_OF.get(sent.kind, "fhir_other")
    return index.place(ParsedRow(intake.grant.system, kind, key, 1, payload, content_hash, ROW_REJECTED, _BAD))


def message_of(body: bytes, kind: str, entries: list[Sent], *, is_atomic: bool) -> Message:
    """A request as a message."""
    return Message(kind, tuple(entries), is_atomic, hashlib.sha256(body).digest())


def one_resource(resource: dict[str, Any], kind: str, *, only_new: bool, issues: tuple[Issue, ...]) -> Sent:
    """A resource that came alone."""
    if not issues and resource.get("resourceType") != kind:
        issues = (Issue("value", f"the address takes {kind} alone", "resourceType"),)
    return Sent("", kind, resource, "", only_new, issues)


def persons_named(message: Message, secret: bytes) -> set[UUID]:
    """Our own persons whom the entries name by our ids."""
    patients = named_in(list(message.entries), "Patient", secret)
    found = [whose(sent, patients, secret) for sent in message.entries if sent.kind != "Patient" and not sent.issues]
    return {one.person for one in found if isinstance(one, Whose) and one.person is not None}


def is_held(one: Received) -> bool:
    """Whether an entry was kept and waits for its person."""
    return one.placed is not None and one.placed.outcome == HELD
