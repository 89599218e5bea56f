"""Sealing the log of messages: batch after batch under a signed Merkle root, each seal naming the one before it.

Whoever owns the database can change any row, but not sign. Seals are written to a file elsewhere as well, so that a
tail that was cut off both the log and its seals is missed. Why batches, as X-Road does it: a signature for each message
would cost the hub more than all else that it writes down of it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from pccovid.exchange.merkle import leaf_of, root_of
from pccovid.exchange.seal_keys import PublicKey, SealKeys, key_of_seal, seal_keys, write_keys

BATCH = 4_096
_TAIL = 65_536
FILE_VARIABLE = "PCCOVID_MESSAGE_SEALS_FILE"


@dataclass(frozen=True)
class Seal:
    """A seal: the very text that was signed, and the signature; the rest is read from that text."""

    statement: str
    signature: bytes

    def told(self) -> dict[str, Any]:
        """What it says: number, sealed_at, entries, root, before, key. Empty where it is no seal at all."""
        try:
            held = json.loads(self.statement)
        except (ValueError, RecursionError):
            return {}
        return held if isinstance(held, dict) else {}

    @property
    def number(self) -> int:
        number = self.told().get("number")
        return number if isinstance(number, int) else 0

    def digest(self) -> str:
        """By which the next seal names this one."""
        return hashlib.sha256(self.statement.encode()).hexdigest()

    def is_signed(self, keys: Sequence[PublicKey]) -> bool:
        """Whether the key of its number signed it."""
        key = key_of_seal(keys, self.number)
        return key is not None and key.kid == self.told().get("key") and key.verifies(
            self.signature, self.statement.encode()
        )  # fmt: skip

    def as_line(self) -> str:
        return json.dumps({"statement": self.statement, "signature": self.signature.hex()})


def seals_file(home: Path) -> Path:
    """Where seals are kept outside the database: best on another machine's disk (PCCOVID_MESSAGE_SEALS_FILE)."""
    named = os.environ.get(FILE_VARIABLE)
    return Path(named) if named else home / "anchors" / "message-seals.jsonl"


def seal_messages(connection: psycopg.Connection, file: Path, keys: Path, *, now: datetime) -> int:
    """Seal every entry of the log that can be sealed by now; returns how many. As the jobs role, outside any
    transaction. Raises SealKeysAreWrong.
    """
    sealed = 0
    while True:
        with connection.transaction():
            more = _seal_batch(connection, file, keys, now)
        sealed += more
        if more < BATCH:
            break
    _write_out(connection, file, keys)
    return sealed


def _seal_batch(connection: psycopg.Connection, file: Path, keys: Path, now: datetime) -> int:
    asked = connection.execute("SELECT log, entry_id, content, horizon FROM access.unsealed_messages(%s)", [BATCH])
    entries = asked.fetchall()
    if not entries:
        return 0
    # Read behind the lock that unsealed_messages took: a change of keys takes it too.
    held = _newest_held(connection)
    signing = seal_keys(keys, may_make=held is None)
    leaves = [leaf_of(content.encode()) for _, _, content, _ in entries]
    seal = _signed(signing, _newest(held, newest_outside(file, signing.public)), leaves, now)
    connection.execute(
        "SELECT access.keep_message_seal(%s, %s, %s, %s, %s, %s, %s, %s)",
        [seal.number, seal.statement, seal.signature, entries[0][3], len(entries) < BATCH,
         [log for log, *_ in entries], [entry for _, entry, *_ in entries], leaves],
    )  # fmt: skip
    published = Jsonb([one.__dict__ for one in signing.public])
    connection.execute("SELECT access.publish_message_keys(%s)", [published])
    return len(entries)


def change_key(connection: psycopg.Connection, file: Path, keys: Path) -> str:
    """Let another key sign from the next seal on; returns its name. As the owner. Raises SealKeysAreWrong."""
    with connection.transaction():
        connection.execute("LOCK TABLE access.message_seal IN SHARE ROW EXCLUSIVE MODE")
        held = _newest_held(connection)
        old = seal_keys(keys, may_make=held is None)
        last = _newest(held, newest_outside(file, old.public))
        new = old.changed(since=last.number + 1 if last else 1)
        write_keys(keys, new)
    return new.active


def _signed(keys: SealKeys, last: Seal | None, leaves: list[bytes], now: datetime) -> Seal:
    statement = json.dumps({
        "number": last.number + 1 if last else 1, "sealed_at": now.isoformat(), "entries": len(leaves),
        "root": root_of(leaves).hex(), "before": last.digest() if last else "", "key": keys.active,
    })  # fmt: skip
    return Seal(statement, keys.sign(statement.encode())[1])


def _newest_held(connection: psycopg.Connection) -> Seal | None:
    rows = connection.execute("SELECT statement, signature FROM access.message_seal ORDER BY number DESC LIMIT 1")
    row = rows.fetchone()
    return Seal(*row) if row else None


def _newest(held: Seal | None, outside: Seal | None) -> Seal | None:
    """The newest seal that is known, here or outside: numbers are never given twice, whatever was cut off."""
    return max((one for one in (held, outside) if one), key=lambda one: one.number, default=None)


def newest_outside(file: Path, keys: Sequence[PublicKey]) -> Seal | None:
    """The last seal of the file that was signed; what others wrote behind it does not count."""
    if not file.exists():
        return None
    with file.open("rb") as opened:
        opened.seek(max(file.stat().st_size - _TAIL, 0))
        lines = opened.read().decode(errors="replace").splitlines()
    found = next((one for one in map(_read, reversed(lines)) if one.is_signed(keys)), None)
    return found or next((one for one in reversed(list(read_seals(file))) if one.is_signed(keys)), None)


def _write_out(connection: psycopg.Connection, file: Path, keys: Path) -> None:
    """Write the seals that are newer than the file's last one to it, and see them on the disk."""
    if _newest_held(connection) is None:
        return
    reached = newest_outside(file, seal_keys(keys, may_make=False).public)
    rows = connection.execute(
        "SELECT statement, signature FROM access.message_seal WHERE number > %s ORDER BY number",
        [reached.number if reached else 0],
    ).fetchall()
    if not rows:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as opened:
        opened.writelines(Seal(*one).as_line() + "\n" for one in rows)
        opened.flush()
        os.fsync(opened.fileno())


def read_seals(file: Path) -> Iterator[Seal]:
    """The seals that the file holds, in its order; a line that is none is a seal that nobody signed."""
    if file.exists():
        with file.open(encoding="utf-8", errors="replace") as lines:
            yield from (_read(line) for line in lines)


def _read(line: str) -> Seal:
    try:
        held = json.loads(line)
        return Seal(str(held["statement"]), bytes.fromhex(held["signature"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return Seal("", b"")
