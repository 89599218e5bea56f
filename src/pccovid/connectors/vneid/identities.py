"""An identity with three addresses and its permitted movements (`vneid.jsonl`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import chain

from pccovid.areas.units import Residence
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import JSONL, FileKind, Reading
from pccovid.connectors.persons import (
    PersonColumns,
    about_person,
    address_fact,
    read_commune,
    read_person,
)
from pccovid.connectors.rows import Fact
from pccovid.linkage.claim import Claim
from pccovid.linkage.identifiers import read_identifier
from pccovid.movement.carried import SCAN, TRIP, CarriedScan, CarriedTrip

_CITIZEN = PersonColumns(birth_order="ymd", identifier="citizenId")
_SOMEBODY_ELSES = frozenset(("id_birth_conflict", "id_sex_conflict"))
_ADDRESSES = ("stay", "temporary", "permanent")
"""Where the person is to be found first comes first: the claim carries the first that is known."""


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Claim, three addresses, trips and checkpoint scans."""
    on = fields.day("createdAt") or min(context.today, date(2021, 12, 31))
    homes = [(kind, *_home(fields, kind, on)) for kind in _ADDRESSES]
    claim = _verified(fields, read_person(fields, _CITIZEN, context, *_best_known(homes)))
    facts = [fact for home in homes for fact in address_fact(*home)]
    return about_person(claim, (*facts, *_movements(fields, on)))


def _best_known(homes: Sequence[tuple[str, Residence, str | None]]) -> tuple[()] | tuple[Residence, str | None]:
    """Area and line of the first home whose area is known, else of the first with a line."""
    with_area = ((area, line) for _, area, line in homes if area.province_code)
    with_line = ((area, line) for _, area, line in homes if line)
    return next(chain(with_area, with_line), ())


def _home(fields: Fields, kind: str, on: date) -> tuple[Residence, str | None]:
    return read_commune(fields, (f"{kind}CommuneCode",), on), fields.text(f"{kind}Address")


def _verified(fields: Fields, claim: Claim) -> Claim:
    """The source is the population database: a readable citizen number counts as verified.

    Not where its digits say another birth year or sex than the row: that number was typed, and may be a relative's.
    """
    text = fields.text("oldIdNumber")
    old = read_identifier(text) if text else None
    if old and old.problem:
        fields.refuse("oldIdNumber", old.problem)
    if old and old.old_id is None and not old.problem:
        fields.refuse("oldIdNumber", "not_an_old_id")
    old_id = (old.old_id if old else None) or claim.old_id
    is_verified = claim.personal_id is not None and _SOMEBODY_ELSES.isdisjoint(claim.flags)
    return claim._replace(old_id=old_id, id_verified=is_verified)


def _movements(fields: Fields, on: date) -> Iterator[Fact]:
    for movement in fields.elements("movements"):
        trip_key = movement.text("id")
        if trip_key is None:
            movement.refuse("id", "no_key")
            continue
        yield Fact(TRIP.name, _trip(movement, trip_key, on))
        yield from map(partial(_scan, trip_key), movement.elements("scans"))


def _trip(fields: Fields, key: str, on: date) -> CarriedTrip:
    return CarriedTrip(
        trip_key=key,
        departure_place=None,
        destination_place=None,
        departure_commune=read_commune(fields, ("fromCommuneCode",), on).commune_code,
        destination_commune=read_commune(fields, ("toCommuneCode",), on).commune_code,
        transport=fields.text("transport"),
        vehicle_number=None,
        seat=None,
        departed_at=fields.time("departAt", may_be_future=True),
        valid_until=fields.time("validUntil", may_be_future=True),
    )


def _scan(trip_key: str, fields: Fields) -> Fact:
    return Fact(SCAN.name, CarriedScan(trip_key, fields.time("at"), fields.text("checkpoint")))


VNEID = FileKind(
    system="vneid",
    name="vneid",
    format=JSONL,
    key="id",
    columns=(
        *("id", "createdAt", "fullName", "dob", "sex", "citizenId", "oldIdNumber", "phone"),
        *("permanentCommuneCode", "permanentAddress", "temporaryCommuneCode", "temporaryAddress"),
        *("stayCommuneCode", "stayAddress", "movements"),
    ),
    read=read,
)
