"""The SQL functions that the linkage's expressions use, in Python, with DuckDB's answers. NULL is None."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

MOST_EDITS_TOLD = 3
"""Distances beyond are not told apart: no expression asks whether two names are four or five edits from each other."""


@lru_cache(maxsize=4096)
def strip_accents(text: str) -> str:
    """Letters without their marks; đ is a letter of its own and stays."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if unicodedata.category(sign)[0] != "M"))


def as_text(value: object) -> str:
    """CAST(… AS VARCHAR) of a text, a number or a date."""
    return value.isoformat() if isinstance(value, date) else str(value)


def rounded(value: float, places: int) -> float:
    """Halves away from zero, as the database rounds."""
    scale = 10.0**places
    return math.copysign(math.floor(abs(value) * scale + 0.5) / scale, value)


def at(values: Sequence[Any], place: int) -> Any:
    """The element at a place counted from 1, or from the end where negative; None where there is none."""
    index = place - 1 if place > 0 else place
    return values[index] if -len(values) <= index < len(values) else None


def least(*values: Any) -> Any:
    """The smallest of those that are not NULL."""
    return min((value for value in values if value is not None), default=None)


def greatest(*values: Any) -> Any:
    """The largest of those that are not NULL."""
    return max((value for value in values if value is not None), default=None)


def smallest(values: Iterable[Any] | None) -> Any:
    """list_min."""
    return None if values is None else least(*values)


def has_all(values: Sequence[Any], wanted: Iterable[Any]) -> bool:
    """list_has_all."""
    return set(values).issuperset(wanted)


def damerau_levenshtein(one: str, other: str) -> int:
    """Edits (letter put in, left out, changed, two neighbours exchanged) over UTF-8, up to MOST_EDITS_TOLD."""
    if one == other:
        return 0
    mine, yours = one.encode(), other.encode()
    if abs(len(mine) - len(yours)) >= MOST_EDITS_TOLD:
        return MOST_EDITS_TOLD
    mine, yours = _without_common_ends(mine, yours)
    if not mine or not yours:
        return min(len(mine) + len(yours), MOST_EDITS_TOLD)
    if _letters_unshared(mine, yours) >= MOST_EDITS_TOLD:
        return MOST_EDITS_TOLD
    return min(_distance(mine, yours), MOST_EDITS_TOLD)


def _without_common_ends(one: bytes, other: bytes) -> tuple[bytes, bytes]:
    shortest, start = min(len(one), len(other)), 0
    while start < shortest and one[start] == other[start]:
        start += 1
    end = 0
    while end < shortest - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]


def _letters_unshared(one: bytes, other: bytes) -> int:
    """At least so many edits: letters of the longer text that the other does not hold as often."""
    left = list(other)
    missing = 0
    for letter in one:
        if letter in left:
            left.remove(letter)
        else:
            missing += 1
    return max(missing, len(left))


def _distance(one: bytes, other: bytes) -> int:
    """The unrestricted distance: an exchanged pair may be edited again."""
    far = len(one) + len(other)
    last_row: dict[int, int] = {}
    table = [[far] * (len(other) + 2) for _ in range(len(one) + 2)]
    for row in range(len(one) + 1):
        table[row + 1][1] = row
    for column in range(len(other) + 1):
        table[1][column + 1] = column
    for row, mine in enumerate(one, start=1):
        last_column = 0
        for column, yours in enumerate(other, start=1):
            above, left = last_row.get(yours, 0), last_column
            if mine == yours:
                last_column = column
            table[row + 1][column + 1] = min(
                table[row][column] + (mine != yours),
                table[row + 1][column] + 1,
                table[row][column + 1] + 1,
                table[above][left] + (row - above - 1) + 1 + (column - left - 1),
            )
        last_row[mine] = row
    return table[-1][-1]


def day_text(day: date, form: str) -> str:
    """strftime, with a year of four digits whatever it is."""
    return day.strftime(form.replace("%Y", f"{day.year:04d}"))


def replaced(text: str, pattern: str, by: str, options: str = "") -> str:
    """regexp_replace: the first match, or with the option g every one."""
    return re.sub(pattern, by, text, count=0 if "g" in options else 1)


def found_in(text: str, pattern: str) -> bool:
    """regexp_matches."""
    return re.search(pattern, text) is not None


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "DAMERAU_LEVENSHTEIN": damerau_levenshtein,
    "LIST_HAS_ALL": has_all,
    "STRIP_ACCENTS": strip_accents,
}
"""By the name that SQL calls them; NULL for any argument gives NULL."""
