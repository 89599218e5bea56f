"""The lists of names.txt."""

from functools import cache
from pathlib import Path


@cache
def _lists() -> dict[str, list[str]]:
    lines = Path(__file__).with_name("names.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {key: names.split(", ") for key, names in pairs}


def names_of(key: str) -> list[str]:
    """The names of one list, in order. Raises KeyError."""
    return _lists()[key]
