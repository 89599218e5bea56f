"""Search parameters of the interface, as data: what each asks of which column. Pure but for the SQL they become.

A parameter that is not listed is refused, never ignored: an agency must not take everything for a chosen few.
"""

from __future__ import annotations

import base64
import calendar
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import sql

from pccovid.agreements.rules import type_of
from pccovid.exchange.conditions import read_token
from pccovid.exchange.outcomes import Issue, Refusal
from pccovid.foundation.fhir import OWN_NUMBERS

MOST_PAGE, USUAL_PAGE = 200, 50
_VIET_NAM = timezone(timedelta(hours=7))
_PREFIXED = re.compile(r"(eq|ge|le|gt|lt)?(\d{4}(?:-\d{2}(?:-\d{2})?)?)")
_COMMON = ("_count", "_cursor", "_format")


class Condition(NamedTuple):
    """One comparison of a column."""

    column: str
    operator: str
    value: Any

    def as_sql(self) -> sql.Composed:
        """With a placeholder for the value; `IS` compares with NULL."""
        column = sql.Identifier(self.column)
        if self.value is None:
            return sql.SQL("{} IS NULL").format(column)
        return sql.SQL("{} {} (%s)").format(column, sql.SQL(self.operator))


class FactSearch(NamedTuple):
    """How the facts of a resource type may be sought. `dates`: parameter → column; `texts` likewise, by equality."""

    person: str
    dates: Mapping[str, str]
    texts: Mapping[str, str] = {}

    @property
    def names(self) -> tuple[str, ...]:
        return (self.person, "patient", "_id", *self.dates, *self.texts, *_COMMON)


def names_of(kind: str) -> tuple[str, ...]:
    """The parameters of a resource type; of Observations, `category` says which."""
    names = dict.fromkeys(name for one, search in SEARCHES.items() if type_of(one) == kind for name in search.names)
    return (*names, "category") if kind == "Observation" else tuple(names)


def kinds_sought(kind: str, given: Given) -> tuple[str, ...]:
    """The keys of SEARCHES that a search of a resource type goes through. Raises Refusal."""
    kinds = tuple(one for one in SEARCHES if type_of(one) == kind)
    category = _only(given, "category") if kind == "Observation" else None
    if category is None:
        return kinds
    wanted = [one for one in kinds if one.partition(".")[2] == category.rpartition("|")[2]]
    if not wanted:
        raise _bad("category", "laboratory, vital-signs or travel")
    return tuple(wanted)


SEARCHES: dict[str, FactSearch] = {
    "Immunization": FactSearch(
        "patient", {"date": "occurred_on", "_lastUpdated": "recorded_at"}, {"lot-number": "lot_number"}
    ),
    "Observation.laboratory": FactSearch("subject", {"date": "collected_at", "_lastUpdated": "recorded_at"}),
    "Observation.vital-signs": FactSearch("subject", {"date": "measured_at", "_lastUpdated": "recorded_at"}),
    "Observation.travel": FactSearch("subject", {"date": "entered_on", "_lastUpdated": "recorded_at"}),
    "Coverage": FactSearch("beneficiary", {"_lastUpdated": "recorded_at"}),
    "Encounter": FactSearch("subject", {"date": "began_at", "_lastUpdated": "recorded_at"}),
    "Condition": FactSearch("subject", {"onset-date": "began_at", "_lastUpdated": "recorded_at"}, {"code": "code"}),
    "Procedure": FactSearch("subject", {"date": "began_at", "_lastUpdated": "recorded_at"}),
    "MedicationAdministration": FactSearch("subject", {"effective-time": "began_at", "_lastUpdated": "recorded_at"}),
}
PATIENT_PARAMETERS = ("_id", "identifier", "name", "birthdate", "phone", *_COMMON)

Given = Mapping[str, list[str]]


class FactQuery(NamedTuple):
    """A search as asked: whose, which, and which page."""

    person: UUID | None
    number: UUID | None
    conditions: tuple[Condition, ...]
    most: int
    skipped: int


def read_fact_query(kind: str, given: Given) -> FactQuery:
    """The search that parameters ask for. Raises Refusal."""
    search = SEARCHES[kind]
    refuse_unknown(given, names_of(type_of(kind)))
    person, number = _only(given, search.person, "patient"), _only(given, "_id")
    if not person and not number:
        raise Refusal(400, Issue("required", f"{search.person} or _id is needed; for everybody's there is $changes"))
    conditions = [one for name, column in search.dates.items() for text in given.get(name, ())
                  for one in _dates(name, column, text)]  # fmt: skip
    conditions += [
        Condition(column, "=", text) for name, column in search.texts.items() for text in given.get(name, ())
    ]
    return FactQuery(
        None if person is None else _person(search.person, person), None if number is None else _uuid("_id", number),
        tuple(conditions), *page_of(given),
    )  # fmt: skip


def read_person_query(given: Given) -> tuple[UUID | None, dict[str, str], int]:
    """(an id, or what is known of a person as `people.finding.Wanted` has it, and how many at most). Raises Refusal."""
    refuse_unknown(given, PATIENT_PARAMETERS)
    number, most = _only(given, "_id"), page_of(given)[0]
    if number is not None:
        return _uuid("_id", number), {}, most
    wanted = {
        "number": _number(_only(given, "identifier")), "phone": _only(given, "phone") or "",
        "name": _only(given, "name") or "", "birth": _birth(_only(given, "birthdate")),
    }  # fmt: skip
    return None, wanted, most


def refuse_unknown(given: Given, known: Iterable[str]) -> None:
    """Refuse parameters that are none of these. Raises Refusal."""
    names = tuple(dict.fromkeys(known))
    for name in given:
        if name not in names:
            raise Refusal(400, Issue("not-supported", f"no such parameter here; there are {', '.join(names)}", "http"))


def page_of(given: Given) -> tuple[int, int]:
    """(how many at most, how many to leave out). Raises Refusal."""
    count = _only(given, "_count")
    if count is None:
        most = USUAL_PAGE
    elif count.isascii() and count.isdigit() and len(count) < 6:
        most = min(max(int(count), 1), MOST_PAGE)
    else:
        raise _bad("_count", "a whole number")
    return most, read_cursor(_only(given, "_cursor"))


def cursor(skipped: int) -> str:
    """The mark of a page; what it says is for this service alone."""
    return base64.urlsafe_b64encode(f"s{skipped}".encode()).decode().rstrip("=")


def read_cursor(text: str | None) -> int:
    """How many the page leaves out. Raises Refusal."""
    if text is None:
        return 0
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        raise _bad("_cursor", "a mark that this service gave") from None
    if not re.fullmatch(r"s\d{1,9}", plain):
        raise _bad("_cursor", "a mark that this service gave")
    return int(plain[1:])


def _only(given: Given, *names: str) -> str | None:
    """The one value given under any of these names. Raises Refusal for several."""
    values = [value for name in dict.fromkeys(names) for value in given.get(name, ())]
    if len(values) > 1:
        raise Refusal(400, Issue("not-supported", f"{names[0]} is taken once", "http"))
    return values[0] if values else None


def _person(name: str, text: str) -> UUID:
    return _uuid(name, text.removeprefix("Patient/"))


def _uuid(name: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        # No resource has such an id: it is not found, not badly asked.
        raise Refusal(404, Issue("not-found", f"{name}: there is no such resource within your agreement")) from None


def _number(token: str | None) -> str:
    """The value of `system|value` where the system is one of our numbers; a bare value as it stands."""
    if token is None or "|" not in token:
        return token or ""
    named = read_token(token)
    if named is None or not named.system.startswith(OWN_NUMBERS):
        raise Refusal(400, Issue("not-supported", f"identifier systems sought by begin with {OWN_NUMBERS}", "http"))
    return named.value


def _birth(text: str | None) -> str:
    if text is None:
        return ""
    first = _day(text.removeprefix("eq"))
    if first is None:
        raise _bad("birthdate", "YYYY or YYYY-MM-DD")
    parts = text.removeprefix("eq").split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 else parts[0]


def _dates(name: str, column: str, text: str) -> list[Condition]:
    """A date with its prefix as the span of column values it means: `ge2021-10` from the month's first moment on."""
    found = _PREFIXED.fullmatch(text)
    first = _day(found.group(2)) if found else None
    if found is None or first is None:
        raise _bad(name, "a date such as ge2021-10-01")
    begins, ends = _moment(column, first), _moment(column, _after(found.group(2), first))
    return {
        "ge": [Condition(column, ">=", begins)], "gt": [Condition(column, ">=", ends)],
        "lt": [Condition(column, "<", begins)], "le": [Condition(column, "<", ends)],
    }.get(found.group(1) or "eq", [Condition(column, ">=", begins), Condition(column, "<", ends)])  # fmt: skip


def _day(text: str) -> date | None:
    parts = [int(part) for part in text.split("-") if part.isascii() and part.isdigit()]
    if len(parts) != text.count("-") + 1 or not 1 <= len(parts) <= 3 or not 1 <= parts[0] <= 9998:
        return None
    try:
        return date(*(parts + [1, 1])[:3])
    except ValueError:
        return None


def _after(text: str, first: date) -> date:
    """The day after the last that the text means."""
    if len(text) == 4:
        return date(first.year + 1, 1, 1)
    if len(text) == 7:
        return first + timedelta(days=calendar.monthrange(first.year, first.month)[1])
    return first + timedelta(days=1)


def _moment(column: str, day: date) -> date | datetime:
    return day if column.endswith("_on") else datetime(day.year, day.month, day.day, tzinfo=_VIET_NAM)


def _bad(name: str, wanted: str) -> Refusal:
    return Refusal(400, Issue("value", f"{name} must be {wanted}", "http"))
