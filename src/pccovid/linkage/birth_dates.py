"""Reading of birth dates: whole dates, month or year only, spreadsheet numbers, turned day and month.

A date that can only be read one way is read; one that can be read two ways carries the other reading; one that
no living person can have is refused.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from typing import Literal, NamedTuple

from pccovid.linkage.digits import without_float_tail

DateOrder = Literal["dmy", "ymd", "year", "any"]

OLDEST_AGE = 125
"""Years; nobody verified has lived longer than 122."""

UNREADABLE = "birth_date_unreadable"
IMPOSSIBLE = "birth_date_impossible"


class BirthReading(NamedTuple):
    """A birth date as Claim carries it. `problem` says why a written value was refused; an empty field has none."""

    date: dt.date | None = None
    """Padded to 1 January or the first of the month where precision is 'year' or 'month'."""
    precision: str | None = None
    """'day', 'month' or 'year'."""
    swapped: dt.date | None = None
    """Day and month exchanged, where that too is a possible, different date."""
    flags: tuple[str, ...] = ()
    """'birth_default' (01/01), 'birth_two_digit_year', 'birth_swapped_repaired', 'birth_from_serial',
    'birth_day_impossible' (30/02: only the year is kept), 'birth_from_utc'."""
    problem: str | None = None


class _Parts(NamedTuple):
    """Written numbers: year as written, month and day 0 where absent."""

    year: int
    month: int = 0
    day: int = 0
    is_short_year: bool = False
    is_month_named: bool = False
    """The month stands as a word or behind 'tháng': day and month cannot have changed places."""


_NOTHING = BirthReading()
_UNREADABLE = BirthReading(problem=UNREADABLE)
_IMPOSSIBLE = BirthReading(problem=IMPOSSIBLE)
_EMPTY_WORDS = frozenset(
    {"", "0", "-", "--", "n/a", "na", "null", "none", "nan", "nat", "không", "khong", "ko", "không rõ"}
)
_EMPTY_DATES = frozenset({"00/00/0000", "0000-00-00", "00000000", "0000"})
_LONGEST = 60

_NUMBERS = re.compile(r"\d+")
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?$", re.I
)
_TRAILING_TIME = re.compile(r"[\st]+\d{1,2}:\d{2}(:\d{2})?([.,]\d+)?(\s*[ap]m)?$")
_SEPARATED = re.compile(r"[\d\s/.\-,_:]+$")
_WORDS = re.compile(r"ngay|thang|nam|sinh|sn|khoang|ns|~")
_MONTH_LIST = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH_NAMES = {name: number for number, name in enumerate(_MONTH_LIST.split(), start=1)}
_MONTH_WORD = re.compile(r"\b(" + "|".join(_MONTH_NAMES) + r")[a-z]*\b")
_MONTH_FIRST = re.compile(rf"({_MONTH_WORD.pattern})[\s.]*(\d{{1,2}})(?=[\s,])", re.ASCII)
_SERIAL_EPOCH = date(1899, 12, 30)
_VIET_NAM = timezone(timedelta(hours=7))
_SAIGON_UNTIL_1975 = timezone(timedelta(hours=8))


def read_birth_date(text: str | int | None, *, order: DateOrder = "any", today: date) -> BirthReading:
    """The value of a birth field → its reading; never raises.

    `order` says what the source's form asks for and settles only what the text leaves open; `today` bounds
    the possible dates and the century of two-digit years.
    """
    written = _written(text)
    if written in _EMPTY_WORDS or written in _EMPTY_DATES:
        return _NOTHING
    if len(written) > _LONGEST:
        return _UNREADABLE
    stamp = _TIMESTAMP.match(written)
    if stamp and stamp.group(7):
        return _read_utc(stamp, today)
    if _is_serial(written):
        return _read_serial(int(written), today)
    parts = _parts(_TRAILING_TIME.sub("", written), order)
    return _UNREADABLE if parts is None else _read_parts(parts, today)


def _written(text: str | int | None) -> str:
    if text is None:
        return ""
    if isinstance(text, int):
        return str(text) if 0 <= text < 10**9 else "?"
    plain = unicodedata.normalize("NFKC", text[: _LONGEST + 1])
    return without_float_tail(plain.strip().strip("'\"").strip().lower())


def _read_utc(stamp: re.Match[str], today: date) -> BirthReading:
    """A midnight written as an instant elsewhere: the day it was in Viet Nam (the south kept UTC+8 until 1975)."""
    try:
        instant = datetime.fromisoformat(stamp.group().upper().replace(" ", "T", 1).replace(",", "."))
    except ValueError:
        return _UNREADABLE
    is_midnight_there = (instant.hour, instant.minute) == (0, 0)
    if is_midnight_there:
        return _read_parts(_Parts(instant.year, instant.month, instant.day), today)
    try:
        early = instant.year < 1976 and instant.astimezone(_SAIGON_UNTIL_1975).hour == 0
        local = instant.astimezone(_SAIGON_UNTIL_1975 if early else _VIET_NAM)
    except OverflowError:
        return _IMPOSSIBLE
    return _with_flag(_read_parts(_Parts(local.year, local.month, local.day), today), "birth_from_utc")


def _is_serial(written: str) -> bool:
    return len(written) == 5 and written.isascii() and written.isdigit()


def _read_serial(number: int, today: date) -> BirthReading:
    """Days since 30 December 1899, as spreadsheets count; a doubt stays, for it might be a mistyped year."""
    found = _SERIAL_EPOCH + timedelta(days=number)
    return _with_flag(_read_parts(_Parts(found.year, found.month, found.day), today), "birth_from_serial")


def _parts(written: str, order: DateOrder) -> _Parts | None:
    """The numbers of the text by their places; None where they make no date."""
    if not _SEPARATED.match(written):
        return _worded_parts(written, order)
    numbers = [n for n in _NUMBERS.findall(written) if n.isascii()]
    if len(numbers) == 1:
        return _parts_of_digits(numbers[0], order)
    if len(numbers) == 2:
        return _month_and_year(numbers)
    return _three_parts(numbers, order) if len(numbers) == 3 else None


def _worded_parts(written: str, order: DateOrder) -> _Parts | None:
    """'ngày 1 tháng 5 năm 1987', '1 May 1987', 'May 1, 1987', 'sinh năm 1987'."""
    bare = "".join(c for c in unicodedata.normalize("NFD", written) if not "\u0300" <= c <= "\u036f")
    numbered = _MONTH_FIRST.sub(r"\3 \1 ", bare)
    numbered = _MONTH_WORD.sub(lambda m: f" {_MONTH_NAMES[m.group(1)]} ", numbered)
    numbered = _WORDS.sub(" ", numbered).strip()
    if not _SEPARATED.match(numbered):
        return None
    parts = _parts(numbered, order)
    return parts._replace(is_month_named=True) if parts else None


def _parts_of_digits(digits: str, order: DateOrder) -> _Parts | None:
    """One run of digits: a year, ddmmyyyy, yyyymmdd, mmyyyy or ddmmyy."""
    match len(digits):
        case 1 | 2:
            return _Parts(int(digits), is_short_year=True) if len(digits) == 2 else None
        case 4:
            return _Parts(int(digits))
        case 6:
            return _month_and_year([digits[:2], digits[2:]]) or _three_parts(
                [digits[:2], digits[2:4], digits[4:]], order
            )
        case 8:
            return _eight_digits(digits, order)
        case _:
            return None


def _eight_digits(digits: str, order: DateOrder) -> _Parts | None:
    year_first = [digits[:4], digits[4:6], digits[6:]]
    year_last = [digits[:2], digits[2:4], digits[4:]]
    is_year_first = 1875 <= int(digits[:4]) <= 2099 and int(digits[4:6]) <= 12 and int(digits[6:]) <= 31
    is_year_last = 1875 <= int(digits[4:]) <= 2099
    prefers_first = order == "ymd" or not is_year_last
    return _three_parts(year_first if is_year_first and prefers_first else year_last, order)


def _month_and_year(numbers: list[str]) -> _Parts | None:
    """mm/yyyy or yyyy-mm; None where neither number is a four-digit year."""
    first, second = numbers
    if len(second) == 4 and len(first) <= 2 and int(first) <= 12 and 1800 < int(second) < 2100:
        return _Parts(int(second), int(first))
    if len(first) == 4 and len(second) <= 2 and int(second) <= 12:
        return _Parts(int(first), int(second))
    return None


def _three_parts(numbers: list[str], order: DateOrder) -> _Parts | None:
    """Day, month, year in the order their lengths show; two-digit years stand last unless the order says first."""
    widths = [len(number) for number in numbers]
    if widths[0] == 4 and max(widths[1:]) <= 2:
        year, month, day = numbers
    elif widths[2] == 4 and max(widths[:2]) <= 2:
        day, month, year = numbers
    elif max(widths) <= 2 and (order == "ymd" or int(numbers[0]) > 31):
        year, month, day = numbers
    elif max(widths) <= 2 and widths[2] == 2:
        day, month, year = numbers
    else:
        return None
    return _Parts(int(year), int(month), int(day), len(year) == 2)


def _read_parts(parts: _Parts, today: date) -> BirthReading:
    flags: tuple[str, ...] = ()
    if parts.is_short_year:
        century = today.year // 100 * 100
        parts = parts._replace(year=century + parts.year - (100 if century + parts.year > today.year else 0))
        flags = ("birth_two_digit_year",)
    if not today.year - OLDEST_AGE <= parts.year <= today.year:
        return _IMPOSSIBLE
    reading = _read_year_month_day(parts, today)
    if reading.problem:
        return reading
    return reading._replace(flags=flags + reading.flags, swapped=None if parts.is_month_named else reading.swapped)


def _read_year_month_day(parts: _Parts, today: date) -> BirthReading:
    year, month, day = parts[:3]
    if month == 0:
        return BirthReading(date(year, 1, 1), "year")
    if day == 0:
        return _read_month(year, month, today)
    if month > 12:
        repaired = _possible(year, day, month, today)
        return BirthReading(repaired, "day", flags=("birth_swapped_repaired",)) if repaired else _IMPOSSIBLE
    return _read_day(year, month, day, today)


def _read_month(year: int, month: int, today: date) -> BirthReading:
    found = _possible(year, month, 1, today)
    return BirthReading(found, "month") if found else _IMPOSSIBLE


def _read_day(year: int, month: int, day: int, today: date) -> BirthReading:
    found = _possible(year, month, day, today)
    other = _possible(year, day, month, today) if day != month else None
    if found is None and other is not None:
        return BirthReading(other, "day", flags=("birth_swapped_repaired",))
    if found is None:
        is_calendar_fault = 28 < day <= 31 and date(year, month, 1) <= today
        return (
            BirthReading(date(year, 1, 1), "year", flags=("birth_day_impossible",))
            if is_calendar_fault
            else _IMPOSSIBLE
        )
    return BirthReading(found, "day", other, ("birth_default",) if month == day == 1 else ())


def _possible(year: int, month: int, day: int, today: date) -> date | None:
    """The date, where the calendar has it and it is not to come."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found <= today else None


def _with_flag(reading: BirthReading, flag: str) -> BirthReading:
    return reading if reading.date is None else reading._replace(flags=(flag, *reading.flags))
