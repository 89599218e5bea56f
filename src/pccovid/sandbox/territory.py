"""Where made people live: the communes of 2021, drawn by population, and the vendor's own area identifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from random import Random
from typing import NamedTuple

from pccovid.areas.registry import population_2020, registry
from pccovid.areas.units import LISTED_2021
from pccovid.sandbox.drawing import Weighted

# People of a ward against people of a rural commune, on average (own estimate from district totals).
_CROWDING = {"Phường": 2.0, "Thị trấn": 1.3, "Xã": 1.0}


class Commune(NamedTuple):
    """A commune with the units above it; codes of the 2021 list."""

    code: str
    name: str
    district: str
    district_name: str
    province: str
    province_name: str


class VendorArea(NamedTuple):
    """One line of tokhaiyte_areas.csv."""

    id: str
    level: str
    name: str
    parent_id: str


@cache
def vendor_id(level: str, code: str) -> str:
    """The 24-hex object id that the vendor of tokhaiyte.vn gave to a unit."""
    return blake2b(f"{level}:{code}".encode(), digest_size=12).hexdigest() if code else ""


class Territory:
    """All communes, by province, with the chance of living in each."""

    def __init__(self, communes: list[Commune], population: dict[str, float]) -> None:
        self.communes = communes
        by_province: dict[str, list[Commune]] = defaultdict(list)
        for commune in communes:
            by_province[commune.province].append(commune)
        self._provinces = Weighted((code, population[code]) for code in by_province)
        self._communes = {
            code: Weighted((commune, _crowding(commune)) for commune in members)
            for code, members in by_province.items()
        }

    def province(self, rng: Random) -> str:
        """A province code, by population."""
        return self._provinces.pick(rng)

    def commune(self, rng: Random, province: str = "") -> Commune:
        """A commune of `province` (any province if empty), wards more often than rural communes."""
        return self._communes[province or self.province(rng)].pick(rng)

    def vendor_areas(self) -> Iterator[VendorArea]:
        """The vendor's whole list: provinces, districts and wards, each once, parents first."""
        units: dict[tuple[str, str], VendorArea] = {}
        for unit in self.communes:
            province, district = vendor_id("province", unit.province), vendor_id("district", unit.district)
            units.setdefault(("province", unit.province), VendorArea(province, "province", unit.province_name, ""))
            units.setdefault(
                ("district", unit.district), VendorArea(district, "district", unit.district_name, province)
            )
            units[("ward", unit.code)] = VendorArea(vendor_id("ward", unit.code), "ward", unit.name, district)
        return iter(units.values())


def _crowding(commune: Commune) -> float:
    return next(weight for kind, weight in _CROWDING.items() if commune.name.startswith(kind))


@lru_cache(maxsize=1)
def territory() -> Territory:
    """The territory of the official list of 2021 with the population of 2020."""
    units = registry()
    communes = []
    for unit in units.communes(LISTED_2021):
        province, district, _ = units.path(unit.code, on=LISTED_2021)
        communes.append(Commune(unit.code, unit.name, district.code, district.name, province.code, province.name))
    return Territory(communes, {code: population_2020(code) or 0.0 for code in {c.province for c in communes}})
