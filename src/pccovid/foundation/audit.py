"""The audit chain: extending it, anchoring its end outside the database, and finding what was done to it.

Who owns the database can change any row and compute the whole chain anew. An anchor is a line in a file elsewhere:
how long the chain was at a moment, and its hash there, signed with a key that the database does not have; so nothing
before an anchor can be changed unseen. Anchors hold the hash of the line before, so none can vanish from their middle.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from pccovid.foundation.erased_ranges import Excused, erased_ranges

BATCH = 10_000
LONGEST_WAIT = 6  # hours; an import of a whole nation holds its transaction for less
MOST_RANGES = 1_000
_NO_LINE = ""


@dataclass(frozen=True)
class Anchor:
    """The chain's length and last hash (hex) at a moment, the hash of the line before, and the signature (hex)."""

    position: int
    hash: str
    at: str
    before: str
    signature: str

    def as_line(self) -> str:
        return json.dumps(self.__dict__, sort_keys=True)

    def signed_text(self) -> bytes:
        """What the signature covers."""
        return f"{self.position}|{self.hash}|{self.at}|{self.before}".encode()


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was written: `kind`, the position in the chain, the log's entry, in words."""

    kind: str
    position: int | None
    log_id: int | None
    told: str


@dataclass(frozen=True)
class Verdict:
    """What verifying found; `entries` were checked against `anchors`.

    `without_entry` are numbers (first, last) given to openings that left no entry: rolled back, failed, or still open.
    Numbers are never given twice. They are no finding, since every fault of a page leaves one; but a reading that
    was rolled back on purpose is among them, and the server's log says whose it was.
    """

    entries: int
    anchors: int
    unanchored: int
    findings: tuple[Finding, ...]
    without_entry: tuple[tuple[int, int], ...] = ()
    left_open: int = 0
    """Entries written for announcements that left none: rolled back, refused, or failed."""

    @property
    def is_whole(self) -> bool:
        return not self.findings


def settle(connection: psycopg.Connection) -> int:
    """Make entries of the announcements that were left without one; returns how many. As the jobs role."""
    settled = 0
    while True:
        with connection.transaction():
            row = connection.execute("SELECT access.settle_announcements(%s)", [BATCH]).fetchone()
        more = int(row[0]) if row else 0
        settled += more
        if more < BATCH:
            return settled


def extend_chain(connection: psycopg.Connection) -> int:
    """Chain every entry that can be chained by now; returns how many. As the jobs role, in transactions of its own."""
    added = 0
    while True:
        with connection.transaction():
            row = connection.execute("SELECT access.extend_chain(%s)", [BATCH]).fetchone()
        more = int(row[0]) if row else 0
        added += more
        if more < BATCH:
            return added


def anchor(connection: psycopg.Connection, file: Path, key: bytes, *, now: datetime) -> Anchor | None:
    """Write the chain's end to the file, and see it on the disk; None where it is anchored already, or empty."""
    with connection.transaction():
        end = connection.execute("SELECT position, hash FROM access.chain ORDER BY position DESC LIMIT 1").fetchone()
    lines = _lines(file)
    # A line that nobody signed must not keep the next anchor from being written.
    last = _signed(lines[-1], key) if lines else None
    if end is None or (last is not None and last.position >= end[0]):
        return None
    before = _digest(lines[-1]) if lines else _NO_LINE
    unsigned = Anchor(end[0], end[1].hex(), now.isoformat(), before, "")
    made = Anchor(**{**unsigned.__dict__, "signature": _sign(unsigned, key)})
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.write(made.as_line() + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    with connection.transaction():
        connection.execute("SELECT access.note_anchor(%s)", [made.position])
    return made


def verify(
    connection: psycopg.Connection, file: Path, key: bytes, *, progress: Callable[[str, float], None]
) -> Verdict:
    """Compare the log, the chain and the anchors; every difference is a finding that says where.

    As the owner, who may read the log. Memory is bounded: entries are streamed.
    """
    findings: list[Finding] = []
    anchors = _checked_anchors(file, key, findings)
    with connection.transaction():
        excused = Excused(
            erased_ranges(connection), [(one.position, datetime.fromisoformat(one.at)) for one in anchors]
        )
        findings += _wrongly_erased(excused)
        links, entries = _Links(anchors, excused, findings), 0
        (total,) = connection.execute("SELECT count(*) FROM access.chain").fetchone() or (0,)
        for row in _chain(connection):
            entries += 1
            links.check(row)
            if entries % BATCH == 0:
                progress("verifying the log", entries / max(total, 1))
        findings += _slipped_in(connection)
        findings += _kept_out(connection)
        reached = max((one.position for one in anchors), default=0)
        findings += _anchors_cut(connection, reached)
        without_entry = _without_entry(connection, after=excused.last_log_id)
        (left_open,) = connection.execute("SELECT count(*) FROM access.left_open").fetchone() or (0,)
    findings += _cut_off(anchors, links.reached)
    progress("verifying the log", 1.0)
    return Verdict(entries, len(anchors), max(entries - reached, 0), tuple(findings), without_entry, left_open)


@dataclass(frozen=True)
class _Row:
    position: int
    log_id: int
    content: bytes
    hash: bytes
    content_now: bytes | None
    is_emptied: bool
    """Whether what is there of the entry names nobody any more."""


def _chain(connection: psycopg.Connection) -> Iterator[_Row]:
    with connection.cursor(name="audit_chain") as cursor:
        cursor.itersize = BATCH
        cursor.execute(
            "SELECT c.position, c.log_id, c.content, c.hash,"
            " CASE WHEN l.id IS NOT NULL THEN access.entry_content(l) END,"
            " coalesce(l.actor = '' AND l.scope_persons = '{}' AND l.case_reference IS NULL, true)"
            " AND NOT EXISTS (SELECT 1 FROM access.disclosure d WHERE d.log_id = c.log_id)"
            " FROM access.chain c LEFT JOIN access.log l ON l.id = c.log_id ORDER BY c.position"
        )
        for row in cursor:
            yield _Row(*row)


class _Links:
    """The links seen so far, and what is wrong with them."""

    def __init__(self, anchors: list[Anchor], excused: Excused, findings: list[Finding]) -> None:
        self._anchors = {one.position: one for one in anchors}
        self._excused = excused
        self._findings = findings
        self._last = b""
        self.reached = 0

    def check(self, row: _Row) -> None:
        """Compare one link with the one before, with its entry in the log, and with an anchor at its place."""
        missing = row.position - self.reached - 1
        if missing:
            self._found("chain_gap", row, f"{missing} links before this one are gone")
        elif hashlib.sha256(self._last + row.content).digest() != row.hash:
            self._found("chain_broken", row, "the link does not follow from the one before it")
        if row.content_now != row.content and row.is_emptied and self._excused.covers(row.position):
            pass  # erased after its years
        elif row.content_now is None:
            self._found("entry_removed", row, "the log has no such entry any more")
        elif row.content_now != row.content:
            self._found("entry_changed", row, "the entry, or whom it showed, is not what was chained")
        known = self._anchors.get(row.position)
        if known is not None and known.hash != row.hash.hex():
            self._found("anchor_differs", row, f"the chain was another when it was anchored at {known.at}")
        self.reached, self._last = row.position, row.hash

    def _found(self, kind: str, row: _Row, told: str) -> None:
        self._findings.append(Finding(kind, row.position, row.log_id, told))


def _slipped_in(connection: psycopg.Connection) -> list[Finding]:
    """Entries from behind the horizon of a run that the chain does not know."""
    rows = connection.execute(
        "SELECT l.id FROM access.log l WHERE l.transaction_id < access.chained_until()"
        " AND NOT EXISTS (SELECT 1 FROM access.chain c WHERE c.log_id = l.id) ORDER BY l.id LIMIT 1000"
    ).fetchall()
    return [
        Finding("entry_slipped_in", None, log, "the entry was not there when the log was chained") for (log,) in rows
    ]


def _kept_out(connection: psycopg.Connection) -> list[Finding]:
    """Whether entries wait for the chain much too long: somebody holds a transaction open, or nothing chains."""
    row = connection.execute(
        "SELECT count(*), min(l.id), min(l.opened_at) FROM access.log l LEFT JOIN access.chain c ON c.log_id = l.id"
        " WHERE c.log_id IS NULL AND l.opened_at < clock_timestamp() - make_interval(hours => %s)",
        [LONGEST_WAIT],
    ).fetchone()
    if row is None or not row[0]:
        return []
    told = f"{row[0]} entries since {row[2].isoformat()} are in no chain; is a transaction held open?"
    return [Finding("chain_late", None, row[1], told)]


def _anchors_cut(connection: psycopg.Connection, reached: int) -> list[Finding]:
    """Whether the database remembers anchors that the file has not any more."""
    row = connection.execute(
        "SELECT count(*), max(position), max(noted_at) FROM access.anchoring WHERE position > %s", [reached]
    ).fetchone()
    if row is None or not row[0]:
        return []
    told = f"{row[0]} anchors up to position {row[1]} ({row[2].isoformat()}) were written; the file ends at {reached}"
    return [Finding("anchors_cut", reached + 1, None, told)]


def _wrongly_erased(excused: Excused) -> list[Finding]:
    """Ranges said to be erased that no anchor shows to have been old enough."""
    told = "entries up to here are said to be erased; no anchor shows that they were old enough"
    return [Finding("erased_too_soon", one.last, one.last_log_id, told) for one in excused.wrong]


def _without_entry(connection: psycopg.Connection, *, after: int) -> tuple[tuple[int, int], ...]:
    """The first ranges of numbers from `after` to the newest entry under which nothing stands."""
    rows = connection.execute(
        "SELECT before + 1, id - 1 FROM (SELECT id, lag(id, 1, 0::bigint) OVER (ORDER BY id) AS before FROM access.log)"
        " AS following WHERE id > before + 1 AND before >= %s ORDER BY id LIMIT %s",
        [after, MOST_RANGES],
    ).fetchall()
    return tuple((int(first), int(last)) for first, last in rows)


def _cut_off(anchors: list[Anchor], reached: int) -> list[Finding]:
    """Whether the chain ends before an anchor."""
    beyond = [one for one in anchors if one.position > reached]
    if not beyond:
        return []
    told = f"the chain reached {beyond[-1].position} when it was anchored at {beyond[-1].at}; it ends at {reached}"
    return [Finding("tail_cut", reached + 1, None, told)]


def _checked_anchors(file: Path, key: bytes, findings: list[Finding]) -> list[Anchor]:
    """The anchors whose signature holds; others, and lines that do not follow each other, are findings."""
    before, anchors = _NO_LINE, []
    for number, line in enumerate(_lines(file), start=1):
        one = _signed(line, key)
        if one is None:
            findings.append(Finding("anchor_forged", None, None, f"line {number} of the anchors"))
        else:
            if one.before != before:
                told = f"line {number} of the anchors does not follow the line before it"
                findings.append(Finding("anchor_missing", one.position, None, told))
            anchors.append(one)
        before = _digest(line)
    return anchors


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []


def _signed(line: str, key: bytes) -> Anchor | None:
    """The anchor that a line holds; None where it is none, or not signed with the key."""
    try:
        one = Anchor(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    is_signed = hmac.compare_digest(_sign(one, key).encode(), str(one.signature).encode(errors="replace"))
    return one if is_signed else None


def _digest(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def _sign(one: Anchor, key: bytes) -> str:
    return hmac.new(key, one.signed_text(), hashlib.sha256).hexdigest()
