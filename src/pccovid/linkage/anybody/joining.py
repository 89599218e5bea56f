"""Rows become clusters: the heaviest pair first, while what all rows of both sides say of each other allows it.

One pair is not enough to make two groups of rows one person: a mother's row without a birth date may fit her
daughter's, but her other rows do not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

Pair = tuple[str, str]
MOST_SAID = 10.0
"""Bits that one pair says at most, for two groups or against."""
_NOT_LOOKED_AT = -3.0
"""Bits that a pair says which shares no key."""
_LEAST_ON_AVERAGE = -2.0
"""Bits that the pairs between two groups must say, all told: rows that say little of a person are many."""


def clustered(weights: dict[Pair, float], joining: Iterable[Pair]) -> dict[str, str]:
    """The smallest row of each row's cluster, for all rows of `joining`, pairs that join if nothing contradicts.

    `weights` in bits, of all pairs that were looked at. The same whatever the order of either.
    """
    said: dict[str, dict[str, float]] = defaultdict(dict)
    for (left, right), weight in weights.items():
        said[left][right] = said[right][left] = max(-MOST_SAID, min(MOST_SAID, weight))
    heaviest = sorted(joining, key=lambda pair: (-weights[pair], pair))
    group_of = {row: [row] for pair in heaviest for row in pair}
    for left, right in heaviest:
        one, other = group_of[left], group_of[right]
        if one is other or _say(said, one, other) < _LEAST_ON_AVERAGE * len(one) * len(other):
            continue
        larger, smaller = (one, other) if len(one) >= len(other) else (other, one)
        larger += smaller
        group_of |= dict.fromkeys(smaller, larger)
    smallest = {id(group): min(group) for group in group_of.values()}
    return {row: smallest[id(group)] for row, group in group_of.items()}


def _say(said: dict[str, dict[str, float]], one: list[str], other: list[str]) -> float:
    return sum(said[left].get(right, _NOT_LOOKED_AT) for left in one for right in other)
