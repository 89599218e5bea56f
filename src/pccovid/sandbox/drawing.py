"""Reproducible draws: one random stream for each thing made, and weighted choices."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from _typeshed import SupportsLenAndGetItem

T = TypeVar("T")

STREAMS = ("nation", "block", "household", "rows", "corrections", "delivery", "outbreak")


class _Draws(Random):
    """A Mersenne Twister whose whole numbers come from one float: half the cost, a bias below 2**-40."""

    def _randbelow(self, n: int) -> int:
        return int(self.random() * n)

    def choice(self, seq: SupportsLenAndGetItem[T]) -> T:
        return seq[int(self.random() * len(seq))]


def stream(seed: int, purpose: str, number: int = 0) -> Random:
    """A random stream of its own for `purpose` and `number`, so that no draw depends on what was made before it."""
    return _Draws((abs(seed) << 48) | (STREAMS.index(purpose) << 40) | number)


class Weighted(Generic[T]):
    """Values with weights; `pick` draws one in proportion to its weight."""

    def __init__(self, pairs: Iterable[tuple[T, float]]) -> None:
        chosen = [(value, weight) for value, weight in pairs if weight > 0]
        self.values = [value for value, _ in chosen]
        self._cumulative = list(accumulate(weight for _, weight in chosen))
        self._total = self._cumulative[-1]

    def pick(self, rng: Random) -> T:
        """One value."""
        return self.values[bisect(self._cumulative, rng.random() * self._total, 0, len(self.values) - 1)]


def count_around(rate: float, rng: Random) -> int:
    """A whole number whose mean is `rate`: its floor, or one more."""
    whole = int(rate)
    return whole + (rng.random() < rate - whole)
