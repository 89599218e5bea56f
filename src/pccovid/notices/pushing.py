"""Web push without content: the VAPID header (RFC 8292) and the empty message that wakes a browser (RFC 8030).

The browser's service worker shows one fixed sentence; whoever runs the push service learns that something came, and
nothing else.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

_TOKEN_LASTS = timedelta(hours=12)
_KEPT_SECONDS = 24 * 60 * 60
_PATIENCE_SECONDS = 10
_KEY_FILE = "push-key.pem"


class SubscriptionIsGone(LookupError):
    """The browser has ended its subscription."""


class NotDelivered(RuntimeError):
    """The push service did not take the message."""


class Push(Protocol):
    """Wakes the browser behind an endpoint. Raises SubscriptionIsGone, NotDelivered."""

    def send(self, endpoint: str, *, now: datetime) -> None: ...


class VapidPush:
    """Sends by HTTP, signed with the service's own key. `contact` is an address for the push service's operators."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, contact: str) -> None:
        self._key, self._contact = key, contact

    def send(self, endpoint: str, *, now: datetime) -> None:
        request = urllib.request.Request(  # noqa: S310 - a known push service over https (rules.may_be_pushed_to)
            endpoint, method="POST", data=b"", headers=vapid_headers(self._key, endpoint, self._contact, now)
        )
        try:
            _OPENER.open(request, timeout=_PATIENCE_SECONDS).close()
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                raise SubscriptionIsGone from error
            raise NotDelivered(str(error.code)) from error
        except OSError as error:
            raise NotDelivered(type(error).__name__) from error


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A push service answers itself: whoever sends us elsewhere is not followed."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def vapid_headers(
    key: ec.EllipticCurvePrivateKey, endpoint: str, contact: str, now: datetime
) -> dict[str, str]:  # fmt: skip
    """The headers of one message: who sends it, until when the token holds, how long the service keeps trying."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now + _TOKEN_LASTS).timestamp()), "sub": contact,
    }  # fmt: skip
    signed = f"{_text({'typ': 'JWT', 'alg': 'ES256'})}.{_text(claims)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{signed}.{_base64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return {"Authorization": f"vapid t={token}, k={public_key(key)}", "TTL": str(_KEPT_SECONDS), "Urgency": "normal"}


def public_key(key: ec.EllipticCurvePrivateKey) -> str:
    """The key as browsers ask for it: an uncompressed point in base64url."""
    point = key.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )  # fmt: skip
    return _base64(point)


def own_key(home: Path) -> ec.EllipticCurvePrivateKey:
    """The service's key, made once and kept beside the other secrets."""
    file = home / "secrets" / _KEY_FILE
    if not file.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        text = made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}")
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(text)
        # Of several processes that make one at once, the first one's stays.
        with contextlib.suppress(FileExistsError):
            os.link(unfinished, file)
        unfinished.unlink()
    key = serialization.load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _text(value: dict[str, object]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")
