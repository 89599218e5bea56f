"""Sealing: numbers and rows as they lie in the database, where a stolen copy shows none of them.

A sealed text is `s:KEY:…` (AES-256-GCM; what it is about is authenticated with it, so it opens nowhere else). A
look-up hash is `h:KEY:…` (HMAC-SHA-256, 128 bits), equal for equal values of one kind: what SQL finds and joins by.
The nonce is synthetic (a keyed hash of what is sealed), so that an import repeated writes the same bytes, and two
different texts never share one; all it tells is that the same text was sealed twice about the same thing.
"""

from __future__ import annotations

import hashlib
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pccovid.foundation.key_ring import KeyRing, key_ring

SEALED, HASHED = "s:", "h:"
MARK_BYTES = 16
_NONCE_BYTES, _LOOKUP_BYTES, _BLOCK = 12, 16, 64
# Values of one kind that come again soon, a phone on each row of its owner; about 3 MB for each kind.
_KEPT_VALUES = 10_000
# Base64 with the letters of RFC 4648, section 5; urlsafe_b64encode takes a third longer for a short text.
_TO_URL, _FROM_URL = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")


class KeyIsMissing(LookupError):
    """What is to be opened was sealed under a key that is not in the ring: destroyed, or not given to this process."""


class SealIsBroken(ValueError):
    """The sealed text was changed, cut, or stands where it was not written."""


def sealer() -> Sealer:
    """Seals and opens with the keys as they stand now. Raises KeysAreWrong. Keep it for one batch, not for a life."""
    return _sealer_of(key_ring())


def is_sealed(text: str) -> bool:
    """Whether the text is sealed (no number, and no row of JSON, begins like that)."""
    return text.startswith(SEALED)


class Sealer:
    """The operations of one ring of keys. `about` names what a value is ('phone', 'payload/…'): two kinds never mix."""

    def __init__(self, ring: KeyRing) -> None:
        self._seals = {name: _Seal(key, f"{SEALED}{name}:") for name, key in ring.sealing.keys.items()}
        self._hashes = {name: _mac(_derived(key, "lookup")) for name, key in ring.lookup.keys.items()}
        self._marks = {name: _derived(key, "mark") for name, key in ring.lookup.keys.items()}
        self._marking = _block_cipher(self._marks[ring.lookup.active]).encryptor()
        self._close, self._hashing = self._seals[ring.sealing.active].close, self._hashes[ring.lookup.active]
        self.sealed_prefix = f"{SEALED}{ring.sealing.active}:"
        self.lookup_prefix = f"{HASHED}{ring.lookup.active}:"
        self._mark_prefix = f"{ring.lookup.active}.".encode()

    def seal(self, text: str, about: str) -> str:
        """The text under the active key."""
        return self._close(text.encode(), about.encode())

    def unseal(self, sealed: str, about: str) -> str:
        """What was sealed about this. Raises KeyIsMissing, SealIsBroken."""
        mark, _, rest = sealed.partition(":")
        name, _, body = rest.partition(":")
        if mark + ":" != SEALED:
            raise SealIsBroken("this is no sealed text")
        if name not in self._seals:
            raise KeyIsMissing(f"sealing key {name[:24]} is not in the ring")
        try:
            return self._seals[name].open(body.encode("ascii"), about.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise SealIsBroken(f"a seal under key {name} does not hold") from error

    def reveal(self, text: str, about: str) -> str:
        """The same, for a column that an upgrade has perhaps not sealed yet: such a text is given as it stands."""
        return self.unseal(text, about) if is_sealed(text) else text

    def lookup(self, value: str, about: str) -> str:
        """The hash a value of this kind is stored and joined by."""
        return self.lookup_prefix + _hash_text(self._hashing, value, about)

    def hiding(self, about: str) -> Callable[[str], tuple[str, str]]:
        """For many values of one kind: value → (hash, seal), the same as of `lookup` and `seal`."""
        close, hashing, prefix = self._close, self._hashing, self.lookup_prefix
        kind = about.encode()
        start = kind + b"\x00"

        @lru_cache(maxsize=_KEPT_VALUES)
        def hide(value: str) -> tuple[str, str]:
            text = value.encode()
            return prefix + _as_text(hashing(start + text)[:_LOOKUP_BYTES]), close(text, kind)

        return hide

    def opening(self, about: str) -> Callable[[str], str]:
        """For many seals of one kind: the same as `unseal`."""
        return lru_cache(maxsize=_KEPT_VALUES)(lambda sealed: self.unseal(sealed, about))

    def lookups(self, value: str, about: str) -> list[str]:
        """Every hash the value may be stored under at this moment, for finding it while keys are rotated."""
        return [f"{HASHED}{name}:{_hash_text(mac, value, about)}" for name, mac in self._hashes.items()]

    def mark(self, content_hash: bytes) -> bytes:
        """A content hash hidden: equal for equal, and nobody can try out what it is the hash of.

        16 bytes in; out come the key's name, a dot, and one block of AES (a single block is a permutation: nothing
        is chained, so no mode is needed).
        """
        return self._mark_prefix + self._marking.update(content_hash)

    def marked_anew(self, mark: bytes) -> bytes:
        """A mark of an older key, or a bare hash of 16 bytes, under the active key. Raises KeyIsMissing."""
        if mark.startswith(self._mark_prefix) and len(mark) == len(self._mark_prefix) + MARK_BYTES:
            return mark
        if len(mark) == MARK_BYTES:
            return self.mark(mark)
        name = mark[: -MARK_BYTES - 1].decode("ascii", "replace")
        if name not in self._marks:
            raise KeyIsMissing(f"lookup key {name[:24]} is not in the ring")
        return self.mark(_block_cipher(self._marks[name]).decryptor().update(mark[-MARK_BYTES:]))


class _Seal:
    """One sealing key: AES-256-GCM, and the keyed hash its nonces come from."""

    def __init__(self, key: bytes, prefix: str) -> None:
        cipher = AESGCM(_derived(key, "seal"))
        self._encrypt, self._decrypt = cipher.encrypt, cipher.decrypt
        self._mac = _mac(_derived(key, "nonce"))
        self._prefix = prefix

    def close(self, text: bytes, about: bytes) -> str:
        nonce = self._mac(about + b"\x00" + text)[:_NONCE_BYTES]
        return self._prefix + _as_text(nonce + self._encrypt(nonce, text, about))

    def open(self, body: bytes, about: bytes) -> bytes:
        sealed = a2b_base64(body.translate(_FROM_URL))
        return self._decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], about)


def _as_text(octets: bytes) -> str:
    return b2a_base64(octets, newline=False).translate(_TO_URL).decode()


def _hash_text(mac: Callable[[bytes], bytes], value: str, about: str) -> str:
    return _as_text(mac(f"{about}\x00{value}".encode())[:_LOOKUP_BYTES])


def _mac(key: bytes) -> Callable[[bytes], bytes]:
    """HMAC-SHA-256 with both halves prepared: a third of the time of hmac.digest for a short text (RFC 2104)."""
    padded = key.ljust(_BLOCK, b"\x00")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C))

    def digest(text: bytes) -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(text)
        second.update(first.digest())
        return second.digest()

    return digest


def _derived(key: bytes, use: str) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=None, info=f"pccovid {use}".encode()).derive(key)


def _block_cipher(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 (one block at a time)


@lru_cache(maxsize=4)
def _sealer_of(ring: KeyRing) -> Sealer:
    return Sealer(ring)
