"""Working days of Viet Nam: weekends, public holidays, days given in their stead, and Saturdays worked. Pure.

Days off follow the Labour Code 2019, Article 112 (Tết five days; 10 March of the lunar year; 2 September and a day
beside it; a holiday on a weekend is made up for on the next working day) and the yearly announcements on days off of
public servants. A year that we did not compare with its announcement is `is_verified=False`; where a newspaper's report
of it was compared, whole or in part, the document says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5

NEW_YEAR, TET, HUNG_KINGS, REUNIFICATION, LABOUR, NATIONAL = (
    "new_year", "tet", "hung_kings", "reunification", "labour", "national",
)  # fmt: skip
SUBSTITUTE, SWAPPED = "substitute", "swapped"
"""A working day given off in a holiday's stead, or exchanged for a Saturday that is worked."""


class Special(NamedTuple):
    """A day that is not what its weekday says: off (`is_off`), or a Saturday that is worked."""

    day: date
    occasion: str
    is_off: bool
    document: str
    is_verified: bool


class _Year(NamedTuple):
    """One year's days off, as month and day; `worked` are the Saturdays worked for swapped days."""

    off: dict[str, str]
    document: str
    is_verified: bool
    worked: str = ""


_LABOUR_CODE = "Bộ luật Lao động 2019 Điều 112"
_YEARS = {
    2021: _Year(
        {NEW_YEAR: "01-01", TET: "02-10 02-11 02-12 02-13 02-14", HUNG_KINGS: "04-21", REUNIFICATION: "04-30",
         LABOUR: "05-01", NATIONAL: "09-02 09-03", SUBSTITUTE: "02-15 02-16 05-03"},
        f"{_LABOUR_CODE}; thông báo nghỉ lễ, Tết năm 2021 của Bộ Lao động (theo tin Sài Gòn Giải Phóng 9/12/2020)",
        False,
    ),
    2022: _Year(
        {NEW_YEAR: "01-01", TET: "01-31 02-01 02-02 02-03 02-04", HUNG_KINGS: "04-10", REUNIFICATION: "04-30",
         LABOUR: "05-01", NATIONAL: "09-01 09-02", SUBSTITUTE: "01-03 04-11 05-02 05-03"},
        f"{_LABOUR_CODE}; thông báo nghỉ lễ, Tết năm 2022 của Bộ Lao động (Tết, 2/9 theo tin Bình Thuận)", False,
    ),
    2023: _Year(
        {NEW_YEAR: "01-01", TET: "01-20 01-21 01-22 01-23 01-24", HUNG_KINGS: "04-29", REUNIFICATION: "04-30",
         LABOUR: "05-01", NATIONAL: "09-01 09-02", SUBSTITUTE: "01-02 01-25 01-26 05-02 05-03 09-04"},
        f"{_LABOUR_CODE}; thông báo nghỉ lễ, Tết năm 2023 của Bộ Lao động (Tết theo tin Sài Gòn Giải Phóng 8/12/2022)",
        False,
    ),
    2024: _Year(
        {NEW_YEAR: "01-01", TET: "02-08 02-09 02-10 02-11 02-12", HUNG_KINGS: "04-18", REUNIFICATION: "04-30",
         LABOUR: "05-01", NATIONAL: "09-02 09-03", SUBSTITUTE: "02-13 02-14", SWAPPED: "04-29"},
        f"{_LABOUR_CODE}; thông báo nghỉ lễ, Tết năm 2024 của Bộ Lao động (Tết, 2/9 theo tin Việt Nam News 5/11/2023)",
        False, worked="05-04",
    ),
    2025: _Year(
        {NEW_YEAR: "01-01", TET: "01-27 01-28 01-29 01-30 01-31", HUNG_KINGS: "04-07", REUNIFICATION: "04-30",
         LABOUR: "05-01", NATIONAL: "09-01 09-02", SWAPPED: "05-02"},
        f"{_LABOUR_CODE}; văn bản 8726/VPCP-KGVX ngày 26/11/2024", True, worked="04-26",
    ),
    2026: _Year(
        {NEW_YEAR: "01-01", TET: "02-16 02-17 02-18 02-19 02-20", HUNG_KINGS: "04-26", REUNIFICATION: "04-30",
         LABOUR: "05-01", NATIONAL: "09-01 09-02", SUBSTITUTE: "04-27", SWAPPED: "01-02 08-31"},
        f"{_LABOUR_CODE}; thông báo nghỉ lễ, Tết năm 2026 của Bộ Nội vụ (Tết theo tin Công an TP.HCM)",
        False, worked="01-10 08-22",
    ),
    2027: _Year(
        {NEW_YEAR: "01-01", TET: "02-05 02-06 02-07 02-08 02-09", HUNG_KINGS: "04-16", REUNIFICATION: "04-30",
         LABOUR: "05-01", NATIONAL: "09-02 09-03", SUBSTITUTE: "02-10 02-11 05-03"},
        f"{_LABOUR_CODE}; chưa có thông báo, tự tính", False,
    ),
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = min(_YEARS), max(_YEARS)
"""Outside these years only weekends are known; the desk is told so."""


def specials() -> tuple[Special, ...]:
    """Every day that is not what its weekday says, in order."""
    return tuple(sorted(_all_specials()))


def is_working_day(day: date) -> bool:
    """Whether offices are open: a weekday that is no day off, or a Saturday worked in exchange."""
    special = _BY_DAY.get(day)
    return not special.is_off if special else day.weekday() < _SATURDAY


def working_day_from(day: date) -> date:
    """The day itself, or the next working day."""
    while not is_working_day(day):
        day += _ONE_DAY
    return day


def after_working_days(day: date, count: int) -> date:
    """The working day that many working days after `day`, which itself does not count."""
    for _ in range(count):
        day = working_day_from(day + _ONE_DAY)
    return day


def end_of(day: date) -> datetime:
    """The last moment of a day in Viet Nam: the first of the next."""
    return datetime.combine(day + _ONE_DAY, datetime.min.time(), VIET_NAM)


def local_day(moment: datetime) -> date:
    """The day in Viet Nam a moment lies in."""
    return moment.astimezone(VIET_NAM).date()


def _all_specials() -> Iterator[Special]:
    for year, of in _YEARS.items():
        for occasion, days in of.off.items():
            for text in days.split():
                yield Special(date.fromisoformat(f"{year}-{text}"), occasion, True, of.document, of.is_verified)
        for text in of.worked.split():
            yield Special(date.fromisoformat(f"{year}-{text}"), SWAPPED, False, of.document, of.is_verified)


_BY_DAY = {one.day: one for one in _all_specials()}
