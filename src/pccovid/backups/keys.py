"""The keys of backups: a file apart from the database, from the keys that seal numbers, and from the backups."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

FILE_VARIABLE = "PCCOVID_BACKUP_KEYS_FILE"
KEY_BYTES = 32


class BackupKeysAreWrong(RuntimeError):
    """The file of keys is missing or cannot be read; the message says what would be right."""


class KeyIsGone(LookupError):
    """What was to be opened is sealed under a key that was destroyed, or that another file holds."""


@dataclass
class OwnKey:
    """A backup's key and its life."""

    key: bytes
    made_at: datetime
    until: datetime


@dataclass
class BackupKeys:
    """Backups by name, and days (ISO dates) on which rows are due. Every change is on the disk before it is used.

    A backup is made while the worker destroys keys: each change is made to the file as it stands, one at a time.
    """

    path: Path
    backups: dict[str, OwnKey] = field(default_factory=dict)
    days: dict[str, bytes] = field(default_factory=dict)

    def begin(self, name: str, *, made_at: datetime, until: datetime) -> bytes:
        """Make a backup's key."""
        key = secrets.token_bytes(KEY_BYTES)
        with self._changing():
            self.backups[name] = OwnKey(key, made_at, until)
        return key

    def of_day(self, label: str) -> bytes:
        """The key of a day, made where there is none."""
        if label not in self.days:
            with self._changing():
                self.days.setdefault(label, secrets.token_bytes(KEY_BYTES))
        return self.days[label]

    def of(self, name: str, label: str | None) -> bytes:
        """What a part of a backup is sealed under: 32 bytes, or 64 with a day's. Raises KeyIsGone."""
        if name not in self.backups:
            raise KeyIsGone(f"the key of backup {name} was destroyed, or is in another file than {self.path}")
        if label is None:
            return self.backups[name].key
        if label not in self.days:
            raise KeyIsGone(f"the key of {label} was destroyed")
        return self.backups[name].key + self.days[label]

    def destroy(self, *, backups: Iterable[str], days: Iterable[str]) -> None:
        """Take keys out of the file: what they sealed can never be read again, wherever copies lie."""
        with self._changing():
            for name in backups:
                self.backups.pop(name, None)
            for label in days:
                self.days.pop(label, None)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[None]:
        """Take the file for oneself, read what others changed, and write it back."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self.path.with_name(f".{self.path.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            now = read_keys(self.path)
            self.backups, self.days = now.backups, now.days
            yield
            self._save()

    def _save(self) -> None:
        """Write the file anew, whole or not at all, and onto the disk."""
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(self._written(), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def _written(self) -> dict[str, Any]:
        return {
            "backups": {
                name: {"key": _text(one.key), "made_at": one.made_at.isoformat(), "until": one.until.isoformat()}
                for name, one in self.backups.items()
            },
            "days": {label: _text(key) for label, key in self.days.items()},
        }


def keys_file(home: Path, *, is_sandbox: bool) -> Path:
    """Where the keys of backups lie. Raises BackupKeysAreWrong where production does not name the file."""
    given = os.environ.get(FILE_VARIABLE)
    if given:
        return Path(given)
    if is_sandbox:
        return home / "secrets" / "backup-keys.json"
    raise BackupKeysAreWrong(f"name the file of the backups' keys in {FILE_VARIABLE}, apart from the backups")


def read_keys(path: Path) -> BackupKeys:
    """The keys as they stand; none where there is no file yet. Raises BackupKeysAreWrong."""
    try:
        written = json.loads(path.read_text())
        return BackupKeys(
            path,
            {
                name: OwnKey(_bytes(one["key"]), datetime.fromisoformat(one["made_at"]),
                             datetime.fromisoformat(one["until"]))
                for name, one in written["backups"].items()
            },
            {label: _bytes(key) for label, key in written["days"].items()},
        )  # fmt: skip
    except FileNotFoundError:
        return BackupKeys(path)
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise BackupKeysAreWrong(f"{path} does not hold keys of backups; bring back the copy you keep") from fault


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def _bytes(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("not a key")
    return key
