"""Somebody else's outbreak: a line list and with it contacts, routes or visits, in whatever columns and dates they are.

Files are known by their columns, rows that say too little are counted and left out, never guessed. What was understood
is told in an account, since recall that rests on half of the rows means little.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pccovid.sandbox.foreign_columns import PAIRS, Columns, is_captions, normal, value
from pccovid.sandbox.foreign_moments import Manner, When, manner_of, when
from pccovid.sandbox.outbreak_files import (
    Journey,
    Meeting,
    Outbreak,
    OutbreakIsUnreadable,
    Presence,
    Resident,
    Specimen,
    Transmission,
)

DAY_ZERO = date(2021, 10, 4)
_ENDINGS = (".csv", ".tsv", ".txt")
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1258", "latin-1")
_NEGATIVE = re.compile("^(neg|am tinh|âm|0$|false|loại)|discard|not?[ _]a?[ _]?case", re.I)
_CASE = re.compile("case$", re.I)
_LAST_MINUTE = timedelta(hours=23, minutes=59)


class Account(NamedTuple):
    """Of a file: what it was taken for, which columns stood for what, rows taken, and rows left out by reason."""

    file: str
    taken_for: str
    columns: dict[str, str]
    rows: int
    left_out: dict[str, int]


class Foreign(NamedTuple):
    """The outbreak as understood, and how each file was."""

    outbreak: Outbreak
    accounts: tuple[Account, ...]


class _Table:
    """A file's rows with their columns by concept; counts what is left out."""

    def __init__(self, file: Path, rows: list[dict[str, str | None]], headers: Sequence[str], day_zero: date) -> None:
        self.file, self.rows, self.columns, self.day_zero = file, rows, Columns(headers), day_zero
        self.used: dict[str, str] = {}
        self.left_out: Counter[str] = Counter()
        self._manners: dict[str, Manner] = {}

    def text(self, row: dict[str, str | None], concept: str, *apart: str) -> str:
        column = self.columns.of(concept, *apart)
        if column:
            self.used[concept] = column
        return value(row, column)

    def moment(self, row: dict[str, str | None], concept: str, *apart: str) -> When | None:
        text = self.text(row, concept, *apart)
        column = self.columns.of(concept, *apart)
        if not text or column is None:
            return None
        if column not in self._manners:
            self._manners[column] = manner_of((value(one, column) for one in self.rows), day_zero=self.day_zero)
        found = when(text, self._manners[column])
        if found is None:
            self.left_out[f"no moment in {column}"] += 1
        return found


class _Gathered:
    """What the files came to so far."""

    def __init__(self) -> None:
        self.homes: dict[str, str | None] = {}
        self.presences: list[Presence] = []
        self.journeys: list[Journey] = []
        self.specimens: list[Specimen] = []
        self.transmissions: dict[tuple[str | None, str], Transmission] = {}
        self.meetings: list[Meeting] = []
        self.declared: list[Meeting] = []

    def pair(self, infector: str | None, infected: str, on: date, layer: str) -> None:
        self.transmissions.setdefault((infector, infected), Transmission(infector, infected, on, layer))

    def met(self, one: str, other: str, day: When | None, layer: str) -> None:
        """In somebody's list of contacts: truly met, and said so when asked."""
        meeting = Meeting(one, other, day.at.date() if day else None, layer)
        self.meetings.append(meeting)
        self.declared.append(meeting)


def read_foreign(folder: Path, *, day_zero: date = DAY_ZERO) -> Foreign:
    """Everything understood of the tables in `folder`. Raises OutbreakIsUnreadable where that is too little.

    `day_zero`: which day 0 is, where days are bare numbers.
    """
    tables = [_table(file, day_zero) for file in sorted(folder.glob("*")) if file.suffix.lower() in _ENDINGS]
    kinds = [(_kind(one), one) for one in tables]
    gathered = _Gathered()
    # Line lists first: a pair without a day takes that of the infected.
    accounts = [_taken(one, kind, _READERS[kind], gathered) for kind in _READERS for its, one in kinds if its == kind]
    if not _says_who(gathered):  # then whoever met is infector and infected, as some tables of contacts mean it
        met = [one for its, one in kinds if its == "contacts"]
        accounts += [_taken(one, "pairs, for want of others", _pair, gathered) for one in met]
        gathered.declared.clear()  # what is the truth to compare with is no longer what was heard
    unknown = [Account(one.file.name, "nothing", {}, 0, {"columns not understood": len(one.rows)})
               for kind, one in kinds if kind is None]  # fmt: skip
    if not gathered.specimens or not _says_who(gathered):
        raise OutbreakIsUnreadable(
            f"{folder}: a line list with a person and a date of test, report or onset is needed, and who infected whom"
            f" (a column infected_by in it, or a file of infector and infected); found: "
            + "; ".join(f"{one.file} as {one.taken_for}, {one.rows} rows" for one in (*accounts, *unknown))
        )
    return Foreign(_outbreak(gathered), (*accounts, *unknown))


def _taken(table: _Table, taken_for: str, reader: _Reader, into: _Gathered) -> Account:
    """Read every row, and tell how it went; the table is then as if unread."""
    taken = sum(reader(table, row, into) for row in table.rows)
    account = Account(table.file.name, taken_for, dict(table.used), taken, dict(table.left_out))
    table.used, table.left_out = {}, Counter()
    return account


def _says_who(gathered: _Gathered) -> bool:
    return any(one.infector for one in gathered.transmissions.values())


def _outbreak(gathered: _Gathered) -> Outbreak:
    known = {one.infected for one in gathered.transmissions.values() if one.infector}
    transmissions = (one for one in gathered.transmissions.values() if one.infector or one.infected not in known)
    return Outbreak(
        tuple(Resident(*one) for one in gathered.homes.items()), tuple(gathered.presences), tuple(gathered.journeys),
        tuple(gathered.specimens), tuple(transmissions), tuple(gathered.meetings), tuple(gathered.declared),
    )  # fmt: skip


def _table(file: Path, day_zero: date) -> _Table:
    text = _decoded(file)
    head = text.splitlines()[0] if text.strip() else ""
    delimiter = max(",;\t|", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = [dict(row) for row in reader]
    return _Table(file, rows[1:] if rows and is_captions(rows[0]) else rows, reader.fieldnames or (), day_zero)


def _decoded(file: Path) -> str:
    whole = file.read_bytes()
    for encoding in _ENCODINGS if whole[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", *_ENCODINGS[2:]):
        try:
            return whole.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise OutbreakIsUnreadable(f"{file.name}: written in no known manner")


def _kind(table: _Table) -> str | None:
    """What a file is, by its columns: the first kind that fits; None where nothing does."""
    return next((kind for kind, fits in _FITS if fits(table)), None)


def _says_two(table: _Table) -> bool:
    """Two people in a row, neither of whom the row is about."""
    has = table.columns.has
    return (has("infector", "infected") or has("one", "other")) and not has("person")


def _is_pairs(table: _Table) -> bool:
    """Two people of whom columns or the file's name say that one infected the other; else they only met."""
    columns = table.columns
    sure = columns.of("infector") not in {None, columns.of("one")} or columns.has("infector", "infected")
    told = any(normal(columns.of(one) or "") not in {"from", "to"} for one in ("infector", "infected"))
    return (sure and told) or _is_named_pairs(table)


def _is_named_pairs(table: _Table) -> bool:
    return PAIRS.search(normal(table.file.stem)) is not None


def _is_persons_with_infectors(table: _Table) -> bool:
    is_list = table.columns.has("resulted") or not table.columns.has("person", "infector")
    return not is_list and (_is_named_pairs(table) or not _tells_more(table))


def _is_visits(table: _Table) -> bool:
    has = table.columns.has
    return has("person", "entered") and (has("place") or has("latitude", "longitude")) and not _is_line_list(table)


def _tells_more(table: _Table) -> bool:
    """Than who infected whom: when, where or with whom somebody lives; or the infector may be something else."""
    others = ("onset", "collected", "household", "place", "entered", "vehicle", "latitude")
    named = normal(table.columns.of("infector") or "")
    return named in {"source", "from"} or any(map(table.columns.has, others))


def _is_line_list(table: _Table) -> bool:
    """Routes have a date as well; a line list has one of a test or of illness, or an infector."""
    columns = table.columns
    named = normal(columns.of("resulted") or "date") != "date"
    return (
        columns.has("onset") or columns.has("collected") or named or normal(columns.of("infector") or "from") != "from"
    )


def _line(table: _Table, row: dict[str, str | None], into: _Gathered) -> bool:
    person = table.text(row, "person")
    dates = [table.moment(row, one) for one in ("collected", "resulted", "onset")]
    collected, resulted, onset = (one.at if one else None for one in dates)
    if not person:
        table.left_out["nobody named"] += 1
        return False
    into.homes[person] = table.text(row, "household") or into.homes.get(person)
    first = collected or resulted or onset
    if first is None:
        table.left_out["no date of test, report or onset"] += 1
        return False
    last = max(first, resulted or first)
    if not _NEGATIVE.search(table.text(row, "result")):
        into.specimens.append(Specimen(person, first, last, "positive", "pcr"))
    _named_in_row(table, row, person, into)
    infected_on = table.moment(row, "infected_on")
    on = (infected_on.at if infected_on else onset or first).date()
    for infector in _several(table.text(row, "infector")) or (None,):
        into.pair(infector, person, on, table.text(row, "layer", table.columns.of("infector") or ""))
    return True


def _named_in_row(table: _Table, row: dict[str, str | None], person: str, into: _Gathered) -> None:
    """Whom a line list says somebody met, in columns of its own."""
    for column, dated in table.columns.of_contacts():
        other, text = value(row, column), value(row, dated)
        if other and other != person:
            found = when(text, manner_of((value(one, dated) for one in table.rows), day_zero=table.day_zero))
            into.met(person, other, found, "contact")


def _relationship(table: _Table, row: dict[str, str | None], into: _Gathered) -> bool:
    """Whom somebody exposed, with what each is: two cases are infector and infected, too."""
    one, other = table.text(row, "one"), table.text(row, "other")
    are = [table.text(row, concept) for concept in ("one_is", "other_is")]
    if not one or not other or one == other:
        table.left_out["not two people"] += 1
        return False
    if any("event" in what.lower() for what in are):
        table.left_out["an event, which is nobody"] += 1
        return False
    day = table.moment(row, "day")
    into.met(one, other, day, table.text(row, "layer") or "contact")
    if all(map(_CASE.search, are)):
        into.pair(one, other, _on(table, other, day, into), table.text(row, "layer"))
    return True


def _contact_of_case(table: _Table, row: dict[str, str | None], into: _Gathered) -> bool:
    """Somebody met by a case, under a number of their own until they become one."""
    case, became = table.text(row, "case_met"), table.text(row, "became")
    person = became or table.text(row, "person", table.columns.of("case_met") or "")
    if not case or not person or case == person:
        table.left_out["not two people"] += 1
        return False
    day = table.moment(row, "day")
    into.met(case, person, day, table.text(row, "layer") or "contact")
    if became:
        into.pair(case, became, _on(table, became, day, into), table.text(row, "layer"))
    return True


def _pair(table: _Table, row: dict[str, str | None], into: _Gathered) -> bool:
    infector, infected = table.text(row, "infector"), table.text(row, "infected") or table.text(row, "person")
    if not infector or not infected or infector == infected:
        table.left_out["not two people"] += 1
        return False
    on = _on(table, infected, table.moment(row, "infected_on") or table.moment(row, "day"), into)
    for one in _several(infector):
        into.pair(one, infected, on, table.text(row, "layer", table.columns.of("infector") or ""))
    return True


def _on(table: _Table, infected: str, told: When | None, into: _Gathered) -> date:
    """The day of a transmission: as told, else that of the infected's specimen."""
    known = next((one.collected_at for one in into.specimens if one.person == infected), None) if not told else None
    return told.at.date() if told else known.date() if known else table.day_zero


def _contact(table: _Table, row: dict[str, str | None], into: _Gathered) -> bool:
    column = table.columns.of("one") if not table.columns.has("person") else table.columns.of("person")
    one, other = value(row, column), table.text(row, "other", column or "")
    if not one or not other or one == other:
        table.left_out["not two people"] += 1
        return False
    table.used["person"] = column or ""
    day = table.moment(row, "day")
    into.met(one, other, day, table.text(row, "layer") or "contact")
    return True


def _visit(table: _Table, row: dict[str, str | None], into: _Gathered) -> bool:
    person, place = table.text(row, "person"), table.text(row, "place")
    if not place and (at := (table.text(row, "latitude"), table.text(row, "longitude"))) != ("", ""):
        place = ",".join(at)
    entered = table.moment(row, "entered")
    left = table.moment(row, "left", table.columns.of("entered") or "")
    if not person or not place or (entered is None and left is None):
        table.left_out["no person, place or time"] += 1
        return False
    into.homes.setdefault(person, None)
    into.presences.append(Presence(person, place, entered.at if entered else None, _end(entered, left)))
    return True


def _end(entered: When | None, left: When | None) -> datetime | None:
    """A day alone is the whole day, as an end as well; a moment of entry without an end has none."""
    if left is not None:
        return left.at + _LAST_MINUTE if left.is_day else left.at
    return entered.at + _LAST_MINUTE if entered is not None and entered.is_day else None


def _journey(table: _Table, row: dict[str, str | None], into: _Gathered) -> bool:
    person, vehicle = table.text(row, "person"), table.text(row, "vehicle")
    departed = table.moment(row, "departed")
    if not person or not vehicle or departed is None:
        table.left_out["no person, vehicle or time"] += 1
        return False
    into.homes.setdefault(person, None)
    into.journeys.append(Journey(person, vehicle, departed.at, table.text(row, "seat") or None))
    return True


def _resident(table: _Table, row: dict[str, str | None], into: _Gathered) -> bool:
    person = table.text(row, "person")
    if not person:
        table.left_out["nobody named"] += 1
        return False
    into.homes[person] = table.text(row, "household") or into.homes.get(person)
    return True


def _several(text: str) -> Iterator[str] | tuple[str, ...]:
    """Infectors of one row, where it names more than one."""
    return tuple(one.strip() for one in re.split(r"[,;/]", text) if one.strip())


_Reader = Callable[[_Table, dict[str, str | None], _Gathered], bool]
_FITS: tuple[tuple[str, Callable[[_Table], bool]], ...] = (
    ("relationships", lambda table: table.columns.has("one", "other", "one_is", "other_is")),
    ("contacts of cases", lambda table: table.columns.has("person", "case_met", "contact_is")),
    ("pairs", lambda table: _says_two(table) and _is_pairs(table)),
    ("contacts", _says_two),
    ("journeys", lambda table: table.columns.has("person", "vehicle")),
    ("contacts", lambda table: table.columns.has("person", "other") and "contact" in normal(table.file.stem)),
    ("pairs", _is_persons_with_infectors),
    ("visits", _is_visits),
    # A line list may say the household and the infector as well.
    ("line list", lambda table: any(table.columns.has("person", one) for one in ("onset", "collected", "resulted"))),
    ("people", lambda table: table.columns.has("person", "household")),
)
_READERS: dict[str, _Reader] = {
    "people": _resident, "line list": _line, "pairs": _pair, "contacts": _contact, "relationships": _relationship,
    "contacts of cases": _contact_of_case, "visits": _visit, "journeys": _journey,
}  # fmt: skip
