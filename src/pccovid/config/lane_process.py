"""Starting the hot lane: its command line, and the little its process is told, never the owner's address or keys."""

from __future__ import annotations

import os
import sys

from pccovid.personal_codes.keys import LANE_VARIABLE, CodeKeys
from pccovid.web.scan_lane.service import DATABASE_VARIABLE

_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "VIRTUAL_ENV", "PCCOVID_NATS_URL",
              "PCCOVID_SCAN_GROUP", "PCCOVID_SCAN_WRITERS", "PCCOVID_SCAN_WAITING")  # fmt: skip


def lane_command(host: str, port: int) -> list[str]:
    """One worker; several of them may share a port's proxy, since what is stored once is decided by the database."""
    return [
        sys.executable, "-m", "uvicorn", "--factory", "pccovid.web.scan_lane.service:application", "--host", host,
        "--port", str(port), "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning",
        "--no-server-header", "--no-date-header", "--no-proxy-headers", "--timeout-graceful-shutdown", "10",
    ]  # fmt: skip


def lane_environment(scan_url: str, keys: CodeKeys, **more: str) -> dict[str, str]:
    """The environment of the lane's process: the address of the role `scan`, and the lane's part of the keys."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed, DATABASE_VARIABLE: scan_url, LANE_VARIABLE: keys.for_lane().as_text(), **more}
