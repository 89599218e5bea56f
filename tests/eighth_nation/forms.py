"""How one and the same value gets written: forms, not faults. Each comes with the names of the forms it took."""

import re
import unicodedata
from random import Random
from typing import NamedTuple

from eighth_nation.people import Born
from sixth_nation.forms import ELEVEN_DIGITS, TONE_PLACED_OTHERWISE
from sixth_nation.land import toneless

I_FOR_Y = {
    "Lý": "Lí", "Mỹ": "Mĩ", "Quý": "Quí", "Kỳ": "Kì", "Vy": "Vi", "Sỹ": "Sĩ", "Vĩ": "Vỹ", "Kỷ": "Kỉ",
}  # fmt: skip
_TONED_ENDING = re.compile(rf"({'|'.join(TONE_PLACED_OTHERWISE)})(?=\s|$)")
SLASHED, ISO, YEAR_ALONE, NO_DATE_ASKED = "dd/mm/yyyy", "yyyy-mm-dd", "yyyy", ""
"""How a system asks for birth dates."""
CARD, OLD_CARD = 12, 9
"""How many digits they have."""


class Formed(NamedTuple):
    """The value as written, and what was done to it."""

    text: str
    kinds: list[str]


def key_of(name: str) -> str:
    """What all harmless forms of a name have in common."""
    return " ".join(sorted(re.sub(r"[^a-z ]", "", toneless(name).lower()).split()))


def name(rng: Random, text: str, *, in_capitals: bool) -> Formed:
    """Tones and vowels placed otherwise, capitals, blanks, decomposed letters."""
    kinds: list[str] = []
    if rng.random() < 0.25:
        text = _noted(kinds, "tone_place", text, _TONED_ENDING.sub(lambda found: TONE_PLACED_OTHERWISE[found[1]], text))
    if rng.random() < 0.3:
        text = _noted(kinds, "i_y", text, " ".join(I_FOR_Y.get(word, word) for word in text.split(" ")))
    text = _in_letters(rng, text, kinds, in_capitals=in_capitals)
    text = _with_blanks(rng, text, kinds)
    if rng.random() < 0.04:
        text = _noted(kinds, "nfd", text, unicodedata.normalize("NFD", text))
    return Formed(text, kinds)


def _noted(kinds: list[str], kind: str, text: str, changed: str) -> str:
    if changed != text:
        kinds.append(kind)
    return changed


def _in_letters(rng: Random, text: str, kinds: list[str], *, in_capitals: bool) -> str:
    lot = rng.random()
    if in_capitals:
        return text.upper()
    if lot < 0.15:
        kinds.append("upper")
        return text.upper()
    if lot < 0.19:
        kinds.append("lower")
        return text.lower()
    return text


def _with_blanks(rng: Random, text: str, kinds: list[str]) -> str:
    lot = rng.random()
    if lot < 0.03 and " " in text:
        kinds.append("double_blank")
        return text.replace(" ", "  ", 1)
    if lot < 0.05:
        kinds.append("edge_blank")
        return rng.choice((" " + text, text + " ", text + "  "))
    return text


def date(born: Born, style: str) -> str:
    """In that style; the year where no more was registered."""
    year, month, day = born
    if not month or style == YEAR_ALONE:
        return str(year)
    return f"{year:04d}-{month:02d}-{day:02d}" if style == ISO else f"{day:02d}/{month:02d}/{year:04d}"


def paper(rng: Random, number: str) -> Formed:
    """Blanks, dots, small letters of passports."""
    lot, digits = rng.random(), len(number)
    if lot < 0.06 and digits in (CARD, OLD_CARD):
        in_fours = digits == CARD and rng.random() >= 0.7
        return Formed(_in_groups(number, 4 if in_fours else 3, " "), ["id_blanks"])
    if lot < 0.09 and digits in (CARD, OLD_CARD):
        return Formed(_in_groups(number, 3, "."), ["id_dots"])
    if lot < 0.11:
        return Formed(rng.choice((number + " ", " " + number)), ["id_edge_blank"])
    if lot < 0.13 and not number.isdigit():
        return Formed(number.lower(), ["passport_lower"])
    return Formed(number, [])


def _in_groups(number: str, size: int, between: str) -> str:
    return between.join(number[at : at + size] for at in range(0, len(number), size))


def phone(rng: Random, number: str) -> Formed:
    """+84 or 84 in front, blanks, dots, eleven old digits."""
    if not number:
        return Formed("", [])
    lot, abroad = rng.random(), number[1:]
    if lot < 0.08:
        return Formed("+84" + abroad, ["phone_plus84"])
    if lot < 0.14:
        return Formed("84" + abroad, ["phone_84"])
    if lot < 0.20:
        return Formed(f"{number[:4]} {number[4:7]} {number[7:]}", ["phone_blanks"])
    if lot < 0.22:
        return Formed(f"+84 {number[1:3]} {number[3:6]} {number[6:]}", ["phone_plus84", "phone_blanks"])
    if lot < 0.23:
        return Formed(f"{number[:4]}.{number[4:7]}.{number[7:]}", ["phone_dots"])
    if lot < 0.28 and number[:3] in ELEVEN_DIGITS:
        return Formed(ELEVEN_DIGITS[number[:3]] + number[3:], ["phone_old11"])
    return Formed(number, [])
