"""Communes of the other nation: a handful of real provinces, few communes each, so that people meet."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

LIST = "areas_2021-11-06.csv"
# Weighted: two big cities, a delta, the northern mountains and the highlands.
PROVINCES = {"01": 22, "79": 26, "92": 10, "30": 10, "40": 12, "14": 6, "66": 8, "64": 6}
SHORT = {"Thành phố": "TP.", "Tỉnh": "", "Quận": "Q.", "Huyện": "H.", "Thị xã": "TX", "Phường": "P.", "Thị trấn": "TT"}


class AreasMissing(RuntimeError):
    """The official area list is not on this machine; a test should skip."""


@dataclass(frozen=True)
class Commune:
    """One commune of the 2021 list with its parents."""

    code: str
    name: str
    district_code: str
    district: str
    province_code: str
    province: str

    def text(self, rng: Random) -> str:
        """The place in words, as people type it."""
        words = [self.name, self.district, self.province]
        if rng.random() < 0.4:
            words = [short(word) for word in words]
        return rng.choice([", ", " - ", ","]).join(words[rng.choice([0, 0, 0, 1]) :])


def short(name: str) -> str:
    """`Thành phố Hà Nội` → `TP. Hà Nội`, `Tỉnh Nghệ An` → `Nghệ An`."""
    for kind, brief in SHORT.items():
        if name.startswith(kind + " "):
            return f"{brief} {name[len(kind) + 1 :]}".strip()
    return name


def shared_data() -> Path:
    """The folder of public data, from the environment or beside the working copy."""
    given = os.environ.get("PCCOVID_SHARED_DATA")
    return Path(given) if given else Path(__file__).resolve().parents[3] / "shared" / "data"


def load() -> list[Commune]:
    """Every commune of the official 2021 list."""
    path = shared_data() / "areas" / LIST
    if not path.is_file():
        raise AreasMissing(f"no {LIST} in {path.parent}: set PCCOVID_SHARED_DATA")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [
            Commune(
                row["commune_code"],
                row["commune"],
                row["district_code"],
                row["district"],
                row["province_code"],
                row["province"],
            )
            for row in csv.DictReader(stream)
            if row["commune_code"]
        ]


def inhabited(communes: list[Commune], people: int, rng: Random) -> list[Commune]:
    """The communes where the made people live: about one for each 110 people, clustered in districts."""
    wanted = max(4, people // 110)
    by_district: dict[str, list[Commune]] = {}
    for commune in communes:
        if commune.province_code in PROVINCES:
            by_district.setdefault(commune.district_code, []).append(commune)
    found: list[Commune] = []
    while len(found) < wanted:
        province = rng.choices(list(PROVINCES), list(PROVINCES.values()))[0]
        district = rng.choice([group for group in by_district.values() if group[0].province_code == province])
        found += [one for one in rng.sample(district, min(3, len(district))) if one not in found]
    return found
