"""An outbreak as files: who lives together, who was where, who was tested, and who infected whom.

The columns are documented in docs/reference/outbreaks.md; any outbreak in this form, made or real and without names,
can be traced and measured.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

VIET_NAM = timezone(timedelta(hours=7))
_DATE_LENGTH = 10


class OutbreakIsUnreadable(ValueError):
    """A file of an outbreak is missing or has a row that cannot be read; the message names it."""


class Resident(NamedTuple):
    """Somebody, and the household they are listed in."""

    person: str
    household: str | None


class Presence(NamedTuple):
    """Somebody at a place, as far as it was recorded."""

    person: str
    place: str
    entered_at: datetime | None
    left_at: datetime | None


class Journey(NamedTuple):
    """Somebody on a vehicle or flight."""

    person: str
    vehicle: str
    departed_at: datetime
    seat: str | None


class Specimen(NamedTuple):
    """A test; its result is known from `resulted_at`."""

    person: str
    collected_at: datetime
    resulted_at: datetime
    result: str
    method: str


class Transmission(NamedTuple):
    """Who infected whom; no infector: from outside."""

    infector: str | None
    infected: str
    on: date
    layer: str


class Meeting(NamedTuple):
    """Two who truly met; no day: every day."""

    person: str
    other: str
    on: date | None
    layer: str


class Outbreak(NamedTuple):
    """Everything that is known of one outbreak."""

    residents: tuple[Resident, ...]
    presences: tuple[Presence, ...]
    journeys: tuple[Journey, ...]
    specimens: tuple[Specimen, ...]
    transmissions: tuple[Transmission, ...]
    meetings: tuple[Meeting, ...]
    declared: tuple[Meeting, ...] = ()
    """Whom somebody said they had met: what a tracer hears, while `meetings` is what was."""


COLUMNS = {
    "people": ("person", "household"),
    "visits": ("person", "place", "entered_at", "left_at"),
    "journeys": ("person", "vehicle", "departed_at", "seat"),
    "tests": ("person", "collected_at", "resulted_at", "result", "method"),
    "transmissions": ("infector", "infected", "infected_on", "layer"),
    "contacts": ("person", "other", "day", "layer"),
    "declared": ("person", "other", "day", "layer"),
}
NEEDED = ("tests", "transmissions")


def write_outbreak(folder: Path, outbreak: Outbreak) -> None:
    """Write the seven files into `folder`, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in zip(COLUMNS, outbreak, strict=True):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS[name])
            writer.writerows([_written(value) for value in row] for row in rows)


def read_outbreak(folder: Path) -> Outbreak:
    """Read what files of `folder` there are. Raises OutbreakIsUnreadable."""
    for name in NEEDED:
        if not (folder / f"{name}.csv").is_file():
            raise OutbreakIsUnreadable(f"{folder} holds no {name}.csv")
    return Outbreak(
        tuple(Resident(row["person"], row["household"] or None) for row in _rows(folder, "people")),
        tuple(_presence(row) for row in _rows(folder, "visits")),
        tuple(
            Journey(row["person"], row["vehicle"], _moment(row["departed_at"]), row["seat"] or None)
            for row in _rows(folder, "journeys")
        ),
        tuple(_specimen(row) for row in _rows(folder, "tests")),
        tuple(
            Transmission(row["infector"] or None, row["infected"], _moment(row["infected_on"]).date(), row["layer"])
            for row in _rows(folder, "transmissions")
        ),
        *(tuple(map(_meeting, _rows(folder, name))) for name in ("contacts", "declared")),
    )


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Each row with every documented column, '' where the file has none."""
    file = folder / f"{name}.csv"
    if not file.is_file():
        return
    with file.open(encoding="utf-8-sig", newline="") as opened:
        for number, row in enumerate(csv.DictReader(opened), start=2):
            told = {column: (row.get(column) or "").strip() for column in COLUMNS[name]}
            if not told[COLUMNS[name][0]] and name != "transmissions":
                raise OutbreakIsUnreadable(f"{file.name}, line {number}: nobody is named")
            yield told


def _meeting(row: dict[str, str]) -> Meeting:
    return Meeting(row["person"], row["other"], _moment(row["day"]).date() if row["day"] else None, row["layer"])


def _presence(row: dict[str, str]) -> Presence:
    entered = _moment(row["entered_at"]) if row["entered_at"] else None
    left = _moment(row["left_at"], end=True) if row["left_at"] else None
    if entered is None and left is None:
        raise OutbreakIsUnreadable("visits.csv: a visit needs entered_at or left_at")
    return Presence(row["person"], row["place"], entered, left)


def _specimen(row: dict[str, str]) -> Specimen:
    collected = _moment(row["collected_at"])
    resulted = _moment(row["resulted_at"]) if row["resulted_at"] else collected
    return Specimen(row["person"], collected, resulted, row["result"] or "positive", row["method"] or "pcr")


def _moment(text: str, *, end: bool = False) -> datetime:
    """ISO 8601; without a zone in Viet Nam; a date alone is its beginning, or its last minute."""
    try:
        if len(text) == _DATE_LENGTH:
            return datetime.combine(date.fromisoformat(text), time(23, 59) if end else time(), VIET_NAM)
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise OutbreakIsUnreadable(f"this is no moment: {text!r}") from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=VIET_NAM)


def _written(value: object) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date | datetime) else str(value)


def people_of(outbreak: Outbreak) -> tuple[str, ...]:
    """Everybody who is named in any file, in a fixed order."""
    named: Iterable[str | None] = (
        *(one.person for one in outbreak.residents), *(one.person for one in outbreak.presences),
        *(one.person for one in outbreak.journeys), *(one.person for one in outbreak.specimens),
        *(name for one in outbreak.transmissions for name in (one.infector, one.infected)),
        *(name for one in (*outbreak.meetings, *outbreak.declared) for name in (one.person, one.other)),
    )  # fmt: skip
    return tuple(sorted({name for name in named if name}))
