"""The lists of names.txt."""

from functools import cache
from pathlib import Path

from made_nations import word_lists


@cache
def _lists() -> dict[str, list[str]]:
    return word_lists(Path(__file__).with_name("names.txt"))


def names_of(key: str) -> list[str]:
    """The names of one list, in order. Raises KeyError."""
    return _lists()[key]
