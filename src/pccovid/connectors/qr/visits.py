"""A visit (`qr_visits.csv`): who came is said by a scanned code, a card number, or a phone and name."""

from __future__ import annotations

from datetime import date
from typing import Any

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import CSV, FileKind, Reading
from pccovid.connectors.persons import PersonColumns, about_person, read_person
from pccovid.connectors.rows import Fact
from pccovid.connectors.written_addresses import residence_in
from pccovid.linkage.claim import Claim
from pccovid.linkage.identifiers import read_identifier
from pccovid.linkage.names import read_name
from pccovid.movement.carried import VISIT, CarriedVisit
from pccovid.people.qr_codes import PersonalQr, read_personal_qr

_VISITOR = PersonColumns(birth="", sex="", identifier="cccd", insurance="bhyt")
_NAMES = {"name": "display", "name_full": "full", "name_key": "key", "name_sorted": "sorted_key"}
"""Field of the claim → part of the name that is read from the code."""
_TYPED_FIRST = ("personal_id", "old_id", "passport", "insurance_no", "insurance_card", "phone")
"""Numbers of which the typed one stays."""
_AREA = ("province_code", "district_code", "commune_code")
_WAYS = {written: way for way in ("personal_qr", "paper_qr", "cccd", "bhyt", "phone")
         for written in (way, way.replace("_", ""), way.replace("_", " "))}  # fmt: skip


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Claim and visit. Typed columns come first; the scanned code fills what they leave open."""
    claim = read_person(fields, _VISITOR, context)
    code = _scanned(fields)
    if code is not None:
        claim = with_code(fields, claim, code, _day_of(fields, context))
    visit = CarriedVisit(
        place_key=fields.code("placeId"),
        entered_at=fields.time("scannedAt"),
        left_at=fields.time("leftAt"),
        via=fields.coded("via", _WAYS),
    )
    return about_person(claim, (Fact(VISIT.name, visit),))


def _day_of(fields: Fields, context: ReadingContext) -> date:
    """The day whose list of areas an address is read by: the scan's, or the last day of the old lists."""
    scanned = fields.time("scannedAt")
    return scanned.date() if scanned else min(context.today, date(2021, 12, 31))


def _scanned(fields: Fields) -> PersonalQr | None:
    text = fields.text("qrText")
    if text is None:
        return None
    code = read_personal_qr(text)
    if code.kind is None and (number := _bare_number(text)):
        return number
    if code.problem:
        fields.refuse("qrText", code.problem)
    return code


def _bare_number(text: str) -> PersonalQr | None:
    """A text that is but a citizen's number or a whole insurance card's, as a scanner of old cards gives it."""
    reading = read_identifier(text)
    number, card = reading.personal_id, reading.insurance_card
    if number is None and card is None:
        return None
    return PersonalQr(personal_id=number, insurance_no=reading.insurance_no if card else None, insurance_card=card)


def with_code(fields: Fields, claim: Claim, code: PersonalQr, on: date) -> Claim:
    """The claim with what the code says; two different citizen numbers in one row are noted, the typed one stays."""
    if claim.personal_id and code.personal_id and claim.personal_id != code.personal_id:
        fields.refuse("qrText", "qr_contradicts_row")
        return claim
    name = read_name(code.name)
    named = {field: getattr(claim, field) or getattr(name, part) for field, part in _NAMES.items()}
    numbers = {field: getattr(claim, field) or getattr(code, field) for field in _TYPED_FIRST}
    return claim._replace(
        **named, **numbers, **_area_of(code, on),
        birth_date=code.birth_date,
        birth_precision=code.birth_precision,
        sex=code.sex,
        qid=code.qid,
        id_tail=code.document_tail,
        phone_is_own=not (code.declared_by_other and claim.phone is None),
        address=code.address,
        flags=(
            *(claim.flags if claim.name else (*_without_name_doubts(claim.flags), *name.flags)),
            *_doubts_of_birth(code),
        ),
    )  # fmt: skip


def _area_of(code: PersonalQr, on: date) -> dict[str, Any]:
    """The codes of the unit that the code's address names, where it names one: what is typed has none."""
    residence = residence_in(code.address, on) if code.address and "," in code.address else None
    return {field: getattr(residence, field) for field in _AREA} if residence else {}


def _doubts_of_birth(code: PersonalQr) -> tuple[str, ...]:
    """01/01 is what a form shows, in a code as on paper (birth_dates)."""
    born = code.birth_date
    is_default = born is not None and code.birth_precision == "day" and (born.month, born.day) == (1, 1)
    return ("birth_default",) if is_default else ()


def _without_name_doubts(flags: tuple[str, ...]) -> tuple[str, ...]:
    """Doubts about the typed name say nothing of the name in the code."""
    return tuple(flag for flag in flags if flag not in ("not_a_name", "newborn_without_name"))


VISITS = FileKind(
    system="qr",
    name="qr_visits",
    format=CSV,
    key="visitId",
    columns=(
        *("visitId", "placeId", "scannedAt", "leftAt", "via", "qrText", "cccd", "bhyt"),
        *("phone", "fullName"),
    ),
    read=read,
    optional=frozenset({"phone", "fullName"}),
)
