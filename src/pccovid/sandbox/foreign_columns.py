"""Where a table of somebody else's holds what: concepts of ours, found by the names of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pccovid.sandbox.foreign_moments import is_nothing
from pccovid.sandbox.foreign_names import KNOWN, NAMES, normal

CONTACT_OF_ROW = re.compile(r"contact(\d+)(?:id)?")
"""A column of a line list that names somebody met, by number; its day stands in that of the number and `date`."""


class Columns:
    """Where a file holds what: concept → its column, as this file calls it."""

    def __init__(self, headers: Iterable[str]) -> None:
        self._own: dict[str, str] = {}
        self._found: dict[tuple[str, ...], list[str]] = {}
        for one in headers:
            if name := normal(one):
                self._own.setdefault(name, one)

    def all_of(self, concept: str, *apart: str) -> list[str]:
        """Every column that may be the concept's, the surest first. `apart`: columns that are something else here."""
        key = (concept, *apart)
        if key not in self._found:
            self._found[key] = [own for name in NAMES[concept] if (own := self._own.get(name)) and own not in apart]
        return self._found[key]

    def of(self, concept: str, *apart: str) -> str | None:
        """The column of a concept, or None."""
        return next(iter(self.all_of(concept, *apart)), None)

    def has(self, *concepts: str) -> bool:
        return all(self.of(one) for one in concepts)

    def of_contacts(self) -> list[tuple[str, str | None]]:
        """Columns that name somebody met each, and where the day of it stands."""
        return [
            (own, self._own.get(f"contact{match[1]}date"))
            for name, own in self._own.items() if (match := CONTACT_OF_ROW.fullmatch(name))
        ]  # fmt: skip


def is_captions(row: Mapping[str, str]) -> bool:
    """A second line of headers, in words, below the first: names of columns where what they hold should stand."""
    told = [normal(text) for text in row.values() if text.strip()]
    return len(told) > 1 and not any(re.search(r"\d", one) for one in told) and sum(one in KNOWN for one in told) > 1


def value(row: Mapping[str, str], column: str | None) -> str:
    """What stands there; '' where there is no such column, or nothing is known."""
    text = row.get(column, "").strip() if column else ""
    return "" if is_nothing(text) else text
