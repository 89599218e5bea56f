"""Two small drawings of a case: when it was read, and how the officer's day lies among those of peers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

WIDTH, HEIGHT = 480.0, 96.0
"""Units of either drawing; a bar as high as HEIGHT is the highest."""
_BINS = 16
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MOST_HOURS = 48
_LEAST_SEEN = 2.0
_FEWEST_DRAWN = 2


@dataclass(frozen=True)
class Bar:
    """One bar; `is_own`: it holds the officer's own day."""

    x: float
    y: float
    width: float
    height: float
    is_own: bool = False


@dataclass(frozen=True)
class Histogram:
    """Officer-days of peers by persons seen; `limit_x` is where the limit lies, `top` the largest measure drawn."""

    bars: tuple[Bar, ...]
    limit_x: float
    top: int
    peer_days: int
    peers_below: int


@dataclass(frozen=True)
class Timeline:
    """Readings over time, one bar for each `step`; `busiest` is when most were made, with how many."""

    bars: tuple[Bar, ...]
    begins: datetime
    ends: datetime
    is_hourly: bool
    busiest: datetime
    most: int
    readings: int


def histogram(peers: Sequence[tuple[int, int]], own: int, limit: float) -> Histogram | None:
    """`peers`: (measure, officer-days). None where there is nobody to compare with."""
    if not peers:
        return None
    top = max(own, ceil(limit), max(measured for measured, _ in peers), 1)
    counts = [0] * _BINS
    for measured, days in peers:
        counts[_bin(measured, top)] += days
    counts[_bin(own, top)] += 1
    bars = _bars(counts, _bin(own, top))
    peer_days = sum(days for _, days in peers)
    below = sum(days for measured, days in peers if measured < own)
    return Histogram(bars, round(WIDTH * min(limit / (top + 1), 1.0), 1), top, peer_days, below)


def timeline(hours: Sequence[tuple[datetime, int]], begins: datetime, ends: datetime) -> Timeline | None:
    """`hours`: (hour begun, readings); the window from `begins` to `ends` is drawn, and whatever lies outside it.

    By the hour up to two days, else by the day. None where there are not two readings to draw.
    """
    if sum(readings for _, readings in hours) < _FEWEST_DRAWN:
        return None
    begins = min(begins, hours[0][0]).replace(minute=0, second=0, microsecond=0)
    ends = max(ends, hours[-1][0] + _HOUR)
    is_hourly = (ends - begins) / _HOUR <= _MOST_HOURS
    step = _HOUR if is_hourly else _DAY
    counts = [0] * ceil((ends - begins) / step)
    for since, readings in hours:
        counts[int((since - begins) / step)] += readings
    busiest = max(range(len(counts)), key=counts.__getitem__)
    return Timeline(
        _bars(counts, None), begins, ends, is_hourly, begins + step * busiest, counts[busiest], sum(counts)
    )  # fmt: skip


def _bin(measured: int, top: int) -> int:
    return measured * _BINS // (top + 1)


def _bars(counts: Sequence[int], own: int | None) -> tuple[Bar, ...]:
    """Bars side by side; one that is not empty can always be seen."""
    width, highest = WIDTH / len(counts), max(counts)
    heights = [max(HEIGHT * count / highest, _LEAST_SEEN) if count else 0.0 for count in counts]
    return tuple(
        Bar(round(at * width, 1), round(HEIGHT - height, 1), round(width * 0.9, 1), round(height, 1), at == own)
        for at, height in enumerate(heights)
        if height
    )
