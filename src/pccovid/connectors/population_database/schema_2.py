"""Schema version 2 of the population database's payloads, a draft of our own: persons, attributes and dates as objects.

A birth date is told in parts, so that a year alone is no day; a person has any number of former numbers, newest first.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pccovid.connectors.calling import Drifted
from pccovid.connectors.population_database.payloads import (
    CHANGES,
    GRADED,
    GRADING,
    Change,
    Citizen,
    Question,
    Told,
    Verified,
)
from pccovid.connectors.population_database.strict import birth, field, moment, perhaps, rows, word
from pccovid.linkage.verification import CODES, FOUND, GRADES, NOT_FOUND

VERSION = 2
REPLY = "inReplyTo"
"""The answer's field that repeats the question's id."""
_WIRE = ("fullName", "dateOfBirth", "sex")
_PARTS = ("year", "month", "day")


def asked(question: Question, reference: str) -> dict[str, Any]:
    """The body of a question."""
    person = {"personalId": question.number, "fullName": question.name, "dateOfBirth": in_parts(question.birth),
              "sex": question.sex}  # fmt: skip
    return {"schemaVersion": VERSION, "messageId": reference,
            "person": {name: value for name, value in person.items() if value is not None}}  # fmt: skip


def looked_up(personal_id: str, reference: str) -> dict[str, Any]:
    """The body of a look-up."""
    return {"schemaVersion": VERSION, "messageId": reference, "person": {"personalId": personal_id}}


def verified(told: Mapping[str, Any]) -> Verified:
    """The answer to a question. Raises Drifted."""
    code = word(told, "outcome", CODES)
    given = {field(row, "attribute", str): word(row, "grade", GRADES) for row in rows(told, "attributes")}
    if not given and code not in GRADING:
        return Verified(code, {})
    return Verified(code, {name: word(given, wire, GRADES) for name, wire in zip(GRADED, _WIRE, strict=True)})


def citizen(told: Mapping[str, Any]) -> Citizen | None:
    """A look-up's answer; None where the number is unknown. Raises Drifted."""
    if word(told, "outcome", (FOUND, NOT_FOUND)) == NOT_FOUND:
        return None
    person = field(told, "person", dict)
    residence, former = perhaps(person, "residence", dict), perhaps(person, "formerIds", list) or []
    if not all(isinstance(one, str) for one in former):
        raise Drifted("formerIds holds something else than numbers")
    return Citizen(
        field(person, "personalId", str), former[0] if former else None, field(person, "fullName", str),
        _joined(field(person, "dateOfBirth", dict)), perhaps(person, "sex", str),
        perhaps(residence, "commune", str) if residence else None,
    )  # fmt: skip


def changes(told: Mapping[str, Any]) -> Told:
    """A page of changes as it came. Raises Drifted."""
    found = tuple(
        Change(field(row, "position", int), word(row, "type", CHANGES), field(row, "personalId", str),
               moment(row, "occurredAt")) for row in rows(told, "events")
    )  # fmt: skip
    return Told(found, field(told, "next", int), field(told, "more", bool))


def in_parts(text: str) -> dict[str, int] | None:
    """An ISO day, month or year in parts; None where it is none."""
    parts = text.split("-")
    return dict(zip(_PARTS, map(int, parts), strict=False)) if all(one.isdecimal() for one in parts) else None


def _joined(parts: Mapping[str, Any]) -> str:
    """The parts as an ISO day, or a year. Raises Drifted."""
    year, month, day = field(parts, "year", int), perhaps(parts, "month", int), perhaps(parts, "day", int)
    return birth(f"{year:04d}" if month is None or day is None else f"{year:04d}-{month:02d}-{day:02d}")
