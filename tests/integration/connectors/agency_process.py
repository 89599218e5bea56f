"""A sandbox agency as a real process of its own, with the people of a file, and orders of faults to it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pccovid.connectors.population_database.register import Entry, write_register

HOA = Entry("001190000017", "012345678", "Nguyễn Thị Hòa", "1990-03-05", "female", "00001", "0123456789")
BINH = Entry("001050000025", None, "Trần Văn Bình", "1950", "male", "00004", "0198765432")


class AgencyProcess:
    """Starts the module's server on a free port, or on the one it had before."""

    def __init__(self, module: str, people: Path, port: int = 0) -> None:
        self.module, self.people = module, people
        self.start(port)

    def start(self, port: int = 0) -> None:
        command = [sys.executable, "-m", self.module, "--people", str(self.people), "--port", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url: str = json.loads(self.process.stdout.readline())["url"]
        self.port = int(self.url.rpartition(":")[2])

    def order(self, *faults: dict[str, Any]) -> None:
        self.post("/sandbox/faults", list(faults))

    def post(self, path: str, content: Any) -> None:
        request = urllib.request.Request(self.url + path, json.dumps(content).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert answer.status == 204

    def counts(self) -> dict[str, int]:
        with urllib.request.urlopen(self.url + "/sandbox/counts", timeout=10) as answer:
            return dict(json.load(answer))

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


def register_file(folder: Path, entries: Iterable[Entry] = (HOA, BINH)) -> Path:
    path = folder / "people.jsonl"
    write_register(path, entries)
    return path
