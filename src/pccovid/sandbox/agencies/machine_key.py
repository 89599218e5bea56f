"""A made agency's own key: kept in a file that only its account reads, shown as a JWK, signing assertions (ES384)."""

from __future__ import annotations

import base64
import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

KID = "ban-thu-1"
_LIFE = timedelta(minutes=4)


class MachineKey:
    """One agency's private key."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    @classmethod
    def of(cls, path: Path) -> MachineKey:
        """The key of a file, made where there is none. Raises OSError, ValueError."""
        if path.exists():
            loaded = load_pem_private_key(path.read_bytes(), None)
            if not isinstance(loaded, ec.EllipticCurvePrivateKey):
                raise ValueError("the file holds no key of an elliptic curve")
            return cls(loaded)
        made = cls(ec.generate_private_key(ec.SECP384R1()))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.pem())
        return made

    def pem(self) -> bytes:
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def jwk(self) -> dict[str, str]:
        """The public half, as an agreement keeps it."""
        numbers = self._key.public_key().public_numbers()
        return {
            "kty": "EC",
            "crv": "P-384",
            "kid": KID,
            "x": _b64(numbers.x.to_bytes(48)),
            "y": _b64(numbers.y.to_bytes(48)),
        }

    def assertion(self, client: str, audience: str, *, now: datetime) -> str:
        """A signed assertion of a client for the token's address."""
        claims = {"iss": client, "sub": client, "aud": audience, "exp": int((now + _LIFE).timestamp()),
                  "jti": uuid4().hex}  # fmt: skip
        head = {"alg": "ES384", "kid": KID, "typ": "JWT"}
        text = ".".join(_b64(json.dumps(part).encode()) for part in (head, claims))
        r, s = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(SHA384())))
        return f"{text}.{_b64(r.to_bytes(48) + s.to_bytes(48))}"


def _b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
