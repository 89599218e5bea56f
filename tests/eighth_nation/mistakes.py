"""What a clerk or a citizen puts down wrongly instead of a birth date or a number."""

from random import Random
from typing import NamedTuple

from eighth_nation import forms
from eighth_nation.forms import YEAR_ALONE
from eighth_nation.people import Born
from sixth_nation.mistakes import FULL, WRONG_YEAR, YEAR

JUNK = (
    "0", "000000000", "123456789", "không có", "Không", "000000000000", "chưa có", "-", "111111111",
)  # fmt: skip
LAST_DIGITS = 6
"""Where numbers get mistaken."""
UNKNOWN_OLD = "id_unknown_old"
"""The fault of showing an old card that no register has."""


class WrongDate(NamedTuple):
    """The birth date as written, the fault's name, and how right it still is."""

    text: str
    fault: str
    grade: int


class NoNumber(NamedTuple):
    """What stands instead of a number, the fault's name, and whether the number can still be read from it."""

    text: str
    fault: str
    is_legible: bool


def wrong_date(rng: Random, born: Born, style: str) -> WrongDate:
    """Of day and month less than there was, or swapped; of the year two digits, or another one."""
    year, month, day = born
    lot = rng.random()
    if not month or style == YEAR_ALONE:
        if lot < 0.5:
            return WrongDate(f"{year % 100:02d}", "two_digit_year", YEAR)
        return WrongDate(str(year + rng.choice((-1, 1))), "year_off", WRONG_YEAR)
    if lot < 0.28:
        return WrongDate(str(year), "year_only", YEAR)
    if lot < 0.54:
        return WrongDate(forms.date(Born(year, 1, 1), style), "first_january", YEAR)
    if lot < 0.76 and day <= 12 and day != month:
        return WrongDate(forms.date(Born(year, day, month), style), "swapped", YEAR)
    return _wrong_digits(rng, born, style, lot)


def _wrong_digits(rng: Random, born: Born, style: str, lot: float) -> WrongDate:
    year, month, day = born
    if lot < 0.86:
        return WrongDate(f"{day:02d}/{month:02d}/{year % 100:02d}", "two_digit_year", FULL)
    if lot < 0.94:
        return WrongDate(forms.date(Born(year, month, day % 28 + 1), style), "day_wrong", YEAR)
    other = Born(year + rng.choice((-1, 1)), month, min(day, 28))
    return WrongDate(forms.date(other, style), "year_off", WRONG_YEAR)


def no_number(rng: Random, right: str) -> NoNumber:
    """Nothing, junk, a spreadsheet's number without its zero, a digit too few or too many."""
    lot = rng.random()
    if lot < 0.50:
        return NoNumber("", "id_empty", is_legible=False)
    if lot < 0.62:
        return NoNumber(rng.choice(JUNK), "id_placeholder", is_legible=False)
    if right.isdigit() and right[0] == "0":
        return NoNumber(right.lstrip("0"), "lost_leading_zero", is_legible=True)
    if lot < 0.88:
        return NoNumber(right[:-1], "id_digit_missing", is_legible=False)
    at = rng.randrange(1, len(right))
    return NoNumber(right[:at] + right[at - 1] + right[at:], "id_digit_extra", is_legible=False)


def another_number(rng: Random, right: str) -> tuple[str, str]:
    """A well-formed number that is not theirs, and the fault's name; empty where it is that of an unknown old card."""
    lot = rng.random()
    if lot < 0.60 or not right.isdigit():
        at = rng.randrange(max(1, len(right) - LAST_DIGITS), len(right))
        return right[:at] + _another_sign(rng, right[at]) + right[at + 1 :], "id_digit_wrong"
    if lot < 0.80:
        for at in rng.sample(range(len(right) - LAST_DIGITS, len(right)), LAST_DIGITS):
            if right[at] != right[at - 1]:
                return right[: at - 1] + right[at] + right[at - 1] + right[at + 1 :], "id_digits_swapped"
    return "", UNKNOWN_OLD


def _another_sign(rng: Random, sign: str) -> str:
    return str((int(sign) + rng.randrange(1, 10)) % 10) if sign.isdigit() else "7"
