"""Reads the rows of a table of each kind: a line list, pairs, contacts, visits, journeys, households."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from pccovid.sandbox.foreign_account import ForeignTable
from pccovid.sandbox.foreign_columns import value
from pccovid.sandbox.foreign_gathered import Gathered
from pccovid.sandbox.foreign_moments import When, clock_of, plain
from pccovid.sandbox.foreign_people import name_of
from pccovid.sandbox.foreign_places import place_in
from pccovid.sandbox.foreign_tables import Row
from pccovid.sandbox.outbreak_files import Journey, Presence, Specimen

_CASE = re.compile("case$", re.I)
_LAST_MINUTE = timedelta(hours=23, minutes=59)
_NEGATIVE = re.compile(
    "^(neg|am tinh|0$|false|loai|not detected|undetected|no detectado|non detecte|khong phat hien|음성|阴性|陰性)"
    "|discard|descartad|not?[ _]a?[ _]?case|omit_error|^no_case"
)
_OPEN = re.compile(
    "pending|inconclusive|indetermin|invalid|awaiting|not tested|chua co|cho ket qua|pendiente|en attente|en cours"
)
_SUSPECTED = re.compile("suspect|sospechos|nghi ngo|nghi nhiem|의심|疑似")
_YES = re.compile("^(y|yes|true|1|co|si|oui|positive|positivo|positif|case|confirmed|pos|duong tinh|양성|阳性|예|是)$")
NOBODY = "infector is nobody of the line list"
RowReader = Callable[[ForeignTable, Row, Gathered], bool]


def _line(table: ForeignTable, row: Row, into: Gathered) -> bool:
    person = name_of(table.text(row, "person"))
    dates = [table.moment(row, one) for one in ("collected", "resulted", "onset")]
    collected, resulted, onset = (one.at if one else None for one in dates)
    if not person:
        return table.leave_out(row, "nobody named")
    into.lives(person, table.text(row, "household") if table.holds_households else None)
    first = collected or resulted or onset
    if first is None:
        return table.leave_out(row, "no date of test, report or onset")
    if no_case := _no_case(table.text(row, "result")):
        table.noted[f"{no_case}: no specimen"] += 1
    else:
        into.tested(Specimen(person, first, max(first, resulted or first), "positive", "pcr"))
        into.fell_ill.setdefault(person, (onset or first).date())
        _infectors(table, row, person, (onset or first), into)
    _met_in_row(table, row, person, into)
    return True


def _no_case(result: str) -> str | None:
    """Why a row's result makes nobody a case; None where it does, or says nothing."""
    text = plain(result)
    kinds = (("negative", _NEGATIVE), ("no result yet", _OPEN), ("only suspected", _SUSPECTED))
    return next((told for told, pattern in kinds if pattern.search(text)), None)


def _infectors(table: ForeignTable, row: Row, person: str, ill: datetime, into: Gathered) -> None:
    infected_on = table.moment(row, "infected_on")
    on = (infected_on.at if infected_on else ill).date()
    text = table.text(row, "infector")
    found = tuple(one for one in into.people.named_in(text) if one != person)
    if text and not found:
        table.noted[NOBODY] += 1
    for infector in found or (None,):
        into.pair(infector, person, on, table.text(row, "layer", table.columns.of("infector") or ""))


def _met_in_row(table: ForeignTable, row: Row, person: str, into: Gathered) -> None:
    """Whom a line list says somebody met, in columns of their own, or was related to."""
    for column, dated in table.columns.of_contacts():
        other = name_of(value(row, column))
        if other and other != person:
            table.used[column] = column
            into.met(person, into.people.or_as_written(other), table.moment_in(row, dated), "contact")
    for column in table.columns.all_of("related"):
        table.used.setdefault("related", column)
        for other in into.people.named_in(value(row, column)):
            pair = (min(person, other), max(person, other))
            if other != person and pair not in into.linked:
                into.linked[pair] = None
                into.met(person, other, None, "related")


def _two(table: ForeignTable, row: Row, into: Gathered) -> tuple[str, str] | None:
    """Who met whom, by the columns that name two, or by the person a row is about and another."""
    columns = table.columns
    about = columns.of("person") if not columns.has("one", "other") else None
    column = about or columns.of("one") or columns.of("person")
    one, other = value(row, column), table.text(row, "other", column or "")
    table.used["person"] = column or ""
    told = into.people.or_as_written(one), into.people.or_as_written(other)
    return told if all(told) and told[0] != told[1] else None


def _relationship(table: ForeignTable, row: Row, into: Gathered) -> bool:
    """Whom somebody exposed, with what each is: two cases are infector and infected, too."""
    are = [table.text(row, concept) for concept in ("one_is", "other_is")]
    told = into.people.or_as_written(table.text(row, "one")), into.people.or_as_written(table.text(row, "other"))
    if not all(told) or told[0] == told[1]:
        return table.leave_out(row, "not two people")
    if any("event" in what.lower() for what in are):
        return table.leave_out(row, "an event, which is nobody")
    day = _meeting(table, row, told, into)
    if all(map(_CASE.search, are)):
        into.pair(*told, into.on(told[1], day, table.day_zero), table.text(row, "layer"))
    return True


def _meeting(table: ForeignTable, row: Row, who: tuple[str, str], into: Gathered) -> When | None:
    """Note that the two met: on the last day told, and on the first if that is another. Returns the last."""
    layer = table.text(row, "layer") or "contact"
    first, last = table.moment(row, "first_day"), table.moment(row, "day")
    for day in dict.fromkeys((first, last) if first and last else (first or last,)):
        into.met(*who, day, layer, is_true=table.is_true, is_said=table.is_said)
    return last or first


def _contact_of_case(table: ForeignTable, row: Row, into: Gathered) -> bool:
    """Somebody met by a case, under a number of their own until they become one."""
    case, became = into.people.or_as_written(table.text(row, "case_met")), table.text(row, "became")
    person = into.people.or_as_written(became or table.text(row, "person", table.columns.of("case_met") or ""))
    if not case or not person or case == person:
        return table.leave_out(row, "not two people")
    day = _meeting(table, row, (case, person), into)
    if became:
        into.pair(case, person, into.on(person, day, table.day_zero), table.text(row, "layer"))
    return True


def _pair(table: ForeignTable, row: Row, into: Gathered) -> bool:
    infected = into.people.or_as_written(table.text(row, "infected") or table.text(row, "person"))
    text = table.text(row, "infector")
    infectors = into.people.named_in(text) or ((name_of(text),) if text else ())
    if not infectors or not infected or infectors == (infected,):
        return table.leave_out(row, "not two people")
    for one in infectors:
        _dated(table, row, one, "infector", into)
    _dated(table, row, infected, "infected", into)
    on = into.on(infected, table.moment(row, "infected_on") or table.moment(row, "day"), table.day_zero)
    for one in infectors:
        into.pair(one, infected, on, table.text(row, "layer", table.columns.of("infector") or ""))
    return True


def _dated(table: ForeignTable, row: Row, who: str, part: str, into: Gathered) -> None:
    """Pairs may say when each of the two fell ill and was confirmed, where no line list does."""
    onset, resulted = table.moment(row, f"{part}_onset"), table.moment(row, f"{part}_resulted")
    first = resulted or onset
    if first and who not in into.specimens:
        into.tested(Specimen(who, first.at, first.at, "positive", "pcr"))


def _contact(table: ForeignTable, row: Row, into: Gathered) -> bool:
    told = _two(table, row, into)
    if told is None:
        return table.leave_out(row, "not two people")
    day = _meeting(table, row, told, into)
    if _YES.match(table.text(row, "was_case").lower()):
        into.pair(*told, into.on(told[1], day, table.day_zero), table.text(row, "layer"))
    return True


def pair_of_contact(table: ForeignTable, row: Row, into: Gathered) -> bool:
    """Two cases who met, for infector and infected: as some tables of contacts mean it, where nothing says who was."""
    told = _two(table, row, into)
    if told is None:
        return table.leave_out(row, "not two people")
    if not all(into.specimens.get(one) for one in told):
        return table.leave_out(row, "one of the two is no case")
    into.pair(*told, into.on(told[1], table.moment(row, "day"), table.day_zero), table.text(row, "layer"))
    return True


def _visit(table: ForeignTable, row: Row, into: Gathered) -> bool:
    person, place = into.people.or_as_written(table.text(row, "person")), place_in(table, row)
    entered, left = table.stay(row)
    if not person or not place or (entered is None and left is None):
        return table.leave_out(row, "no person, place or time")
    came, went = entered.at if entered else None, _end(entered, left)
    if came and went and went < came:
        return table.leave_out(row, "left before it was entered")
    into.homes.setdefault(person, None)
    into.presences.append(Presence(person, place, came, went))
    return True


def _end(entered: When | None, left: When | None) -> datetime | None:
    """A day alone is the whole day, as an end as well; a moment of entry without an end has none."""
    if left is not None:
        return left.at + _LAST_MINUTE if left.is_day else left.at
    return entered.at + _LAST_MINUTE if entered is not None and entered.is_day else None


def _journey(table: ForeignTable, row: Row, into: Gathered) -> bool:
    person, vehicle = into.people.or_as_written(table.text(row, "person")), table.text(row, "vehicle")
    departed = table.moment(row, "departed")
    if not person or not vehicle or departed is None:
        return table.leave_out(row, "no person, vehicle or time")
    into.homes.setdefault(person, None)
    clocks = [one for column in table.columns.all_of("departed") if (one := clock_of(value(row, column)))]
    at = datetime.combine(departed.at, clocks[0], departed.at.tzinfo) if departed.is_day and clocks else departed.at
    into.journeys.append(Journey(person, " ".join(vehicle.upper().split()), at, table.text(row, "seat") or None))
    return True


def _resident(table: ForeignTable, row: Row, into: Gathered) -> bool:
    person = name_of(table.text(row, "person"))
    if not person:
        return table.leave_out(row, "nobody named")
    into.lives(person, table.text(row, "household"))
    return True


READERS: Mapping[str, RowReader] = {
    "people": _resident, "line list": _line, "pairs": _pair, "contacts": _contact, "relationships": _relationship,
    "contacts of cases": _contact_of_case, "visits": _visit, "journeys": _journey,
}  # fmt: skip
"""By kind, in the order in which they are read: line lists first, for a pair without a day takes the infected's."""
