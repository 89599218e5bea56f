"""Names of the other nation: Kinh, highland, mountain, Khmer and foreign people."""

from __future__ import annotations

import re
import unicodedata
from random import Random

FAMILY = {
    "Nguyễn": 370,
    "Trần": 110,
    "Lê": 90,
    "Phạm": 68,
    "Huỳnh": 28,
    "Hoàng": 25,
    "Phan": 44,
    "Vũ": 20,
    "Võ": 20,
    "Đặng": 21,
    "Bùi": 20,
    "Đỗ": 15,
    "Hồ": 13,
    "Ngô": 12,
    "Dương": 11,
    "Lý": 7,
    "Đinh": 8,
    "Trịnh": 6,
    "Mai": 5,
    "Đoàn": 6,
    "Lương": 5,
    "Tạ": 4,
    "Châu": 3,
    "Thái": 3,
    "Tôn Thất": 1,
    "Quách": 1,
    "Khổng": 1,
    "Ông": 1,
}
MIDDLE = {
    "M": ["Văn"] * 9 + ["Hữu", "Đức", "Minh", "Quốc", "Công", "Thanh", "Xuân", "Ngọc", "Đình", "Bá", "Gia", "Anh", ""],
    "F": ["Thị"] * 9
    + ["Ngọc", "Thị Thu", "Thị Kim", "Thị Thanh", "Kim", "Thanh", "Bích", "Mỹ", "Thị Hồng", "Thùy", ""],
}
GIVEN = {
    "M": """Hùng Dũng Tuấn Hải Nam Long Sơn Thắng Quang Trung Hiếu Khoa Phúc Lộc Thọ Tâm Bình Cường Đạt Kiên Thành
        Toàn Vinh Tiến Hoà Quý Lợi Bảo Khánh Huy Nhân Tài Tín Vượng Chiến Sáu Tư Bảy Út Hiển Hiền Phước Thuận Tý""",
    "F": """Hoa Lan Hương Thuỷ Hằng Hạnh Mai Nga Yến Loan Phượng Dung Thảo Trang Linh Ngân Vy Trâm Oanh Nhung Tuyết
        Hoà Quý Hiền Hiển Liên Sen Cúc Lý Mỹ Thơm Gấm Út Năm Chín Bé Thắm Thúy Tâm Bình An Xuân Đào Hường Huệ Hồng""",
}
CLANS = ["Niê", "Êban", "Mlô", "Kbuôr", "Ayŭn", "Ksơr", "Byă", "Kpă", "Niê Kdăm", "Êñuôl"]
EDE = {
    "M": ["Blơ", "Thịnh", "Krông", "Suăn", "Jŭ", "Wang", "Duyên"],
    "F": ["Hen", "Bia", "Loan", "Nuêñ", "Mlai", "Dim"],
}
JARAI = {
    "clan": ["Rơ Châm", "Ksor", "Siu", "Rmah", "Nay", "Rah Lan", "K'Sor"],
    "M": ["Hyuk", "Phơi", "Tim", "Bơng"],
    "F": ["H'Lan", "H'Mới", "Ngoan", "H'Beo"],
}
THAI = {
    "clan": ["Lò", "Cà", "Quàng", "Tòng", "Lường", "Cầm"],
    "M": ["Pâng", "Ín", "Ơn", "Hặc", "Dọn"],
    "F": ["Pánh", "Ón", "Hoan", "Xôm", "Dương"],
}
HMONG = {
    "clan": ["Giàng", "Vừ", "Sùng", "Thào", "Lầu"],
    "M": ["Páo", "Chống", "Dế", "Súa"],
    "F": ["Mỷ", "Dợ", "Xua", "Mái"],
}
KHMER = {
    "clan": ["Thạch", "Danh", "Sơn", "Kim", "Lâm"],
    "M": ["Sa Rươl", "Út", "Sô Phi"],
    "F": ["Sa Rây", "Sà Vươne", "Út"],
}
FOREIGN = {
    "KR": (["KIM", "LEE", "PARK"], ["MIN JUN", "SEO YEON", "JI HOON"]),
    "CN": (["WANG", "LI", "ZHANG"], ["WEI", "XIAOMING", "FANG"]),
    "IN": (["SINGH", "SHARMA"], ["RAJESH KUMAR", "PRIYA"]),
    "FR": (["DUPONT", "LE GOFF"], ["JEAN PIERRE MARIE", "CLAIRE"]),
    "ES": (["GARCIA LOPEZ", "DE LA CRUZ"], ["MARIA DEL CARMEN", "JUAN CARLOS"]),
    "ID": ([""], ["SUKARNI", "WAHYUDI", "SUPRIYADI", "HARTATI"]),
}


def kinh(rng: Random, sex: str, family: str = "") -> str:
    """A Kinh name; children take the family name that is given."""
    family = family or rng.choices(list(FAMILY), list(FAMILY.values()))[0]
    return " ".join(f"{family} {rng.choice(MIDDLE[sex])} {rng.choice(GIVEN[sex].split())}".split())


def highland(rng: Random, sex: str) -> tuple[str, str]:
    """A name of an ethnic minority, and the people it is of."""
    people = rng.choice(["Ê Đê", "Ê Đê", "Gia Rai", "Thái", "Mông", "Khmer"])
    if people == "Ê Đê":
        given = rng.choice(EDE[sex])
        return (f"Y {given}" if sex == "M" else f"H'{given}") + " " + rng.choice(CLANS), people
    words = {"Gia Rai": JARAI, "Thái": THAI, "Mông": HMONG, "Khmer": KHMER}[people]
    clan, given = rng.choice(words["clan"]), rng.choice(words[sex])
    middle = {
        "Gia Rai": "",
        "Thái": "Văn" if sex == "M" else "Thị",
        "Mông": "A" if sex == "M" else "Thị",
        "Khmer": "" if sex == "M" else "Thị",
    }[people]
    return " ".join(f"{clan} {middle} {given}".split()), people


def foreign(rng: Random) -> tuple[str, str]:
    """A foreign name (one to six words) and its nationality."""
    nation = rng.choice(list(FOREIGN))
    families, givens = FOREIGN[nation]
    return f"{rng.choice(families)} {rng.choice(givens)}".strip(), nation


def plain(text: str) -> str:
    """Without diacritics, as SMS and QR codes print it."""
    flat = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return flat.replace("đ", "d").replace("Đ", "D")


def key(name: str) -> str:
    """The name for comparison here: folded words in alphabetical order."""
    return " ".join(sorted(re.sub(r"[^a-z0-9 ]", "", plain(name).lower()).split()))


def alike(one: str, other: str) -> bool:
    """Whether two keys could be one person's name badly written: two letters apart, or one inside the other."""
    if one == other:
        return True
    left, right = set(one.split()), set(other.split())
    return left <= right or right <= left or distance_at_most(one, other, 2)


def distance_at_most(one: str, other: str, limit: int) -> bool:
    """Whether the edit distance of two short texts is no more than the limit."""
    if abs(len(one) - len(other)) > limit:
        return False
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, mate in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (letter != mate))
        if min(row) > limit:
            return False
    return row[-1] <= limit
