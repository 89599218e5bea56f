"""Where people live: communes of the official list of 2021, hamlets, houses."""

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from random import Random

from made_nations import shared_data

# Provinces where most of this nation lives: both deltas, both big cities, highlands, a mountain province.
AT_HOME = ("01", "79", "38", "48", "92", "36", "66", "04", "84", "74", "46", "25")
SOUTHERN_FROM = 48
ETHNIC = {"04": "Tày", "25": "Mông", "66": "Ê Đê", "84": "Khmer", "38": "Thái"}
WAYS_TO_NAME_A_HAMLET = ("Thôn {}", "Xóm {}", "Ấp {}", "Tổ dân phố {}", "Khu phố {}")
HAMLETS = ("Đông", "Đoài", "Trung", "Hạ", "Thượng", "1", "2", "3", "4", "5", "6", "7")
STREETS = ("Lê Lợi", "Trần Hưng Đạo", "Nguyễn Huệ", "Quang Trung", "Hai Bà Trưng", "Lý Thường Kiệt", "Hùng Vương")


@dataclass(frozen=True)
class Commune:
    """One commune of the list, with the names above it."""

    code: str
    name: str
    district: str
    district_name: str
    province: str
    province_name: str

    @property
    def southern(self) -> bool:
        return int(self.province) >= SOUTHERN_FROM


@dataclass(eq=False)
class Home:
    """One house; who lives there stands with the people."""

    commune: Commune
    hamlet: str
    house: str


def has_official_list() -> bool:
    """Whether the nation can be made here."""
    return (shared_data() / "areas" / "areas_2021-11-06.csv").exists()


@cache
def communes() -> tuple[Commune, ...]:
    """Every commune of 6 November 2021."""
    path = shared_data() / "areas" / "areas_2021-11-06.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return tuple(
            Commune(
                r["commune_code"], r["commune"], r["district_code"], r["district"], r["province_code"], r["province"]
            )
            for r in csv.DictReader(lines)
            if r["commune_code"]
        )


@cache
def since_merged() -> frozenset[str]:
    """Codes of communes that the list of March 2025 no longer has."""
    path = shared_data() / "areas" / "areas_2025-03-01.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        still = {row["commune_code"] for row in csv.DictReader(lines)}
    return frozenset(commune.code for commune in communes() if commune.code not in still)


def villages(rng: Random, people: int) -> list[Commune]:
    """The communes where most people live, one for some 600 of them; one in six has merged since."""
    here = [commune for commune in communes() if commune.province in AT_HOME]
    merged = [commune for commune in here if commune.code in since_merged()]
    wanted = max(people // 600, 4)
    return rng.sample(merged, max(wanted // 6, 1)) + rng.sample(here, wanted - max(wanted // 6, 1))


def home_in(rng: Random, commune: Commune) -> Home:
    """A house in town has a number and a street; half of those in the country have the hamlet alone."""
    way = WAYS_TO_NAME_A_HAMLET[int(hashlib.md5(commune.code.encode()).hexdigest(), 16) % 5]
    hamlet = way.format(rng.choice(HAMLETS))
    if commune.name.startswith("Phường"):
        return Home(commune, hamlet, f"Số {rng.randint(1, 320)} đường {rng.choice(STREETS)}")
    return Home(commune, hamlet, f"Số {rng.randint(1, 120)}" if rng.random() < 0.5 else "")


def vendor_id(code: str) -> str:
    """The 24-hex id under which tokhaiyte knows an area or a nation."""
    return hashlib.sha1(f"vendor {code}".encode()).hexdigest()[:24]
