"""Random rounding of counts, the alternative where blank cells would make a table useless. Pure.

Every count, totals too, goes to a neighbouring multiple of the base: the nearer one the more likely, so that counts are
right on average. The choice is a keyed hash of the cell and its count: the same cell gives the same answer in every
release, and asking again does not average the noise away.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")
_RANGE = 1 << 64


def rounded(count: int, *, cell: str, base: int, key: bytes) -> int:
    """A multiple of `base` less than `base` away from `count`; a count that is one stays as it is.

    `cell` names what is counted, the same in every release. Raises ValueError for a negative count or a base below 2.
    """
    if count < 0 or base < 2:
        raise ValueError("counts are not negative, and the base is at least 2")
    rest = count % base
    digest = hmac.digest(key, f"{base}|{cell}|{count}".encode(), hashlib.sha256)
    goes_up = int.from_bytes(digest[:8], "big") * base < rest * _RANGE
    return count - rest + (base if goes_up else 0)


def rounded_table(counts: Mapping[K, int], *, base: int, key: bytes) -> dict[K, int]:
    """Each count rounded by itself: totals need not add up, and must not be made to."""
    return {cell: rounded(count, cell=str(cell), base=base, key=key) for cell, count in counts.items()}
