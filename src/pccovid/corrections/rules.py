"""Which facts can be said to be wrong or missing, which values can be put right, and reading such values. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from pccovid.linkage.identifiers import read_identifier

WRONG, MISSING, IDENTITY = "wrong", "missing", "identity"
KEEP, NOT_MINE = "values", "not_mine"
"""What a confirmed correction does: put these values in place, or take the fact away."""
SHORTEST_WORDS, LONGEST_WORDS = 10, 2000
MOST_PHOTOS = 3
_VIET_NAM = timezone(timedelta(hours=7))
_EARLIEST, _EARLIEST_BIRTH = date(2020, 1, 1), date(1900, 1, 1)


class Value(NamedTuple):
    """A column that can be put right and how what is typed becomes its value; `offered` where there are choices."""

    column: str
    reader: str
    is_needed: bool = False
    offered: tuple[str, ...] = ()


PRODUCTS = ("AstraZeneca", "Pfizer", "Moderna", "Vero Cell", "Janssen", "Sputnik V", "Abdala", "Hayat-Vax")
"""The glossary's names, as doses of earlier apps carry them."""

CORRECTABLE: Mapping[str, tuple[Value, ...]] = {
    "vaccination_dose": (
        Value("product", "choice", True, PRODUCTS), Value("occurred_on", "day", True), Value("lot_number", "text"),
        Value("site_name", "text", True),
    ),
    "lab_tests_test": (
        Value("method", "choice", True, ("pcr", "antigen")),
        Value("result", "choice", True, ("negative", "positive", "inconclusive")),
        Value("collected_at", "moment", True), Value("site_name", "text", True),
    ),
    "declarations_declaration": (), "movement_visit": (), "movement_trip": (), "border_entry": (),
    "insurance_card": (), "treatment_stay": (), "treatment_condition": (), "treatment_vitalsign": (),
    "treatment_procedure": (), "treatment_medication": (),
}  # fmt: skip
"""Table → its values that can be put right; of a table without any, a fact can only be taken away."""
BLANK: Mapping[str, Mapping[str, object]] = {"vaccination_dose": {}, "lab_tests_test": {"is_pooled": False}}
"""What a fact that was missing holds beside its values, where a column may not be empty."""
OF_PERSON = "people_person"
"""What a case of a whole identity is about, in place of a fact's table."""
OF_IDENTITY = (Value("name", "text"), Value("birth_date", "birth"), Value("personal_id", "number"))
"""What of an identity the station can write; each is put in place as people/correcting.py has it."""
ADDABLE = tuple(table for table, values in CORRECTABLE.items() if values)


def values_of(table: str) -> tuple[Value, ...]:
    """What can be put right of a fact of this table, or of an identity."""
    return OF_IDENTITY if table == OF_PERSON else CORRECTABLE[table]


class ValueUnreadable(ValueError):
    """A typed value is none of its column; `column` names it."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def read_values(table: str, typed: Mapping[str, str], *, today: date, need_all: bool) -> dict[str, str]:
    """Column → value, of what was typed. Raises ValueUnreadable: unreadable, or needed and not there."""
    found = {}
    for value in values_of(table):
        text = " ".join(typed.get(value.column, "").split())
        if not text:
            if need_all and value.is_needed:
                raise ValueUnreadable(value.column)
            continue
        found[value.column] = _read(value, text, today)
    return found


def _read(value: Value, text: str, today: date) -> str:
    try:
        return _READERS[value.reader](value, text, today)
    except ValueError:
        raise ValueUnreadable(value.column) from None


def _text(value: Value, text: str, today: date) -> str:
    if len(text) > 200:
        raise ValueError(text)
    return text


def _choice(value: Value, text: str, today: date) -> str:
    if text not in value.offered:
        raise ValueError(text)
    return text


def _day(value: Value, text: str, today: date) -> str:
    day = date(*map(int, text.split("/")[::-1])) if "/" in text else date.fromisoformat(text)
    if not _EARLIEST <= day <= today:
        raise ValueError(text)
    return day.isoformat()


def _birth(value: Value, text: str, today: date) -> str:
    day = date(*map(int, text.split("/")[::-1])) if "/" in text else date.fromisoformat(text)
    if not _EARLIEST_BIRTH <= day <= today:
        raise ValueError(text)
    return day.isoformat()


def _number(value: Value, text: str, today: date) -> str:
    number = read_identifier(text).personal_id
    if number is None:
        raise ValueError(text)
    return number


def _moment(value: Value, text: str, today: date) -> str:
    moment = datetime.fromisoformat(text) if "T" in text else datetime.fromisoformat(_day(value, text, today))
    moment = moment if moment.tzinfo else moment.replace(tzinfo=_VIET_NAM)
    if not _EARLIEST <= moment.date() <= today:
        raise ValueError(text)
    return moment.isoformat()


_READERS: Mapping[str, Callable[[Value, str, date], str]] = {
    "text": _text, "choice": _choice, "day": _day, "moment": _moment, "birth": _birth,
    "number": _number,
}  # fmt: skip
