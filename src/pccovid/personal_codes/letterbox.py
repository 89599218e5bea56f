"""A letterbox: whoever has its public half can put something in, only the worker can take it out.

The hot lane is shown cards in clear (a citizen card's text names its holder) and must not be able to read later what it
was shown: it seals each with a fresh X25519 key to the letterbox's (HKDF-SHA-256, AES-256-GCM), and forgets that key.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pccovid.personal_codes.keys import CodeKeys

_PUBLIC = 32
_NONCE = bytes(12)  # each key seals one letter and no other


class LetterUnreadable(ValueError):
    """The letter was changed, cut, or put in under a set of keys that is gone."""


def put_in(letterbox: bytes, number: int, text: str, about: bytes) -> bytes:
    """The text sealed to the letterbox (its public half and set's number), bound to what it is about."""
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    key = _key(own.exchange(X25519PublicKey.from_public_bytes(letterbox)), public, letterbox)
    return bytes((number,)) + public + AESGCM(key).encrypt(_NONCE, text.encode("utf-8", "replace"), about)


def take_out(keys: CodeKeys, letter: bytes, about: bytes) -> str:
    """What was put in. Raises LetterUnreadable."""
    one = keys.sets.get(letter[0]) if len(letter) > 1 + _PUBLIC else None
    if one is None:
        raise LetterUnreadable("no such letterbox")
    public = letter[1 : 1 + _PUBLIC]
    box = one.letterbox.public_key().public_bytes_raw()
    try:
        shared = one.letterbox.exchange(X25519PublicKey.from_public_bytes(public))
        return AESGCM(_key(shared, public, box)).decrypt(_NONCE, letter[1 + _PUBLIC :], about).decode()
    except (InvalidTag, ValueError) as error:
        raise LetterUnreadable("the letter does not open") from error


def _key(shared: bytes, public: bytes, box: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=public + box, info=b"pccovid letterbox").derive(shared)
