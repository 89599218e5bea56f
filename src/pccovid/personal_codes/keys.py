"""The keys of our codes: read from outside the database, several at a time, the newest one writes.

A set of keys has a number, which stands in every code made with it. Rotating adds a set; codes of older sets are read
until their set is taken out (personal codes live for hours, posters for years, so an old set keeps its poster's key).
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEYS_VARIABLE, KEYS_FILE_VARIABLE, LANE_VARIABLE = "PCCOVID_CODE_KEYS", "PCCOVID_CODE_KEYS_FILE", "PCCOVID_LANE_KEYS"
_BYTES = 32


class CodeKeysAreWrong(RuntimeError):
    """The keys of codes are missing or unreadable; the message says what would be right."""


@dataclass(frozen=True)
class KeySet:
    """One set: everything in it is derived from 32 random bytes, so that one secret is kept and replaced."""

    number: int
    root: bytes

    @cached_property
    def seal(self) -> bytes:
        """Hides whose a code is; who issues and the worker have it."""
        return self._derived("seal")

    @cached_property
    def mac(self) -> bytes:
        """Proves to the hot lane that a code is ours; the lane has it beside who issues."""
        return self._derived("mac")

    @cached_property
    def signing(self) -> Ed25519PrivateKey:
        """Signs personal codes for devices; only who issues has it."""
        return Ed25519PrivateKey.from_private_bytes(self._derived("sign"))

    @cached_property
    def posters(self) -> Ed25519PrivateKey:
        """Signs posters of places."""
        return Ed25519PrivateKey.from_private_bytes(self._derived("poster"))

    @cached_property
    def letterbox(self) -> X25519PrivateKey:
        """Opens what the hot lane put away sealed; the lane has the public half alone."""
        return X25519PrivateKey.from_private_bytes(self._derived("letterbox"))

    def shift(self, day: str) -> bytes:
        """What devices of that day (ISO date) read the standing in a code with."""
        return self._derived(f"shift {day}")

    def handles(self, day: str) -> bytes:
        """Makes that day's names under which persons stand in a list of revocations; no device has it."""
        return self._derived(f"handles {day}")

    def _derived(self, use: str) -> bytes:
        return _derived(self.root, f"pccovid code {use}")


@lru_cache(maxsize=64)  # each day has two keys, and every code of that day needs both
def _derived(root: bytes, use: str) -> bytes:
    return HKDF(hashes.SHA256(), length=_BYTES, salt=None, info=use.encode()).derive(root)


@dataclass(frozen=True, eq=False)
class CodeKeys:
    """All sets by number; `active` makes new codes."""

    active: int
    sets: Mapping[int, KeySet]

    @property
    def newest(self) -> KeySet:
        return self.sets[self.active]

    def signature_checks(self) -> dict[int, Ed25519PublicKey]:
        """What devices check personal codes with."""
        return {number: one.signing.public_key() for number, one in self.sets.items()}

    def for_lane(self) -> LaneKeys:
        """What the hot lane may hold."""
        macs = {number: one.mac for number, one in self.sets.items()}
        return LaneKeys(macs, self.active, self.newest.letterbox.public_key().public_bytes_raw())


@dataclass(frozen=True, eq=False)
class LaneKeys:
    """The hot lane's part: it checks codes and seals what it was shown; it opens nothing."""

    macs: Mapping[int, bytes]
    letterbox_number: int
    letterbox: bytes

    def as_text(self) -> str:
        return json.dumps(
            {
                "macs": {str(number): _text(mac) for number, mac in self.macs.items()},
                "letterbox": [self.letterbox_number, _text(self.letterbox)],
            }
        )


def code_keys() -> CodeKeys:
    """The keys as they stand; a sandbox without keys gets some. Raises CodeKeysAreWrong."""
    written = os.environ.get(KEYS_VARIABLE)
    if written is not None:
        return _parsed(written)
    path = _file()
    if not path.exists():
        if os.environ.get("PCCOVID_MODE") == "production":
            raise CodeKeysAreWrong(
                f"the keys of codes are missing: give them in {KEYS_VARIABLE} or {KEYS_FILE_VARIABLE}"
            )
        add_key_set(path)
    return _read(path, path.stat().st_mtime_ns)


def lane_keys() -> LaneKeys:
    """The hot lane's keys, from its own variable alone. Raises CodeKeysAreWrong."""
    try:
        values = json.loads(os.environ[LANE_VARIABLE])
        number, letterbox = values["letterbox"]
        macs = {int(name): base64.b64decode(mac, validate=True) for name, mac in values["macs"].items()}
        return LaneKeys(macs, int(number), base64.b64decode(letterbox, validate=True))
    except (KeyError, ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise CodeKeysAreWrong(
            f"{LANE_VARIABLE} does not hold the lane's keys; `pccovid scan keys` writes them"
        ) from error


def add_key_set(path: Path) -> int:
    """A fresh set beside those of the file (made where it is missing), active from now on; returns its number."""
    sets = _read(path, path.stat().st_mtime_ns).sets if path.exists() else {}
    number = max(sets, default=0) + 1
    if number > 255:
        raise CodeKeysAreWrong("255 sets of keys were made; take the oldest out and begin again at 1")
    made = {**{name: one.root for name, one in sets.items()}, number: secrets.token_bytes(_BYTES)}
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"active": number, "keys": {str(name): _text(root) for name, root in made.items()}}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    return number


def keys_file() -> Path:
    """Where the keys are kept when no variable holds them."""
    return _file()


def _file() -> Path:
    return _path(os.environ.get(KEYS_FILE_VARIABLE), os.environ.get("PCCOVID_HOME", "var"))


@lru_cache(maxsize=8)
def _path(given: str | None, home: str) -> Path:
    return Path(given) if given else Path(home).absolute() / "secrets" / "code-keys.json"


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> CodeKeys:
    return _parsed(path.read_text())


@lru_cache(maxsize=4)
def _parsed(text: str) -> CodeKeys:
    try:
        values = json.loads(text)
        roots = {int(name): base64.b64decode(root, validate=True) for name, root in values["keys"].items()}
        active = int(values["active"])
    except (KeyError, ValueError, TypeError, AttributeError, binascii.Error) as error:
        raise CodeKeysAreWrong(f"the keys of codes are not of the form of docs/reference/codes.md: {error!r}") from None
    if active not in roots or not all(1 <= n <= 255 and len(root) == _BYTES for n, root in roots.items()):
        raise CodeKeysAreWrong(f"each set of keys needs a number from 1 to 255 and {_BYTES} bytes, the active one too")
    return CodeKeys(active, {number: KeySet(number, root) for number, root in roots.items()})


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
