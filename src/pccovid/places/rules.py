"""Kinds of places with how aired and how crowded they are, dated; and when two places look like one. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pccovid.linkage.syllables import fold_to_ascii

AIR = ("open_air", "aired", "closed")
CROWD = ("sparse", "ordinary", "dense")


class PlaceKind(NamedTuple):
    """What a place is. `air` and `crowd` are words of AIR and CROWD; they weigh exposures there."""

    code: str
    title: str
    title_en: str
    air: str
    crowd: str
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    is_verified: bool


_FROM, _ISSUER, _OWN = date(2021, 1, 1), "PcCovid", "Our own reading; no source found that prescribes these classes"
KINDS: tuple[PlaceKind, ...] = tuple(
    PlaceKind(code, title, title_en, air, crowd, _FROM, None, _ISSUER, _OWN, False)
    for code, title, title_en, air, crowd in (
        ("market", "Chợ", "Market", "aired", "dense"),
        ("supermarket", "Siêu thị, cửa hàng lớn", "Supermarket, large shop", "closed", "dense"),
        ("shop", "Cửa hàng", "Shop", "closed", "ordinary"),
        ("restaurant", "Quán ăn, quán nước", "Restaurant, café", "closed", "dense"),
        ("hotel", "Khách sạn, nhà trọ", "Hotel, lodging", "closed", "ordinary"),
        ("school", "Trường học", "School", "aired", "dense"),
        ("factory", "Nhà máy, khu công nghiệp", "Factory, industrial zone", "closed", "dense"),
        ("office", "Cơ quan, văn phòng", "Office", "closed", "ordinary"),
        ("hospital", "Bệnh viện, cơ sở y tế", "Hospital, clinic", "closed", "dense"),
        ("worship", "Cơ sở tôn giáo, tín ngưỡng", "Place of worship", "aired", "dense"),
        ("vehicle", "Xe khách, tàu, máy bay", "Coach, train, aircraft", "closed", "dense"),
        ("station", "Bến xe, nhà ga, sân bay", "Bus or railway station, airport", "aired", "dense"),
        ("outdoors", "Công viên, nơi ngoài trời", "Park, outdoors", "open_air", "ordinary"),
        ("other", "Nơi khác", "Elsewhere", "closed", "ordinary"),
    )
)
_LOOSE = frozenset(
    {"so", "duong", "pho", "phuong", "xa", "quan", "huyen", "thanh", "tinh", "tp", "p", "q", "cua", "hang"}
)


def print_of(name: str, address: str) -> str:
    """What two entries of one place have in common: their words without marks, order, case and words of any address.

    Numbers stay: number 12 and number 21 of a street are two places.
    """
    words = _words(name) + _words(address)
    return " ".join(sorted({word for word in words if word not in _LOOSE}))


def _words(text: str) -> list[str]:
    plain = "".join(c if c.isalnum() else " " for c in fold_to_ascii(text).casefold())
    return plain.split()


def look_alike(one: str, other: str) -> bool:
    """Whether two prints may be of one place: all numbers the same, and of the words at most a fifth another."""
    first, second = set(one.split()), set(other.split())
    if not first or not second or _numbers(first) != _numbers(second):
        return False
    return len(first ^ second) <= 0.2 * len(first | second)


def _numbers(words: set[str]) -> set[str]:
    return {word for word in words if any(c.isdigit() for c in word)}
