"""Moments as other people's tables write them: which of day and month comes first is told by the whole column. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

VIET_NAM = timezone(timedelta(hours=7))
NOTHING = frozenset({"", "na", "nan", "none", "null", "n/a", "nat", "-", "?", "unknown", "không rõ", "."})
"""What stands where nothing is known, in small letters."""
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2,4})")
_WORDS = re.compile(r"(?:(\d{1,2})[ -]+([a-z]{3})[a-z]*|([a-z]{3})[a-z]* +(\d{1,2}),?)[ ,-]+(\d{4})")
_CLOCK = re.compile(r"[T ,]+(\d{1,2})[:hg](\d{2})(?::(\d{2})(?:\.\d+)?)? *(am|pm|sa|ch)? *(z|[+-]\d{2}:?\d{2})?$", re.I)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SPREADSHEET = date(1899, 12, 30)
_SPREADSHEET_DAYS = (30_000, 60_000)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_LAST_MONTH = 12


class Manner(NamedTuple):
    """How a column writes: the month before the day or not, and which day a bare number 0 is."""

    is_month_first: bool
    day_zero: date


class When(NamedTuple):
    """A moment, and whether only its day was told; it is then the day's beginning."""

    at: datetime
    is_day: bool


def is_nothing(text: str) -> bool:
    return text.strip().lower() in NOTHING


def manner_of(texts: Iterable[str], *, day_zero: date) -> Manner:
    """Day first, as here, unless some second number is no month and no first number is more than one."""
    found = [match for text in texts if (match := _YEAR_LAST.match(text.strip()))]
    firsts, seconds = ([int(match[part]) for match in found] for part in (1, 2))
    return Manner(max(seconds, default=0) > _LAST_MONTH >= max(firsts, default=0), day_zero)


def when(text: str, manner: Manner) -> When | None:
    """None where that is no moment. A bare number is a spreadsheet's day or one counted from day zero."""
    text = text.strip()
    clock = _CLOCK.search(text)
    day = _day(text[: clock.start()] if clock else text, manner)
    if day is None:
        return None
    if clock is None:
        return day
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    half = (clock[4] or "").lower()
    hour = hour % 12 + 12 * (half in {"pm", "ch"}) if half else hour
    try:
        at = datetime.combine(day.at.date(), time(hour, minute, second), _zone(clock[5]))
    except ValueError:
        return None
    return When(at.astimezone(VIET_NAM), is_day=False)


def _zone(text: str | None) -> timezone:
    if not text:
        return VIET_NAM
    if text.lower() == "z":
        return timezone(timedelta())
    digits = text.replace(":", "")
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return timezone(-offset if digits[0] == "-" else offset)


def _day(text: str, manner: Manner) -> When | None:
    text = text.strip().lower()
    try:
        if match := _YEAR_FIRST.fullmatch(text):
            return _at(date(*map(int, match.groups())))
        if match := _YEAR_LAST.fullmatch(text):
            one, other, year = map(int, match.groups())
            day, month = (other, one) if manner.is_month_first else (one, other)
            return _at(date(year if year > 99 else 2000 + year, month, day))  # noqa: PLR2004 - two digits
        if match := _WORDS.fullmatch(text):
            return _at(date(int(match[5]), _MONTHS[match[2] or match[3]], int(match[1] or match[4])))
        if match := _COMPACT.fullmatch(text):
            return _at(date(*map(int, match.groups())))
        return _counted(float(text), manner) if _NUMBER.fullmatch(text) else None
    except (ValueError, KeyError, OverflowError):
        return None


def _counted(number: float, manner: Manner) -> When:
    first = _SPREADSHEET if _SPREADSHEET_DAYS[0] <= number <= _SPREADSHEET_DAYS[1] else manner.day_zero
    whole = number == int(number)
    return When(datetime.combine(first, time(), VIET_NAM) + timedelta(days=number), is_day=whole)


def _at(day: date) -> When:
    return When(datetime.combine(day, time(), VIET_NAM), is_day=True)
