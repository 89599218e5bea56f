"""The errors that are put into rows, by class, in the proportions measured in March 2022 (domain handbook §1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from pccovid.sandbox.drawing import Weighted
from pccovid.sandbox.legacy_encodings import as_tcvn3, as_vni
from pccovid.sandbox.writing import without_diacritics

VERDICTS = Weighted((("agrees", 67.2), ("disagrees", 24.8), ("no_id", 4.6), ("unverifiable", 3.4)))
"""Error classes of people: shares of 76.6 million checked against the population database."""

NAME_FAULTS = ("name_typo", "name_tone", "name_part_missing", "name_order", "name_encoding")
BIRTH_FAULTS = ("birth_swapped", "birth_default", "birth_off")
ID_FAULTS = ("id_missing", "id_malformed")
VERDICT_OF_FAULT = {
    **dict.fromkeys((*NAME_FAULTS, *BIRTH_FAULTS), "disagrees"),
    **dict.fromkeys(ID_FAULTS, "no_id"),
    "garbled": "unverifiable",
}

_DISAGREEMENTS = (
    ("name_typo", 22), ("name_tone", 14), ("name_part_missing", 12), ("name_order", 5), ("name_encoding", 6),
    ("birth_swapped", 13), ("birth_default", 12), ("birth_off", 16),
)  # fmt: skip
_BY_COLUMNS: dict[tuple[str, str], Weighted[str]] = {
    ("disagrees", "name birth id"): Weighted(_DISAGREEMENTS),
    ("disagrees", "name year id"): Weighted((*_DISAGREEMENTS[:5], ("birth_off", 12))),
    ("disagrees", "name"): Weighted(_DISAGREEMENTS[:5]),
    ("no_id", "name birth id"): Weighted((("id_missing", 60), ("id_malformed", 40))),
    ("no_id", "name year id"): Weighted((("id_missing", 60), ("id_malformed", 40))),
    ("unverifiable", "name birth id"): Weighted((("garbled", 1),)),
    ("unverifiable", "name year id"): Weighted((("garbled", 1),)),
    ("unverifiable", "name"): Weighted((("garbled", 1),)),
}

_TONES = (
    "aàáảãạ",
    "ăằắẳẵặ",
    "âầấẩẫậ",
    "eèéẻẽẹ",
    "êềếểễệ",
    "iìíỉĩị",
    "oòóỏõọ",
    "ôồốổỗộ",
    "ơờớởỡợ",
    "uùúủũụ",
    "ưừứửữự",
    "yỳýỷỹỵ",
)
_TONE_ROW = {letter: row for row in _TONES for letter in row}
_MISHEARD = (
    ("tr", "ch"), ("ch", "tr"), ("s", "x"), ("x", "s"), ("d", "gi"), ("l", "n"), ("ng", "n"), ("nh", "n"),
    ("n", "ng"), ("t", "c"), ("i", "y"), ("y", "i"), ("uy", "ui"), ("h", "k"), ("r", "d"), ("v", "d"),
)  # fmt: skip
_NO_NUMBER = ("0", "KHONG CO", "không nhớ", "123456789", "000000000000", "CMND", "chưa có", "x")
_NOBODY = ("?", "Nguyen ???", "N.", "A", "BN", "CHÁU", "-", "???????", "Chị", "Không rõ")


def draw_fault(rng: Random, verdict: str, columns: str) -> str:
    """A fault class fit for a person of `verdict` and a row whose person columns are `columns`; '' if none fits."""
    fitting = _BY_COLUMNS.get((verdict, columns))
    return fitting.pick(rng) if fitting else ""


def spoil_name(fault: str, name: str, rng: Random) -> str:
    """`name` with a name fault in it; always different from `name` where the fault can be made at all."""
    return _NAME_SPOILERS[fault](name, rng)


def spoil_birth(fault: str, birth: date, rng: Random) -> date:
    """`birth` with a birth fault in it. A date that cannot be swapped is a few days off instead."""
    if fault == "birth_swapped" and birth.day <= 12 and birth.day != birth.month:
        return date(birth.year, birth.day, birth.month)
    if fault == "birth_default" and (birth.day, birth.month) != (1, 1):
        return date(birth.year, 1, 1)
    if rng.random() < 0.5:
        return _years_off(birth, rng)
    return birth - timedelta(days=rng.choice((1, 2, 9, 10, 20)))


def spoil_year(birth: date, rng: Random) -> date:
    """`birth` with another year, for forms that ask for the year alone."""
    return _years_off(birth, rng)


def malformed_id(number: str, rng: Random) -> str:
    """Something in the id field that is no identity number."""
    chance = rng.random()
    if len(number) < 9 or chance < 0.4:
        return rng.choice(_NO_NUMBER)
    if chance < 0.6:
        return number[:-1] if len(number) == 12 else number[:-2]
    return number + str(rng.randrange(10)) if chance < 0.8 else number[:5] + "O" + number[6:] + "*"


def garbled_name(rng: Random) -> str:
    """What stands in the name field when nobody can tell any more who was meant."""
    return rng.choice(_NOBODY)


def swap_two_digits(number: str, rng: Random) -> str:
    """`number` with two neighbouring, different digits of its last six exchanged."""
    places = [i for i in range(len(number) - 6, len(number) - 1) if number[i] != number[i + 1]]
    if not places:
        return number
    at = rng.choice(places)
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def _years_off(birth: date, rng: Random) -> date:
    year = birth.year - rng.choice((1, 1, 2, 3, 10))
    return date(year, birth.month, min(birth.day, 28))


def _typo(name: str, rng: Random) -> str:
    tokens = name.split(" ")
    at = rng.randrange(len(tokens))
    token = tokens[at]
    options = [(a, b) for a, b in _MISHEARD if a in token.lower()]
    if options and rng.random() < 0.7:
        heard, written = rng.choice(options)
        changed = token.lower().replace(heard, written, 1)
        tokens[at] = changed[:1].upper() + changed[1:]
    elif len(token) > 2:
        cut = rng.randrange(1, len(token))
        tokens[at] = token[:cut] + token[cut + 1 :]
    else:
        tokens[at] = token + token[-1]
    return " ".join(tokens)


def _other_tone(name: str, rng: Random) -> str:
    places = [i for i, letter in enumerate(name) if letter in _TONE_ROW]
    if not places:
        return _typo(name, rng)
    at = rng.choice(places[-2:])
    row = _TONE_ROW[name[at]]
    return name[:at] + rng.choice([tone for tone in row if tone != name[at]]) + name[at + 1 :]


def _part_missing(name: str, rng: Random) -> str:
    tokens = name.split(" ")
    if len(tokens) < 3:
        return _typo(name, rng)
    del tokens[rng.randrange(1, len(tokens) - 1)]
    return " ".join(tokens)


def _family_last(name: str, rng: Random) -> str:
    family, _, rest = name.partition(" ")
    return f"{rest} {family}" if rest and rest != family else _typo(name, rng)


def _legacy_bytes(name: str, rng: Random) -> str:
    return rng.choice((as_tcvn3, as_vni))(name) if without_diacritics(name) != name else _typo(name, rng)


_NAME_SPOILERS: dict[str, Callable[[str, Random], str]] = {
    "name_typo": _typo,
    "name_tone": _other_tone,
    "name_part_missing": _part_missing,
    "name_order": _family_last,
    "name_encoding": _legacy_bytes,
}
