"""Which units the words of an address can mean, and how plainly each is named."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from pccovid.areas.address_words import HIGHWAY, Announcement, Words
from pccovid.areas.fact_files import fact_rows
from pccovid.areas.gazetteer import Gazetteer, Place, is_slip_of
from pccovid.areas.place_names import COMMUNE, DISTRICT, LEVELS, PROVINCE, name_key

LONGEST_NAME = 6
"""Words of the longest name, single letters of 'N.T' or 'H Neng' counted."""
_SHORT = 3
"""Other names up to this length ('hcm', 'đn') count only where nothing can be meant but a province."""

ANNOUNCED = 4.0
"""Points for a name after its prefix, 'quận Gò Vấp'."""
BARE_UPPER, BARE_COMMUNE = 3.0, 2.0
"""Points for a province or district, and for a commune, without a prefix."""
EACH_WORD = 0.3
RIGHT_MARKS = 0.5
OTHER_KIND, OTHER_NAME, LOCAL, SLIP = -0.4, -0.6, -1.5, -1.0


class Mention(NamedTuple):
    """Some words of the text as the name of a place."""

    place: Place
    words: int
    """Bit set of the positions used, prefix included."""
    score: float
    is_announced: bool
    has_slip: bool
    stands_alone: bool
    """A bare name that fills its part of the address and is no usual street name."""


@dataclass(slots=True)
class Mentions:
    """Everything an address may name."""

    at: dict[str, list[Mention]] = field(default_factory=lambda: {level: [] for level in LEVELS})
    named: list[int] = field(default_factory=list)
    """Bit sets of the announced names that some unit bears: a reading has to account for each."""
    unknown: list[int] = field(default_factory=list)
    """Bit sets of the announced names that no unit bears, not even with a slip."""
    plain_parts: list[int] = field(default_factory=list)
    """Bit sets of the parts between commas that are neither announced nor street nor hamlet."""
    known_above: frozenset[str] = frozenset()
    """Codes given by the caller: every reading lies inside."""


def find_mentions(words: Words, names: Gazetteer, inside: tuple[str, ...]) -> Mentions:
    """Looks up every run of words; `inside` are codes of which each place must be, or lie in, all."""
    search = _Search(words, names, inside)
    announced_at = {found.end: found for found in words.announcements}
    for start in range(len(words.keys)):
        announcement = announced_at.get(start)
        if announcement:
            search.look_up_announced(announcement)
            if not search.is_tail_of_name(announcement):
                continue
        if not any(found.start < start < found.end for found in words.announcements):
            search.look_up_bare(start)
    search.look_for_slips()
    return search.found


class _Search:
    def __init__(self, words: Words, names: Gazetteer, inside: tuple[str, ...]) -> None:
        self.words, self.names, self.inside = words, names, inside
        self.found = Mentions(known_above=frozenset(inside))

    def look_up_announced(self, announcement: Announcement) -> None:
        """The name after a prefix, of any length; where nothing is found, again with a slip."""
        before = self._count()
        for end in self._ends(announcement.end):
            self._announced(announcement, end, self._key(announcement.end, end), slip=False)
        if self._count() == before and not self._is_any_name(announcement.end):
            for end in reversed(self._ends(announcement.end)):
                for near in self.names.nearly(self._key(announcement.end, end)):
                    self._announced(announcement, end, near, slip=True)
        if self._count() > before:
            self.found.named.append(_bits(announcement.start, announcement.end + 1))
        elif len(announcement.levels) == 1 and self.words.keys[announcement.end] != HIGHWAY:
            self.found.unknown.append(_bits(announcement.start, announcement.end + 1))

    def is_tail_of_name(self, announcement: Announcement) -> bool:
        """True where the prefix may be the end of a name instead, as in 'phu xa cao loc'."""
        first = max(0, announcement.start - LONGEST_NAME)
        part = self.words.part
        return any(
            self._key(start, announcement.end) in self.names.by_key
            for start in range(first, announcement.start)
            if part[start] == part[announcement.start]
        )

    def _is_any_name(self, start: int) -> bool:
        """True where a name begins, if of another level: then the prefix was none ('Nghi Xá, Nghi Lộc')."""
        ends = self._ends(start)
        return any(len(key) > _SHORT and key in self.names.by_key for key in (self._key(start, end) for end in ends))

    def look_up_bare(self, start: int) -> None:
        """A name without a prefix."""
        for end in self._ends(start):
            levels = self.names.by_key.get(self._key(start, end))
            if levels:
                self._bare(start, end, levels, slip=False)

    def look_for_slips(self) -> None:
        """Whole parts of the address in which nothing was found, read as a district or province with one slip."""
        seen = 0
        for level in LEVELS:
            for mention in self.found.at[level]:
                seen |= mention.words
        for start, end in self.words.plain_parts:
            if end - start <= LONGEST_NAME and not seen & _bits(start, end):
                for near in self.names.nearly(self._key(start, end)):
                    self._bare(start, end, self.names.by_key[near], slip=True)
        self.found.plain_parts = [_bits(start, end) for start, end in self.words.plain_parts]

    def _announced(self, announcement: Announcement, end: int, key: str, *, slip: bool) -> None:
        levels = self.names.by_key.get(key)
        if not levels:
            return
        for level in announcement.levels:
            for place in levels.get(level, ()):
                score = ANNOUNCED + (0.0 if place.unit.kind == announcement.kind else OTHER_KIND)
                self._add(place, announcement.start, announcement.end, end, score, slip=slip)

    def _bare(self, start: int, end: int, levels: dict[str, tuple[Place, ...]], *, slip: bool) -> None:
        if self.words.keys[start].isdigit() and end == start + 1:
            return
        local = LOCAL if self.words.is_local[start] and not self.words.is_last(end) else 0.0
        for level in (PROVINCE, DISTRICT):
            for place in levels.get(level, ()):
                if not self._is_doubtful_short(place, start, end):
                    self._add(place, start, start, end, BARE_UPPER + local, slip=slip)
        if not self.words.is_local[start]:
            for place in levels.get(COMMUNE, ()):
                self._add(place, start, start, end, BARE_COMMUNE, slip=slip)

    def _is_doubtful_short(self, place: Place, start: int, end: int) -> bool:
        short = place.is_other_name and len(self._key(start, end)) <= _SHORT
        return short and not (self.words.is_last(end) or self.words.fills_part(start, end))

    def _is_inside(self, place: Place) -> bool:
        return all(code == place.unit.code or code in place.above for code in self.inside)

    def _add(self, place: Place, first: int, start: int, end: int, score: float, *, slip: bool) -> None:
        if not self._is_inside(place):
            return
        writing = "".join(self.words.spelled[start:end])
        if slip and not is_slip_of(writing, place):
            return
        score += EACH_WORD * (end - start) + (SLIP if slip else 0.0) + (OTHER_NAME if place.is_other_name else 0.0)
        if self.words.has_marks and writing == place.spelled:
            score += RIGHT_MARKS
        alone = self.words.fills_part(start, end) and not self._is_rather_other(place, self._key(start, end))
        mention = Mention(place, _bits(first, end), score, first < start, slip, alone)
        self.found.at[place.unit.level].append(mention)

    def _is_rather_other(self, place: Place, key: str) -> bool:
        """True for a usual street name, and for a commune that bears the name of a district abolished in 2025."""
        return key in street_names() or (place.unit.level == COMMUNE and key in self.names.abolished_districts)

    def _ends(self, start: int) -> range:
        """Possible ends of a name that begins here: it stays in its part of the address."""
        part, end = self.words.part, start + 1
        while end < len(part) and end - start < LONGEST_NAME and part[end] == part[start]:
            end += 1
        return range(start + 1, end + 1)

    def _key(self, start: int, end: int) -> str:
        return "".join(self.words.keys[start:end])

    def _count(self) -> int:
        return sum(len(mentions) for mentions in self.found.at.values())


@cache
def street_names() -> frozenset[str]:
    """Keys of names that stand for a street more often than for a commune."""
    return frozenset(name_key(name) for (name,) in fact_rows("street_names"))


def _bits(start: int, end: int) -> int:
    return (1 << end) - (1 << start)
