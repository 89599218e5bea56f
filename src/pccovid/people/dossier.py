"""Everything the index holds about one person, with where it came from and why it was joined: the officer's view.

Only inside an opened access. Facts of every kind are read by their registration, so a new kind appears by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from psycopg import sql

from pccovid.foundation.facts import StagedFact, registered
from pccovid.people.models import ContactPoint, Identifier, Link, Merge, Person, RecordClaim, ReviewPair, SourceRecord
from pccovid.people.numbers import shown_one, shown_payload


@dataclass(frozen=True)
class Attribute:
    """One attribute of the golden record and the record it was taken from ('system/system:kind:key')."""

    name: str
    value: object
    source: str


@dataclass(frozen=True)
class Number:
    """An identifier or a contact point, and the records that gave it ('system:kind:key')."""

    system: str
    value: str
    is_sure: bool
    sources: tuple[str, ...]


@dataclass(frozen=True)
class LinkLine:
    """One decision about a record; `weight` in bits, `evidence` per attribute."""

    decision: str
    weight: float | None
    evidence: Mapping[str, object]
    reason: str
    model_version: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class RecordLine:
    """A source record of the person, what it claims, and the decision that brought it here."""

    record_id: UUID
    record: str
    system: str
    kind: str
    version: int
    name: str | None
    birth_date: date | None
    birth_precision: str | None
    flags: tuple[str, ...]
    links: tuple[LinkLine, ...]

    @property
    def link(self) -> LinkLine | None:
        """The decision that holds: the last one."""
        return self.links[-1] if self.links else None


@dataclass(frozen=True)
class Dossier:
    """The golden record with all it was made of."""

    person: UUID
    name: str | None
    birth_date: date | None
    birth_precision: str | None
    is_verified: bool
    merged_into: UUID | None
    created_at: datetime
    attributes: tuple[Attribute, ...]
    identifiers: tuple[Number, ...]
    contacts: tuple[Number, ...]
    records: tuple[RecordLine, ...]


@dataclass(frozen=True)
class HeldFact:
    """One fact: its id, its values in the order of the table's columns, and where it came from."""

    id: UUID
    values: tuple[object, ...]
    system: str
    provenance: str
    recorded_at: datetime
    superseded_at: datetime | None
    record_id: UUID


@dataclass(frozen=True)
class FactTable:
    """All facts of one kind about the person."""

    kind: str
    table: str
    columns: tuple[str, ...]
    rows: tuple[HeldFact, ...]


@dataclass(frozen=True)
class PayloadVersion:
    """A source record as it was received once."""

    version: int
    received_at: datetime
    run: int
    payload: str


@dataclass(frozen=True)
class MergeLine:
    """A merge this person took part in."""

    id: int
    kept: UUID
    absorbed: UUID
    records: int
    reason: str
    merged_by: str
    merged_at: datetime
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True)
class Side:
    """One record of a pair under review and its person."""

    record: str
    person: UUID | None
    name: str | None
    birth_date: date | None
    birth_precision: str | None


@dataclass(frozen=True)
class ReviewLine:
    """A pair too alike to ignore and not alike enough to join; `own` is this person's side."""

    id: UUID
    own: Side
    other: Side
    weight: float | None
    evidence: Mapping[str, object]
    reason: str
    decision: str


_RESIDENCE = ("commune_code", "district_code", "province_code", "address")


def dossier(person: UUID) -> Dossier | None:
    """The person's record; None where the opened access does not reach them."""
    golden = Person.objects.filter(id=person).first()
    if golden is None:
        return None
    return Dossier(
        person=golden.id, name=golden.name, birth_date=golden.birth_date, birth_precision=golden.birth_precision,
        is_verified=golden.is_identity_verified, merged_into=golden.merged_into_id, created_at=golden.created_at,
        attributes=_attributes(golden), identifiers=_identifiers(person), contacts=_contacts(person),
        records=_records(person),
    )  # fmt: skip


def facts_of(person: UUID) -> tuple[FactTable, ...]:
    """Facts of every registered kind, newest first; kinds the access does not reach are empty."""
    return tuple(_fact_table(fact, person) for fact in registered() if fact.name != "place")


def phones_of(persons: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Person → the phone numbers they may be reached by, their own first. Inside an access that reads contacts."""
    found: dict[UUID, list[Number]] = {}
    for row in ContactPoint.objects.filter(person_id__in=persons, system="phone").order_by("-is_own", "id"):
        number = Number(row.system, shown_one(row.system, row.value, row.sealed), row.is_own, ())
        found.setdefault(row.person_id, []).append(number)
    return {person: tuple(one.value for one in numbers) for person, numbers in found.items()}


def payloads_of(person: UUID, record: UUID) -> tuple[PayloadVersion, ...]:
    """Every version of one of the person's records as received, newest first; empty where it is not in sight."""
    if not RecordClaim.objects.filter(record_id=record, person_id=person).exists():
        return ()
    rows = SourceRecord.objects.filter(record_id=record).order_by("-version")
    return tuple(
        PayloadVersion(row.version, row.received_at, row.run_id, shown_payload(row.payload, record)) for row in rows
    )


def merges_of(person: UUID) -> tuple[MergeLine, ...]:
    """Merges the person took part in, newest first. Needs access to everybody."""
    rows = (Merge.objects.filter(kept_id=person) | Merge.objects.filter(absorbed_id=person)).order_by("-id")
    return tuple(
        MergeLine(row.pk, row.kept_id, row.absorbed_id, len(row.moved_records), row.reason, row.merged_by,
                  row.merged_at, row.undone_by, row.undone_at)
        for row in rows
    )  # fmt: skip


def reviews_of(person: UUID) -> tuple[ReviewLine, ...]:
    """Pairs that hold one of the person's records, heaviest first. Needs access to everybody."""
    return _reviews(set(RecordClaim.objects.filter(person_id=person).values_list("record_id", flat=True)))


def reviews_of_record(record: UUID) -> tuple[ReviewLine, ...]:
    """Pairs that hold this record, as a held one has with its candidates. Needs access to everybody."""
    return _reviews({record})


def _reviews(own: set[UUID]) -> tuple[ReviewLine, ...]:
    pairs = ReviewPair.objects.filter(record_id__in=own) | ReviewPair.objects.filter(other_record_id__in=own)
    rows = list(pairs.order_by("-weight", "id"))
    sides = _sides({record for row in rows for record in (row.record_id, row.other_record_id)})
    lines = []
    for row in rows:
        mine, theirs = (
            (row.record_id, row.other_record_id) if row.record_id in own else (row.other_record_id, row.record_id)
        )
        if mine in sides and theirs in sides:
            lines.append(
                ReviewLine(row.id, sides[mine], sides[theirs], row.weight, row.evidence or {}, row.reason, row.decision)
            )
    return tuple(lines)


def _attributes(golden: Person) -> tuple[Attribute, ...]:
    sources = golden.attribute_sources
    residence = {name: getattr(golden, name) for name in _RESIDENCE if getattr(golden, name)}
    values: dict[str, object] = {
        "name": golden.name, "birth_date": golden.birth_date, "sex": golden.sex, "nationality": golden.nationality,
        "residence": residence or None,
    }  # fmt: skip
    return tuple(Attribute(name, value, sources.get(name, "")) for name, value in values.items())


def _identifiers(person: UUID) -> tuple[Number, ...]:
    numbers = [
        Number(row.system, shown_one(row.system, row.value, row.sealed), row.is_verified, tuple(row.sources))
        for row in Identifier.objects.filter(person_id=person)
    ]
    return tuple(sorted(numbers, key=lambda one: (one.system, not one.is_sure, one.value)))


def _contacts(person: UUID) -> tuple[Number, ...]:
    numbers = [
        Number(row.system, shown_one(row.system, row.value, row.sealed), row.is_own, tuple(row.sources))
        for row in ContactPoint.objects.filter(person_id=person)
    ]
    return tuple(sorted(numbers, key=lambda one: (one.system != "phone", not one.is_sure, one.value)))


def _records(person: UUID) -> tuple[RecordLine, ...]:
    links: dict[UUID, list[LinkLine]] = {}
    claims = list(RecordClaim.objects.filter(person_id=person).order_by("record"))
    for row in Link.objects.filter(person_id=person, record_id__in=[c.record_id for c in claims]).order_by("id"):
        links.setdefault(row.record_id, []).append(
            LinkLine(row.decision, row.weight, row.evidence or {}, row.reason, row.model_version, row.decided_by,
                     row.decided_at)
        )  # fmt: skip
    return tuple(
        RecordLine(claim.record_id, claim.record, claim.system, claim.kind, claim.version, claim.name,
                   claim.birth_date, claim.birth_precision, tuple(claim.flags), tuple(links.get(claim.record_id, ())))
        for claim in claims
    )  # fmt: skip


def one_fact(person: UUID, table: str, fact: UUID) -> FactTable | None:
    """One fact of the person's in its table; None where it is not in sight."""
    kinds = [kind for kind in registered() if kind.table == table]
    found = _fact_table(kinds[0], person, only=fact) if kinds else None
    return found if found and found.rows else None


def _fact_table(fact: StagedFact, person: UUID, *, only: UUID | None = None) -> FactTable:
    columns = tuple(fact.columns)
    query = sql.SQL(
        "SELECT {columns}, id, source_system, provenance, recorded_at, superseded_at, record_id FROM {table}"
        " WHERE person_id = %s AND (%s::uuid IS NULL OR id = %s)"
        " ORDER BY superseded_at IS NOT NULL, recorded_at DESC, id"
    ).format(columns=sql.SQL(", ").join(map(sql.Identifier, columns)), table=sql.Identifier(fact.table))
    with connection.cursor() as cursor:
        cursor.execute(query, [person, only, only])
        rows = cursor.fetchall()
    return FactTable(
        fact.name,
        fact.table,
        columns,
        tuple(_held(fact.opened(row[: len(columns)]), *row[len(columns) :]) for row in rows),
    )


def _held(values: tuple[object, ...], id_: UUID, *origin: Any) -> HeldFact:
    return HeldFact(id_, values, *origin)


def _sides(records: set[UUID]) -> dict[UUID, Side]:
    rows = RecordClaim.objects.filter(record_id__in=records)
    return {
        row.record_id: Side(row.record, row.person_id, row.name, row.birth_date, row.birth_precision) for row in rows
    }
