"""One call to another system: over TLS (on this machine without), for a few seconds, never followed elsewhere.

A call ends in an `Answer`, or in NotReached: the other side was not there, did not answer in time, or spoke no HTTP.
What an answer means is its connector's to say, in the three words below; whoever asks decides by them what to do.
"""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LONGEST_ANSWER = 4 * 1024 * 1024
SECONDS = 10.0


class Unanswered(RuntimeError):
    """The question has no answer. The words say why and never what was asked."""


class NotReached(Unanswered):
    """The other side is down, slow or overloaded: asking again later is right."""


class Refused(Unanswered):
    """The other side understood and will not answer this: asking again the same way changes nothing."""


class Drifted(Unanswered):
    """What came is not what was agreed: another shape, or the answer to another question. Nothing of it is taken."""


class AddressIsWrong(ValueError):
    """No address that calls may go to: only https, and http on this machine in the sandbox."""


@dataclass(frozen=True)
class Answer:
    """An HTTP answer whole; names of headers in small letters, the last of a repeated one counts."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Line:
    """Calls to one address; each thread keeps a connection of its own."""

    def __init__(
        self, base: str, *, seconds: float = SECONDS, plain_http: bool = False, context: ssl.SSLContext | None = None
    ) -> None:
        """Raises AddressIsWrong. `context`: with a client's certificate, where the other side asks for one."""
        parts = urlsplit(base)
        host = parts.hostname or ""
        if not (parts.scheme == "https" and host) and not (parts.scheme == "http" and plain_http and host in LOOPBACK):
            raise AddressIsWrong("only https is spoken, and http on this machine in the sandbox")
        self.base = f"{parts.scheme}://{parts.netloc}"
        self._host, self._port, self._seconds = host, parts.port, seconds
        self._context = (context or ssl.create_default_context()) if parts.scheme == "https" else None
        self._kept = threading.local()

    def call(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        """Ask once. Raises NotReached; a connection that the other side had closed meanwhile is opened anew once."""
        was_kept = getattr(self._kept, "connection", None) is not None
        try:
            return self._ask(method, path, headers, body)
        except (ConnectionError, http.client.RemoteDisconnected) as error:
            if not was_kept:
                raise NotReached(type(error).__name__) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotReached(type(error).__name__) from error
        try:
            return self._ask(method, path, headers, body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NotReached(type(error).__name__) from error

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        connection = self._connection()
        try:
            connection.request(method, path, body, dict(headers))
            came = connection.getresponse()
            content = came.read(LONGEST_ANSWER + 1)
        except BaseException:
            self.close()
            raise
        if len(content) > LONGEST_ANSWER:
            self.close()
            raise ValueError("an answer without end")
        return Answer(came.status, {name.lower(): value for name, value in came.getheaders()}, content)

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._kept, "connection", None)
        if kept is None:
            kept = (
                http.client.HTTPConnection(self._host, self._port, timeout=self._seconds)
                if self._context is None
                else http.client.HTTPSConnection(self._host, self._port, timeout=self._seconds, context=self._context)
            )
            self._kept.connection = kept
        return kept

    def close(self) -> None:
        """Close this thread's connection."""
        kept: http.client.HTTPConnection | None = getattr(self._kept, "connection", None)
        if kept is not None:
            kept.close()
            self._kept.connection = None
