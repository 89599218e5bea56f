"""How long a source may be silent before it counts as stale: dated data of our own choice. Pure."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class SilenceRule(NamedTuple):
    """For a source (`population`), or all of a standing (`facility`): hours without success that make it stale."""

    source: str
    hours: int
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    is_verified: bool


_OWN, _SINCE = "lựa chọn của hệ thống", date(2021, 1, 1)
RULES: tuple[SilenceRule, ...] = (
    SilenceRule("facility", 24, _SINCE, None, "", _OWN, False),
    SilenceRule("authority", 24, _SINCE, None, "", _OWN, False),
    SilenceRule("population", 2, _SINCE, None, "", _OWN, False),
)


class HandOver(NamedTuple):
    """An earlier app whose people were carried over: its last day of collecting; None: the day of carry-over."""

    source: str
    stops_on: date | None
    issuer: str
    document: str
    is_verified: bool


_NOTICE = "Thông báo 242/TB-VPCP, điểm 2"
HAND_OVERS: tuple[HandOver, ...] = tuple(
    HandOver(source, None, "Văn phòng Chính phủ", _NOTICE, False) for source in ("bluezone", "ncovi", "qr", "tokhaiyte")
)
"""The Notice asks for one app in place of those that the ministries had built, and names no day on which these end. Not
among them: VNeID, the health book and the sampling system, which go on."""
FIELDS = ("name", "birth_date", "birth_day", "sex", "number", "phone", "commune")
"""What of a record's claim may be there or not: completeness is told for each. `birth_day`: known to the day."""
