"""The keys that seal the log of messages (Ed25519): one signs, and each was introduced by the one before it.

They lie in a file outside the database. What a key signed before it was changed is checked by its public half, which
stays; its private half is gone with the change, so that nobody can sign the past anew.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FILE_VARIABLE = "PCCOVID_MESSAGE_KEYS_FILE"
_NAME = "messages-{}"


class SealKeysAreWrong(RuntimeError):
    """The file of keys is missing or unreadable, or its keys do not follow from each other; the message says which."""


@dataclass(frozen=True)
class PublicKey:
    """A key that seals are checked with, from the seal `since` on; `introduced`: signed by the key before it (hex)."""

    kid: str
    x: str
    since: int
    introduced: str = ""

    def signed_text(self) -> bytes:
        """What the key before it signs."""
        return f"{self.kid}|{self.x}|{self.since}".encode()

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Whether this key signed the text."""
        try:
            Ed25519PublicKey.from_public_bytes(_octets(self.x)).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True

    def jwk(self) -> dict[str, Any]:
        """As RFC 8037 has it."""
        return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": self.kid, "x": self.x}


@dataclass(frozen=True)
class SealKeys:
    """Every public key, oldest first; the private half of the last one."""

    public: tuple[PublicKey, ...]
    _private: bytes

    def sign(self, text: bytes) -> tuple[str, bytes]:
        """The name of the key in use, and its signature."""
        return self.public[-1].kid, Ed25519PrivateKey.from_private_bytes(self._private).sign(text)

    @property
    def active(self) -> str:
        return self.public[-1].kid

    def changed(self, *, since: int) -> SealKeys:
        """A new key, in use from the seal `since` on, introduced by the one before, whose private half is left out."""
        private = secrets.token_bytes(32)
        unsigned = _public_half(_NAME.format(len(self.public) + 1), private, since)
        introduced = self.sign(unsigned.signed_text())[1].hex()
        new = PublicKey(unsigned.kid, unsigned.x, since, introduced)
        return SealKeys((*self.public, new), private)


def key_of_seal(keys: Sequence[PublicKey], number: int) -> PublicKey | None:
    """The key that was in use when the seal of that number was made."""
    return next((one for one in reversed(keys) if one.since <= number), None)


def follows(keys: Sequence[PublicKey]) -> bool:
    """Whether each key was introduced by the one before it."""
    return all(
        before.since <= one.since and before.verifies(_hex(one.introduced), one.signed_text())
        for before, one in zip(keys, keys[1:], strict=False)
    )


def keys_file(home: Path) -> Path:
    """Where the keys are kept: named by PCCOVID_MESSAGE_KEYS_FILE, else with the other secrets."""
    named = os.environ.get(FILE_VARIABLE)
    return Path(named) if named else home / "secrets" / "message-keys.json"


def seal_keys(path: Path, *, may_make: bool) -> SealKeys:
    """The keys as they stand; `may_make` writes a first one where there is no file. Raises SealKeysAreWrong."""
    if not path.exists() and may_make:
        private = secrets.token_bytes(32)
        write_keys(path, SealKeys((_public_half(_NAME.format(1), private, 1),), private))
    try:
        held = json.loads(path.read_text())
        keys = SealKeys(tuple(PublicKey(**one) for one in held["public"]), _octets(held["private"]))
        is_own = keys.public[-1].x == _public_half("", keys._private, 1).x
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise SealKeysAreWrong(f"the file of message keys {path} cannot be read: {type(error).__name__}") from error
    if not is_own or not follows(keys.public):
        raise SealKeysAreWrong(f"the message keys in {path} do not follow from each other")
    return keys


def write_keys(path: Path, keys: SealKeys) -> None:
    """Put the keys in the file's place, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    held = {"private": _text(keys._private), "public": [one.__dict__ for one in keys.public]}
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(held, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def _public_half(kid: str, private: bytes, since: int) -> PublicKey:
    raw = Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()
    return PublicKey(kid, _text(raw), since)


def _text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def _octets(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hex(text: str) -> bytes:
    try:
        return binascii.unhexlify(text)
    except ValueError:
        return b""
