"""Reading of names: from whatever stands in a name field to comparable forms, beside the name as it was written.

Nothing is corrected that could be right: a name is repaired (encoding), turned (family name last) or refused (no name)
only on evidence, and each such step leaves a flag.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from pccovid.linkage.encodings import repair_mojibake
from pccovid.linkage.family_names import FAMILY_NAMES
from pccovid.linkage.name_comparison import NAME_LEVELS, compare_names, same_initials
from pccovid.linkage.name_words import (
    COMMON_FAMILY_KEYS,
    COMMON_FAMILY_TOKENS,
    GIVEN_NAMES_TOO,
    NEWBORN_FIRST_WORDS,
    NEWBORN_STARTS,
    NOT_A_NAME,
    NOT_A_NAME_AS_WRITTEN,
    SEX_MIDDLES,
    SURE_FAMILY_KEYS,
    TEST_PHRASES,
    TEST_WORDS,
    TITLES,
    TITLES_AND_NAMES,
)
from pccovid.linkage.syllables import canonical_token, fold_to_ascii, has_marks, key_token

__all__ = ["FAMILY_NAMES", "NAME_LEVELS", "NameReading", "compare_names", "read_name", "same_initials"]

_LONGEST_NAME = 200
"""Characters; a longer text in a name field is not a name."""


class NameReading(NamedTuple):
    """A name in the forms that Claim carries; every form is None where the field holds no name."""

    display: str | None = None
    """Repaired encoding, NFC, single blanks, letter case as written."""
    full: str | None = None
    """Lower-case NFC tokens in written order, diacritics kept, one spelling for hoà/hòa and Lý/Lí. A name without any
    mark but đ ('NGUYEN VAN ĐUC': marks dropped by decomposing leave it) is one without marks: 'nguyen van duc'."""
    key: str | None = None
    """ASCII tokens, family name first; letters of non-Latin scripts stay as they are."""
    sorted_key: str | None = None
    """The tokens of key in alphabetical order."""
    flags: tuple[str, ...] = ()
    """'name_mojibake', 'name_reordered', 'name_single_token', 'name_not_latin', 'not_a_name',
    'newborn_without_name', 'test_entry' (somebody tried the form: the row stands for nobody)."""


_NOTHING = NameReading()
_NOT_A_NAME = NameReading(flags=("not_a_name",))
_TEST_ENTRY = NameReading(flags=("not_a_name", "test_entry"))
_NEWBORN = NameReading(flags=("newborn_without_name",))


def read_name(text: str | None) -> NameReading:
    """Any text of a name field → its reading; never raises. Empty → all None without a flag."""
    if not text or text.isspace():
        return _NOTHING
    if len(text) > _LONGEST_NAME:
        return _NOT_A_NAME
    shown, is_repaired = _shown(text)
    tokens = _tokens(shown)
    if not tokens or "@" in shown or shown.lower() in NOT_A_NAME_AS_WRITTEN:
        return _NOT_A_NAME
    return _read_tokens(shown, tokens, ("name_mojibake",) if is_repaired else ())


def _read_tokens(shown: str, tokens: list[str], flags: tuple[str, ...]) -> NameReading:
    keys = [key_token(token) for token in tokens]
    refusal = _refusal(keys)
    if refusal is not None:
        return refusal
    if _has_title(tokens, keys):
        tokens, keys = tokens[1:], keys[1:]
    ordered = family_first(tokens, keys)
    key = " ".join(ordered)
    if ordered is not keys:
        flags += ("name_reordered",)
    if len(keys) == 1:
        flags += ("name_single_token",)
    if not key.isascii():
        flags += ("name_not_latin",)
    return NameReading(shown, " ".join(tokens), key, " ".join(sorted(keys)), flags)


def _has_title(tokens: list[str], keys: list[str]) -> bool:
    """'Anh Vũ Nguyễn' is a name turned round, 'Anh Trần Văn Vũ' a man."""
    if len(keys) < 3:
        return False
    if tokens[0] in TITLES:
        return keys[1] in SURE_FAMILY_KEYS
    is_family = keys[1] in COMMON_FAMILY_KEYS and (tokens[1].isascii() or tokens[1] in COMMON_FAMILY_TOKENS)
    return tokens[0] in TITLES_AND_NAMES and is_family and keys[-1] not in COMMON_FAMILY_KEYS


def family_first(tokens: list[str], keys: list[str]) -> list[str]:
    """The keys with the family name in front; the very same list where it stands there already or nobody can tell.

    Turned only where the first token is no family name (or hardly ever) and the last is a common one, seldom given.
    """
    is_in_front = keys[0] in SURE_FAMILY_KEYS
    if len(keys) < 2 or is_in_front or not _is_family_at_end(tokens, keys):
        return keys
    rest = keys[:-1]
    if len(rest) > 1 and rest[-1] in SEX_MIDDLES:
        rest = rest[-1:] + rest[:-1]
    return keys[-1:] + rest


def _is_family_at_end(tokens: list[str], keys: list[str]) -> bool:
    """A name with diacritics must show the family name's own ('Nguyễn', not the given name 'Nguyên')."""
    if keys[-1] not in COMMON_FAMILY_KEYS or tokens[-1] in GIVEN_NAMES_TOO:
        return False
    has_marks = any(not token.isascii() for token in tokens)
    return not has_marks or tokens[-1] in COMMON_FAMILY_TOKENS


def _refusal(keys: list[str]) -> NameReading | None:
    if not TEST_WORDS.isdisjoint(keys):
        return _TEST_ENTRY
    if len(keys) <= 3:
        phrase = " ".join(keys)
        if phrase in TEST_PHRASES or (len(phrase) > 2 and phrase == phrase[0] * len(phrase)):
            return _TEST_ENTRY
        if phrase in NOT_A_NAME:
            return _NOT_A_NAME
    if keys[0] in NEWBORN_FIRST_WORDS and f"{' '.join(keys)} ".startswith(NEWBORN_STARTS):
        return _NEWBORN
    return None


def _shown(text: str) -> tuple[str, bool]:
    """The name to show, and whether an encoding was repaired."""
    if text.isascii():
        return " ".join(text.translate(_ASCII_SHOWN).split()), False
    is_repaired = False
    for _ in range(_MOST_LAYERS):
        composed, was_broken = repair_mojibake(unicodedata.normalize("NFC", text))
        visible = unicodedata.normalize("NFC", " ".join(composed.translate(_SHOWN).split()))
        is_repaired = is_repaired or was_broken
        if visible == text:
            break
        text = visible
    return text, is_repaired


def _tokens(shown: str) -> list[str]:
    """Canonical lower-case tokens: letters only; what stands in brackets is a remark, not the name."""
    if "(" in shown:
        shown = _REMARK.sub(" ", shown)
    if "'" in shown or "’" in shown:
        shown = _GLOTTAL_H.sub(r"\1", shown)
    letters = shown.lower().translate(_LETTERS)
    return [canonical_token(word) for word in (letters if has_marks(letters) else fold_to_ascii(letters)).split()]


_REMARK = re.compile(r"\([^)]*\)?")
_GLOTTAL_H = re.compile(r"\b([HhKkYy])['’]\s*(?=\w)")
"""H'Hen, K' Brếu: one token, however the apostrophe was spaced."""
_MOST_LAYERS = 5
"""Junk characters can hide a broken encoding: what is left without them is looked at again, this often at most."""
_LAST_CACHED = 0x3000


class _ShownCharacters(dict[int, str | None]):
    """Character → what the name to show has in its place; filled as characters occur, below U+3000 only."""

    def __missing__(self, code: int) -> str | None:
        shown = self._decide(chr(code))
        if code < _LAST_CACHED:
            self[code] = shown
        return shown

    def _decide(self, character: str) -> str | None:
        category = unicodedata.category(character)
        if character.isspace() or category in {"Cc", "Zs", "Zl", "Zp"}:
            return " "
        return None if category.startswith("C") else character


class _NameLetters(_ShownCharacters):
    """Character → the letter itself, a blank for punctuation, digits and signs, nothing for apostrophes."""

    def _decide(self, character: str) -> str | None:
        category = unicodedata.category(character)
        if "\u0300" <= character <= "\u036f" or character in "'’‘`´ʼ":
            return None
        return character if category[0] in "LM" else " "


_SHOWN = _ShownCharacters({0xD0: "Đ", 0xF0: "đ", 0x189: "Đ", 0x256: "đ"})
_LETTERS = _NameLetters()
_ASCII_SHOWN = dict.fromkeys([*range(32), 127], " ")
