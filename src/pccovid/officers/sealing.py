"""Secrets of officers' one-time codes at rest: AES-256-GCM under a key that the database never sees.

Keys come from PCCOVID_FACTOR_KEYS (the first seals, all open), else from the file `secrets/officer-factors` of
PCCOVID_HOME. Each sealed secret is bound to its officer, so that rows cannot be swapped.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


class SealIsBroken(RuntimeError):
    """None of this installation's keys opens the secret: the key was lost, or the row is not this officer's."""


def seal(secret: bytes, *, officer: int, keys: Sequence[str] | None = None) -> bytes:
    """Nonce and ciphertext of the secret, bound to the officer."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_derived(_keys(keys)[0], "secret")).encrypt(nonce, secret, _bound_to(officer))


def unseal(sealed: bytes, *, officer: int) -> bytes:
    """The secret again. Raises SealIsBroken."""
    for key in _keys(None):
        try:
            return AESGCM(_derived(key, "secret")).decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], _bound_to(officer)
            )
        except InvalidTag:
            continue
    raise SealIsBroken


def recovery_hashes(code: str, *, officer: int) -> list[bytes]:
    """The code's keyed hash under each key, the sealing one first."""
    message = f"{officer}:{code}".encode()
    return [hmac.digest(_derived(key, "recovery"), message, "sha256") for key in _keys(None)]


def _keys(given: Sequence[str] | None) -> Sequence[str]:
    return given or settings.OFFICER_FACTOR_KEYS


def _derived(key: str, use: str) -> bytes:
    return hashlib.blake2b(key.encode(), digest_size=32, person=use.encode()).digest()


def _bound_to(officer: int) -> bytes:
    return f"officer {officer}".encode()
