"""How far two names agree: one of eight levels, from the same to different. Pure; weights belong to the engine."""

from __future__ import annotations

from typing import Protocol

from pccovid.linkage.edits import is_single_edit
from pccovid.linkage.syllables import has_marks, is_bare_syllable, key_token

NAME_LEVELS = (
    "exact", "diacritics_differ", "reordered", "typo", "middle_missing", "initials", "given_only", "different",
)  # fmt: skip
"""From most to least agreement. 'initials': one side abbreviates (N. V. An). No name at all is 'different' too."""


class ComparableName(Protocol):
    """What a comparison needs of a name: NameReading has it, and so has any row with these attributes."""

    @property
    def full(self) -> str | None:
        """Lower-case tokens with diacritics, in written order."""

    @property
    def key(self) -> str | None:
        """ASCII tokens, family name first."""


def compare_names(a: ComparableName, b: ComparableName) -> str:
    """One of NAME_LEVELS, the same in both directions."""
    if not (a.full and a.key and b.full and b.key):
        return "different"
    if a.full == b.full:
        return "exact"
    one, other = _Name(a.full, a.key), _Name(b.full, b.key)
    if a.key == b.key:
        return "exact" if one.may_be_spelt_as(other) else "diacritics_differ"
    return _compare_tokens(one, other)


def _compare_tokens(one: _Name, other: _Name) -> str:
    if sorted(one.keys) == sorted(other.keys):
        return "reordered" if one.may_be_spelt_as(other) else "given_only" if _same_given(one, other) else "different"
    if _is_typo(one.keys, other.keys):
        return "typo"
    if _is_middle_missing(one.keys, other.keys):
        return "middle_missing"
    if _is_abbreviated(one.keys, other.keys):
        return "initials"
    return "given_only" if _same_given(one, other) else "different"


def same_initials(a: ComparableName, b: ComparableName) -> bool:
    """True where both have the same number of tokens, beginning with the same letters (the insurer's answer 061)."""
    ours, theirs = (a.key or "").split(), (b.key or "").split()
    return bool(ours) and [token[0] for token in ours] == [token[0] for token in theirs]


class _Name:
    """Tokens of one name, family first, each with the spellings it was written in."""

    __slots__ = ("full", "has_marks", "keys")

    def __init__(self, full: str, key: str) -> None:
        self.full = full.split()
        self.keys = key.split()
        self.has_marks = has_marks(full)

    def may_be_spelt_as(self, other: _Name) -> bool:
        """True where one side carries no diacritics at all, or both have the same tokens with the same ones."""
        return not (self.has_marks and other.has_marks) or sorted(self.full) == sorted(other.full)

    @property
    def given(self) -> str:
        """The given name as spelt: the written token that folds to the last key."""
        last = self.keys[-1]
        return next((token for token in reversed(self.full) if key_token(token) == last), last)


def _same_given(one: _Name, other: _Name) -> bool:
    if one.keys[-1] != other.keys[-1]:
        return False
    return not (one.has_marks and other.has_marks) or one.given == other.given


def _is_typo(ours: list[str], theirs: list[str]) -> bool:
    """One small edit in one token, or a blank lost or added. Two real given names (Lan, Lam) are no typo."""
    if "".join(ours) == "".join(theirs):
        return True
    if len(ours) != len(theirs):
        return False
    places = [i for i, (x, y) in enumerate(zip(ours, theirs, strict=True)) if x != y]
    if len(places) != 1 or not is_single_edit(ours[places[0]], theirs[places[0]]):
        return False
    is_given = places[0] == len(ours) - 1
    return not (is_given and is_bare_syllable(ours[-1]) and is_bare_syllable(theirs[-1]))


def _is_middle_missing(ours: list[str], theirs: list[str]) -> bool:
    """Family and given name agree; the shorter middle part is the longer one with tokens left out."""
    shorter, longer = sorted((ours, theirs), key=len)
    if len(shorter) < 2 or len(shorter) == len(longer):
        return False
    if shorter[0] != longer[0] or shorter[-1] != longer[-1]:
        return False
    remaining = iter(longer[1:-1])
    return all(token in remaining for token in shorter[1:-1])


def _is_abbreviated(ours: list[str], theirs: list[str]) -> bool:
    """Same number of tokens; each pair is equal or one is the first letter or two of the other ('ng', 'ph', 'n')."""
    if len(ours) != len(theirs):
        return False
    return all(x == y or _is_short_for(x, y) or _is_short_for(y, x) for x, y in zip(ours, theirs, strict=True))


def _is_short_for(short: str, long: str) -> bool:
    is_letters = len(short) == 1 or short in {"ng", "ph", "th", "tr", "hg", "vt"}
    return is_letters and len(long) > len(short) and long.startswith(short)
