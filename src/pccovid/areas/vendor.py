"""The area ids of tokhaiyte.vn (24 hex digits) read by its own mapping table.

The vendor's names are matched with the official ones from the top down, a ward only inside its matched district.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from pccovid.areas.free_text import find_below
from pccovid.areas.place_names import COMMUNE, DISTRICT, LEVELS, PROVINCE
from pccovid.areas.registry import registry
from pccovid.areas.units import Residence, Unit

_LEVEL_WORDS = {
    "province": PROVINCE,
    "city": PROVINCE,
    "district": DISTRICT,
    "ward": COMMUNE,
    "commune": COMMUNE,
}


class VendorArea(NamedTuple):
    """One row of `tokhaiyte_areas.csv`; `parent_id` is empty for a province and sometimes where it should not be."""

    id: str
    level: str
    """'province', 'district' or 'ward'."""
    name: str
    parent_id: str
    """Id of the vendor's area above."""


class VendorAreas:
    """Vendor ids → official units, each with its certainty decided once when the table is loaded."""

    def __init__(self, rows: Iterable[VendorArea | tuple[str, str, str, str]], *, on: date) -> None:
        """`on` is the day of the delivery; it chooses the list whose names are searched."""
        areas = [VendorArea(*row) for row in rows]
        self._on, self._registry = on, registry()
        self._units: dict[str, Unit] = {}
        self._adopted: dict[tuple[str, str], Unit | None] = {}
        unmatched = [area for area in areas if _level(area) not in LEVELS]
        for level in LEVELS:
            unmatched += [area for area in areas if _level(area) == level and not self._is_found(area, level)]
        self.unmatched: tuple[VendorArea, ...] = tuple(unmatched)
        """Rows that name no unit, or more than one: to be shown to whoever loads the table."""
        self._orphans = {_id(area.id): area for area in unmatched if _is_orphan(area)}

    def _is_found(self, area: VendorArea, level: str) -> bool:
        """Whether it names one unit, which is then known by its id."""
        unit = self._find(area, level)
        if unit:
            self._units[_id(area.id)] = unit
        return unit is not None

    def unit_of(self, area_id: str | None) -> Unit | None:
        """The official unit of a vendor id of any level; None for an unknown or unmatched id."""
        return self._units.get(_id(area_id))

    def commune_of(self, area_id: str | None) -> Unit | None:
        """The commune of a vendor ward id; None where the id is unknown, unmatched or not a ward."""
        unit = self.unit_of(area_id)
        return unit if unit and unit.level == COMMUNE else None

    def residence(
        self, province_id: str | None, district_id: str | None = None, ward_id: str | None = None
    ) -> Residence | None:
        """Codes of the 2021 list for the three ids of a declaration, each None where its id says nothing.

        The ids must agree: a lower unit that does not lie in the upper one is left out. A missing upper id is
        filled from the lower one. None where nothing is known.
        """
        province = self.unit_of(province_id)
        district = self.unit_of(district_id) or self._orphan(district_id, province)
        commune = self.unit_of(ward_id) or self._orphan(ward_id, district)
        return self._agreeing(province, district, commune)

    def _agreeing(self, *chain: Unit | None) -> Residence | None:
        """The longest run, from the top, of units that lie in one another."""
        found: Residence | None = None
        for unit in filter(None, chain):
            residence = self._registry.residence(unit.code, on=self._on)
            if residence and (found is None or _lies_in(residence, found)):
                found = residence
        return found

    def _orphan(self, area_id: str | None, above: Unit | None) -> Unit | None:
        """An area whose row lacks its parent, searched in the unit that the declaration itself names above it."""
        area = self._orphans.get(_id(area_id))
        if area is None or above is None:
            return None
        key = (area.id, above.code)
        if key not in self._adopted:
            self._adopted[key] = find_below(
                area.name, level=_LEVEL_WORDS[area.level.strip().lower()], on=self._on, above=above
            )
        return self._adopted[key]

    def _find(self, area: VendorArea, level: str) -> Unit | None:
        """Inside its matched parent; a row without parent by a name that only one unit of the country bears."""
        parent = self._units.get(_id(area.parent_id))
        if parent is None and _id(area.parent_id):
            return None
        return find_below(area.name, level=level, on=self._on, above=parent)


def _lies_in(inner: Residence, outer: Residence) -> bool:
    return all(code in (None, own) for code, own in zip(outer, inner, strict=True))


def _level(area: VendorArea) -> str | None:
    return _LEVEL_WORDS.get(area.level.strip().lower())


def _id(area_id: str | None) -> str:
    return (area_id or "").strip().lower()


def _is_orphan(area: VendorArea) -> bool:
    return bool(_level(area)) and not _id(area.parent_id)
