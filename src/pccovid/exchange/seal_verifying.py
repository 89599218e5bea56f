"""Verifying the log of messages: entries against leaves, leaves against roots, roots against signatures, seals against
each other and against the file outside the database. Every difference is a finding that says where.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import psycopg

from pccovid.exchange.merkle import leaf_of, root_of
from pccovid.exchange.message_seals import BATCH, Seal, read_seals
from pccovid.exchange.seal_keys import PublicKey
from pccovid.foundation.audit import LONGEST_WAIT, Finding
from pccovid.foundation.classification import LOG_YEARS

_ID = re.compile(r'"id": \d+')
_MOST_COMPARED = 64


@dataclass(frozen=True)
class SealVerdict:
    """What verifying found: `entries` under `seals`; `unsealed` wait for the next seal, `erased` went after their
    years."""

    entries: int
    seals: int
    unsealed: int
    erased: int
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        return not self.findings


class _Entry(NamedTuple):
    """A sealed entry: its leaf, and its content now, None where it is gone."""

    seal: int
    place: int
    log: str
    number: int
    leaf: bytes
    content: str | None

    @property
    def is_as_sealed(self) -> bool:
        return self.content is not None and leaf_of(self.content.encode()) == self.leaf


def verify_messages(
    connection: psycopg.Connection, file: Path, keys: Sequence[PublicKey], *, now: datetime,
    progress: Callable[[str, float], None],
) -> SealVerdict:  # fmt: skip
    """Compare log, leaves, seals, signatures and the file outside. As the owner; memory is bounded."""
    with connection.transaction():
        seals = {one.number: one for one in _held(connection)}
        check = _Check(seals, keys, now)
        total = max(len(seals), 1)
        for done, (number, entries) in enumerate(groupby(_sealed(connection), key=lambda one: one.seal), start=1):
            check.batch(number, list(entries))
            progress("verifying the log of messages", min(done / total, 1.0))
        check.chain()
        check.outside(read_seals(file))
        findings = [*check.findings, *_slipped_in(connection), *_late(connection)]
        unsealed = _one(connection, _UNSEALED)
    return SealVerdict(check.entries, len(seals), unsealed, check.erased, tuple(findings))


class _Check:
    """The seals that are held, what was looked at of them, and what is wrong."""

    def __init__(self, seals: dict[int, Seal], keys: Sequence[PublicKey], now: datetime) -> None:
        self._seals, self._keys = seals, keys
        self._due_before = now - timedelta(days=365 * LOG_YEARS)  # entries are a little older than their seal
        self._met: set[int] = set()
        self.findings: list[Finding] = []
        self.entries = self.erased = 0

    def batch(self, number: int, entries: list[_Entry]) -> None:
        """Compare the entries of one seal with their leaves, and the leaves with the root that was signed."""
        self._met.add(number)
        self.entries += len(entries)
        told = self._seals[number].told()
        is_signed = self._seals[number].is_signed(self._keys)
        places = [one.place for one in entries]
        if places != list(range(len(entries))) or len(entries) != told.get("entries") or (
            root_of([one.leaf for one in entries]).hex() != told.get("root")
        ):  # fmt: skip
            self._found("seal_broken", number, None, "the leaves that are kept do not lead to the root that was signed")
        self._entries(number, entries, may_be_erased=is_signed and _moment(told.get("sealed_at")) <= self._due_before)

    def _entries(self, number: int, entries: list[_Entry], *, may_be_erased: bool) -> None:
        changed = [one for one in entries if one.content is not None and not one.is_as_sealed]
        for one in entries:
            if one.content is None and may_be_erased:
                self.erased += 1
            elif one.content is None:
                self._found("message_removed", number, one.number, f"log {one.log} has no such entry any more")
        for one in changed:
            other = _in_place_of(one, changed[:_MOST_COMPARED])
            if other is not None:
                self._found(
                    "messages_swapped", number, one.number, f"log {one.log}: it stands under {other.number} now"
                )
            else:
                self._found("message_changed", number, one.number, f"log {one.log}: the entry is not what was sealed")

    def chain(self) -> None:
        """Compare each seal with its signature and with the seal before it."""
        before: Seal | None = None
        for number, seal in sorted(self._seals.items()):
            missing = number - (before.number if before else 0) - 1
            if seal.number != number or not seal.is_signed(self._keys):
                self._found("seal_forged", number, None, "the seal is not signed by the key of its time")
            elif missing:
                self._found("seal_gap", number, None, f"{missing} seals before this one are gone")
            elif seal.told().get("before") != (before.digest() if before else ""):
                self._found("seal_broken", number, None, "the seal does not follow from the one before it")
            if number not in self._met:
                self._found("seal_broken", number, None, "no leaf of the seal is kept any more")
            before = Seal(seal.statement, seal.signature)

    def outside(self, written: Iterator[Seal]) -> None:
        """Compare the seals with those that were written to the file."""
        reached, known = 0, max(self._seals, default=0)
        for line, seal in enumerate(written, start=1):
            if not seal.is_signed(self._keys):
                self._found("seals_file_forged", None, None, f"line {line} of the seals' file")
                continue
            if seal.number != reached + 1:
                self._found("seals_file_cut", reached + 1, None, f"line {line} of the seals' file is of {seal.number}")
            if seal.number > known:
                self._found("tail_cut", seal.number, None, "the seal was written out, and is not held any more")
            elif seal.number in self._seals and self._seals[seal.number] != seal:
                self._found("seal_differs", seal.number, None, "the seal is not the one that was written out")
            reached = seal.number
        if reached < known:
            self._found(
                "seals_file_cut", reached + 1, None, f"seals up to {known} are held; the file ends at {reached}"
            )

    def _found(self, kind: str, seal: int | None, entry: int | None, told: str) -> None:
        self.findings.append(Finding(kind, seal, entry, told))


def _in_place_of(one: _Entry, changed: Sequence[_Entry]) -> _Entry | None:
    """Under which other number the entry stands now."""
    return next(
        (
            other for other in changed
            if other is not one and other.content is not None and other.log == one.log
            and leaf_of(_ID.sub(f'"id": {one.number}', other.content, count=1).encode()) == one.leaf
        ),
        None,
    )  # fmt: skip


def _moment(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)


def _held(connection: psycopg.Connection) -> Iterator[Seal]:
    for _, statement, signature in connection.execute("SELECT number, statement, signature FROM access.message_seal"):
        yield Seal(statement, signature)


def _sealed(connection: psycopg.Connection) -> Iterator[_Entry]:
    with connection.cursor(name="sealed_messages") as cursor:
        cursor.itersize = BATCH
        cursor.execute(
            "SELECT s.seal, s.place, s.log, s.entry_id, s.leaf,"
            " CASE WHEN i.id IS NOT NULL THEN access.message_content(i)"
            " WHEN o.id IS NOT NULL THEN access.message_content(o) END FROM access.sealed_message s"
            " LEFT JOIN access.exchange_message i ON s.log = 'in' AND i.id = s.entry_id"
            " LEFT JOIN foundation_messagelog o ON s.log = 'out' AND o.id = s.entry_id ORDER BY s.seal, s.place"
        )
        for row in cursor:
            yield _Entry(*row)


_ENTRIES = (
    "(SELECT 'in' AS log, id, transaction_id, received_at AS at FROM access.exchange_message UNION ALL"
    " SELECT 'out', id, transaction_id, answered_at FROM foundation_messagelog) e"
)
_NOT_SEALED = "NOT EXISTS (SELECT 1 FROM access.sealed_message s WHERE s.log = e.log AND s.entry_id = e.id)"
_UNSEALED = f"SELECT count(*) FROM {_ENTRIES} WHERE {_NOT_SEALED}"  # noqa: S608


def _slipped_in(connection: psycopg.Connection) -> list[Finding]:
    """Entries behind the horizon of a seal that no seal knows."""
    rows = connection.execute(
        f"SELECT e.log, e.id FROM {_ENTRIES} WHERE e.transaction_id < access.messages_sealed_until()"  # noqa: S608
        f" AND {_NOT_SEALED} ORDER BY 1, 2 LIMIT 1000"
    ).fetchall()
    return [Finding("message_slipped_in", None, entry, f"log {log}: it was not there when the log was sealed")
            for log, entry in rows]  # fmt: skip


def _late(connection: psycopg.Connection) -> list[Finding]:
    """Whether entries wait for a seal much too long: nothing seals, or somebody holds a transaction open."""
    late = _one(connection, f"{_UNSEALED} AND e.at < clock_timestamp() - make_interval(hours => {LONGEST_WAIT})")
    told = f"{late} entries of more than {LONGEST_WAIT} hours ago are under no seal"
    return [Finding("messages_late", None, None, told)] if late else []


def _one(connection: psycopg.Connection, query: str) -> int:
    (count,) = connection.execute(query.encode()).fetchone() or (0,)
    return int(count)
