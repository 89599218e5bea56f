"""Patient $match after IHE PDQm: the index's own answer about a record as if it arrived, without its being written.

Whom it may be is decided by what decides of every arriving record (carry_over/matching.py); of those, the agency is
told only persons within its agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from pccovid.agreements.rules import Grant
from pccovid.carry_over.matching import MatchableIndex
from pccovid.connectors.agency_fhir.envelopes import PATIENT, Envelope
from pccovid.connectors.agency_fhir.reading import read_envelope
from pccovid.connectors.context import ReadingContext
from pccovid.exchange.outcomes import Issue, Refusal, row_issues
from pccovid.exchange.reading import PersonRead, read_person
from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import PURPOSES
from pccovid.linkage.claim import Claim
from pccovid.linkage.one_record.answer import Match
from pccovid.linkage.one_record.nodes import Row

_JOB = "exchange"
CERTAIN, PROBABLE, POSSIBLE, CERTAINLY_NOT = "certain", "probable", "possible", "certainly-not"
_SURE_WEIGHT = 60.0
"""Bits beyond which a probability is 1 in every digit that is told."""


@dataclass(frozen=True)
class Graded:
    """A person it may be, how alike (0 to 1), and in HL7's word how sure."""

    person: UUID
    score: float
    grade: str


@dataclass(frozen=True)
class Asked:
    """A question: whom this Patient may be, at most so many, and whether only a sure one."""

    patient: dict[str, Any]
    most: int
    only_certain: bool


def read_question(parameters: dict[str, Any]) -> Asked:
    """The question in a Parameters resource. Raises Refusal."""
    if parameters.get("resourceType") != "Parameters":
        raise Refusal(400, Issue("structure", "$match takes a Parameters resource", "resourceType"))
    given = parameters.get("parameter")
    named = {one["name"]: one for one in given if isinstance(one, dict) and isinstance(one.get("name"), str)} if (
        isinstance(given, list)
    ) else {}  # fmt: skip
    patient = named.get("resource", {}).get("resource")
    if not isinstance(patient, dict) or patient.get("resourceType") != "Patient":
        raise Refusal(400, Issue("required", "a parameter resource with a Patient is needed", "Parameters.parameter"))
    count, only = named.get("count", {}).get("valueInteger"), named.get("onlyCertainMatches", {}).get("valueBoolean")
    return Asked(patient, min(max(count, 1), 20) if type(count) is int else 5, only is True)


def claim_asked(patient: dict[str, Any], today: date) -> Claim:
    """What the Patient claims. Raises Refusal where that names nobody."""
    context = ReadingContext(today=today, spill=Path())
    row = read_envelope("facility.asked", PATIENT, "asked", Envelope(patient), context)
    if row.claim is None:
        raise Refusal(422, *row_issues(row, "Patient", "Parameters.parameter.resource."))
    return row.claim


def grade(connection: psycopg.Connection, grant: Grant, claim: Claim) -> list[Graded]:
    """Whom the index would join it with, and whom it is like; the likeliest first."""
    with connection.transaction():
        open_for_job(connection, _JOB, purpose=_JOB, legal_basis=PURPOSES[_JOB].basis, case=grant.case)
        match = MatchableIndex(connection).match_one(Row(f"{grant.system}:{PATIENT}:asked", None, claim))
    return graded(match)


def graded(match: Match) -> list[Graded]:
    """An answer of the index in HL7's words."""
    found: dict[UUID, Graded] = {}
    if match.person is not None:
        sure = match.decision == "exact"
        score = max(_probability(match.weight), 0.99) if sure else _probability(match.weight)
        found[UUID(match.person)] = Graded(UUID(match.person), score, CERTAIN if sure else PROBABLE)
    for one in match.candidates:
        if one.person is not None:
            score = min(_probability(one.weight), 0.98)
            found.setdefault(UUID(one.person), Graded(UUID(one.person), score, POSSIBLE))
    return sorted(found.values(), key=lambda one: (-one.score, str(one.person)))


def _probability(weight: float | None) -> float:
    """A weight in bits as a probability, the odds before being even."""
    if weight is None:
        return 0.5
    bits = max(min(weight, _SURE_WEIGHT), -_SURE_WEIGHT)
    return round(1 / (1 + 2**-bits), 4)


def answer_match(
    connection: psycopg.Connection, grant: Grant, asked: Asked, today: date
) -> list[tuple[Graded, PersonRead]]:
    """The persons it may be, within the agreement, each told as shown. Raises Refusal."""
    likely = grade(connection, grant, claim_asked(asked.patient, today))
    wanted = [one for one in likely if one.grade == CERTAIN or not asked.only_certain][: asked.most]
    read = [(one, read_person(grant, one.person)) for one in wanted]
    return [(one, person) for one, person in read if person is not None]
