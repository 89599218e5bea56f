"""The book: rows by file, the truth of each row, and the evidence each row carries."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from .pen import Shown

SYSTEM = {
    "tokhaiyte_domestic": "tokhaiyte",
    "tokhaiyte_entry": "tokhaiyte",
    "tokhaiyte_movement": "tokhaiyte",
    "ncovi": "ncovi",
    "bluezone_users": "bluezone",
    "sskdt_people": "sskdt",
    "sskdt_doses": "sskdt",
    "vneid": "vneid",
    "qr_visits": "qr",
    "sampling": "sampling",
    "qr_places": "qr",
    "tokhaiyte_areas": "tokhaiyte",
    "tokhaiyte_nations": "tokhaiyte",
}
Row = dict[str, Any]


@dataclass
class Truth:
    """Whom one source row is really about."""

    file: str
    key: str
    person: int | None
    fault: str
    shown: Shown | None


@dataclass
class Book:
    """Everything that will be written."""

    rng: Random
    rows: dict[str, list[Row]] = field(default_factory=dict)
    truths: list[Truth] = field(default_factory=list)

    def add(self, file: str, row: Row) -> None:
        """A row of a file."""
        self.rows.setdefault(file, []).append(row)

    def about(self, file: str, key: str, shown: Shown | None, fault: str = "") -> None:
        """The truth of a row (or of a household member in a row); nobody when nothing is shown."""
        person = shown.person.number if shown else None
        self.truths.append(Truth(file, key, person, fault or (shown.fault if shown else "nobody"), shown))

    def repeat(self) -> None:
        """Senders repeat rows: one in 150 comes again unchanged, one in 300 again with a later address."""
        for rows in self.rows.values():
            again = []
            for row in rows:
                roll = self.rng.random()
                if roll < 1 / 150:
                    again.append(dict(row))
                elif roll < 1 / 100 and row.get("address"):
                    again.append({**row, "address": f"{row['address']} (mới)"})
            rows += again
