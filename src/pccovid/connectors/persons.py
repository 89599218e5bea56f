"""From a row's person columns to a claim: every connector reads names, births, ids and phones the same way."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021, LISTED_2025_03, Residence
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import Reading
from pccovid.connectors.nationalities import read_nationality
from pccovid.connectors.rows import Fact
from pccovid.insurance.carried import CARD, CarriedCard
from pccovid.linkage.birth_dates import BirthReading, DateOrder, read_birth_date
from pccovid.linkage.claim import Claim
from pccovid.linkage.identifiers import INSURANCE_UNSURE, IdReading, read_identifier, read_insurance
from pccovid.linkage.names import NameReading, read_name
from pccovid.linkage.phones import PhoneReading, read_phone
from pccovid.linkage.sexes import read_sex
from pccovid.people.carried import ADDRESS, CarriedAddress

NOT_A_NAME = "not_a_name"
_NO_RESIDENCE = Residence(None, None, None)  # type: ignore[arg-type]


class _Readings:
    """What was read before, kept. A delivery names the same people in each of its files; messages name others each."""

    def __init__(self, names: int, phones: int) -> None:
        self.name = lru_cache(maxsize=names)(read_name)
        self.birth = lru_cache(maxsize=names)(read_birth_date)
        self.phone = lru_cache(maxsize=phones)(read_phone)


_readings = [_Readings(1 << 16, 1 << 14)]
_NO_ID, _NO_BIRTH = IdReading(), BirthReading()


def keep_few_readings() -> None:
    """For a process that takes in single messages: what is sized for deliveries would only fill it with names."""
    _readings[:] = [_Readings(1 << 10, 1 << 10)]


class PersonColumns(NamedTuple):
    """Which columns of a file describe the person; '' where the file has none."""

    name: str = "fullName"
    birth: str = "dob"
    birth_order: DateOrder = "dmy"
    sex: str = "sex"
    identifier: str = "idNumber"
    insurance: str = ""
    phone: str = "phone"
    email: str = ""


def read_person(
    fields: Fields,
    columns: PersonColumns,
    context: ReadingContext,
    residence: Residence | None = None,
    address: str | None = None,
    **others: Any,
) -> Claim:
    """The person columns as a claim at this residence; refused values are noted in `fields`.

    `others` are further fields of Claim.
    """
    area = residence or _NO_RESIDENCE
    name = _read_name(fields, columns.name)
    birth = _read_birth(fields, columns, context.today)
    sex = _read_sex(fields, columns.sex)
    ids = _read_identifier(fields, columns.identifier, birth, sex)
    number, card = _read_insurance(fields, columns.insurance)
    if number or card:
        ids = ids._replace(flags=tuple(flag for flag in ids.flags if flag != INSURANCE_UNSURE))
    else:
        # A number that stands in the identifier column counts where the insurance column says nothing.
        number, card = ids.insurance_no, ids.insurance_card
    return Claim(
        name=name.display,
        name_full=name.full,
        name_key=name.key,
        name_sorted=name.sorted_key,
        birth_date=birth.date,
        birth_precision=birth.precision,
        birth_swapped=birth.swapped,
        sex=sex,
        personal_id=ids.personal_id,
        old_id=ids.old_id,
        passport=ids.passport,
        insurance_no=number,
        insurance_card=card,
        phone=read_phone_field(fields, columns.phone),
        email=_read_email(fields, columns.email),
        flags=name.flags + birth.flags + ids.flags,
        province_code=area.province_code,
        district_code=area.district_code,
        commune_code=area.commune_code,
        address=address,
        **others,
    )


def _read_name(fields: Fields, column: str) -> NameReading:
    reading = _readings[0].name(fields.name_text(column))
    if NOT_A_NAME in reading.flags:
        fields.refuse(column, NOT_A_NAME)
    return reading


def _read_birth(fields: Fields, columns: PersonColumns, today: date) -> BirthReading:
    text = fields.text(columns.birth)
    if text is None:
        return _NO_BIRTH
    order = "dmy" if columns.birth_order == "ymd" and "/" in text else columns.birth_order  # ISO dates have dashes
    reading = _readings[0].birth(text, order=order, today=today)
    if reading.problem:
        fields.refuse(columns.birth, reading.problem)
    return reading


def _read_sex(fields: Fields, column: str) -> str | None:
    text = fields.text(column)
    return read_sex(text) if text else None


def _read_identifier(fields: Fields, column: str, birth: BirthReading, sex: str | None) -> IdReading:
    text = fields.text(column)
    if text is None:
        return _NO_ID
    reading = read_identifier(text, birth_year=birth.date.year if birth.date else None, sex=sex)
    if reading.problem:
        fields.refuse(column, reading.problem)
    return reading


def _read_insurance(fields: Fields, column: str) -> tuple[str | None, str | None]:
    number, card, problem = read_insurance(fields.text(column)) if column else (None, None, None)
    if problem:
        fields.refuse(column, problem)
        return None, None
    return number, card


def read_phone_field(fields: Fields, column: str) -> str | None:
    """A phone in its national form of today, or None."""
    text = fields.text(column)
    if text is None:
        return None
    reading: PhoneReading = _readings[0].phone(text)
    if reading.problem:
        fields.refuse(column, reading.problem)
    return reading.phone


def _read_email(fields: Fields, column: str) -> str | None:
    text = fields.text(column) if column else None
    if text is None:
        return None
    local, at, domain = text.partition("@")
    if at and local and "." in domain and " " not in text and len(text) <= 254:
        return text.lower()
    fields.refuse(column, "email_malformed")
    return None


def read_nationality_field(fields: Fields, column: str) -> str | None:
    """Alpha-2 code of a country written out, or None."""
    text = fields.text(column)
    if text is None:
        return None
    code = read_nationality(text)
    if code is None:
        fields.refuse(column, "unknown_nation")
    return code


def read_commune(fields: Fields, columns: tuple[str, ...], on: date) -> Residence:
    """Residence for area codes, the lowest column first; a code that no list knows is refused as 'unknown_area'."""
    refused = ""
    for column in columns:
        code = fields.text(column)
        if code is None:
            continue
        residence = residence_of(code, _width(column), _day_of_list(on))
        if residence is not None:
            break
        refused = refused or column
    else:
        residence = _NO_RESIDENCE
    if refused:
        fields.refuse(refused, "unknown_area")
    return residence


@lru_cache(maxsize=1 << 15)
def residence_of(code: str, width: int, on: date) -> Residence | None:
    """2021 residence for a code of `width` digits; a leading zero that a spreadsheet took off is put back."""
    digits = code.removesuffix(".0")
    if not (digits.isascii() and digits.isdecimal()):
        return None
    return registry().residence(digits.zfill(width), on=on)


def _day_of_list(on: date) -> date:
    """Codes of all days before the later lists mean the same, so they share one place in the cache."""
    return on if on >= LISTED_2025_03 else LISTED_2021


@lru_cache(maxsize=64)
def _width(column: str) -> int:
    lower = column.casefold()
    return 2 if "province" in lower else 3 if "district" in lower else 5


def address_fact(kind: str, residence: Residence | None, line: str | None) -> tuple[Fact, ...]:
    """One address fact, none where nothing is known."""
    area = residence or _NO_RESIDENCE
    if line is None and area.province_code is None:
        return ()
    values = CarriedAddress(kind, area.commune_code, area.district_code, area.province_code, line)
    return (Fact(ADDRESS.name, values),)


def card_fact(claim: Claim) -> tuple[Fact, ...]:
    """The insurance number that the row reports, as a card not yet checked."""
    if claim.insurance_no is None and claim.insurance_card is None:
        return ()
    return (Fact(CARD.name, CarriedCard(claim.insurance_no, claim.insurance_card)),)


def about_person(claim: Claim, facts: tuple[Fact, ...]) -> Reading:
    """Hold a row that names nobody, or whose only name is none ('test', '123') and that has no number to trust."""
    if "test_entry" in claim.flags:
        return Reading(claim, facts, "not_a_person")
    named = (claim.name, claim.personal_id, claim.old_id, claim.passport, claim.insurance_no, claim.insurance_card)
    if any(named) or claim.account:
        return Reading(claim, facts)
    if NOT_A_NAME in claim.flags:
        return Reading(claim, facts, "not_a_person")
    return Reading(claim, facts, "" if claim.phone else "nobody_named")
