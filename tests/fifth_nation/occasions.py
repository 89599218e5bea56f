"""What is typed about one person on one occasion, and what goes wrong: the shares of March 2022, per occasion."""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from fifth_nation import forms, old_encodings
from fifth_nation.land import Home
from fifth_nation.people import Person

OUTCOMES = {"agrees": 67.2, "disagrees": 24.8, "no id": 4.6, "not verifiable": 3.4}
Born = tuple[int, int, int] | int | None


@dataclass
class Typed:
    """Values as meant, before a system's form is put on them; `fault` is the outcome's word."""

    name: str
    born: Born
    sex: str
    phone: str
    paper: str
    insurance: str
    address: str
    home: Home
    fault: str = ""
    encoding: Callable[[str], str] | None = None
    """The older encoding the name was stored in, or none."""


def about(rng: Random, one: Person, on: date, *, care: float = 1.0) -> Typed:
    """One occasion. `care` multiplies the share of faults (a system that checks has less than 1)."""
    typed = Typed(
        one.name,
        (one.born.year, one.born.month, one.born.day),
        one.sex if rng.random() > 0.004 else {"M": "F", "F": "M"}[one.sex],
        phone_shown(rng, one, on),
        paper_shown(rng, one, on),
        one.insurance,
        address(rng, one.home),
        one.home,
    )
    outcome = rng.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    if outcome != "agrees" and rng.random() < care:
        {"disagrees": _disagrees, "no id": _no_id, "not verifiable": _not_verifiable}[outcome](rng, typed)
        typed.fault = outcome
    return typed


def phone_shown(rng: Random, one: Person, on: date) -> str:
    """Their own; sometimes, and always of who has none, that of somebody at home who answers for them."""
    own, other = one.own_phone(on), one.who_answers_for(on)
    if own and (other is None or rng.random() < 0.94):
        return own
    return other.own_phone(on) if other is not None and rng.random() < 0.9 else own


def paper_shown(rng: Random, one: Person, on: date) -> str:
    """The new card once issued (one in eight still shows the old one), else the old card; children seldom anything."""
    if one.nation != "VN":
        return one.passport
    if one.passport and rng.random() < 0.03:
        return one.passport
    if one.age(on) < 14:
        return one.personal_id if rng.random() < 0.15 else ""
    if on >= one.card_since:
        return one.old_card if one.old_card and rng.random() < 0.12 else one.personal_id
    return one.old_card


def address(rng: Random, home: Home) -> str:
    """House and hamlet; sometimes the hamlet alone, sometimes with the commune, sometimes in capitals."""
    lot = rng.random()
    text = home.hamlet if lot < 0.2 or not home.house else f"{home.house}, {home.hamlet}"
    if 0.2 < lot < 0.35:
        text = f"{text}, {home.commune.name}, {home.commune.district_name}"
    return text.upper() if lot > 0.95 else forms.toneless(text) if lot > 0.9 else text


def _disagrees(rng: Random, typed: Typed) -> None:
    if rng.random() < 0.07:
        typed.encoding = rng.choice((old_encodings.as_tcvn3, old_encodings.as_vni))
    elif rng.random() < 0.46:
        typed.name = _wrong_name(rng, typed.name)
    else:
        typed.born = _wrong_birth(rng, typed.born)


def _wrong_name(rng: Random, name: str) -> str:
    words, lot = name.split(), rng.random()
    if lot < 0.2 and len(words) > 2:
        return " ".join([words[0], *words[2:]])
    if lot < 0.36 and len(words) > 1:
        return " ".join([*words[1:], words[0]])
    return _tone_slip(rng, name) if lot < 0.65 else _letter_slip(rng, name)


def _letter_slip(rng: Random, name: str) -> str:
    spots = [i for i, letter in enumerate(name) if letter.isalpha()]
    at = rng.choice(spots)
    kind = rng.randrange(3)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    return name[:at] + rng.choice("aeionthgm") + name[at + 1 :]


def _tone_slip(rng: Random, name: str) -> str:
    groups = (
        "aàáảãạ",
        "eèéẻẽẹ",
        "oòóỏõọ",
        "uùúủũụ",
        "iìíỉĩị",
        "âầấẩẫậ",
        "êềếểễệ",
        "ôồốổỗộ",
        "ơờớởỡợ",
        "ưừứửữự",
        "ăằắẳẵặ",
    )
    spots = [(i, group) for i, letter in enumerate(name) for group in groups if letter in group]
    if not spots:
        return _letter_slip(rng, name)
    at, group = rng.choice(spots)
    return name[:at] + rng.choice([letter for letter in group if letter != name[at]]) + name[at + 1 :]


def _wrong_birth(rng: Random, born: Born) -> Born:
    assert isinstance(born, tuple)
    year, month, day = born
    lot = rng.random()
    if lot < 0.35:
        return year, 1, 1
    if lot < 0.5 and day <= 12 and day != month:
        return year, day, month
    if lot < 0.7:
        other = rng.choice(
            [d for d in (day - 1, day + 1, day - 10, day + 10) if 1 <= d <= calendar.monthrange(year, month)[1]] or [1]
        )
        return year, month, other
    if lot < 0.82:
        month = month % 12 + 1
        return year, month, min(day, calendar.monthrange(year, month)[1])
    year += rng.choice((-1, 1, -1, 1, -2, 2, 10, -10))
    return year, month, min(day, calendar.monthrange(year, month)[1])


def _no_id(rng: Random, typed: Typed) -> None:
    number = typed.paper
    if not number or rng.random() < 0.55:
        typed.paper = ""
    elif rng.random() < 0.7:
        at = rng.randrange(len(number))
        typed.paper = number[:at] + number[at + 1 :]
    else:
        typed.paper = rng.choice(("khong", "0", "000000000", "không có", "123456789", typed.phone))


def _not_verifiable(rng: Random, typed: Typed) -> None:
    """No number, a year at most; half of them a name of one word, three in ten no phone."""
    typed.paper = typed.insurance = ""
    typed.born = typed.born[0] if isinstance(typed.born, tuple) and rng.random() < 0.7 else None
    if rng.random() < 0.5:
        typed.name = typed.name.split()[-1]
    if rng.random() < 0.3:
        typed.phone = ""
