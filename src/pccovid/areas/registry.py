"""Every administrative unit by code and date: parents, children, residences, and the reform of 2025."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache, cached_property

from pccovid.areas.fact_files import fact_rows
from pccovid.areas.place_names import COMMUNE, DISTRICT, PROVINCE, name_key, split_kind
from pccovid.areas.units import LISTED_2021, LISTED_2025_03, REFORM_2025, Residence, Successor, Unit

_LEVEL_OF_LENGTH = {2: PROVINCE, 3: DISTRICT, 5: COMMUNE}
_LENGTH_OF_LEVEL = {level: length for length, level in _LEVEL_OF_LENGTH.items()}
_LAST_DAY_BEFORE_REFORM = REFORM_2025 - timedelta(days=1)


class Registry:
    """All units of the three lists with their dates. Build it with `registry()`."""

    def __init__(self, units: Iterable[Unit], reform: Callable[[], Iterable[tuple[str, str, bool]]]) -> None:
        """`reform` reads, when first asked, (old code, new code, is the default part)."""
        self._versions: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            self._versions[unit.code].append(unit)
        self._reform = reform
        self._listed: dict[date, dict[str | None, tuple[Unit, ...]]] = {}
        self._residences = self._residences_of_2021()

    def unit(self, code: str, *, on: date, level: str | None = None) -> Unit | None:
        """The unit that had this code on that day; None where the lists have none, or none of that level."""
        for unit in self._versions.get(code, ()):
            if unit.valid_from <= on and (unit.valid_to is None or on < unit.valid_to):
                return unit if level in (None, unit.level) else None
        return None

    def restore_code(self, text: str, level: str, on: date) -> str | None:
        """The code that a spreadsheet made '1', '1.0' or ' 001' of; None where no unit of the level has it that day."""
        digits = text.strip().removesuffix(".0")
        code = digits.lstrip("0").zfill(_LENGTH_OF_LEVEL[level])
        return code if digits.isascii() and digits.isdigit() and self.unit(code, on=on, level=level) else None

    def path(self, code: str, *, on: date, level: str | None = None) -> tuple[Unit, ...]:
        """Province … → the unit itself; empty where the code is unknown that day."""
        steps: list[Unit] = []
        unit = self.unit(code, on=on, level=level)
        while unit:
            steps.append(unit)
            unit = self.unit(unit.parent, on=on) if unit.parent else None
        return tuple(reversed(steps))

    def children(self, code: str, *, on: date) -> tuple[Unit, ...]:
        """The units directly below, in the order of their codes; an island district of 2021 has none."""
        return self._list_in_force(on).get(code, ())

    def provinces(self, on: date) -> tuple[Unit, ...]:
        """63 before the reform, 34 after it; none before 2021."""
        return self._list_in_force(on).get(None, ())

    def communes(self, on: date) -> tuple[Unit, ...]:
        """Every commune that day: 10,599 in 2021, 3,321 since the reform."""
        listed = self._list_in_force(on).values()
        return tuple(unit for units in listed for unit in units if unit.level == COMMUNE)

    def residence(self, code: str, *, on: date) -> Residence | None:
        """Province, district and commune of the 2021 list for a code of any level as it stands in a record of that day.

        Codes of 2021 answer with themselves, also for days before the list. A code that the later lists gave to
        another or a merged territory answers with as much as all its former parts share, perhaps the province only.
        A code that has no unit on that day is read as the stale code of 2021. None where no list knows the code (it
        was merged before 2021) or its former parts share no province.
        """
        if on < LISTED_2025_03:
            return self._residences.get(code) or self._residence_of_later_code(code)
        if on < REFORM_2025:
            return self._residence_of_later_code(code)
        if self.unit(code, on=on) is None:
            return self._residences.get(code)
        new_codes = (
            [code] if len(code) == _LENGTH_OF_LEVEL[COMMUNE] else [unit.code for unit in self.children(code, on=on)]
        )
        former = [old for new in new_codes for old in self._predecessors.get(new, ())]
        return _shared_residence([self._residence_of_later_code(old) for old in former])

    def successors(self, code: str, *, on: date = LISTED_2021) -> tuple[Successor, ...]:
        """The communes of 1/7/2025 that took over this one, the default part first.

        A commune of 2025 succeeds itself. Empty where the link is not in the sources: 568 communes of 2021 were
        merged before the last list of 2025, without a record into which.
        """
        if on >= REFORM_2025:
            return (Successor(code, 1.0, True),) if self.unit(code, on=on, level=COMMUNE) else ()
        return self._successors.get(code, ())

    def predecessors(self, new_code: str) -> tuple[Unit, ...]:
        """The units as of 30/6/2025 that went, wholly or in part, into this commune of 2025."""
        found = (self.unit(old, on=_LAST_DAY_BEFORE_REFORM) for old in self._predecessors.get(new_code, ()))
        return tuple(unit for unit in found if unit)

    def province_of_2025(self, old_code: str) -> str | None:
        """Code of the 2025 province in which a province of 2021 went up; None for an unknown code."""
        return self._new_provinces.get(old_code)

    @cached_property
    def _new_provinces(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for old, parts in self._successors.items():
            above, new = self._residence_of_later_code(old), self.unit(parts[0].code, on=REFORM_2025)
            if above and new and new.parent:
                found.setdefault(above.province_code, new.parent)
        return found

    @cached_property
    def _successors(self) -> dict[str, tuple[Successor, ...]]:
        return _shares(self._reform())

    @cached_property
    def _predecessors(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for old, parts in self._successors.items():
            for part in parts:
                found[part.code].append(old)
        return found

    def _list_in_force(self, on: date) -> dict[str | None, tuple[Unit, ...]]:
        """Units by parent. Few lists exist, so each is sorted out once."""
        start = max((day for day in (LISTED_2021, LISTED_2025_03, REFORM_2025) if day <= on), default=date.min)
        if start not in self._listed:
            by_parent: dict[str | None, list[Unit]] = defaultdict(list)
            for code in sorted(self._versions):
                unit = self.unit(code, on=start)
                if unit:
                    by_parent[unit.parent].append(unit)
            self._listed[start] = {parent: tuple(units) for parent, units in by_parent.items()}
        return self._listed[start]

    def _residences_of_2021(self) -> dict[str, Residence]:
        residences: dict[str, Residence] = {}
        for province in self.provinces(LISTED_2021):
            residences[province.code] = Residence(province.code)
            for district in self.children(province.code, on=LISTED_2021):
                residences[district.code] = Residence(province.code, district.code)
                for commune in self.children(district.code, on=LISTED_2021):
                    residences[commune.code] = Residence(province.code, district.code, commune.code)
        return residences

    def _residence_of_later_code(self, code: str) -> Residence | None:
        """2021 residence of a code of the list of 1/3/2025: the same unit, one of its name nearby, or upwards."""
        later = self.unit(code, on=LISTED_2025_03)
        known = self._residences.get(code)
        if later is None or later.valid_from < LISTED_2025_03:
            return known
        if known and self._is_same_place(code, later):
            return known
        above = known or self._residences.get(later.parent or "") or self._residence_of_later_code(later.parent or "")
        return above and self._named_in(above, later.name)

    def _is_same_place(self, code: str, later: Unit) -> bool:
        """A unit that kept its own name did not become another, whatever its kind and district are now."""
        earlier = self.unit(code, on=LISTED_2021)
        return earlier is not None and _bare_key(earlier.name) == _bare_key(later.name)

    def _named_in(self, above: Residence, name: str) -> Residence:
        """The only commune of that name in the district, else the district (or province) alone."""
        district = above.district_code or ""
        named = [
            unit
            for unit in self.children(district, on=LISTED_2021)
            if unit.level == COMMUNE and _bare_key(unit.name) == _bare_key(name)
        ]
        return self._residences[named[0].code] if len(named) == 1 else above._replace(commune_code=None)


def _bare_key(name: str) -> str:
    return name_key(split_kind(name)[1])


def _shares(reform: Iterable[tuple[str, str, bool]]) -> dict[str, tuple[Successor, ...]]:
    parts: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for old, new, is_default in reform:
        parts[old].append((new, is_default))
    return {
        old: tuple(
            Successor(new, 1 / len(into), is_default, share_is_estimate=len(into) > 1)
            for new, is_default in sorted(into, key=lambda part: (not part[1], part[0]))
        )
        for old, into in parts.items()
    }


def _shared_residence(residences: list[Residence | None]) -> Residence | None:
    """What all of them have in common, from the top down."""
    if not residences or any(residence is None for residence in residences):
        return None
    common: list[str | None] = []
    for codes in zip(*filter(None, residences), strict=True):
        if len(set(codes)) != 1:
            break
        common.append(codes[0])
    return Residence(common[0], *common[1:]) if common and common[0] else None


@cache
def registry() -> Registry:
    """The registry of all lists; read once for each process."""
    return Registry(_all_units(), _reform_of_2025)


def _reform_of_2025() -> Iterable[tuple[str, str, bool]]:
    return ((old, new, is_default == "1") for old, new, is_default in fact_rows("reform_2025"))


def _all_units() -> list[Unit]:
    changes = {code: (parent, name) for code, parent, name in fact_rows("units_2025_03")}
    units = []
    for code, parent, name in fact_rows("units_2021"):
        end = LISTED_2025_03 if code in changes else REFORM_2025
        units.append(_unit(code, parent, name, LISTED_2021, end))
    for code, (parent, name) in changes.items():
        if name:
            units.append(_unit(code, parent, name, LISTED_2025_03, REFORM_2025))
    units.extend(_unit(code, parent, name, REFORM_2025, None) for code, parent, name in fact_rows("units_2025"))
    return units


def _unit(code: str, parent: str, name: str, valid_from: date, valid_to: date | None) -> Unit:
    scheme = "2021" if valid_to else "2025"
    kind = split_kind(name)[0]
    return Unit(code, _LEVEL_OF_LENGTH[len(code)], name, kind, parent or None, valid_from, valid_to, scheme)


@cache
def _population() -> dict[str, float]:
    return {code: float(thousand) for code, thousand in fact_rows("population_2020")}


def population_2020(province_code: str) -> float | None:
    """Average population of 2020 in thousand persons for a province code of 2021; None for an unknown code."""
    return _population().get(province_code)
