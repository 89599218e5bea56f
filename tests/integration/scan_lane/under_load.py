"""Load on a lane that is about to lose its footing: what was acknowledged, and sending the rest again."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import psycopg

from integration.scan_lane.conftest import Lane, scan

_THREADS = 6


class UnderLoad:
    """Devices that send single scans and batches without a pause, until told to stop."""

    def __init__(self, lane: Lane, secret: str, *, most: int = 3_000) -> None:
        self.lane, self.secret = lane, secret
        # Cards are static texts: made in no time, and each is known by its scan's own number.
        self.sent = {one["id"]: one for one in (_card(number) for number in range(most))}
        self._unsent = iter(list(self.sent.values()))
        self._taking, self._stop = threading.Lock(), threading.Event()
        self.acknowledged: set[str] = set()

    def run(self, disturb: Callable[[], None], *, after: int) -> None:
        """Send; once `after` scans were acknowledged, `disturb`; go on until all has been tried."""
        threads = [threading.Thread(target=self._send_on, args=(number,)) for number in range(_THREADS)]
        for thread in threads:
            thread.start()
        until = time.monotonic() + 120
        while len(self.acknowledged) < after and time.monotonic() < until:
            time.sleep(0.002)
        disturb()
        for thread in threads:
            thread.join()

    def send_the_rest(self) -> None:
        """What was not acknowledged, under its own numbers again."""
        rest = [one for number, one in self.sent.items() if number not in self.acknowledged]
        for start in range(0, len(rest), 400):
            self._note(rest[start : start + 400], self.lane.send(rest[start : start + 400], self.secret))

    def _send_on(self, number: int) -> None:
        for batch in self._batches(1 if number % 2 else 7):
            with suppress(OSError, http.client.HTTPException, ValueError):
                self._note(batch, self.lane.send(batch, self.secret))

    def _batches(self, size: int) -> Iterator[list[dict[str, str]]]:
        while True:
            with self._taking:
                batch = [one for one, _ in zip(self._unsent, range(size), strict=False)]
            if not batch:
                return
            yield batch

    def _note(self, batch: list[dict[str, str]], answer: tuple[int, Any]) -> None:
        status, content = answer
        if status == 200:
            assert content["results"] == ["stored"] * len(batch)
            self.acknowledged.update(one["id"] for one in batch)


def stored_ids(owner: psycopg.Connection) -> list[str]:
    return [str(UUID(int=one.int)) for (one,) in owner.execute("SELECT scan_id FROM access.scan_inbox")]


def _card(number: int) -> dict[str, str]:
    return scan(code=f"079087{number:06d}||NGUYEN VAN A|18011987|Nam||01052021")
