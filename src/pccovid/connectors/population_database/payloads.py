"""What is asked of the population database and what it answers, typed; anything else is refused, never guessed at.

Draft of our own, schema version 1. Fields beyond these are let pass: a source may add. A field that is missing, has
another type or an unknown word is drift.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from pccovid.connectors.calling import Drifted
from pccovid.linkage.verification import BAD_QUESTION, CODES, FOUND, GRADES, NOT_FOUND

SCHEMA = 1
GRADED = ("name", "birth_date", "sex")
"""What an answer grades beside the number it was found by."""
GRADING = tuple(code for code in CODES if code not in (NOT_FOUND, BAD_QUESTION))
"""Answers that say of each attribute how far it agrees."""
CHANGES = ("changed", "deceased", "annulled")
Value = TypeVar("Value")


class Question(NamedTuple):
    """Whether this number (of 12 digits, or an old one of 9) is a person of this name and birth date.

    `birth`: ISO day, month or year.
    """

    number: str
    name: str
    birth: str
    sex: str | None = None

    def written(self, reference: str) -> dict[str, Any]:
        """The body of the request; the answer must repeat `reference`."""
        asked = {"idNumber": self.number, "name": self.name, "birthDate": self.birth, "sex": self.sex}
        return {"schemaVersion": SCHEMA, "reference": reference,
                **{name: value for name, value in asked.items() if value is not None}}  # fmt: skip


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


def read_verified(content: Any, reference: str) -> Verified:
    """The answer to a question. Raises Drifted."""
    told = _checked(content, reference)
    code = _word(told, "result", CODES)
    given = _field(told, "grades", dict)
    grades = _grades(given) if given or code in GRADING else {}
    return Verified(code, grades)


def read_citizen(content: Any, reference: str) -> Citizen | None:
    """A look-up's answer; None where the number is unknown. Raises Drifted."""
    told = _checked(content, reference)
    if _word(told, "result", (FOUND, NOT_FOUND)) == NOT_FOUND:
        return None
    person = _field(told, "person", dict)
    return Citizen(
        _field(person, "personalId", str), _perhaps(person, "oldId"), _field(person, "name", str),
        _birth(_field(person, "birthDate", str)), _perhaps(person, "sex"), _perhaps(person, "residenceCommune"),
    )  # fmt: skip


def read_changes(content: Any, since: int) -> ChangePage:
    """A page of changes after `since`, put in order, each once. Raises Drifted, also for what lies before `since`."""
    told = _versioned(content)
    rows = _field(told, "changes", list)
    found: dict[int, Change] = {}
    for row in rows:
        change = _change(row)
        if change.sequence <= since or found.get(change.sequence, change) != change:
            raise Drifted("a change out of its place")
        found[change.sequence] = change
    in_order = tuple(found[number] for number in sorted(found))
    next_since = _field(told, "nextSince", int)
    if next_since < (in_order[-1].sequence if in_order else since):
        raise Drifted("the mark to go on from lies behind")
    return ChangePage(in_order, next_since, _field(told, "hasMore", bool), len(rows) - len(found))


def _change(row: Any) -> Change:
    told = row if isinstance(row, Mapping) else {}
    try:
        at = datetime.fromisoformat(_field(told, "at", str))
    except ValueError as error:
        raise Drifted("no moment") from error
    if at.tzinfo is None:
        raise Drifted("a moment without a zone")
    return Change(_field(told, "sequence", int), _word(told, "kind", CHANGES), _field(told, "personalId", str), at)


def _checked(content: Any, reference: str) -> Mapping[str, Any]:
    told = _versioned(content)
    if told.get("reference") != reference:
        raise Drifted("the answer to another question")
    return told


def _versioned(content: Any) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        raise Drifted("no object")
    if content.get("schemaVersion") != SCHEMA:
        raise Drifted("another version of the schema")
    return content


def _grades(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: _word(given, wire, GRADES) for name, wire in zip(GRADED, ("name", "birthDate", "sex"), strict=True)}


def _field(told: Mapping[str, Any], name: str, kind: type[Value]) -> Value:
    value = told.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise Drifted(f"{name} is missing or of another kind")
    return value


def _perhaps(told: Mapping[str, Any], name: str) -> str | None:
    return None if told.get(name) is None else _field(told, name, str)


def _word(told: Mapping[str, Any], name: str, words: Sequence[str]) -> str:
    value = _field(told, name, str)
    if value not in words:
        raise Drifted(f"{name} is an unknown word")
    return value


def _birth(text: str) -> str:
    try:
        date.fromisoformat(text if len(text) > 4 else f"{text}-01-01")
    except ValueError as error:
        raise Drifted("no birth date") from error
    return text
