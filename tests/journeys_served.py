"""The real service on a loopback port, for journeys."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path


@contextlib.contextmanager
def served(environment: Mapping[str, str], log: Path, *, asked: str = "") -> Iterator[str]:
    """The service's address, once its page `asked` answers; stopped afterwards."""
    subprocess.run([sys.executable, "-m", "pccovid.web.catalogues"], env=environment, check=True)
    collect = [sys.executable, "-m", "django", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(collect, env=environment, check=True)
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as told:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "pccovid.config.wsgi:application", "--no-control-socket",
             "--bind", f"127.0.0.1:{port}", "--threads", "4", "--log-level", "warning"],
            env=environment, stdout=told, stderr=told,
        )  # fmt: skip
        try:
            _wait_until_answered(address + asked, server)
            yield address
        finally:
            server.terminate()
            server.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_answered(address: str, server: subprocess.Popen[bytes]) -> None:
    """Ask until it answers; a busy machine may take its time, a service that ended will never answer."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert server.poll() is None, "the service ended before it answered"
        try:
            urllib.request.urlopen(address, timeout=20).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.05)
            continue
        return
    raise AssertionError("the service did not answer")
