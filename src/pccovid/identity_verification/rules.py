"""What an answer counts as, and which person can be asked about at all. Pure.

The four shares are those in which the officials told of March 2022: 67.2 % agree, 24.8 % have an id but name or birth
date disagree, 4.6 % no or malformed id, 3.4 % not verifiable.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pccovid.linkage.verification import AGREE as GRADE_AGREE
from pccovid.linkage.verification import BAD_QUESTION, FOUND, WRONG_BIRTH, WRONG_NAME, WRONG_NAME_RIGHT_INITIALS

AGREE, DISAGREE, NO_ID, NOT_VERIFIABLE = VERDICTS = ("agree", "disagree", "no_id", "not_verifiable")
REFUSED, WITHHELD = "refused", "withheld"
"""Codes beside those of answers: the source would not answer; the person's data may not be used for this now."""
DISAGREEING = (WRONG_NAME, WRONG_NAME_RIGHT_INITIALS, WRONG_BIRTH)


def verdict_of(code: str) -> str:
    """Which share a code belongs to; what says neither yes nor no cannot be verified."""
    if code == FOUND:
        return AGREE
    if code in DISAGREEING:
        return DISAGREE
    return NO_ID if code == BAD_QUESTION else NOT_VERIFIABLE


def is_followed(*, was_verified: bool, code: str, grades: Mapping[str, str]) -> bool:
    """Whether what the source holds now is taken over without asking anybody.

    Only of a number it had itself confirmed for this person before, and where one of name and birth date still agrees:
    where both differ the number may have become another's, and people have to look.
    """
    agreeing = [grades.get(name) == GRADE_AGREE for name in ("name", "birth_date")]
    return was_verified and code in DISAGREEING and agreeing.count(True) == 1


def written_birth(day: date | None, precision: str | None) -> str:
    """A birth date as it is asked: to the day, month or year that is known; '' where none is."""
    if day is None:
        return ""
    return day.isoformat()[: {"year": 4, "month": 7}.get(precision or "day", 10)]
