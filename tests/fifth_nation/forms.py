"""How one and the same value gets written: forms, not faults."""

import unicodedata
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from fifth_nation.numbers_of_people import ELEVEN

if TYPE_CHECKING:
    from fifth_nation.occasions import Typed


def toneless(text: str) -> str:
    """Without diacritics; đ is d."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def typed_name(rng: Random, typed: "Typed", habit: str = "mixed") -> str:
    """The name in a system's habit; in an older encoding it keeps its marks, whatever the habit."""
    if typed.encoding is None:
        return name(rng, typed.name, habit)
    return typed.encoding(typed.name.upper() if habit == "upper" else typed.name)


def name(rng: Random, text: str, habit: str = "mixed") -> str:
    """`upper` writes capitals as tokhaiyte's form does, `ascii` what codes hold; `mixed` is what people type."""
    if habit == "ascii":
        return toneless(text).upper()
    lot = rng.random()
    if habit == "upper":
        return toneless(text).upper() if lot < 0.12 else text.upper()
    if lot < 0.18:
        text = text.upper()
    elif lot < 0.26:
        text = text.lower()
    elif lot < 0.33:
        text = toneless(text)
    elif lot < 0.38:
        text = toneless(text).upper()
    elif lot < 0.41:
        text = text.replace(" ", "  ", 1)
    return f" {text} " if rng.random() < 0.01 else text


def phone(rng: Random, number: str) -> str:
    """+84, 84, 0, eleven old digits, blanks."""
    if not number:
        return ""
    lot = rng.random()
    if lot < 0.62:
        return number
    if lot < 0.75:
        return "+84" + number[1:]
    if lot < 0.85:
        return "84" + number[1:]
    if lot < 0.88 and number[:3] in ELEVEN:
        return ELEVEN[number[:3]] + number[3:]
    if lot < 0.94:
        return f"{number[:4]} {number[4:7]} {number[7:]}"
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if lot < 0.96 else number


def paper(rng: Random, number: str) -> str:
    """Blanks, dots, a leading zero that a spreadsheet dropped."""
    lot = rng.random()
    if not number.isdigit() or lot < 0.86:
        return number
    if lot < 0.91:
        return " ".join(number[i : i + 3] for i in range(0, len(number), 3))
    if lot < 0.94:
        return ".".join(number[i : i + 3] for i in range(0, len(number), 3))
    return str(int(number)) if lot < 0.99 else number + " "


def day(rng: Random, born: tuple[int, int, int] | int | None, habit: str = "slashes") -> str:
    """A birth date as dd/mm/yyyy, or ISO where the system writes that; an int is a year alone, None is nothing."""
    if born is None:
        return ""
    if isinstance(born, int):
        return str(born)
    year, month, of_month = born
    if habit == "iso":
        return f"{year:04d}-{month:02d}-{of_month:02d}"
    lot = rng.random()
    if habit == "typed" and lot < 0.05:
        return f"{of_month:02d}/{month:02d}/{year % 100:02d}"
    if habit == "typed" and lot < 0.12:
        return f"{of_month}/{month}/{year}"
    if habit == "typed" and lot < 0.16:
        return f"{of_month:02d}-{month:02d}-{year}"
    return f"{of_month:02d}/{month:02d}/{year}"


def moment(rng: Random, first: date, last: date) -> datetime:
    """A moment of waking hours between two days."""
    days = max((last - first).days, 0)
    minutes = rng.randint(390, 1300)
    return datetime.combine(first, time()) + timedelta(days=rng.randint(0, days), minutes=minutes)


def at(rng: Random, when: datetime) -> str:
    """Most times have no zone, and are Viet Nam's; some say so, some are UTC."""
    lot = rng.random()
    if lot < 0.8:
        return when.isoformat(sep="T" if lot < 0.5 else " ", timespec="seconds")
    if lot < 0.93:
        return when.isoformat(timespec="seconds") + "+07:00"
    return (when - timedelta(hours=7)).isoformat(timespec="seconds") + "Z"


def sex(one: str, habit: str) -> str:
    """`gender` Nam/Nu, `digits` 1/2, `letters` M/F, `words` Nam/Nữ; anything unknown is the form's third word."""
    table = {
        "gender": {"M": "Nam", "F": "Nu", "": "Khac"},
        "digits": {"M": "1", "F": "2", "": "0"},
        "letters": {"M": "M", "F": "F", "": ""},
        "words": {"M": "Nam", "F": "Nữ", "": ""},
    }
    return table[habit][one]
