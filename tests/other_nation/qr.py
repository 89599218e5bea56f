"""The four personal QR codes of November 2021, as scanners stored their text."""

from __future__ import annotations

from datetime import datetime
from random import Random

from . import names
from .pen import Shown
from .people import Person


def unified(person: Person, rng: Random, phone: str, *, masked: bool) -> tuple[str, str]:
    """The unified QR; masked, its first six id characters, day and month are hidden. Also the id it carries."""
    number = person.cccd or person.cmnd or person.passport
    day = person.born.isoformat()
    sex = {"M": "1", "F": "2"}[person.sex]
    ext = f"<{sex}<{person.bhyt if rng.random() < 0.5 else ''}<{phone if rng.random() < 0.6 else ''}<"
    kind = "1" if not person.phones else "0"
    if kind == "1":
        ext = (person.guardian.qid if person.guardian else "") + ext
    shown = number
    if masked:
        hidden = rng.choice("*x")
        shown, day = hidden * min(6, len(number)) + number[6:], f"{person.born.year}-{hidden * 2}-{hidden * 2}"
    words = [shown, names.plain(person.name).upper().replace("'", ""), day, kind, person.qid, "" if masked else ext]
    return "|".join(words), number


def card(person: Person, address: str, rng: Random) -> str:
    """The QR on a CCCD card."""
    issued = person.card_since.strftime("%d%m%Y")
    cmnd = person.cmnd if rng.random() < 0.9 else ""
    sex = "Nam" if person.sex == "M" else "Nữ"
    return f"{person.cccd}|{cmnd}|{person.name}|{person.born:%d%m%Y}|{sex}|{address}|{issued}"


def insurance(person: Person, address: str, when: datetime) -> str:
    """The QR on a health-insurance card; since April 2021 the card prints ten characters."""
    number = person.bhyt[-10:] if when.month >= 4 and person.number % 2 else person.bhyt
    born = str(person.born.year) if person.year_only else f"{person.born:%d/%m/%Y}"
    words = [
        number,
        person.name.encode().hex(),
        born,
        "1" if person.sex == "M" else "2",
        address.encode().hex(),
        f"{person.bhyt[3:5]} - 0{person.number % 90 + 10}",
        "01/01/2021",
        "-",
        "15/12/2020",
        "-",
        "4",
        "-",
        "$",
    ]
    return "|".join(words)


def vneid(person: Person, record: str, address: str) -> tuple[str, bool]:
    """The VNeID code: mostly the card's text, sometimes a shorter one of its own; whether it is the known form."""
    if person.number % 4:
        sex = "Nam" if person.sex == "M" else "Nữ"
        return f"{person.cccd}||{person.name.upper()}|{person.born:%d%m%Y}|{sex}|{address}|", True
    return f"VNEID|{record}|{person.cccd}|{names.plain(person.name).upper()}|{person.born:%Y%m%d}", False


def partial(shown: Shown, number: str) -> str:
    """The link that a masked unified QR still carries: the end of the number, the name, the birth year."""
    return f"part:{number[6:]}:{shown.name_key}:{shown.person.born.year}"
