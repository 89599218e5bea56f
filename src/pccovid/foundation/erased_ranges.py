"""Ranges of the log of access that were erased after their years, and what excuses them.

The chain says of each link what its entry was; an entry that is gone is damage, unless it lies in a range that was
erased. Whoever owns the database can write such a range as well, but not the anchors: a range is excused only where a
signed anchor shows that its last link stood already when the period of the erasure began.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import psycopg

from pccovid.foundation.classification import LOG_YEARS


@dataclass(frozen=True)
class ErasedRange:
    """Links first … last whose entries were erased; `hash` is the chain's at the last one (hex)."""

    first: int
    last: int
    last_log_id: int
    hash: str
    hash_in_chain: str | None
    due_before: datetime
    is_past: bool


def erased_ranges(connection: psycopg.Connection) -> tuple[ErasedRange, ...]:
    """Every range that is said to be erased, in order. As the owner."""
    rows = connection.execute(
        "SELECT e.first_position, e.last_position, e.last_log_id, encode(e.hash, 'hex'), encode(c.hash, 'hex'),"
        " e.erased_at - make_interval(years => %s), e.erased_at <= clock_timestamp()"
        " FROM access.log_erasure e LEFT JOIN access.chain c ON c.position = e.last_position ORDER BY 1",
        [LOG_YEARS],
    ).fetchall()
    return tuple(ErasedRange(*row) for row in rows)


class Excused:
    """The ranges that anchors bear out, asked link by link."""

    def __init__(self, ranges: Iterable[ErasedRange], anchors: Iterable[tuple[int, datetime]]) -> None:
        """`anchors`: (position, when) of every anchor whose signature holds."""
        known = sorted(anchors)
        good = [one for one in ranges if _is_borne_out(one, known)]
        self.wrong = tuple(one for one in ranges if one not in good)
        self._firsts, self._good = [one.first for one in good], good

    def covers(self, position: int) -> bool:
        """Whether the entry of that link was erased in its time."""
        at = bisect_right(self._firsts, position) - 1
        return at >= 0 and position <= self._good[at].last

    @property
    def last_log_id(self) -> int:
        """The newest number of an entry that was erased; 0 where none was."""
        return max((one.last_log_id for one in self._good), default=0)


def _is_borne_out(one: ErasedRange, anchors: list[tuple[int, datetime]]) -> bool:
    is_old = any(position >= one.last and at <= one.due_before for position, at in anchors)
    return is_old and one.is_past and one.hash == one.hash_in_chain
