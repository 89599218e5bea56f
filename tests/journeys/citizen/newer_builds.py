"""A way to the service on which it can be made to serve another build of the app's worker.

The driver of the browser cannot answer for a worker's renewal, for that request passes it by: so this stands between.
"""

from __future__ import annotations

import http.client
import http.server
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

_OF_ONE_CONNECTION = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


class Front:
    """Hands every request on; `renewed` changes the text of the worker that comes back, where it is set."""

    def __init__(self, service: str) -> None:
        self.renewed: Callable[[str], str] | None = None
        self._behind = urlsplit(service).netloc
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                front.hand_on(self)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the service has its own log."""

        return Handler

    def hand_on(self, asked: http.server.BaseHTTPRequestHandler) -> None:
        """Ask the service the same and give its answer."""
        behind = http.client.HTTPConnection(self._behind, timeout=60)
        body = asked.rfile.read(int(asked.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in asked.headers.items() if name.lower() not in _OF_ONE_CONNECTION}
        if asked.path == "/sw.js":
            headers.pop("Accept-Encoding", None)
        behind.request(asked.command, asked.path, body or None, headers)
        answer = behind.getresponse()
        content = answer.read()
        if asked.path == "/sw.js" and self.renewed:
            content = self.renewed(content.decode()).encode()
        asked.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _OF_ONE_CONNECTION:
                asked.send_header(name, value)
        asked.send_header("Content-Length", str(len(content)))
        asked.end_headers()
        asked.wfile.write(content)
        behind.close()
