"""Compiles the public lists of administrative units into the compact files of `facts/`.

Run by hand when a list changes: `python -m pccovid.areas.build_facts ../shared/data/areas`. Nothing imports it.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pccovid.areas.place_names import name_key, official, split_kind, without_marks

FACTS = Path(__file__).parent / "facts"
LISTS = {
    "units_2021": "areas_2021-11-06.csv",
    "units_2025_03": "areas_2025-03-01.csv",
    "units_2025": "areas_2025-07-01.csv",
}
SOURCES = {
    "units_2021": "General Statistics Office list of 6/11/2021 via thanglequoc/vietnamese-provinces-database (MIT)",
    "units_2025_03": "vietnamadminunits 1.0.4 (MIT), list of 1/3/2025; only what differs from units_2021",
    "units_2025": "vietnamadminunits 1.0.4 (MIT), list of 1/7/2025",
    "reform_2025": "vietnamadminunits 1.0.4 (MIT), conversion keys of 1/7/2025",
    "population_2020": "General Statistics Office, average population 2020, thousand persons",
}
# Spelling of the population table where it is not the province's name.
POPULATION_NAMES = {name_key("Ho Chi Minh city"): name_key("Hồ Chí Minh")}

Row = dict[str, str]
Unit = tuple[str, str, str]
"""Code, code of the parent ('' for a province), official name."""


def build(source: Path) -> None:
    """Writes every facts file from the lists in the folder `source`. Raises KeyError where a list does not fit."""
    rows = {name: _read_csv(source / file) for name, file in LISTS.items()}
    units = {name: _units(listed) for name, listed in rows.items()}
    _write("units_2021", ("code", "parent", "name"), sorted(units["units_2021"].values()))
    _write("units_2025_03", ("code", "parent", "name"), _differences(units["units_2021"], units["units_2025_03"]))
    _write("units_2025", ("code", "parent", "name"), sorted(units["units_2025"].values()))
    changes = json.loads((source / "changes_2025-07-01.json").read_text(encoding="utf-8"))
    reform = _Reform(rows["units_2025_03"], rows["units_2025"])
    _write("reform_2025", ("old", "new", "is_default"), sorted(reform.pairs(changes)))
    population = _read_csv(source / "population_2020_by_province.csv")
    _write("population_2020", ("province", "thousand"), _population(population, units["units_2021"]))


def _read_csv(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _units(rows: Iterable[Row]) -> dict[str, Unit]:
    """Every unit of a list by its code; the length of the code tells the level."""
    units: dict[str, Unit] = {}
    for row in rows:
        parent = ""
        for level in ("province", "district", "commune"):
            code = row.get(f"{level}_code", "")
            if code:
                units.setdefault(code, (code, parent, official(row[level])))
                parent = code
    return units


def _differences(earlier: dict[str, Unit], later: dict[str, Unit]) -> list[Unit]:
    """Units that are new, moved or renamed, and those gone, with an empty name. Another spelling is no change."""
    changed = [unit for code, unit in later.items() if _identity(unit) != _identity(earlier.get(code))]
    gone = [(code, "", "") for code in earlier.keys() - later.keys()]
    return sorted(changed + gone)


def _identity(unit: Unit | None) -> tuple[str, str] | None:
    return unit and (unit[1], name_key(unit[2]))


class _Reform:
    """Turns the name keys of the conversion file into codes."""

    def __init__(self, old_rows: Iterable[Row], new_rows: Iterable[Row]) -> None:
        self.old: dict[str, str] = {}
        self.new: dict[tuple[str, str], str] = {}
        for row in old_rows:
            parent = f"{_plain_key(row['province'])}_{_plain_key(row['district'])}_"
            for key in _keys(row["commune"]):
                self.old[parent + key] = row["commune_code"] or row["district_code"]
        for row in new_rows:
            for key in _keys(row["commune"]):
                self.new[_plain_key(row["province"]), key] = row["commune_code"]

    def pairs(self, changes: dict[str, dict[str, dict[str, list[Any]]]]) -> Iterator[tuple[str, str, str]]:
        """Old code, new code, '1' on the only or default successor. An island district has its own code here."""
        for province, new_wards in changes["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
            for new_key, old_keys in new_wards.items():
                for old_key in old_keys:
                    yield self.old[old_key], self.new[province, new_key], "1"
        for province, divided in changes["DICT_PROVINCE_WARD_DIVIDED"].items():
            for old_key, parts in divided.items():
                for part in parts:
                    default = "1" if part["isDefaultNewWard"] else "0"
                    yield self.old[old_key], self.new[province, part["newWardKey"]], default


def _keys(name: str) -> tuple[str, str]:
    """The source writes a name without marks, or with them where the plain key would not be unique."""
    return _plain_key(name), "".join(unicodedata.normalize("NFC", name).lower().split())


def _plain_key(name: str) -> str:
    return "".join(letter for letter in without_marks(name) if letter.isascii() and letter.isalnum())


def _population(rows: Iterable[Row], units: dict[str, Unit]) -> list[tuple[str, str]]:
    provinces = {name_key(split_kind(name)[1]): code for code, _, name in units.values() if len(code) == 2}
    column = "2020 (*) Average population (Thous. pers.)"
    found = {}
    for row in rows:
        key = name_key(row["Cities, provincies"])
        code = provinces.get(POPULATION_NAMES.get(key, key))
        if code:
            found[code] = f"{float(row[column]):.1f}"
    if len(found) != len(provinces):
        raise KeyError(f"population of {sorted(set(provinces.values()) - found.keys())} not found")
    return sorted(found.items())


def _write(name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    lines = [f"# Source: {SOURCES[name]}", "\t".join(columns), *("\t".join(row) for row in rows)]
    (FACTS / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
