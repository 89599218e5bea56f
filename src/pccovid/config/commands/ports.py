"""Where each service answers: the port asked for, or the first free one of a range that no other service looks in."""

from __future__ import annotations

import contextlib
import socket

APP, LANE, HUB, AGENCIES, LABORATORIES, VNEID = 8000, 8100, 8200, 8300, 8400, 8500
"""First ports of app and console, of the hot lane, of the agencies' hub, of the sandbox's agencies, of the
laboratories' listener, and of the sandbox's VNeID; each looks through a hundred."""
RANGE = 100


class PortIsTaken(RuntimeError):
    """Something else already answers on the port that was asked for."""


def free_port(host: str, wanted: int | None, first: int) -> int:
    """`wanted`, or the first free port from `first` on. Raises PortIsTaken."""
    for port in [wanted] if wanted else range(first, first + RANGE):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return port
    raise PortIsTaken(f"port {wanted or first} is taken; name another with --port")
