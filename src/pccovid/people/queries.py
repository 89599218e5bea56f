"""Reading the person index: only inside an opened access, which the database holds to its scope.

Everything returned is frozen and says where it came from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import by_queryset, by_sql, joined
from pccovid.foundation.sealing import sealer
from pccovid.linkage.names import NameReading
from pccovid.linkage.syllables import fold_to_ascii
from pccovid.people.models import Address, ContactPoint, Identifier, Person, RecordClaim, Relationship
from pccovid.people.numbers import findable, shown_one
from pccovid.people.origin import ORIGIN_COLUMNS, Origin, with_origin
from pccovid.people.sources import OWN_SYSTEMS


@dataclass(frozen=True)
class Residence:
    """Where the person lives: area codes of the 2021 list, the finest known last, and the address line."""

    province: str | None
    district: str | None
    commune: str | None
    line: str | None

    @property
    def finest(self) -> str | None:
        """The code of the smallest unit that is known."""
        return self.commune or self.district or self.province


@dataclass(frozen=True)
class NumberedBy:
    """An identifier of the person: system 'personal_id', 'old_id', 'passport' or 'insurance_no'."""

    system: str
    value: str
    is_verified: bool
    sources: tuple[str, ...]
    """The systems that gave it."""


@dataclass(frozen=True)
class ReachedBy:
    """A phone number or e-mail address; `is_own` is False where it stood in a form somebody else typed."""

    system: str
    value: str
    is_own: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class CarriedFrom:
    """An earlier system and how many of its records are this person's."""

    system: str
    records: int


@dataclass(frozen=True)
class OwnIdentity:
    """The golden record as its own person sees it. `sources`: attribute → system it was taken from."""

    person: UUID
    name: str | None
    birth_date: date | None
    birth_precision: str | None
    sex: str | None
    nationality: str | None
    residence: Residence
    is_verified: bool
    sources: Mapping[str, str]
    identifiers: tuple[NumberedBy, ...]
    contacts: tuple[ReachedBy, ...]
    carried_from: tuple[CarriedFrom, ...]
    qr_number: str | None
    """The number (QID) that the person's codes of earlier apps carried, where one was scanned."""

    def number(self, system: str) -> str | None:
        """The identifier of that system: the verified one first, then the one most systems gave."""
        known = [number for number in self.identifiers if number.system == system]
        best = max(known, key=lambda number: (number.is_verified, len(number.sources)), default=None)
        return best.value if best else None


class Named(NamedTuple):
    """Somebody by name and birth date."""

    person: UUID
    name: str | None
    birth_date: date | None
    birth_precision: str | None


@dataclass(frozen=True)
class OwnAddress:
    """An address that systems gave: kind 'permanent', 'temporary', 'stay' or 'residence'."""

    kind: str
    residence: Residence
    origins: tuple[Origin, ...]
    """Every system's report of this same address, newest first."""

    @property
    def origin(self) -> Origin:
        """The newest report: who says that one is wrong means them all."""
        return self.origins[0]


@dataclass(frozen=True)
class FamilyTie:
    """Somebody the person declared for (with the name that declaration gave), or who declared for the person.

    `role` is the relation as written; `name` is None for whoever declared for the person: it is theirs to tell.
    """

    kind: str
    role: str | None
    name: str | None
    origin: Origin

    @property
    def is_about_another(self) -> bool:
        """Whether it stands in the record of somebody whom the person declared for."""
        return not self.kind.endswith("_of")


@dataclass(frozen=True)
class Look:
    """One opening of the person's record by somebody else."""

    categories: tuple[str, ...]
    at: datetime
    actor_kind: str
    role: str
    office: str
    purpose: str
    legal_basis: str
    case: str | None


def person_signing_in(phone: str, name: NameReading, birth: date, *, is_year_only: bool) -> UUID | None:
    """The one person reachable by `phone` whom name and birth date fit, else None. Needs no opened access."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT access.person_signing_in(%s, %s, %s, %s, %s)",
            [findable("phone", phone), name.sorted_key, name.full, birth, is_year_only],
        )
        found: UUID | None = cursor.fetchone()[0]
        return found


def person_by_verified_id(number: str, name: NameReading, birth: date | None) -> UUID | None:
    """The one person whose verified personal id this is, where name or birth date fits too. Needs no opened access."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT access.person_signing_in_by_id(%s, %s, %s)",
            [findable("personal_id", number), name.sorted_key, birth],
        )
        found: UUID | None = cursor.fetchone()[0]
        return found


def own_identity(person: UUID) -> OwnIdentity | None:
    """OWN_IDENTITY in the access that is open."""
    return OWN_IDENTITY.of(person)


def merged_into(person: UUID) -> UUID | None:
    """The person whose this one's records were found to be; None for one who stands, or is out of sight."""
    return Person.objects.filter(id=person).values_list("merged_into_id", flat=True).first()


def _counted(_: UUID, rows: Rows) -> tuple[CarriedFrom, ...]:
    """The earlier systems that knew the person, the one with most records first."""
    counts: dict[str, int] = {}
    for (system,) in rows:
        counts[system] = counts.get(system, 0) + 1
    return tuple(CarriedFrom(*item) for item in sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def own_addresses(person: UUID) -> tuple[OwnAddress, ...]:
    """OWN_ADDRESSES in the access that is open."""
    return OWN_ADDRESSES.of(person)


def _addresses(_: UUID, rows: Rows) -> tuple[OwnAddress, ...]:
    reports: dict[tuple[str, ...], list[tuple[Residence, Origin]]] = {}
    for (kind, *columns), origin in map(with_origin, rows):
        residence = Residence(*columns)
        same = (kind, residence.finest or "", " ".join(fold_to_ascii(residence.line or "").casefold().split()))
        reports.setdefault(same, []).append((residence, origin))
    return tuple(
        OwnAddress(kind, found[0][0], _one_a_system([origin for _, origin in found]))
        for (kind, *_), found in reports.items()
    )


def own_family(person: UUID) -> tuple[FamilyTie, ...]:
    """OWN_FAMILY in the access that is open."""
    return OWN_FAMILY.of(person)


def who_looked(person: UUID) -> tuple[Look, ...]:
    """Who was shown the person's record, newest first. Needs the person's own opened access."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access.who_looked(%s)", [person])
        return tuple(Look(tuple(categories), *values) for *values, categories in cursor.fetchall())


_CLAIMED = {
    "name": "name_key", "birth_date": "birth_date", "sex": "sex", "nationality": "nationality", "phone": "phone",
    "personal_id": "personal_id", "old_id": "old_id", "passport": "passport", "residence": "commune_code",
}  # fmt: skip
_DOCUMENTS = frozenset({"personal_id", "old_id", "passport"})
_GOLDEN = {name: column for name, column in _CLAIMED.items() if column not in _DOCUMENTS | {"phone"}}


def _given(columns: Mapping[str, str]) -> Callable[[UUID, Rows], set[str]]:
    """Which of these attributes any row gives."""

    def given(_: UUID, rows: Rows) -> set[str]:
        return {name for row in rows for name, value in zip(columns, row, strict=True) if value not in (None, "")}

    return given


def _claimed(_: UUID, *given: set[str]) -> frozenset[str]:
    found = set().union(*given)
    return frozenset(found - _DOCUMENTS | ({"document"} if found & _DOCUMENTS else set()))


ATTRIBUTES_CLAIMED = joined(
    _claimed,
    by_queryset(
        lambda person: RecordClaim.objects.filter(person_id=person).values_list(*_CLAIMED.values()), _given(_CLAIMED)
    ),
    by_queryset(lambda person: Person.objects.filter(id=person).values_list(*_GOLDEN.values()), _given(_GOLDEN)),
)
"""Which attributes any source record of the person's gives: 'name' … 'residence' (a commune), and 'document'."""


def _qr_number(_: UUID, rows: Rows) -> str | None:
    # The first of a handful is taken here: asked for in SQL, it could tempt the planner along the index of all records.
    for _record, value, sealed in sorted(rows)[:1]:
        seal = json.loads(sealed or "{}").get("qid")
        return value if seal is None else sealer().unseal(seal, "qid")
    return None


def _identifiers(_: UUID, rows: Rows) -> tuple[NumberedBy, ...]:
    known = [
        NumberedBy(system, shown_one(system, value, sealed), verified, _systems(sources))
        for system, value, sealed, verified, sources in rows
    ]
    order = ("personal_id", "old_id", "passport", "insurance_no")
    return tuple(sorted(known, key=lambda n: (order.index(n.system), not n.is_verified, n.value)))


def _contacts(_: UUID, rows: Rows) -> tuple[ReachedBy, ...]:
    known = [
        ReachedBy(system, shown_one(system, value, sealed), is_own, _systems(sources))
        for system, value, sealed, is_own, sources in rows
    ]
    return tuple(sorted(known, key=lambda c: (c.system != "phone", not c.is_own, -len(c.sources), c.value)))


def _one_a_system(origins: list[Origin]) -> tuple[Origin, ...]:
    """The newest report of each system."""
    return tuple({origin.system: origin for origin in reversed(origins)}.values())[::-1]


def _system(source: str) -> str:
    """'vneid/vneid:vneid:1' → 'vneid'."""
    return source.partition("/")[0].partition(":")[0]


def _systems(sources: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_system(source) for source in sources))


def _identity(
    _: UUID, golden: Rows, identifiers: tuple[NumberedBy, ...], contacts: tuple[ReachedBy, ...],
    carried: tuple[CarriedFrom, ...], qr_number: str | None,
) -> OwnIdentity | None:  # fmt: skip
    for found, name, born, precision, sex, nationality, *places, is_verified, sources in golden:
        taken_from = {attribute: _system(source) for attribute, source in json.loads(sources).items()}
        return OwnIdentity(
            found, name, born, precision, sex, nationality, Residence(*places), is_verified, taken_from, identifiers,
            contacts, carried, qr_number,
        )  # fmt: skip
    return None


OWN_IDENTITY = joined(
    _identity,
    by_queryset(
        lambda person: Person.objects.filter(id=person).values_list(
            "id", "name", "birth_date", "birth_precision", "sex", "nationality", "province_code", "district_code",
            "commune_code", "address", "is_identity_verified", "attribute_sources",
        ),
        lambda _, rows: rows,
    ),
    by_queryset(
        lambda person: Identifier.objects.filter(person_id=person).values_list(
            "system", "value", "sealed", "is_verified", "sources"
        ),
        _identifiers,
    ),
    by_queryset(
        lambda person: ContactPoint.objects.filter(person_id=person).values_list(
            "system", "value", "sealed", "is_own", "sources"
        ),
        _contacts,
    ),
    by_queryset(
        lambda person: RecordClaim.objects.filter(person_id=person)
        .exclude(system__in=sorted(OWN_SYSTEMS))
        .values_list("system"),
        _counted,
    ),
    by_queryset(
        lambda person: RecordClaim.objects.filter(person_id=person, qid__isnull=False)
        .values_list("record", "qid", "sealed"),
        _qr_number,
    ),
)  # fmt: skip
"""Who the index says the person is; None when the opened access does not reach them."""

OWN_FAMILY_NAMED = by_sql(
    "SELECT p.id, p.name, p.birth_date, p.birth_precision FROM access.own_view_persons() family"
    " JOIN people_person p ON p.id = family.person",
    lambda _, rows: tuple(Named(*row) for row in rows),
)
"""The person and each child by what cards name them by."""

OWN_ADDRESSES = by_queryset(
    lambda person: (
        Address.objects.filter(person_id=person, superseded_at=None)
        .order_by("-recorded_at", "id")
        .values_list("kind", "province_code", "district_code", "commune_code", "line", *ORIGIN_COLUMNS)
    ),
    _addresses,
)
"""Addresses that still stand, newest first; one that several systems gave stands once, with all of them."""

OWN_FAMILY = joined(
    lambda _, declared_for, declared_by: (*declared_for, *declared_by),
    by_sql(
        "SELECT * FROM access.declared_for(%(person)s)",
        lambda _, rows: [FamilyTie(row[4], row[5], row[6], Origin(*row[:4])) for row in rows],
    ),
    by_queryset(
        lambda person: (
            Relationship.objects.filter(person_id=person, superseded_at=None)
            .order_by("recorded_at", "id")
            .values_list("kind", "role", *ORIGIN_COLUMNS)
        ),
        lambda _, rows: [FamilyTie(f"{kind}_of", role, None, Origin(*origin)) for kind, role, *origin in rows],
    ),
)
"""Those the person declared for, then those who declared for the person; standing ties only."""
