"""Faults to order, and which of them a request meets. Drawn from a seed: the same orders meet the same requests."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

SLOW, ERROR, LOST, DOWN, WRONG, DRIFT, DUPLICATE, REORDER, BUSY = KINDS = (
    "slow", "error", "lost", "down", "wrong", "drift", "duplicate", "reorder", "busy",
)  # fmt: skip
"""Late by `seconds`; status 500; answered, but the line breaks; the line breaks at once; the answer to another
question; another shape; what has come comes again; later before earlier; status 429."""
MEANINGLESS = "an order of faults that is none"


@dataclass
class Order:
    """A fault for a share of the requests; `times`: for so many at most (None: for good)."""

    kind: str
    share: float = 1.0
    seconds: float = 0.0
    times: int | None = None


def read_orders(content: Any) -> list[Order]:
    """Orders as posted. Raises ValueError."""
    if not isinstance(content, list):
        raise ValueError(MEANINGLESS)
    return [_order(one) for one in content]


def _order(content: Any) -> Order:
    if not isinstance(content, Mapping) or not content.keys() <= {"kind", "share", "seconds", "times"}:
        raise ValueError(MEANINGLESS)
    times = content.get("times")
    order = Order(str(content.get("kind")), float(content.get("share", 1)), float(content.get("seconds", 0)),
                  None if times is None else int(times))  # fmt: skip
    if order.kind not in KINDS or not 0 <= order.share <= 1 or not 0 <= order.seconds <= 3600:
        raise ValueError(MEANINGLESS)
    return order


class Faults:
    """The orders in force, safe for many threads, and counts of what was met."""

    def __init__(self, seed: int = 1) -> None:
        self._chance, self._lock = Random(seed), threading.Lock()
        self._orders: list[Order] = []
        self.counts: Counter[str] = Counter()

    def order(self, orders: Iterable[Order]) -> None:
        """Let these faults take the place of those before."""
        with self._lock:
            self._orders = list(orders)

    def met(self) -> Mapping[str, Order]:
        """The faults that the next request meets, by kind."""
        with self._lock:
            found = {order.kind: order for order in self._orders if order.times != 0}
            met = {kind: order for kind, order in found.items() if self._chance.random() < order.share}
            for order in met.values():
                order.times = None if order.times is None else order.times - 1
            self.counts["asked"] += 1
            self.counts.update(list(met))
            return met

    def count(self, what: str) -> None:
        """Note what became of a request."""
        with self._lock:
            self.counts[what] += 1
