"""The web's server, with as many processes and threads as the house starts it with."""

from __future__ import annotations

import sys

WORKERS, THREADS = 2, 4
APPLICATION = "pccovid.config.wsgi:application"


def web_server(
    address: str, *, application: str = APPLICATION, workers: int = WORKERS, threads: int = THREADS,
    log_level: str = "warning",
) -> list[str]:  # fmt: skip
    """The command that serves `application` (module:name) at `address` (host:port) until it is ended."""
    return [
        sys.executable, "-m", "gunicorn", application, "--no-control-socket", "--bind", address,
        "--workers", str(workers), "--threads", str(threads), "--log-level", log_level,
    ]  # fmt: skip
