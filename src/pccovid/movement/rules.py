"""Check-ins and check-outs become stays; stays that overlap become one span. Pure, and nothing that came in is lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

LONGEST_STAY = timedelta(hours=24)
"""Who checks out later than this after a check-in did not check in that time. Our own choice."""
ASSUMED_STAY = timedelta(hours=2)
"""How long somebody who did not check out is taken to have stayed, where a span is asked for. Our own choice."""


class Passage(NamedTuple):
    """One scan at a place: in or out. `key` is the scan's own and names the stay that begins with it."""

    key: UUID
    at: datetime
    is_exit: bool


class Stay(NamedTuple):
    """A person at a place; `entered_at` or `left_at` is None where that scan is not there (yet)."""

    key: UUID
    entered_at: datetime | None
    left_at: datetime | None


class Span(NamedTuple):
    """Overlapping stays as one: from when to when, and which they were."""

    start: datetime
    end: datetime
    stays: tuple[Stay, ...]


def pair_up(known: Iterable[Stay], passages: Iterable[Passage]) -> list[Stay]:
    """The stays that are new or changed, once these passages of one person at one place are added to the known ones.

    An exit closes the last open stay before it, an entry begins one, or opens an exit that came before it (devices send
    late). Each passage is the beginning or the end of exactly one stay.
    """
    stays = {stay.key: stay for stay in known}
    changed: dict[UUID, None] = {}
    for passage in sorted(passages, key=lambda one: (one.at, one.is_exit, one.key)):
        stay = _other_half(stays.values(), passage)
        if stay is None:
            stay = Stay(passage.key, None, None)
        is_exit, at = passage.is_exit, passage.at
        stays[stay.key] = stay._replace(left_at=at) if is_exit else stay._replace(entered_at=at)
        changed[stay.key] = None
    return [stays[key] for key in changed]


def _other_half(stays: Iterable[Stay], passage: Passage) -> Stay | None:
    if passage.is_exit:
        begun = [
            stay for stay in stays
            if stay.left_at is None and stay.entered_at is not None
            and timedelta() <= passage.at - stay.entered_at <= LONGEST_STAY
        ]  # fmt: skip
        return max(begun, key=lambda stay: (stay.entered_at, stay.key), default=None)
    ended = [
        stay for stay in stays
        if stay.entered_at is None and stay.left_at is not None
        and timedelta() <= stay.left_at - passage.at <= LONGEST_STAY
    ]  # fmt: skip
    return min(ended, key=lambda stay: (stay.left_at, stay.key), default=None)


def span_of(stay: Stay) -> tuple[datetime, datetime] | None:
    """From when to when somebody was there, as far as is known; None for a stay without any moment."""
    if stay.entered_at is None and stay.left_at is None:
        return None
    start = stay.entered_at if stay.entered_at is not None else _before(stay.left_at)
    end = stay.left_at if stay.left_at is not None else start + ASSUMED_STAY
    return (start, max(start, end))


def overlap(one: tuple[datetime, datetime], other: tuple[datetime, datetime]) -> timedelta | None:
    """How long two were there together; None where they were not, zero where one came as the other left."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return end - start if start <= end else None


def merge_stays(stays: Sequence[Stay]) -> list[Span]:
    """Stays of one person at one place, those that overlap taken together (own phone and the place's device, say).

    Every stay that has a moment is in exactly one span, and no span is longer than what its stays cover.
    """
    dated = sorted(((span, stay) for stay in stays if (span := span_of(stay)) is not None), key=lambda one: one[0])
    merged: list[Span] = []
    for (start, end), stay in dated:
        if merged and start <= merged[-1].end:
            last = merged[-1]
            merged[-1] = Span(last.start, max(last.end, end), (*last.stays, stay))
        else:
            merged.append(Span(start, end, (stay,)))
    return merged


def _before(left_at: datetime | None) -> datetime:
    assert left_at is not None
    return left_at - ASSUMED_STAY
