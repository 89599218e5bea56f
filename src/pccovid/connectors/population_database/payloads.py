"""What is asked of the population database and what it answers, typed, whichever version of its schema carries it.

How a version writes them stand in schema_1.py and schema_2.py; which versions there are, and since when, in schemas.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from pccovid.linkage.verification import BAD_QUESTION, CODES, NOT_FOUND

GRADED = ("name", "birth_date", "sex")
"""What an answer grades beside the number it was found by."""
GRADING = tuple(code for code in CODES if code not in (NOT_FOUND, BAD_QUESTION))
"""Answers that say of each attribute how far it agrees."""
CHANGES = ("changed", "deceased", "annulled")


class Question(NamedTuple):
    """Whether this number (of 12 digits, or an old one of 9) is a person of this name and birth date.

    `birth`: ISO day, month or year.
    """

    number: str
    name: str
    birth: str
    sex: str | None = None


class Verified(NamedTuple):
    """What the population database holds against a question: one of the CODES of linkage, and attribute → grade."""

    code: str
    grades: Mapping[str, str]


class Citizen(NamedTuple):
    """A person as the population database knows them. `birth`: ISO day, or year where it knows no more."""

    personal_id: str
    old_id: str | None
    name: str
    birth: str
    sex: str | None
    residence_commune: str | None


class Change(NamedTuple):
    """One change of one person: its place in the order, what it was, whose, and when."""

    sequence: int
    kind: str
    personal_id: str
    at: datetime


class ChangePage(NamedTuple):
    """Changes in order, each once; `next_since` is where to go on."""

    changes: tuple[Change, ...]
    next_since: int
    has_more: bool
    repeated: int
    """How many came twice in this page: dropped, and counted."""


class Told(NamedTuple):
    """A page of changes as it came: in any order, some perhaps twice."""

    changes: tuple[Change, ...]
    next_since: int
    has_more: bool
