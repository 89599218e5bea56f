"""Finding persons for an officer: by a number of theirs, a phone, or name and birth date.

Only inside an opened access, whose scope the database enforces: whoever lies outside it is simply not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pccovid.linkage.birth_dates import read_birth_date
from pccovid.linkage.identifiers import read_identifier, read_insurance
from pccovid.linkage.names import read_name
from pccovid.linkage.phones import read_phone
from pccovid.people.models import ContactPoint, Identifier, Person, RecordClaim
from pccovid.people.numbers import findable

MOST_FOUND = 50


@dataclass(frozen=True)
class Wanted:
    """What is known of the person sought, as the officer wrote it."""

    number: str = ""
    """CCCD, CMND, passport or insurance number, in any spelling."""
    phone: str = ""
    name: str = ""
    birth: str = ""
    """Day, or year alone."""


@dataclass(frozen=True)
class Found:
    """A person who fits, as far as a list needs it."""

    person: UUID
    name: str | None
    birth_date: date | None
    birth_precision: str | None
    sex: str | None
    commune: str | None
    province: str | None
    is_verified: bool
    records: int


class NotEnoughToFind(ValueError):
    """`field` says what is missing or unreadable: 'number', 'phone', 'name', 'birth' or 'all'."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def find_persons(wanted: Wanted, *, today: date) -> tuple[Found, ...]:
    """Persons in sight who fit everything that was given, at most MOST_FOUND + 1. Raises NotEnoughToFind.

    A name alone, or a birth date alone, finds nobody: that would be browsing.
    """
    matches = [found for found in (_by_number(wanted), _by_phone(wanted), _by_name(wanted, today)) if found is not None]
    if not matches:
        raise NotEnoughToFind("all")
    persons = sorted(set.intersection(*matches), key=str)[: MOST_FOUND + 1]
    return tuple(sorted(map(_found, _golden(persons)), key=lambda one: (one.name or "", str(one.person))))


def _by_number(wanted: Wanted) -> set[UUID] | None:
    if not wanted.number.strip():
        return None
    reading, insurance = read_identifier(wanted.number), read_insurance(wanted.number)[0]
    numbers = {"personal_id": reading.personal_id, "old_id": reading.old_id, "passport": reading.passport,
               "insurance_no": insurance}  # fmt: skip
    if not any(numbers.values()):
        raise NotEnoughToFind("number")
    return {
        person
        for system, value in numbers.items()
        if value
        for person in Identifier.objects.filter(system=system, value__in=findable(system, value)).values_list(
            "person_id", flat=True
        )
    }


def _by_phone(wanted: Wanted) -> set[UUID] | None:
    if not wanted.phone.strip():
        return None
    phone = read_phone(wanted.phone).phone
    if phone is None:
        raise NotEnoughToFind("phone")
    reached = ContactPoint.objects.filter(system="phone", value__in=findable("phone", phone))
    return set(reached.values_list("person_id", flat=True))


def _by_name(wanted: Wanted, today: date) -> set[UUID] | None:
    if not wanted.name.strip() and not wanted.birth.strip():
        return None
    name, birth = read_name(wanted.name), read_birth_date(wanted.birth, order="dmy", today=today)
    if name.sorted_key is None:
        raise NotEnoughToFind("name")
    if birth.date is None:
        raise NotEnoughToFind("birth")
    claims = RecordClaim.objects.filter(name_sorted=name.sorted_key, person_id__isnull=False)
    if birth.precision == "day":
        # A source that knows the year alone has padded its date to 1 January.
        claims = claims.filter(birth_date__in=[birth.date, date(birth.date.year, 1, 1)])
    else:
        claims = claims.filter(birth_date__year=birth.date.year)
    return {person for person in claims.values_list("person_id", flat=True) if person is not None}


def _golden(persons: list[UUID]) -> list[Person]:
    return list(Person.objects.filter(id__in=persons))


def _found(person: Person) -> Found:
    return Found(
        person=person.id, name=person.name, birth_date=person.birth_date, birth_precision=person.birth_precision,
        sex=person.sex, commune=person.commune_code, province=person.province_code,
        is_verified=person.is_identity_verified, records=RecordClaim.objects.filter(person_id=person.id).count(),
    )  # fmt: skip
