"""How common names, birthdays, words and areas are among a handful of records (frequencies.py).

So few say nothing about frequencies: the model's shares hold. With ENOUGH_PEOPLE_TO_COUNT or more the batch would count
instead, so that many are not matched here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from pccovid.linkage.frequencies import (
    LEAST_AT_ADDRESS,
    LEAST_BIRTHDAY_SHARE,
    LEAST_PEOPLE_OF_AREA,
    RAREST_WORD,
)
from pccovid.linkage.model import RAREST_NAME_PART, Model
from pccovid.linkage.one_record.expressions import compiled
from pccovid.linkage.one_record.nodes import Node
from pccovid.linkage.readings import reads_otherwise
from pccovid.linkage.syllables import is_bare_syllable, is_syllable

_MOST_KEPT = 4_000
Kept = TypeVar("Kept")


_least_at_address = compiled(LEAST_AT_ADDRESS, lambda _, column: f"p.{column}")


class Word(NamedTuple):
    """A word of a name and the share of names that hold it."""

    word: str
    share: float


class Commonness:
    """What the model says of names and words, kept for all records that one process matches."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._reads_otherwise = reads_otherwise(model)
        self._names: dict[str, float] = {}
        self._words: dict[str, Word] = {}

    @property
    def least_people(self) -> int:
        """Size of population assumed at least."""
        return self._model.least_people

    def name(self, name_key: str) -> float:
        """The share of people of this name."""
        found = self._names.get(name_key)
        if found is None:
            found = _kept(self._names, name_key, self._name_share(name_key))
        return found

    def reads_otherwise(self, given: str) -> bool:
        """The column `reads_otherwise` of `nodes` for this given name."""
        return self._reads_otherwise(given)

    def word(self, word: str) -> Word:
        """The word with the share of names that hold it."""
        found = self._words.get(word)
        if found is None:
            found = _kept(self._words, word, self._share_of_word(word))
        return found

    def _name_share(self, name_key: str) -> float:
        shares, tokens = self._model.name_shares, name_key.split(" ")
        parts = ((shares.family, tokens[0]), (shares.middle, " ".join(tokens[1:-1])), (shares.given, tokens[-1]))
        family, middle, given = (known.get(part, RAREST_NAME_PART) for known, part in parts)
        return 2 * (family * middle * given)

    def _share_of_word(self, word: str) -> Word:
        if not (is_syllable(word) or (word.isascii() and is_bare_syllable(word))):
            return Word(word, RAREST_WORD / 10)
        return Word(word, max(RAREST_WORD, self._model.name_words.get(word, 0.0)))


def _kept(known: dict[str, Kept], key: str, value: Kept) -> Kept:
    if len(known) >= _MOST_KEPT:
        known.clear()
    known[key] = value
    return value


class Shares:
    """The tables of frequencies.py, each value worked out when asked for."""

    def __init__(self, nodes: Sequence[Node], phone_people: dict[str, int], common: Commonness) -> None:
        self._nodes, self._phone_people, self._common = nodes, phone_people, common
        self._areas: dict[str, int] | None = None

    def name(self, name_key: str | None) -> float | None:
        """name_shares."""
        return None if name_key is None else self._common.name(name_key)

    def birthday(self, day: object) -> float | None:
        """birthday_shares."""
        return None if day is None else LEAST_BIRTHDAY_SHARE

    def phone(self, phone: str | None) -> int | None:
        """phone_people."""
        return None if phone is None else self._phone_people.get(phone)

    def area(self, area: str | None) -> int | None:
        """area_people."""
        if self._areas is None:
            self._areas = self._count_areas()
        return None if area is None else self._areas.get(area)

    def reads_otherwise(self, given: str | None) -> bool:
        """Whether without diacritics the given name could be another one."""
        return given is not None and self._common.reads_otherwise(given)

    def words(self, node: Node) -> list[Word] | None:
        """The column `words` of `nodes`."""
        if node.name_key is None:
            return None
        return [self._common.word(word) for word in sorted((node.accented or node.name_key).split(" "))]

    def _count_areas(self) -> dict[str, int]:
        people: dict[str, set[tuple[str | None, int | None]]] = {}
        least: dict[str, int] = {}
        for node in self._nodes:
            who = (node.name_key, node.year)
            for area, at_least in _areas_of(node):
                people.setdefault(area, set()).add(who)
                least[area] = at_least
        counted = {area: max(least[area], len(those)) for area, those in people.items()}
        named = {(node.name_key, node.year) for node in self._nodes if node.name_key is not None}
        return counted | {"": max(len(named), self._common.least_people)}


def _areas_of(node: Node) -> list[tuple[str, int]]:
    areas = [
        (f"{kind}:{code}", at_least)
        for kind, at_least in LEAST_PEOPLE_OF_AREA.items()
        if (code := getattr(node, f"{kind}_code")) is not None
    ]
    if node.address is not None:
        at_least = _least_at_address(node)
        areas.append((f"line:{node.address}", at_least))
        if node.commune_code is not None:
            areas.append((f"address:{node.commune_code}{node.address}", at_least))
    return areas
