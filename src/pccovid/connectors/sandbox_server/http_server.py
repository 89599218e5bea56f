"""A small HTTP/1.1 server for the sandbox's agencies: connections kept, one thread each, faults before and after."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

from pccovid.connectors.sandbox_server import faults
from pccovid.connectors.sandbox_server.faults import Faults, read_orders

_LONGEST_BODY = 1024 * 1024
TIED_VARIABLE = "PCCOVID_ENDS_WITH_STARTER"
"""Set to 1, a server ends when its standard input does: with whoever started it, however that one ended."""
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Asked:
    """A request whole. `head`: its first line and headers as they came."""

    method: str
    path: str
    headers: dict[str, list[str]]
    head: bytes
    body: bytes


@dataclass(frozen=True)
class Answered:
    """An answer to be sent."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def as_json(status: int, content: Any, **headers: str) -> Answered:
    """An answer in JSON."""
    body = json.dumps(content, ensure_ascii=False).encode()
    return Answered(status, body, {"Content-Type": "application/json", **headers})


class Agency(ThreadingHTTPServer):
    """One agency's server. What it answers, a subclass says; `faults.met()` says what befalls the answer."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128
    name: ClassVar[str] = "agency"

    def __init__(self, port: int = 0, *, seed: int = 1) -> None:
        super().__init__((HOST, port), _Handler)
        self.faults = Faults(seed)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up early is no fault of the server's."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_port}"

    @abstractmethod
    def answer(self, asked: Asked, met: Mapping[str, faults.Order]) -> Answered:
        """The answer, spoiled as `met` says where the fault is one of content."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Agency
    # Answers are small: waiting for more to send with them costs 40 ms each.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        asked = self._read()
        if asked is None:
            return
        if asked.path == "/sandbox/counts":
            self._send(as_json(200, dict(self.server.faults.counts)))
        elif asked.path == "/sandbox/faults" and asked.method == "POST":
            self._send(self._take_orders(asked.body))
        else:
            self._meet(asked)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET

    def _meet(self, asked: Asked) -> None:
        met = self.server.faults.met()
        if faults.SLOW in met:
            time.sleep(met[faults.SLOW].seconds)
        if faults.DOWN in met:
            self.close_connection = True
        elif faults.BUSY in met:
            self._send(Answered(429, headers={"Retry-After": "1"}))
        else:
            answer = self.server.answer(asked, met)
            self.server.faults.count("answered")
            if faults.LOST in met:
                self.close_connection = True
            else:
                self._send(answer)

    def _read(self) -> Asked | None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _LONGEST_BODY:
            self.close_connection = True
            self._send(Answered(413))
            return None
        headers: dict[str, list[str]] = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), []).append(value)
        lines = [self.requestline, *(f"{name}: {value}" for name, value in self.headers.items()), "", ""]
        head = "\r\n".join(lines).encode("latin-1", "replace")
        return Asked(self.command, self.path, headers, head, self.rfile.read(int(length)))

    def _take_orders(self, body: bytes) -> Answered:
        try:
            self.server.faults.order(read_orders(json.loads(body)))
        except (ValueError, TypeError):
            return Answered(400)
        return Answered(204)

    def _send(self, answer: Answered) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        """Nothing: what is asked is about people."""


def serve(agency: Agency) -> int:
    """Print the address as one line of JSON, and answer until the process is told to end."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    print(json.dumps({"agency": agency.name, "url": agency.url}), flush=True)
    if os.environ.get(TIED_VARIABLE) == "1":
        threading.Thread(target=_end_with_starter, daemon=True).start()
    try:
        agency.serve_forever()
    except SystemExit:
        pass
    finally:
        agency.server_close()
    return 0


def _end(*_: Any) -> None:
    sys.exit(0)


def _end_with_starter() -> None:
    """Wait for the end of standard input: a pipe whose other end nobody holds any more."""
    while os.read(0, 1024):  # not sys.stdin, whose lock would be held when the program ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def options_of(arguments: list[str] | None, about: str | None) -> argparse.Namespace:
    """The options that every agency's process has: its port, whom it knows, the seed of its faults."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    parser.add_argument("--people", required=True, help="the file of made people it knows")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changes-after", type=int, default=0, help="the number before its first change")
    return parser.parse_args(arguments)
