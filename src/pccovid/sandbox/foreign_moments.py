"""Moments as other people's tables write them: which of day and month comes first is told by the whole column. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

VIET_NAM = timezone(timedelta(hours=7))
NOTHING = frozenset({
    "", "na", "nan", "none", "null", "n/a", "#n/a", "nat", "nil", "-", "--", "—", "?", ".", "unknown", "unk", "unclear",
    "not known", "nk", "không rõ", "chưa rõ", "không", "desconocido", "sin dato", "sin datos", "s/d", "ignorado",
    "inconnu", "inconnue", "nd", "nsp", "미상", "불명", "不明", "不详", "未知", "무",
})  # fmt: skip
"""What stands where nothing is known, in small letters."""
_MONTHS = {name: number for names, number in (
    ("jan ene", 1), ("feb fev", 2), ("mar", 3), ("apr abr avr", 4), ("may mai mei", 5), ("jun juin", 6),
    ("jul juil", 7), ("aug ago aou agu", 8), ("sep set", 9), ("oct out okt", 10), ("nov", 11), ("dec dic dez des", 12),
) for name in names.split()}  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4}) ?[-/.年년] ?(\d{1,2}) ?[-/.月월] ?(\d{1,2}) ?[.日일号]?")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2,4})")
_DAY_MONTH_WORD = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|er|º)?[ .-]+(?:de )?([a-z]{3})([a-z]*)\.?[ ,.-]+(?:del? )?(\d{2,4})"
)
_MONTH_WORD_DAY = re.compile(r"([a-z]{3})([a-z]*)\.? +(\d{1,2})(?:st|nd|rd|th)?,?[ -]+(\d{4})")
_IN_VIETNAMESE = re.compile(r"(?:ngay )?(\d{1,2}) thang (\d{1,2}),?(?: nam)? (\d{4})")
_HALF = "am|pm|sa|ch|a\\.m\\.|p\\.m\\.|a\\. m\\.|p\\. m\\."
_CLOCK = re.compile(
    r"(?:^|[T ,]+)(오전|오후|上午|下午)? ?(\d{1,2})(?:[:hg時시点]| giờ) ?(\d{2})?분?(?::(\d{2})(?:[.,]\d+)?)?"
    rf" *({_HALF})? *(z|utc|[+-]\d{{2}}:?\d{{2}})?$", re.I,
)  # fmt: skip
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_SPREADSHEET = date(1899, 12, 30)
_SPREADSHEET_DAYS = (30_000, 60_000)
_UNIX_SECONDS, _UNIX_MILLISECONDS = (1e9, 4e9), (1e12, 4e12)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_LAST_MONTH = 12
_REMEMBERED = 50_000
"""Texts that need not be read twice: days and hours come again and again."""
_AFTER_NOON = frozenset({"pm", "ch", "p.m.", "p. m.", "오후", "下午"})


class Manner(NamedTuple):
    """How a column writes: the month before the day or not, which day a bare number 0 is, and what midnight means.

    `are_days`: every clock of the column says midnight, as programs write days that they hold as moments.
    """

    is_month_first: bool
    day_zero: date
    are_days: bool = False


class When(NamedTuple):
    """A moment, and whether only its day was told; it is then the day's beginning."""

    at: datetime
    is_day: bool


def is_nothing(text: str) -> bool:
    return text.strip().lower() in NOTHING


def manner_of(texts: Iterable[str], *, day_zero: date) -> Manner:
    """Day first, as here, unless some second number is no month and no first number is more than one."""
    told = [text.strip() for text in texts if not is_nothing(text)]
    found = [match for text in told if (match := _YEAR_LAST.match(text))]
    firsts, seconds = ([int(match[part]) for match in found] for part in (1, 2))
    clocks = [match for text in told if (match := _CLOCK.search(text))]
    are_days = bool(clocks) and all(not any(int(one[part] or 0) for part in (2, 3, 4)) for one in clocks)
    return Manner(max(seconds, default=0) > _LAST_MONTH >= max(firsts, default=0), day_zero, are_days)


@lru_cache(maxsize=_REMEMBERED)
def when(text: str, manner: Manner) -> When | None:
    """None where that is no moment. A bare number is a spreadsheet's day, Unix time, or a day counted from day zero."""
    text = text.strip()
    clock = _CLOCK.search(text)
    day = _day(text[: clock.start()] if clock else text, manner)
    if day is None or clock is None or manner.are_days:
        return day
    try:
        at = datetime.combine(day.at.date(), _time(clock), _zone(clock[6]))
    except ValueError:
        return None
    return When(at.astimezone(VIET_NAM), is_day=False)


@lru_cache(maxsize=_REMEMBERED)
def clock_of(text: str) -> time | None:
    """A time of day alone: '08:30', '8h30', '8:30 PM'."""
    match = _CLOCK.match(text.strip())
    try:
        return _time(match) if match else None
    except ValueError:
        return None


def clocks_of(text: str) -> tuple[time, time] | None:
    """From one time of day until another: '08:30-09:45', '8h30 ~ 9h45'."""
    parts = re.split(r" ?[-–~〜～] ?| (?:to|đến|a|à) ", text.strip(), maxsplit=1)
    first, last = (clock_of(one) for one in parts) if len(parts) > 1 else (None, None)
    return (first, last) if first and last else None


def _time(clock: re.Match[str]) -> time:
    half = (clock[1] or clock[5] or "").lower()
    hour = int(clock[2])
    return time(hour % 12 + 12 * (half in _AFTER_NOON) if half else hour, int(clock[3] or 0), int(clock[4] or 0))


def _zone(text: str | None) -> timezone:
    if not text:
        return VIET_NAM
    if text.lower() in {"z", "utc"}:
        return UTC
    digits = text.replace(":", "")
    offset = timedelta(hours=int(digits[1:3]), minutes=int(digits[3:5]))
    return timezone(-offset if digits[0] == "-" else offset)


def plain(text: str) -> str:
    """Small letters without marks; other scripts as they are."""
    apart = unicodedata.normalize("NFD", text.strip().lower())
    return unicodedata.normalize("NFC", "".join(one for one in apart if not unicodedata.combining(one)))


def _day(text: str, manner: Manner) -> When | None:
    text = plain(text)
    try:
        if parts := _parts(text, manner):
            return _at(date(*parts))
        return _counted(float(text.replace(",", ".")), manner) if _NUMBER.fullmatch(text) else None
    except (ValueError, KeyError, OverflowError, OSError):
        return None


def _parts(text: str, manner: Manner) -> tuple[int, int, int] | None:
    """Year, month and day as far as they are written out. Raises KeyError for a word that is no month."""
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _YEAR_LAST.fullmatch(text):
        one, other = int(match[1]), int(match[2])
        return _year(match[3]), *((one, other) if manner.is_month_first else (other, one))
    if match := _DAY_MONTH_WORD.fullmatch(text):
        return _year(match[4]), _month(match[2], match[3]), int(match[1])
    if match := _MONTH_WORD_DAY.fullmatch(text):
        return int(match[4]), _month(match[1], match[2]), int(match[3])
    if match := _IN_VIETNAMESE.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    return None


def _month(first_three: str, rest: str) -> int:
    return _MONTHS[(first_three + rest)[:4] if first_three == "jui" else first_three]


def _year(text: str) -> int:
    return int(text) if len(text) > 2 else 2000 + int(text)  # noqa: PLR2004 - two digits


def _counted(number: float, manner: Manner) -> When:
    if _UNIX_SECONDS[0] <= number <= _UNIX_SECONDS[1]:
        return When(datetime.fromtimestamp(number, VIET_NAM), is_day=False)
    if _UNIX_MILLISECONDS[0] <= number <= _UNIX_MILLISECONDS[1]:
        return When(datetime.fromtimestamp(number / 1000, VIET_NAM), is_day=False)
    first = _SPREADSHEET if _SPREADSHEET_DAYS[0] <= number <= _SPREADSHEET_DAYS[1] else manner.day_zero
    whole = number == int(number)
    return When(datetime.combine(first, time(), VIET_NAM) + timedelta(days=number), is_day=whole)


def _at(day: date) -> When:
    return When(datetime.combine(day, time(), VIET_NAM), is_day=True)
