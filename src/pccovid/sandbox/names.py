"""Names of made people: Vietnamese name parts with their frequencies, names of some peoples, and foreigners' names.

Weights live in `facts/names.tsv`, which names their sources.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from random import Random
from typing import NamedTuple

from pccovid.sandbox.drawing import Weighted


class Name(NamedTuple):
    """A full name in its parts; `middle` may be empty or hold several tokens."""

    family: str
    middle: str
    given: str

    @property
    def full(self) -> str:
        """The name in Vietnamese order, single blanks."""
        return " ".join(filter(None, self))


SOUTHERN = frozenset(f"{code}" for code in range(48, 97))
_SOUTHERN_FORM = {"Hoàng": "Huỳnh", "Vũ": "Võ"}
_NORTHERN_FORM = {"Huỳnh": "Hoàng", "Võ": "Vũ"}

# Two spellings that differ in diacritics only: what parents of twins choose, and what a hurried clerk mixes up.
DIACRITIC_PAIRS = {
    "male": (("Tuấn", "Tuân"), ("Hoàng", "Hoằng"), ("Hùng", "Hưng"), ("Đức", "Dục"), ("Bảo", "Báo"), ("Tú", "Tư")),
    "female": (
        ("Hà", "Hạ"),
        ("Phương", "Phượng"),
        ("Thúy", "Thùy"),
        ("Lan", "Lân"),
        ("Hương", "Hường"),
        ("Nhã", "Nhạ"),
    ),
}

# Families and given names of peoples whose names are built otherwise; by the provinces where many of them live.
_PEOPLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "Mông": ("Giàng Vàng Sùng Thào Lầu Mùa Cứ", ("02", "04", "10", "11", "12", "14", "15")),
    "Thái": ("Lò Cầm Quàng Tòng Lường Hà", ("11", "12", "14", "38", "40")),
    "Tày": ("Nông Hoàng Bế Ma Hứa Lương Triệu", ("02", "04", "06", "08", "20", "24")),
    "Mường": ("Bùi Đinh Quách Hà Bạch", ("17", "25", "38")),
    "Ê Đê": ("Niê Êban Ayun Mlô Kbuôr", ("66", "67", "54")),
    "Gia Rai": ("Rơ Ksor Siu Kpă Rah", ("64", "62")),
    "Khmer": ("Thạch Sơn Danh Kim Châu Lâm", ("84", "94", "91", "89", "95")),
}
_HIGHLAND_GIVEN = {
    "male": ["Wang", "Bhăm", "Thuận", "Krông", "Blơ", "Hiu"],
    "female": ["Hen", "Linh", "Yến", "Nhung", "Mơ", "Bê"],
}
_MONG_GIVEN = {"male": ["Páo", "Sình", "Chu", "Dính", "Lử", "Tủa"], "female": ["Mỷ", "Dua", "Mai", "Sua", "Dợ", "Chía"]}
_KHMER_GIVEN = {
    "male": ["Sa Rây", "Bé", "Đa", "Sóc Kha", "Phi Rum"],
    "female": ["Sa Phi", "Út", "Na Rây", "Thi Đa", "Sô Phia"],
}
_ONE_TOKEN = {"male": ["Brol", "Thút", "Hlưn", "Jơm"], "female": ["Blưn", "Hlơi", "Ngưm", "Ayơ"]}
_PEOPLE_SHARE = 0.45

NATIONS = {
    "VN": "Việt Nam", "KR": "Hàn Quốc", "CN": "Trung Quốc", "TW": "Đài Loan", "JP": "Nhật Bản", "US": "Hoa Kỳ",
    "FR": "Pháp", "IN": "Ấn Độ", "ID": "Indonesia", "LA": "Lào", "KH": "Campuchia", "TH": "Thái Lan",
    "SG": "Singapore", "GB": "Anh",
    "DE": "Đức", "RU": "Nga", "AU": "Australia", "PH": "Philippines", "MY": "Malaysia",
}  # fmt: skip
_FOREIGN: dict[str, tuple[str, str]] = {
    "KR": ("KIM LEE PARK CHOI JUNG", "MIN JUN|SEO YEON|JI HOON|HYE JIN|SUNG HO|EUN JI"),
    "CN": ("WANG LI ZHANG LIU CHEN", "WEI|FANG|XIAO MING|JUN|YAN"),
    "TW": ("LIN HUANG WU TSAI CHEN", "CHIH HAO|YA TING|CHUN CHIEH|MEI LING"),
    "JP": ("SATO SUZUKI TANAKA ITO YAMAMOTO", "HIROSHI|KENJI|YUKI|AKIKO|NAOKI"),
    "US": ("SMITH JOHNSON WILLIAMS BROWN NGUYEN", "JAMES|MARY ANN|ROBERT LEE|LINDA|DAVID"),
    "FR": ("MARTIN BERNARD DUBOIS PETIT", "JEAN-PIERRE|MARIE|LUC|SOPHIE"),
    "IN": ("KUMAR SINGH PATEL SHARMA", "RAJESH|ANITA|VIJAY|PRIYA"),
    "ID": ("", "SUHARYANTO|BUDIMAN|SITI NURHALIZAH|WATI"),
    "LA": ("PHOMMA SOUVANH KEOMANY", "BOUNMY|SOMCHAY|NOY|KHAM"),
    "KH": ("CHEA SOK KEO HENG", "DARA|SOPHEAP|VANNAK|SREY MOM"),
}
_NATIONALITY = Weighted(zip(_FOREIGN, (28, 24, 10, 12, 7, 3, 5, 2, 5, 4), strict=True))


@lru_cache(maxsize=1)
def _parts() -> dict[str, Weighted[str]]:
    lines = (files(__package__) / "facts" / "names.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    kinds = {row["kind"] for row in rows}
    return {
        kind: Weighted([(row["name"], float(row["weight"])) for row in rows if row["kind"] == kind]) for kind in kinds
    }


def family_name(rng: Random, province: str, people: str = "Kinh") -> str:
    """A family name of the people; of the Kinh by national frequency, in the form of its half of the country."""
    if people != "Kinh":
        return rng.choice(_PEOPLES[people][0].split())
    family = _parts()["family"].pick(rng)
    local = _SOUTHERN_FORM if province in SOUTHERN else _NORTHERN_FORM
    return local.get(family, family) if rng.random() < 0.85 else family


def given_names(rng: Random, sex: str, birth_year: int) -> tuple[str, str]:
    """(middle, given). Văn and Thị fade with the birth cohort; a fifth of the young carry two middle names."""
    parts = _parts()
    classic = {"male": ("Văn", 0.45, 0.12), "female": ("Thị", 0.72, 0.22)}[sex]
    share = classic[1] if birth_year < 1985 else classic[2]
    middle = classic[0] if rng.random() < share else parts[f"middle_{sex}"].pick(rng)
    given = parts[f"given_{sex}"].pick(rng)
    if birth_year >= 1995 and rng.random() < 0.2:
        middle = f"{middle} {parts[f'given_{sex}'].pick(rng)}"
    return middle, given


def people_of(rng: Random, province: str) -> str:
    """The ethnic group of a household: Kinh, or with some chance one of the peoples of the province."""
    local = [people for people, (_, provinces) in _PEOPLES.items() if province in provinces]
    return rng.choice(local) if local and rng.random() < _PEOPLE_SHARE else "Kinh"


def full_name(rng: Random, people: str, family: str, sex: str, birth_year: int) -> Name:
    """A name as the people builds it; Tày, Thái and Mường names are built like Kinh ones."""
    if people == "Mông":
        return Name(family, "A" if sex == "male" else "Thị", rng.choice(_MONG_GIVEN[sex]))
    if people in ("Ê Đê", "Gia Rai"):
        if rng.random() < 0.15:
            return Name("", "", rng.choice(_ONE_TOKEN[sex]))
        return Name("Y" if sex == "male" else "H'", rng.choice(_HIGHLAND_GIVEN[sex]), family)
    if people == "Khmer":
        return Name(family, "", rng.choice(_KHMER_GIVEN[sex]))
    return Name(family, *given_names(rng, sex, birth_year))


def nationality(rng: Random) -> str:
    """ISO 3166 alpha-2 of a foreign household."""
    return _NATIONALITY.pick(rng)


def foreign_name(rng: Random, iso2: str) -> Name:
    """A foreigner's name as a passport prints it: capitals, no diacritics; some have no family name."""
    family, given = _FOREIGN[iso2]
    return Name(rng.choice(family.split()) if family else "", "", rng.choice(given.split("|")))
