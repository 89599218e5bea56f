"""Family, middle and given names, and other words that this nation chooses from; the long ones stand in lists.txt."""

from pathlib import Path
from typing import NamedTuple

from made_nations import word_lists

LISTS = word_lists(Path(__file__).with_name("lists.txt"))
"""By the name of a list its words in order; `given M` are the given names of men, `KR` the names of Koreans."""

FAMILY_SHARES = {
    "Nguyễn": 38.4, "Trần": 12.1, "Lê": 9.5, "Phạm": 7.0, "Hoàng": 2.8, "Huỳnh": 2.3, "Phan": 4.5, "Vũ": 2.2,
    "Võ": 1.7, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Trương": 1.2, "Dương": 1.0, "Đinh": 0.8,
    "Đoàn": 0.7, "Lý": 0.5, "Trịnh": 0.6, "Mai": 0.5, "Đào": 0.5, "Cao": 0.5, "Lương": 0.5, "Hà": 0.5, "Lâm": 0.4,
    "Phùng": 0.3, "Tạ": 0.3, "Châu": 0.3, "Tô": 0.3, "Lưu": 0.3, "Thái": 0.3, "Quách": 0.2, "Kiều": 0.2,
    "Vương": 0.2, "Tăng": 0.2, "Thân": 0.1, "Khổng": 0.1, "La": 0.1, "Nghiêm": 0.1,
}  # fmt: skip
COUNTRIES = {
    "VN": "Việt Nam", "KR": "Hàn Quốc", "CN": "Trung Quốc", "JP": "Nhật Bản", "US": "Hoa Kỳ", "IN": "Ấn Độ",
    "FR": "Pháp", "TW": "Đài Loan", "PH": "Philippines", "GB": "Anh", "DE": "Đức", "RU": "Nga", "LA": "Lào",
    "KH": "Campuchia", "TH": "Thái Lan", "AU": "Úc", "ID": "Indonesia", "SG": "Singapore", "MY": "Malaysia",
}  # fmt: skip
FOREIGN = sorted(set(COUNTRIES) - {"VN"})
"""Where those foreigners come from who live here; most come from the three below."""
MOST_FOREIGN = ("KR", "CN", "JP")


class Minority(NamedTuple):
    """Another people: where they live, and how its families, men and women are called."""

    name: str
    provinces: frozenset[str]
    families: list[str]
    given: dict[str, list[str]]


def _minority(name: str, provinces: str) -> Minority:
    """Those who have no family names have an empty one."""
    given = {sex: LISTS[f"{name} {sex}"] for sex in "MF"}
    return Minority(name, frozenset(provinces.split()), LISTS.get(f"{name} family", [""]), given)


MINORITIES = (
    _minority("H'Mông", "02 10 11 12 15"),
    _minority("Thái", "11 12 14 15"),
    _minority("Tày", "04 06 08 19 20"),
    _minority("Ê Đê", "66"),
    _minority("Ba Na", "62 64"),
    _minority("Khmer", "84 94 91 95"),
)
