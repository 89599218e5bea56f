"""Where people live: the communes of 6 November 2021, as full as their provinces were in 2020."""

import csv
import unicodedata
from collections import defaultdict
from random import Random

from eighth_nation.name_lists import LISTS
from eighth_nation.people import Home
from made_nations import shared_data
from sixth_nation import land as public
from sixth_nation.land import COMMUNES, POPULATIONS, Area, toneless

LATER_COMMUNES = "areas/areas_2025-03-01.csv"
TOWN_KINDS = ("Phường", "Thị trấn")
LEAST_COMMUNES, PEOPLE_OF_A_COMMUNE = 30, 40
COLUMNS = ("province_code", "province", "district_code", "district", "commune_code", "commune", "commune_kind")
HAS_NUMBER = 0.35
STREET = "street"


def has_public_lists() -> bool:
    """Whether the nation can be made here: it needs the lists of areas, of populations and of names."""
    return public.has_public_lists() and (shared_data() / LATER_COMMUNES).exists()


class Land:
    """All areas, and the communes where this nation lives."""

    def __init__(self, rng: Random, people: int) -> None:
        self.rng = rng
        self.listed = [_area(row) for row in _rows(COMMUNES)]
        """Also districts without communes."""
        self.merged_away = _merged_away(self.listed)
        self.weights = _weights(self.listed)
        self.provinces = sorted(self.weights)
        self.lived_in = self._choose(max(LEAST_COMMUNES, people // PEOPLE_OF_A_COMMUNE))

    def some_province(self) -> str:
        """One of the whole country, by its people."""
        return self.rng.choices(self.provinces, [self.weights[province] for province in self.provinces])[0]

    def some_home(self) -> Home:
        """A house: streets and alleys in town, hamlets in the country."""
        rng = self.rng
        area = rng.choice(self.lived_in)
        if area.kind in TOWN_KINDS:
            plain, alley = str(rng.randrange(1, 600)), f"{rng.randrange(1, 300)}/{rng.randrange(1, 60)}"
            number = rng.choice([plain, alley, f"{rng.randrange(1, 300)}{rng.choice('ABC')}"])
            return Home(area, number, rng.choice(LISTS["streets"]), STREET)
        number = str(rng.randrange(1, 400)) if rng.random() < HAS_NUMBER else ""
        hamlet = rng.choice([*LISTS["hamlets"], str(rng.randrange(1, 15))])
        return Home(area, number, hamlet, rng.choice(("Thôn", "Ấp", "Xóm", "Tổ")))

    def _choose(self, count: int) -> list[Area]:
        """Few enough that neighbours and namesakes meet."""
        by_province: dict[str, list[Area]] = defaultdict(list)
        for area in self.listed:
            if area.commune:
                by_province[area.province].append(area)
        weights = [self.weights[province] for province in self.provinces]
        provinces = [by_province[province] for province in self.rng.choices(self.provinces, weights, k=count)]
        return [self.rng.choices(areas, [area.weight for area in areas])[0] for areas in provinces]


def _rows(name: str) -> list[dict[str, str]]:
    with (shared_data() / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _area(row: dict[str, str]) -> Area:
    return Area(*(unicodedata.normalize("NFC", row[column]) for column in COLUMNS))


def _merged_away(areas: list[Area]) -> dict[str, list[str]]:
    """By district the codes that are in no later list."""
    later = {row["commune_code"] for row in _rows(LATER_COMMUNES)}
    gone: dict[str, list[str]] = defaultdict(list)
    for area in areas:
        if area.commune and area.commune not in later:
            gone[area.district].append(area.commune)
    return gone


def _weights(areas: list[Area]) -> dict[str, float]:
    """By province thousands of people."""
    with (shared_data() / POPULATIONS).open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.reader(lines) if len(row) == 2][1:]
    populations = {_plain(name): float(thousands) for name, thousands in rows}
    return {area.province: populations[_plain(area.province_name)] for area in areas}


def _plain(province: str) -> str:
    """What the two lists' names of one province have in common."""
    name = toneless(province).lower()
    for word in ("thanh pho", "tinh", "city", "-"):
        name = name.replace(word, "")
    return "".join(name.split())
