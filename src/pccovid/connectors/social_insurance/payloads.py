"""What is asked of the insurer and what it answers, typed; what has another shape is drift and taken for nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple

from pccovid.connectors.calling import Drifted
from pccovid.connectors.social_insurance.codes import RESULTS, Result

_VIET_NAM = timezone(timedelta(hours=7))
_BIRTH = re.compile(r"(?:\d{2}/\d{2}/)?\d{4}")


class Officer(NamedTuple):
    """Who looks somebody up: sent with every question, and kept by the insurer."""

    name: str
    personal_id: str


class Question(NamedTuple):
    """A card (15 or 10 characters) or a CCCD, with name and birth date (dd/MM/yyyy or yyyy)."""

    number: str
    name: str
    birth: str

    def written(self, officer: Officer, token: str) -> dict[str, str]:
        """The body of the request."""
        return {
            "maThe": self.number, "hoTen": self.name, "ngaySinh": self.birth, "hoTenCb": officer.name,
            "cccdCb": officer.personal_id, "token": token,
        }  # fmt: skip


class Card(NamedTuple):
    """What the insurer says of a card; empty strings where it says nothing."""

    number: str
    name: str
    birth: str
    sex: str
    address: str
    registered_at: str
    issued_by: str
    valid_from: date | None
    valid_to: date | None
    area: str
    five_years_on: date | None
    insurance_no: str
    number_before: str
    number_now: str
    valid_from_now: date | None
    valid_to_now: date | None
    registered_at_now: str
    registered_name_now: str


class Visit(NamedTuple):
    """A stay or visit that the insurer paid for."""

    file: str
    facility: str
    came_at: datetime
    left_at: datetime | None
    illness: str
    state: str
    result: str
    reason: str


class LookUp(NamedTuple):
    """An earlier look-up of the same card, whoever made it."""

    user: str
    at: datetime
    told: str
    code: str


class Answer(NamedTuple):
    """The whole answer. `card` is None where the code says nothing of a card."""

    result: Result
    note: str
    card: Card | None
    visits: tuple[Visit, ...]
    look_ups: tuple[LookUp, ...]


def written_birth(iso: str) -> str:
    """An ISO day or year as the insurer has it; of a month only the year."""
    return "/".join(reversed(iso.split("-"))) if len(iso) == 10 else iso[:4]


def is_birth(text: str) -> bool:
    """Whether the insurer takes it for a birth date."""
    return bool(_BIRTH.fullmatch(text))


def read_answer(content: Any) -> Answer:
    """An answer. Raises Drifted: another shape, an unknown code, or the look-up log missing."""
    if not isinstance(content, Mapping):
        raise Drifted("no object")
    result = RESULTS.get(_text(content, "maKetQua"))
    if result is None:
        raise Drifted("an unknown code")
    card = _card(content) if content.get("maThe") else None
    return Answer(
        result, _text(content, "ghiChu"), card, tuple(map(_visit, _rows(content, "dsLichSuKCB2018"))),
        tuple(map(_look_up, _rows(content, "dsLichSuKT2018"))),
    )  # fmt: skip


def _card(told: Mapping[str, Any]) -> Card:
    return Card(
        _text(told, "maThe"), _text(told, "hoTen"), _text(told, "ngaySinh"), _text(told, "gioiTinh"),
        _text(told, "diaChi"), _text(told, "maDKBD"), _text(told, "cqBHXH"), _day(told, "gtTheTu"),
        _day(told, "gtTheDen"), _text(told, "maKV"), _day(told, "ngayDu5Nam"), _text(told, "maSoBHXH"),
        _text(told, "maTheCu"), _text(told, "maTheMoi"), _day(told, "gtTheTuMoi"), _day(told, "gtTheDenMoi"),
        _text(told, "maDKBDMoi"), _text(told, "tenDKBDMoi"),
    )  # fmt: skip


def _visit(told: Mapping[str, Any]) -> Visit:
    came = _moment(told, "ngayVao")
    if came is None:
        raise Drifted("a visit without its beginning")
    return Visit(
        _text(told, "maHoSo"), _text(told, "maCSKCB"), came, _moment(told, "ngayRa"), _text(told, "tenBenh"),
        _text(told, "tinhTrang"), _text(told, "kqDieuTri"), _text(told, "lyDoVV"),
    )  # fmt: skip


def _look_up(told: Mapping[str, Any]) -> LookUp:
    at = _moment(told, "thoiGianKT")
    if at is None:
        raise Drifted("a look-up without its time")
    return LookUp(_text(told, "userKT"), at, _text(told, "thongBao"), _text(told, "maLoi"))


def _rows(told: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = told.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Drifted(f"{name} is missing or of another kind")
    return rows


def _text(told: Mapping[str, Any], name: str) -> str:
    """A text; null is empty, a field that is not there at all is drift."""
    if name not in told or not isinstance(told[name], str | None):
        raise Drifted(f"{name} is missing or of another kind")
    return told[name] or ""


def _day(told: Mapping[str, Any], name: str) -> date | None:
    found = _read(_text(told, name), "%d/%m/%Y", name)
    return found and found.date()


def _moment(told: Mapping[str, Any], name: str) -> datetime | None:
    return _read(_text(told, name), "%Y%m%d%H%M", name)


def _read(text: str, form: str, name: str) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, form).replace(tzinfo=_VIET_NAM)
    except ValueError as error:
        raise Drifted(f"{name} is no time") from error
