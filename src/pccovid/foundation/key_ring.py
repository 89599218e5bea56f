"""The keys that seal numbers and make them findable: read from outside the database, never written into it.

Two families. `sealing` keys encrypt (AES-256-GCM); `lookup` keys make the hashes that numbers are found and joined
by. Each key has a name, which stands in front of all it made; the active one writes, every one that is there reads.
A key that is destroyed takes with it what was sealed under it, in every backup too.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

KEYS_VARIABLE, KEYS_FILE_VARIABLE = "PCCOVID_KEYS", "PCCOVID_KEYS_FILE"
SEALING, LOOKUP = "sealing", "lookup"
FAMILIES = (SEALING, LOOKUP)
KEY_BYTES = 32
_NAME = re.compile(r"[a-z0-9-]{1,24}")


class KeysAreWrong(RuntimeError):
    """The keys are missing, unreadable or may not be changed from here; the message says what would be right."""


@dataclass(frozen=True)
class Family:
    """Keys of one use: name → 32 bytes, oldest first; `active` writes. `is_rotating`: rows are being rewritten."""

    active: str
    keys: Mapping[str, bytes]
    is_rotating: bool = False


@dataclass(frozen=True, eq=False)
class KeyRing:
    """All keys of this deployment."""

    sealing: Family
    lookup: Family

    def family(self, name: str) -> Family:
        return self.sealing if name == SEALING else self.lookup


def keys_file() -> Path:
    """Where the keys are read from when PCCOVID_KEYS does not hold them."""
    return _path(os.environ.get(KEYS_FILE_VARIABLE), os.environ.get("PCCOVID_HOME", "var"))


@lru_cache(maxsize=8)  # asked for every number of a page
def _path(given: str | None, home: str) -> Path:
    return Path(given) if given else Path(home).absolute() / "secrets" / "keys.json"


def is_kept_elsewhere() -> bool:
    """Whether PCCOVID_KEYS holds the ring: only its keeper can change it then."""
    return os.environ.get(KEYS_VARIABLE) is not None


def check_keys(*, may_make: bool) -> None:
    """See that the keys are there when a process starts; a sandbox (`may_make`) gets its own. Raises KeysAreWrong."""
    if not is_kept_elsewhere() and not keys_file().exists() and not may_make:
        raise KeysAreWrong(
            f"the keys that seal numbers are missing: name their file in {KEYS_FILE_VARIABLE} or give them in"
            f" {KEYS_VARIABLE}; `pccovid keys make FILE` writes new ones (docs/runbooks/keys.md)"
        )
    key_ring()


def key_ring() -> KeyRing:
    """The keys as they stand: a changed file is read again; a sandbox without keys gets some. Raises KeysAreWrong."""
    written = os.environ.get(KEYS_VARIABLE)
    if written is not None:
        return _parsed(written)
    path = keys_file()
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        if os.environ.get("PCCOVID_MODE") == "production" or os.environ.get(KEYS_FILE_VARIABLE):
            raise KeysAreWrong(f"the file of keys {path} is not there") from None
        write_new_keys(path)
        changed = path.stat().st_mtime_ns
    return _read(path, changed)


def write_new_keys(path: Path) -> None:
    """Make a file of fresh keys; one that is there already is left alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = _as_text(KeyRing(_first_family(), _first_family()))
    draft = _draft(path, fresh)
    # A link fails where another process was quicker, and nobody ever sees half a file.
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def begin_rotation(family: str) -> str:
    """Add a key to the family, make it the one that writes, and note that rows are still to be rewritten.

    Returns the new key's name. Raises KeysAreWrong where the keys come from PCCOVID_KEYS: only its keeper changes them.
    """
    ring = key_ring()
    old = ring.family(family)
    name = _next_name(old.keys)
    keys = {**old.keys, name: secrets.token_bytes(KEY_BYTES)}
    _save(ring, family, Family(name, keys, is_rotating=True))
    return name


def end_rotation(family: str) -> None:
    """Note that every row is under the active key. Raises KeysAreWrong."""
    ring = key_ring()
    _save(ring, family, replace(ring.family(family), is_rotating=False))


def destroy_key(family: str, name: str) -> None:
    """Take a key out of the file: what it sealed can never be read again, wherever copies lie. Raises KeysAreWrong."""
    ring = key_ring()
    old = ring.family(family)
    if name not in old.keys or name == old.active:
        raise KeysAreWrong(f"{family} key {name} is not there, or is the one that writes")
    _save(ring, family, replace(old, keys={known: key for known, key in old.keys.items() if known != name}))


def _first_family() -> Family:
    return Family("1", {"1": secrets.token_bytes(KEY_BYTES)})


def _next_name(keys: Mapping[str, bytes]) -> str:
    return str(max((int(name) for name in keys if name.isdigit()), default=0) + 1)


def _save(ring: KeyRing, family: str, changed: Family) -> None:
    if is_kept_elsewhere():
        raise KeysAreWrong(f"the keys come from {KEYS_VARIABLE}: change them there (docs/runbooks/keys.md)")
    path = keys_file()
    after = KeyRing(changed, ring.lookup) if family == SEALING else KeyRing(ring.sealing, changed)
    os.replace(_draft(path, _as_text(after)), path)


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _as_text(ring: KeyRing) -> str:
    families = {name: ring.family(name) for name in FAMILIES}
    return json.dumps(
        {
            name: {
                "active": family.active,
                "is_rotating": family.is_rotating,
                "keys": {key: base64.b64encode(value).decode() for key, value in family.keys.items()},
            }
            for name, family in families.items()
        },
        indent=1,
    )


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> KeyRing:
    try:
        return _parsed(path.read_text())
    except OSError as error:
        raise KeysAreWrong(f"the file of keys {path} cannot be read: {error.strerror}") from error


@lru_cache(maxsize=4)
def _parsed(text: str) -> KeyRing:
    try:
        values = json.loads(text)
        families = [_family(values[name]) for name in FAMILIES]
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise KeysAreWrong(f"the keys are not of the form that docs/reference/keys.md shows: {error!r}") from None
    return KeyRing(*families)


def _family(values: Mapping[str, object]) -> Family:
    written = values["keys"]
    if not isinstance(written, dict):
        raise ValueError("keys")
    keys = {name: base64.b64decode(key, validate=True) for name, key in written.items()}
    active = str(values["active"])
    if active not in keys:
        raise ValueError(f"the active key {active} is not among the keys")
    for name, key in keys.items():
        if not _NAME.fullmatch(name) or len(key) != KEY_BYTES:
            raise ValueError(f"key {name[:24]} needs a short plain name and {KEY_BYTES} bytes")
    return Family(active, keys, bool(values.get("is_rotating")))
