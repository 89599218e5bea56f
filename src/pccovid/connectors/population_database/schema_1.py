"""Schema version 1 of the population database's payloads, a draft of our own: flat objects. Pure.

Fields beyond these are let pass: a source may add.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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

VERSION = 1
REPLY = "reference"
"""The answer's field that repeats the question's id."""
_WIRE = ("name", "birthDate", "sex")


def asked(question: Question, reference: str) -> dict[str, Any]:
    """The body of a question."""
    given = {"idNumber": question.number, "name": question.name, "birthDate": question.birth, "sex": question.sex}
    return {"schemaVersion": VERSION, "reference": reference,
            **{name: value for name, value in given.items() if value is not None}}  # fmt: skip


def looked_up(personal_id: str, reference: str) -> dict[str, Any]:
    """The body of a look-up."""
    return {"schemaVersion": VERSION, "reference": reference, "idNumber": personal_id}


def verified(told: Mapping[str, Any]) -> Verified:
    """The answer to a question. Raises Drifted."""
    code = word(told, "result", CODES)
    given = field(told, "grades", dict)
    if not given and code not in GRADING:
        return Verified(code, {})
    return Verified(code, {name: word(given, wire, GRADES) for name, wire in zip(GRADED, _WIRE, strict=True)})


def citizen(told: Mapping[str, Any]) -> Citizen | None:
    """A look-up's answer; None where the number is unknown. Raises Drifted."""
    if word(told, "result", (FOUND, NOT_FOUND)) == NOT_FOUND:
        return None
    person = field(told, "person", dict)
    return Citizen(
        field(person, "personalId", str), perhaps(person, "oldId", str), field(person, "name", str),
        birth(field(person, "birthDate", str)), perhaps(person, "sex", str), perhaps(person, "residenceCommune", str),
    )  # fmt: skip


def changes(told: Mapping[str, Any]) -> Told:
    """A page of changes as it came. Raises Drifted."""
    found = tuple(
        Change(field(row, "sequence", int), word(row, "kind", CHANGES), field(row, "personalId", str),
               moment(row, "at")) for row in rows(told, "changes")
    )  # fmt: skip
    return Told(found, field(told, "nextSince", int), field(told, "hasMore", bool))
