"""A pair of records under review, side by side, with the people and the households they stand in.

Needs an opened access to everybody; without it there is no pair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pccovid.people.models import Person, RecordClaim, ReviewPair
from pccovid.people.numbers import NUMBERS

ATTRIBUTES = (
    "name", "birth_date", "sex", "personal_id", "old_id", "passport", "insurance_no", "phone", "email", "commune_code",
    "address", "nationality",
)  # fmt: skip
MOST_RELATED = 12


@dataclass(frozen=True)
class ReviewedRecord:
    """One record of the pair: what it claims (attribute → value, absent ones left out) and whose it is now."""

    record_id: UUID
    record: str
    system: str
    kind: str
    claimed: Mapping[str, object]
    birth_precision: str | None
    flags: tuple[str, ...]
    person: UUID | None
    person_name: str | None
    is_verified: bool
    records_of_person: tuple[str, ...]
    """The other records of that person, some of them ('system:kind')."""
    household: tuple[tuple[str | None, date | None], ...]
    """Name and birth date of others on the same household list or phone."""


@dataclass(frozen=True)
class ReviewedPair:
    """The two records, why a person is asked, and the evidence."""

    id: UUID
    one: ReviewedRecord
    other: ReviewedRecord
    weight: float | None
    evidence: Mapping[str, object]
    reason: str


def pair(pair_id: UUID) -> ReviewedPair | None:
    """The pair with both sides; None where it is not in sight or a record is gone."""
    found = ReviewPair.objects.filter(id=pair_id).first()
    if found is None:
        return None
    claims = {
        claim.record_id: claim
        for claim in RecordClaim.objects.filter(record_id__in=[found.record_id, found.other_record_id])
    }
    if len(claims) < 2:
        return None
    return ReviewedPair(
        found.id, _side(claims[found.record_id]), _side(claims[found.other_record_id]), found.weight,
        found.evidence or {}, found.reason,
    )  # fmt: skip


def _side(claim: RecordClaim) -> ReviewedRecord:
    person = Person.objects.filter(id=claim.person_id).first() if claim.person_id else None
    return ReviewedRecord(
        record_id=claim.record_id, record=claim.record, system=claim.system, kind=claim.kind,
        claimed={name: value for name in ATTRIBUTES if (value := _claimed(claim, name)) not in (None, "")},
        birth_precision=claim.birth_precision, flags=tuple(claim.flags), person=claim.person_id,
        person_name=person.name if person else None, is_verified=bool(person and person.is_identity_verified),
        records_of_person=_others_of_person(claim), household=_household(claim),
    )  # fmt: skip


def _claimed(claim: RecordClaim, attribute: str) -> object:
    return claim.number(attribute) if attribute in NUMBERS else getattr(claim, attribute)


def _others_of_person(claim: RecordClaim) -> tuple[str, ...]:
    if claim.person_id is None:
        return ()
    rows = RecordClaim.objects.filter(person_id=claim.person_id).exclude(record_id=claim.record_id).order_by("record")
    return tuple(f"{row.system}:{row.kind}" for row in rows[:MOST_RELATED])


def _household(claim: RecordClaim) -> tuple[tuple[str | None, date | None], ...]:
    """People on the same household list, else on the same phone: who could be meant instead."""
    rows = RecordClaim.objects.exclude(record_id=claim.record_id)
    if claim.household:
        rows = rows.filter(household=claim.household)
    elif claim.phone:
        rows = rows.filter(phone=claim.phone)
    else:
        return ()
    if claim.person_id is not None:
        rows = rows.exclude(person_id=claim.person_id)
    seen = rows.exclude(name=None).values_list("name", "birth_date").distinct().order_by("name", "birth_date")
    return tuple(seen[:MOST_RELATED])
