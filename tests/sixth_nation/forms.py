"""How one and the same value gets written: forms, not faults."""

import unicodedata
from datetime import UTC, datetime
from random import Random

from sixth_nation.land import toneless
from sixth_nation.mistakes import Born
from sixth_nation.old_encodings import as_tcvn3, as_vni

# The prefixes of 2018 and the longer ones they replaced.
ELEVEN_DIGITS = {
    "070": "0120", "079": "0121", "077": "0122", "076": "0126", "078": "0128", "083": "0123", "084": "0124",
    "085": "0125", "081": "0127", "082": "0129", "056": "0186", "058": "0188", "059": "0199",
} | {f"03{digit}": f"016{digit}" for digit in range(2, 10)}  # fmt: skip
_NEW_TONES = ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"]
_OLD_TONES = ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"]
TONE_PLACED_OTHERWISE = dict(zip(_NEW_TONES + _OLD_TONES, _OLD_TONES + _NEW_TONES, strict=True))
I_FOR_Y = {"Lý": "Lí", "Mỹ": "Mĩ", "Vy": "Vi", "Kỳ": "Kì", "Quý": "Quí", "Ly": "Li", "Hy": "Hi", "Sỹ": "Sĩ"}
SEXES = {
    "digits": {"M": "1", "F": "2", "": "0"},
    "letters": {"M": "M", "F": "F", "": ""},
    "words": {"M": "Nam", "F": "Nữ", "": ""},
    "toneless": {"M": "Nam", "F": "Nu", "": "Khac"},
}
"""Sex in the codes of the systems; the empty one is unknown."""


def name(rng: Random, text: str, *, upper: bool = False) -> str:
    """One way to write the name; `upper` for forms that force capitals."""
    lot = rng.random()
    if lot < 0.015 and " " in text:
        family, *rest = text.split(" ")
        text = " ".join([*rest, family])
    elif lot < 0.045:
        text = _otherwise_toned(text)
    lot = rng.random()
    if lot < 0.008:
        return as_tcvn3(text)
    if lot < 0.013:
        return as_vni(text)
    text = _with_blanks(rng, _in_letters(text, lot, upper=upper))
    return unicodedata.normalize("NFD", text) if rng.random() < 0.03 else text


def _otherwise_toned(text: str) -> str:
    """Hoà for Hòa, Lí for Lý."""
    words = []
    for word in text.split(" "):
        if word[:1] not in "Qq":
            word = word[:-2] + TONE_PLACED_OTHERWISE.get(word[-2:], word[-2:])
        words.append(I_FOR_Y.get(word, word))
    return " ".join(words)


def _in_letters(text: str, lot: float, *, upper: bool) -> str:
    """Capitals, small letters, no marks; `lot` chooses."""
    if lot < 0.06:
        return toneless(text).upper()
    if lot < 0.11:
        return toneless(text)
    if lot < 0.14:
        return text.lower()
    return text.upper() if lot < 0.30 or upper else text


def _with_blanks(rng: Random, text: str) -> str:
    lot = rng.random()
    if lot < 0.02:
        return text.replace(" ", "  ", 1)
    if lot < 0.035:
        return rng.choice((" " + text, text + " ", text + "  "))
    return text.replace(" ", "\u00a0", 1) if lot < 0.038 else text


def phone(rng: Random, number: str) -> str:
    """+84, 84, 0 or nothing in front, eleven old digits, blanks, dots."""
    if len(number) != 10 or not number.isdigit():
        return number
    if rng.random() < 0.05 and number[:3] in ELEVEN_DIGITS:
        number = ELEVEN_DIGITS[number[:3]] + number[3:]
    lot = rng.random()
    if lot < 0.08:
        number = "+84" + number[1:]
    elif lot < 0.15:
        number = "84" + number[1:]
    elif lot < 0.153:
        return number[1:]
    elif lot < 0.155:
        number = "+84 " + number[1:]
    return _in_groups(rng, number)


def _in_groups(rng: Random, number: str) -> str:
    lot = rng.random()
    if lot < 0.05:
        return number[:4] + " " + number[4:7] + " " + number[7:]
    if lot < 0.065:
        return number[:4] + "." + number[4:7] + "." + number[7:]
    return number + " " if lot < 0.07 else number


def paper(rng: Random, number: str, *, from_a_sheet: bool = True) -> str:
    """Blanks and dots; a spreadsheet also drops the leading zero. Junk stays as it is."""
    if len(number) < 8:
        return number
    if rng.random() < 0.04 and from_a_sheet and number.startswith("0") and number.isdigit():
        number = number[1:]
    lot = rng.random()
    if lot < 0.02:
        return " ".join(number[at : at + 3] for at in range(0, len(number), 3))
    if lot < 0.03:
        return ".".join(number[at : at + 3] for at in range(0, len(number), 3))
    if lot < 0.045:
        return rng.choice((number + " ", " " + number, number[:4] + " " + number[4:]))
    return number


def slashed_date(rng: Random, born: Born) -> str:
    """dd/mm/yyyy or yyyy; now and then two digits of the year or no leading zeros."""
    if born is None or not born[1]:
        return str(born[0]) if born else ""
    year, month, day = born
    lot = rng.random()
    if lot < 0.015:
        return f"{day:02d}/{month:02d}/{year % 100:02d}"
    return f"{day}/{month}/{year}" if lot < 0.03 else f"{day:02d}/{month:02d}/{year}"


def iso_date(born: Born) -> str:
    """yyyy-mm-dd or yyyy."""
    if born is None or not born[1]:
        return f"{born[0]:04d}" if born else ""
    return "{:04d}-{:02d}-{:02d}".format(*born)


def at(rng: Random, moment: datetime) -> str:
    """Half of the times say that they are Viet Nam's, most others say nothing, some are UTC."""
    lot = rng.random()
    if lot < 0.5:
        return moment.strftime("%Y-%m-%dT%H:%M:%S+07:00")
    if lot < 0.95:
        return moment.strftime("%Y-%m-%d %H:%M:%S" if lot < 0.8 else "%Y-%m-%dT%H:%M:%S")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
