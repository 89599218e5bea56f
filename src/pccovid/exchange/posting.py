"""One POST to a receiver: over TLS, without following it elsewhere, and for a few seconds at most."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from pccovid.foundation.outbox import NotTaken

_SECONDS = 5.0
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def post(url: str, body: bytes, headers: Mapping[str, str], *, plain_http: bool) -> None:
    """Send it. Raises NotTaken for anything but a 2xx: a redirect is no taking either."""
    connection = _connection(url, plain_http=plain_http)
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body, {**headers, "Content-Type": "application/fhir+json"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NotTaken(type(error).__name__) from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise NotTaken(f"status {status}")


def _connection(url: str, *, plain_http: bool) -> http.client.HTTPConnection:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise NotTaken("an address that is none") from None
    if parts.scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=ssl.create_default_context())
    if parts.scheme == "http" and plain_http and host in _LOOPBACK:
        return http.client.HTTPConnection(host, port, timeout=_SECONDS)
    raise NotTaken("only https is spoken")
