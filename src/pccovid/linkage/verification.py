"""Verification answers, graded like the insurer's: what agrees with the person held, attribute by attribute.

Pure. The overall codes are those of the insurer's look-up, as far as they speak of a person and not of a card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pccovid.linkage.claim import Claim
from pccovid.linkage.name_comparison import compare_names, same_initials

AGREE, INITIALS_AGREE, DIFFERS, MISSING = "agree", "initials_agree", "differs", "missing"
GRADES = (AGREE, INITIALS_AGREE, DIFFERS, MISSING)

FOUND, NOT_FOUND, WRONG_NAME, WRONG_NAME_RIGHT_INITIALS, WRONG_BIRTH, BAD_QUESTION = (
    "000", "050", "060", "061", "070", "205",
)  # fmt: skip
UNDECIDED = "incomplete"
"""No code of the insurer's: nothing differs, but the name or the birth date of one side is missing."""
CODES = (FOUND, NOT_FOUND, WRONG_NAME, WRONG_NAME_RIGHT_INITIALS, WRONG_BIRTH, BAD_QUESTION, UNDECIDED)

_PLAIN = (
    "sex", "personal_id", "old_id", "passport", "insurance_no", "phone", "province_code",
    "district_code", "commune_code",
)  # fmt: skip
ATTRIBUTES = ("name", "birth_date", *_PLAIN)
_NUMBERS = ("personal_id", "old_id", "passport", "insurance_no", "qid")


@dataclass(frozen=True)
class GradedAnswer:
    """`code`: one of CODES; `grades`: attribute → one of GRADES, empty where nobody was found or nothing asked."""

    code: str
    grades: Mapping[str, str]


@dataclass(frozen=True)
class _Named:
    full: str | None
    key: str | None


def grade(asked: Claim, held: Claim | None) -> GradedAnswer:
    """How far what was asked agrees with what the source holds; `held` is None where it knows nobody of that number.

    A question needs a number, or a name with a birth date (205). A wrong name outweighs a wrong birth date, as at the
    insurer's. Of a birth date known to the year only the year is compared.
    """
    if not any(getattr(asked, number) for number in _NUMBERS) and not (asked.name_key and asked.birth_date):
        return GradedAnswer(BAD_QUESTION, {})
    if held is None:
        return GradedAnswer(NOT_FOUND, {})
    grades = {"name": grade_name(asked, held), "birth_date": grade_birth(asked, held)}
    grades |= {name: _grade_plain(getattr(asked, name), getattr(held, name)) for name in _PLAIN}
    return GradedAnswer(_overall(grades["name"], grades["birth_date"]), grades)


def grade_name(asked: Claim, held: Claim) -> str:
    """Agree where the words are the same, in capitals or without diacritics; initials where only those are."""
    if not (asked.name_key and held.name_key):
        return MISSING
    mine, yours = _named(asked), _named(held)
    if compare_names(mine, yours) == "exact":
        return AGREE
    return INITIALS_AGREE if same_initials(mine, yours) else DIFFERS


def grade_birth(asked: Claim, held: Claim) -> str:
    """Agree where day (or, if one side knows no more, month and year, or the year) are the same."""
    if asked.birth_date is None or held.birth_date is None:
        return MISSING
    precisions = {asked.birth_precision, held.birth_precision}
    return AGREE if _as_far(asked.birth_date, precisions) == _as_far(held.birth_date, precisions) else DIFFERS


def _as_far(day: date, precisions: set[str | None]) -> tuple[int, ...]:
    if "year" in precisions:
        return (day.year,)
    return (day.year, day.month) if "month" in precisions else (day.year, day.month, day.day)


def _grade_plain(asked: str | None, held: str | None) -> str:
    if asked is None or held is None:
        return MISSING
    return AGREE if asked == held else DIFFERS


def _named(claim: Claim) -> _Named:
    return _Named(claim.name_full or claim.name_key, claim.name_key)


def _overall(name: str, birth: str) -> str:
    if name == DIFFERS:
        return WRONG_NAME
    if name == INITIALS_AGREE:
        return WRONG_NAME_RIGHT_INITIALS
    if birth == DIFFERS:
        return WRONG_BIRTH
    return UNDECIDED if MISSING in (name, birth) else FOUND
