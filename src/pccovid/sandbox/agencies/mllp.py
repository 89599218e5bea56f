"""A laboratory's side of MLLP inside TLS: one message at a time, each kept until its acknowledgement has come."""

from __future__ import annotations

import contextlib
import socket
import ssl
from pathlib import Path

from pccovid.connectors.calling import NotReached, Refused
from pccovid.connectors.hl7v2.framing import END, RETURN, START, framed

_SECONDS = 30.0
_TAKEN, _LATER = "AA", "AR"


class Listener:
    """The hub's listener for laboratories. For one thread."""

    def __init__(self, address: str, certificate: Path, authority: Path) -> None:
        """`certificate`: file of its certificate with its key; `authority`: file of whom alone it trusts."""
        self._host, _, port = address.rpartition(":")
        self._port = int(port)
        self._tls = ssl.create_default_context(cafile=str(authority))
        self._tls.load_cert_chain(certificate)
        self._kept: ssl.SSLSocket | None = None

    def send(self, message: str) -> str:
        """The code of the acknowledgement. Raises NotReached: to be sent again; Refused: AE, it never will be taken."""
        try:
            answer = self._exchanged(message.encode())
        except (OSError, EOFError) as error:
            self.close()
            raise NotReached(type(error).__name__) from error
        code, words = _read(answer)
        if code == _LATER:
            raise NotReached(f"AR: {words}")
        if code != _TAKEN:
            raise Refused(f"{code}: {words}")
        return code

    def _exchanged(self, message: bytes) -> bytes:
        connection = self._connection()
        connection.sendall(framed(message))
        answer = b""
        while not answer.endswith(END + RETURN):
            came = connection.recv(65536)
            if not came:
                raise EOFError
            answer += came
        return answer.removeprefix(START).removesuffix(END + RETURN)

    def _connection(self) -> ssl.SSLSocket:
        if self._kept is None:
            plain = socket.create_connection((self._host, self._port), timeout=_SECONDS)
            try:
                self._kept = self._tls.wrap_socket(plain, server_hostname=self._host)
            except BaseException:
                plain.close()
                raise
        return self._kept

    def close(self) -> None:
        """Close the connection; the next message opens another."""
        if self._kept is not None:
            with contextlib.suppress(OSError):
                self._kept.close()
            self._kept = None


def _read(answer: bytes) -> tuple[str, str]:
    """(code of MSA, words of the first ERR) of an acknowledgement."""
    segments = [line.split("|") for line in answer.decode("utf-8", "replace").split("\r")]
    code = next((one[1] for one in segments if one[0] == "MSA" and len(one) > 1), "")
    words = next((one[8] for one in segments if one[0] == "ERR" and len(one) > 8), "")
    return code, words
