"""Points in time and days as the earlier apps wrote them. A time without zone is Viet Nam time."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

VIET_NAM = timezone(timedelta(hours=7))
EPIDEMIC_START = date(2019, 12, 1)
"""No event of these exports can be older; earlier times are defaults such as 1/1/1970."""

_DAY = r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
_DAY_FIRST = re.compile(rf"{_DAY}(?:[ T,]+{_CLOCK})?\s*", re.ASCII)
_TIME_FIRST = re.compile(rf"{_CLOCK}[ ,]+{_DAY}", re.ASCII)
_YEAR_FIRST = re.compile(
    r"(\d{4})([/.-])(\d{1,2})\2(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?([+-]\d\d:?\d\d|Z))?)?",
    re.ASCII,
)
_COMPACT = re.compile(
    r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?", re.ASCII
)
"""Digits alone: yyyymmdd, with hhmm or hhmmss (the insurer's form)."""
_EPOCH = re.compile(r"1\d{9}(\d{3})?", re.ASCII)
_EARLIEST = datetime.combine(EPIDEMIC_START, time.min, VIET_NAM)


class TimeReading(NamedTuple):
    """Value in Viet Nam time, or a problem: 'unreadable_time' or 'time_before_epidemic'."""

    value: datetime | None
    problem: str


_UNREADABLE = TimeReading(None, "unreadable_time")
_TOO_EARLY = TimeReading(None, "time_before_epidemic")


def read_time(text: str) -> TimeReading:
    """ISO 8601, day/month/year with or without a time of day, or Unix time in seconds or milliseconds."""
    value = _parse(text)
    if value is None:
        return _UNREADABLE
    return _TOO_EARLY if value < _EARLIEST else TimeReading(value, "")


@lru_cache(maxsize=16)
def end_of_tomorrow(today: date) -> datetime:
    """The last moment, Viet Nam time, at which something can have happened that is told today: clocks differ a day."""
    return datetime.combine(today + timedelta(days=1), time.max, VIET_NAM)


def _parse(text: str) -> datetime | None:
    try:
        for parse in _FORMS:
            value = parse(text)
            if value is not None:
                return value
    except (ValueError, OverflowError):
        pass
    return None


def _parse_iso(text: str) -> datetime | None:
    if text[4:5] != "-" or text[5:6] == "W":  # other ISO forms are nobody's way to write a time
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value.replace(tzinfo=VIET_NAM) if value.tzinfo is None else value.astimezone(VIET_NAM)


def _by_parts(form: re.Pattern[str]) -> Callable[[str], datetime | None]:
    """Reads what the form names: year, month and day, and as much of a time of day as there is."""

    def parse(text: str) -> datetime | None:
        match = form.fullmatch(text)
        if match is None:
            return None
        return datetime(**{name: int(part or 0) for name, part in match.groupdict().items()}, tzinfo=VIET_NAM)

    return parse


def _parse_epoch(text: str) -> datetime | None:
    match = _EPOCH.fullmatch(text)
    if match is None:
        return None
    seconds = int(text) / 1000 if match.group(1) else int(text)
    return datetime.fromtimestamp(seconds, UTC).astimezone(VIET_NAM)


def _parse_year_first(text: str) -> datetime | None:
    """Year first as ISO does not allow it: slashes or dots, one-digit parts, a blank before the zone."""
    match = _YEAR_FIRST.fullmatch(text)
    if match is None:
        return None
    year, _, month, day, hour, minute, second, zone = match.groups()
    clock = f"{(hour or '0').zfill(2)}:{minute or '00'}:{second or '00'}"
    return _parse_iso(f"{year}-{month.zfill(2)}-{day.zfill(2)}T{clock}{zone or ''}")


_FORMS = (
    _parse_iso, _by_parts(_DAY_FIRST), _by_parts(_TIME_FIRST), _parse_year_first, _by_parts(_COMPACT), _parse_epoch,
)  # fmt: skip
