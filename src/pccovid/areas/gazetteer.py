"""Names of all units of one list, ready to be looked up: by key, by former or short name, by nearly the same key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property

from pccovid.areas.fact_files import fact_rows
from pccovid.areas.place_names import COMMUNE, PROVINCE, comparable_words, name_key, spelled, split_kind, without_marks
from pccovid.areas.registry import Registry, registry
from pccovid.areas.units import LISTED_2021, LISTED_2025_03, REFORM_2025, Unit

SHORTEST_WITH_TYPO = 6
"""Letters a name must have before one wrong letter is forgiven."""
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


@dataclass(frozen=True, slots=True)
class Place:
    """One name of one unit."""

    unit: Unit
    above: tuple[str, ...]
    """Codes of the units above, the nearest first."""
    spelled: str
    """The name without its kind, blanks and hyphens closed up: what a careful writer would put."""
    is_other_name: bool = False
    """A short, former or wider name, not the official one."""


class Gazetteer:
    """The names in force on one day."""

    def __init__(self, units: Registry, on: date) -> None:
        self.by_key: dict[str, dict[str, tuple[Place, ...]]] = {}
        self._found: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
        for place in _official_places(units, on):
            keys = _keys(split_kind(place.unit.name)[1])
            for number, key in enumerate(keys):
                self._found[key][place.unit.level].append(replace(place, is_other_name=True) if number else place)
        for name, unit in _other_names(units, on):
            self._add_other_name(units, name, unit, on)
        for key, levels in self._found.items():
            self.by_key[key] = {level: tuple(places) for level, places in levels.items()}
        self.by_code = {
            place.unit.code: place for levels in self.by_key.values() for places in levels.values() for place in places
        }

        self.abolished_districts: frozenset[str] = _abolished_districts(units, on)
        """Keys of district names that are not districts any more, since the reform: a bare one is no commune."""

    def _add_other_name(self, units: Registry, name: str, unit: Unit, on: date) -> None:
        places = self._found[name_key(name)][unit.level]
        if all(place.unit is not unit for place in places):
            places.append(Place(unit, _above(units, unit, on), close_up(name), is_other_name=True))

    def nearly(self, key: str) -> list[str]:
        """Known keys one letter away from this one: added, left out, changed or exchanged with its neighbour."""
        if len(key) < SHORTEST_WITH_TYPO or not key.isalpha():
            return []
        near = {known for shorter in _one_left_out(key) for known in self._typo_keys.get(shorter, ())}
        return sorted(known for known in near if known != key and _is_one_edit(key, known))

    @cached_property
    def _typo_keys(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for key in self.by_key:
            if len(key) >= SHORTEST_WITH_TYPO and key.isalpha():
                for shorter in _one_left_out(key):
                    found[shorter].append(key)
        return found


def gazetteer(on: date) -> Gazetteer:
    """The names in force that day; a day before the first list is read by the list of 2021."""
    return _gazetteer_of_list(max((day for day in (LISTED_2025_03, REFORM_2025) if day <= on), default=LISTED_2021))


@cache
def _gazetteer_of_list(start: date) -> Gazetteer:
    return Gazetteer(registry(), start)


def is_slip_of(writing: str, place: Place) -> bool:
    """True where the closed-up writing is one letter away from the name also while i and y are told apart."""
    return _is_one_edit(without_marks(writing), without_marks(place.spelled))


def close_up(name: str) -> str:
    """Spelled name without blanks, hyphens and apostrophes, so that only letters and their marks are compared."""
    return "".join(letter for letter in spelled(name) if letter.isalnum())


def _official_places(units: Registry, on: date) -> Iterator[Place]:
    for province in units.provinces(on):
        yield _place(province, ())
        for child in units.children(province.code, on=on):
            yield _place(child, (province.code,))
            if child.level != COMMUNE:
                for commune in units.children(child.code, on=on):
                    yield _place(commune, (child.code, province.code))


def _abolished_districts(units: Registry, on: date) -> frozenset[str]:
    provinces = units.provinces(LISTED_2021) if on >= REFORM_2025 else ()
    districts = (unit for province in provinces for unit in units.children(province.code, on=LISTED_2021))
    return frozenset(name_key(split_kind(unit.name)[1]) for unit in districts)


def _place(unit: Unit, above: tuple[str, ...]) -> Place:
    return Place(unit, above, close_up(split_kind(unit.name)[1]))


def _above(units: Registry, unit: Unit, on: date) -> tuple[str, ...]:
    return tuple(step.code for step in reversed(units.path(unit.code, on=on)[:-1]))


def _keys(name: str) -> list[str]:
    """The key first, then 'Hải Châu 1' for 'Hải Châu I', and 'Nông trường X' and 'X' for 'NT X' and 'N.T X'."""
    words = comparable_words(name).split()
    keys = ["".join(words)]
    if words[-1] in _ROMAN and len(words) > 1:
        keys.append("".join([*words[:-1], _ROMAN[words[-1]]]))
    for short, farm in (("nt", "nongtruong"), ("n t", "nongtruong"), ("nong truong", "nt")):
        count = len(short.split())
        if words[:count] == short.split() and len(words) > count:
            keys += [farm + "".join(words[count:]), "".join(words[count:])]
    return keys


def _other_names(units: Registry, on: date) -> Iterator[tuple[str, Unit]]:
    """Short and former names; since the reform also every province of before, for the one that took it over."""
    for name, codes in fact_rows("other_names"):
        for code in codes.split():
            yield from ((name, unit) for unit in _units_today(units, code, on))
    if on >= REFORM_2025:
        for province in units.provinces(LISTED_2021):
            name = split_kind(province.name)[1]
            yield from ((name, unit) for unit in _units_today(units, province.code, on))


def _units_today(units: Registry, code: str, on: date) -> list[Unit]:
    """The unit of a 2021 code today: itself, or after the reform the province around it (districts have none)."""
    if on < REFORM_2025:
        unit = units.unit(code, on=on)
        return [unit] if unit else []
    if len(code) != 2:
        return []
    found = units.unit(units.province_of_2025(code) or "", on=on, level=PROVINCE)
    return [found] if found else []


def _one_left_out(key: str) -> set[str]:
    return {key, *(key[:position] + key[position + 1 :] for position in range(len(key)))}


def _is_one_edit(one: str, other: str) -> bool:
    """True for at most one insertion, deletion, substitution or exchange of neighbours."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, other_rest = one[start:], other[start:]
    if len(rest) == len(other_rest):
        swapped = rest[1:2] + rest[:1] == other_rest[:2] and rest[2:] == other_rest[2:]
        return swapped or rest[1:] == other_rest[1:]
    return rest[1:] == other_rest or rest == other_rest[1:]
