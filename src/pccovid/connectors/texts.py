"""Text values fit for the database: no control characters, no undecodable bytes, composed Unicode, single blanks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_BYTES = re.compile("[\udc80-\udcff]")
_BETWEEN = "\x1f"
_SURROGATES = re.compile("[\ud800-\udfff]+")
_NOT_ASCII_BEYOND_BYTES = re.compile("[^\x00-\x7f\udc80-\udcff]")


class CleanText(NamedTuple):
    """The value, and what was wrong with it: '', 'undecodable_bytes' or 'control_characters'."""

    text: str
    problem: str


def is_clean(text: str) -> bool:
    """True where `clean` would only cut blanks off, for this text and for every part of it."""
    return text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text))


def readable(cells: list[str]) -> tuple[list[str], bool]:
    """(composed cells, True) where all of them can be printed; else (the cells as they are, False)."""
    whole = "".join(cells)
    if not whole.isprintable():
        return cells, False
    if whole.isascii() or unicodedata.is_normalized("NFC", whole):
        return cells, True
    return unicodedata.normalize("NFC", _BETWEEN.join(cells)).split(_BETWEEN), True


def clean(text: str) -> CleanText:
    """Composed (NFC) text without characters that cannot be printed; blanks at the ends are gone."""
    if text.isprintable():
        return CleanText(text.strip() if text.isascii() else unicodedata.normalize("NFC", text).strip(), "")
    return _clean(text)


@lru_cache(maxsize=4096)
def _clean(text: str) -> CleanText:
    repaired = without_surrogates(text)
    problem = "undecodable_bytes" if repaired != text else ""
    if "\x00" in repaired:
        problem = problem or "control_characters"
    spaced = "".join(_printable(character) for character in repaired)
    return CleanText(unicodedata.normalize("NFC", " ".join(spaced.split())), problem)


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) in ("Cc", "Cf", "Cs") else character


def without_surrogates(text: str, encoding: str = "cp1258") -> str:
    """Undecodable bytes read in an older encoding where the rest is plain ASCII; otherwise left out."""
    if _SURROGATES.search(text) is None:
        return text
    if _BYTES.search(text) and not _NOT_ASCII_BEYOND_BYTES.search(text):
        return _in_older_encoding(text.encode("utf-8", "surrogateescape"), encoding)
    return _SURROGATES.sub("", text)


def _in_older_encoding(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return raw.decode("latin-1")
