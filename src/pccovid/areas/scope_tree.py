"""The units that every unit lies in, as scopes of access are checked against: the list of 2021, and the reform of 2025.

Records speak the codes of 2021. A commune of 2021 lies in its district and province, and in the commune and province
of 2025 that it became part of. Almost every code of 2025 also was a code of 2021 for another territory, so units of
the reform stand under `2025:` and their code. A commune that was divided lies in the unit that its sources name first
(the default part): each person is in one commune of the reform, never in two. 568 communes were merged before the last
list of 2025 without a record into which; they lie in their province of 2025 alone.
"""

from __future__ import annotations

from pccovid.areas.registry import Registry
from pccovid.areas.units import LISTED_2021, REFORM_2025

REFORM = "2025:"


def scope_tree(units: Registry) -> dict[str, tuple[str, ...]]:
    """Code → codes of all units it lies in, itself included."""
    tree: dict[str, tuple[str, ...]] = {}
    for province in units.provinces(on=LISTED_2021):
        above = (province.code,)
        tree[province.code] = above + _province_of_reform(units, province.code)
        for district in units.children(province.code, on=LISTED_2021):
            tree[district.code] = (*above, district.code, *_province_of_reform(units, province.code))
            for commune in units.children(district.code, on=LISTED_2021):
                path = (*above, district.code, commune.code)
                tree[commune.code] = path + _units_of_reform(units, commune.code, province.code)
    for new_province in units.provinces(on=REFORM_2025):
        tree[REFORM + new_province.code] = (REFORM + new_province.code,)
        for commune in units.children(new_province.code, on=REFORM_2025):
            tree[REFORM + commune.code] = (REFORM + new_province.code, REFORM + commune.code)
    return tree


def _province_of_reform(units: Registry, old_province: str) -> tuple[str, ...]:
    found = units.province_of_2025(old_province)
    return (REFORM + found,) if found else ()


def _units_of_reform(units: Registry, commune: str, old_province: str) -> tuple[str, ...]:
    """Province and commune of 2025; the province alone where the commune's own way is not recorded."""
    default = next((part.code for part in units.successors(commune) if part.is_default), None)
    unit = units.unit(default, on=REFORM_2025) if default else None
    if unit is None or unit.parent is None:
        return _province_of_reform(units, old_province)
    return (REFORM + unit.parent, REFORM + unit.code)
