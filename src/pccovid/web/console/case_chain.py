"""A case, whom it met and whom those met, as a small drawing: numbers in circles, lines between. Pure.

The same stands in the table beside it, so the drawing has no names and may be left out by who cannot see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_MOST_FIRST, _MOST_SECOND = 14, 28
_ROW, _TOP, _COLUMNS = 26, 20, (24, 140, 256)


class Dot(NamedTuple):
    """One person: their number in the table ('' for the case), their level and where they stand."""

    label: str
    level: int
    x: int
    y: int


class Line(NamedTuple):
    """From whom to whom; `is_sure` where the score is at least a half."""

    x1: int
    y1: int
    x2: int
    y2: int
    is_sure: bool


class Chain(NamedTuple):
    """The drawing with its size, and how many are left out."""

    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    left_out: int


class Link(NamedTuple):
    """A contact: number in the table, level, the number of who stands between (None: the case), score."""

    number: int
    level: int
    via: int | None
    score: float


def chain_of(links: Sequence[Link]) -> Chain:
    """The surest of each level, as the sequence has them; F2 only of F1 that are drawn."""
    first = [one for one in links if one.level == 1][:_MOST_FIRST]
    drawn = {one.number for one in first}
    second = [one for one in links if one.level == 2 and one.via in drawn][:_MOST_SECOND]
    height = _TOP * 2 + _ROW * max(len(first) - 1, len(second) - 1, 0)
    case = Dot("", 0, _COLUMNS[0], height // 2)
    at = {None: case} | {
        one.number: Dot(str(one.number), one.level, _COLUMNS[one.level], _spread(place, len(level), height))
        for level in (first, second)
        for place, one in enumerate(level)
    }
    lines = tuple(_line(at[one.via if one.level == 2 else None], at[one.number], one.score) for one in first + second)
    return Chain(tuple(at.values()), lines, _COLUMNS[2] + 24, height, len(links) - len(first) - len(second))


def _spread(place: int, of: int, height: int) -> int:
    return height // 2 if of == 1 else _TOP + place * (height - 2 * _TOP) // (of - 1)


def _line(one: Dot, other: Dot, score: float) -> Line:
    return Line(one.x, one.y, other.x, other.y, score >= 0.5)
