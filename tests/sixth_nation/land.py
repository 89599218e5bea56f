"""Where people live: real communes of 6 November 2021, as full as their provinces were in 2020."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from random import Random

from made_nations import shared_data
from sixth_nation.name_lists import LISTS

COMMUNES = "areas/areas_2021-11-06.csv"
POPULATIONS = "areas/population_2020_by_province.csv"
NAME_LISTS = ("boy", "boy_one_word", "girl", "girl_one_word")
PEOPLE_OF_A_COMMUNE = 40


@dataclass(frozen=True, eq=False)
class Area:
    """One commune of the list: codes and names of it and of what it lies in."""

    province: str
    province_name: str
    district: str
    district_name: str
    commune: str
    commune_name: str
    kind: str

    @property
    def weight(self) -> float:
        """A ward of a town counts as two communes of the country."""
        return 2.0 if self.kind == "Phường" else 1.0


@dataclass(frozen=True, eq=False)
class Home:
    """A house: its commune, and what people write before the commune's name."""

    area: Area
    address: str


def has_public_lists() -> bool:
    """Whether the nation can be made here: it needs the lists of areas, of populations and of names."""
    needed = (COMMUNES, POPULATIONS, *(f"names/{name}.txt" for name in NAME_LISTS))
    return all((shared_data() / name).exists() for name in needed)


def toneless(text: str) -> str:
    """Without diacritics; đ is d."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def communes() -> list[Area]:
    """Every commune of the list, in its order."""
    with (shared_data() / COMMUNES).open(encoding="utf-8-sig", newline="") as lines:
        return [_area(row) for row in csv.DictReader(lines) if row["commune_code"]]


def _area(row: dict[str, str]) -> Area:
    return Area(
        row["province_code"],
        row["province"],
        row["district_code"],
        row["district"],
        row["commune_code"],
        row["commune"],
        row["commune_kind"],
    )


def villages(rng: Random, areas: list[Area], people: int) -> tuple[list[Area], list[float]]:
    """One commune for some forty people, so that neighbours and namesakes meet; and how full each of them is."""
    populations = _populations()
    size: dict[str, float] = {}
    for area in areas:
        size[area.province] = size.get(area.province, 0.0) + area.weight
    weights = [populations[_plain(area.province_name)] / size[area.province] * area.weight for area in areas]
    chosen = rng.choices(areas, weights, k=max(5, people // PEOPLE_OF_A_COMMUNE))
    return chosen, [rng.lognormvariate(0, 0.5) for _ in chosen]


def _populations() -> dict[str, float]:
    """Thousands of people by the plain name of a province; regions stand among them."""
    with (shared_data() / POPULATIONS).open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.reader(lines) if len(row) > 1 and re.fullmatch(r"[\d.]+", row[1])]
    return {_plain(row[0]): float(row[1]) for row in rows}


def _plain(province: str) -> str:
    """What the two lists' names of one province have in common."""
    name = re.sub(r"^(thanh pho|tinh) ", "", toneless(province).lower())
    return re.sub(r"[^a-z]", "", name.replace("city", ""))


def home_in(rng: Random, area: Area) -> Home:
    """A house in that commune: streets and alleys in town, hamlets in the country."""
    number = rng.randint(1, 400)
    if area.kind == "Phường":
        ways: tuple[str, ...] = (
            f"Số {number} {rng.choice(LISTS['streets'])}",
            f"{number}/{rng.randint(1, 60)} {rng.choice(LISTS['streets'])}",
            f"Ngõ {number % 90 + 1}, tổ {rng.randint(1, 30)}",
            f"Tổ dân phố {rng.randint(1, 20)}",
        )
    else:
        ways = (
            f"Thôn {rng.randint(1, 12)}",
            f"Ấp {rng.randint(1, 9)}",
            f"Xóm {rng.randint(1, 14)}",
            f"Đội {rng.randint(1, 9)}",
            f"Số {number}, khu {rng.randint(1, 8)}",
        )
    return Home(area, rng.choice(ways))


def written_address(rng: Random, home: Home) -> str:
    """The house alone, or with some or all of the names above it, or nothing."""
    house, area = home.address, home.area
    short = re.sub("^(Phường|Xã|Thị trấn) ", "", area.commune_name)
    ways = (
        house,
        f"{house}, {area.commune_name}, {area.district_name}, {area.province_name}",
        f"{house}, {area.commune_name}, {area.district_name}",
        f"{house} - {short}",
        "",
    )
    return rng.choices(ways, (30, 40, 15, 10, 5))[0]
