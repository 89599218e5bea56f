"""The value forms of the earlier apps: how one and the same name, date, number or sex is written (exports.md)."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from random import Random

from pccovid.sandbox.drawing import Weighted
from pccovid.sandbox.identifiers import OLD_PREFIX

_D = str.maketrans("đĐ", "dD")

SEX_CODINGS = {
    "gender": {"male": "Nam", "female": "Nu", "": "Khac"},
    "number": {"male": "1", "female": "2", "": "0"},
    "letter": {"male": "M", "female": "F", "": ""},
    "word": {"male": "Nam", "female": "Nữ", "": ""},
}
NAME_FORMS = {
    "form": Weighted((("upper", 78), ("ascii_upper", 14), ("written", 4), ("blanks", 4))),
    "free": Weighted((("written", 60), ("lower", 12), ("ascii", 12), ("upper", 8), ("blanks", 8))),
    "desk": Weighted((("written", 66), ("upper", 22), ("ascii_upper", 6), ("blanks", 4), ("lower", 2))),
    "registry": Weighted((("written", 90), ("upper", 10))),
}
_PHONE_FORMS = Weighted(
    (("plain", 66), ("plus84", 9), ("84", 8), ("blanks", 6), ("dots", 3), ("no_zero", 5), ("eleven", 3))
)
_ID_FORMS = Weighted((("plain", 86), ("blanks", 5), ("dots", 3), ("no_zero", 6)))


def without_diacritics(text: str) -> str:
    """ASCII letters of a Vietnamese text, case kept."""
    letters = unicodedata.normalize("NFD", text.translate(_D))
    return "".join(c for c in letters if not unicodedata.combining(c))


def write_name(name: str, rng: Random, style: str) -> str:
    """`name` in one of the letter-case and blank forms that `style` (a key of NAME_FORMS) brings forth."""
    form = NAME_FORMS[style].pick(rng)
    if form == "upper":
        return name.upper()
    if form == "ascii_upper":
        return without_diacritics(name).upper()
    if form == "ascii":
        return without_diacritics(name)
    if form == "lower":
        return name.lower()
    return f" {name.replace(' ', '  ', 1)} " if form == "blanks" else name


def write_phone(phone: str, rng: Random) -> str:
    """A ten-digit phone in one of its forms; eleven old digits only where the number existed before 2018."""
    form = _PHONE_FORMS.pick(rng) if phone else "plain"
    if form == "plus84":
        return f"+84{phone[1:]}"
    if form == "84":
        return f"84{phone[1:]}"
    if form == "blanks":
        return f"{phone[:4]} {phone[4:7]} {phone[7:]}"
    if form == "dots":
        return f"{phone[:4]}.{phone[4:7]}.{phone[7:]}"
    if form == "no_zero":
        return phone[1:]
    return OLD_PREFIX.get(phone[:3], phone[:3]) + phone[3:] if form == "eleven" else phone


def write_id(number: str, rng: Random) -> str:
    """An identity number, plain or with blanks, dots, or without its first zero as spreadsheets leave it."""
    form = _ID_FORMS.pick(rng) if number.isdigit() else "plain"
    if form in ("blanks", "dots"):
        mark = " " if form == "blanks" else "."
        return mark.join(number[i : i + 3] for i in range(0, len(number), 3))
    return number[1:] if form == "no_zero" and number[0] == "0" else number


def write_birth(birth: date | None, known_to_day: bool, rng: Random, style: str) -> str:
    """A birth date as `style` writes it: 'slash' dd/mm/yyyy with year-only and two-digit years, 'iso', or 'year'."""
    if birth is None:
        return ""
    if style == "year":
        return f"{birth.year}"
    if style == "iso":
        return birth.isoformat()
    chance = rng.random()
    if (not known_to_day and chance < 0.6) or chance < 0.06:
        return f"{birth.year}"
    if chance < 0.08:
        return f"{birth.day:02d}/{birth.month:02d}/{birth.year % 100:02d}"
    if chance < 0.1:
        return f"{birth.day}/{birth.month}/{birth.year}"
    return f"{birth.day:02d}/{birth.month:02d}/{birth.year}"


def write_sex(sex: str, rng: Random, coding: str) -> str:
    """`sex` in a coding of SEX_CODINGS; now and then the form says other or unknown."""
    return SEX_CODINGS[coding]["" if rng.random() < 0.003 else sex]


class Period:
    """Days from `first` to `last` (ISO), both included; Viet Nam time without zone, as the exports write it."""

    def __init__(self, first: str, last: str) -> None:
        self._start = datetime.fromisoformat(first) + timedelta(hours=6)
        self._days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1

    def moment(self, rng: Random) -> datetime:
        """A whole second between 6:00 and 21:00 of some day of the period."""
        return self._start + timedelta(int(rng.random() * self._days), int(rng.random() * 54000))


def stamp(time: datetime) -> str:
    """Viet Nam time without zone, as the CSV exports write it."""
    return time.isoformat(" ")


def zoned(time: datetime) -> str:
    """Viet Nam time with its zone, as the JSON exports write it."""
    return f"{time.isoformat()}+07:00"
