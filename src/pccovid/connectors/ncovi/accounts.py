"""What an NCOVI account and its household members mean (`ncovi.jsonl`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pccovid.areas.units import Residence
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import JSONL, FileKind, Reading
from pccovid.connectors.ncovi.households import ACCOUNT, split
from pccovid.connectors.persons import (
    PersonColumns,
    about_person,
    address_fact,
    card_fact,
    read_commune,
    read_nationality_field,
    read_person,
    read_phone_field,
)
from pccovid.connectors.rows import Fact
from pccovid.connectors.symptoms import read_symptoms
from pccovid.connectors.words import YES_NO_WORDS, is_self
from pccovid.declarations.carried import DECLARATION, CarriedDeclaration
from pccovid.people.carried import RELATIONSHIP, CarriedRelationship

SYSTEM = "ncovi"
_HOLDER = PersonColumns()
_MEMBER = PersonColumns(insurance="socialInsuranceNo")
_AREA_COLUMNS = ("communeCode", "districtCode", "provinceCode")
_CONTACT_WORDS = YES_NO_WORDS | {"1": "yes", "0": "no", "2": "no"}


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """An account, or one member of its household."""
    return _read_member(fields, key, context) if ACCOUNT in fields.values else _read_account(fields, key, context)


def _read_account(fields: Fields, key: str, context: ReadingContext) -> Reading:
    residence, line = _home(fields, context.today)
    claim = read_person(fields, _HOLDER, context, residence, line, household=f"{SYSTEM}:{key}")
    for member in fields.elements("household"):  # those with an id are records of their own by now
        member.refuse("memberId", "no_key")
    facts = (*_declarations(fields, {None, key}), *address_fact("residence", residence, line), *card_fact(claim))
    return about_person(claim, facts)


def _read_member(fields: Fields, key: str, context: ReadingContext) -> Reading:
    account = fields.nested(ACCOUNT)
    account_key = account.text("accountId") or ""
    quiet = Fields(account.values, fields.today)  # its refused values are the account row's own
    residence, line = _home(quiet, context.today)
    relation = fields.text("relation")
    claim = read_person(
        fields,
        _MEMBER,
        context,
        residence,
        line,
        nationality=read_nationality_field(fields, "nationality"),
        **_place_in_household(account_key, relation),
    )
    if claim.phone is not None and claim.phone == read_phone_field(quiet, "phone"):
        claim = claim._replace(phone_is_own=False)
    facts = (
        *_relationship(account_key, relation),
        *_declarations(fields, {key}),
        *address_fact("residence", residence, line),
        *card_fact(claim),
    )
    return about_person(claim, facts)


def _place_in_household(account_key: str, relation: str | None) -> dict[str, str]:
    """A member who is 'the declarant' is the account holder again, not another person of the list."""
    if not account_key:
        return {}
    if relation and is_self(relation):
        return {"account": f"{SYSTEM}:{SYSTEM}:{account_key}"}
    return {"household": f"{SYSTEM}:{account_key}"}


def _relationship(account_key: str, relation: str | None) -> Iterator[Fact]:
    if account_key and not (relation and is_self(relation)):
        yield Fact(RELATIONSHIP.name, CarriedRelationship("household", relation, SYSTEM, SYSTEM, account_key))


def _home(fields: Fields, today: date) -> tuple[Residence, str | None]:
    created = fields.day("createdAt") or min(today, date(2021, 12, 31))
    return read_commune(fields, _AREA_COLUMNS, created), fields.text("address")


def _declarations(fields: Fields, about: set[str | None]) -> Iterator[Fact]:
    """Declarations about this record's person; one about a member that is not on the list is nobody's."""
    for declaration in fields.elements("declarations"):
        if declaration.text("memberId") not in about:
            declaration.refuse("memberId", "unknown_member")
            continue
        yield Fact(DECLARATION.name, _declaration(declaration))


def _declaration(fields: Fields) -> CarriedDeclaration:
    symptoms, note = read_symptoms(fields.texts("symptoms"))
    answer = _contact(fields)
    return CarriedDeclaration(
        form="daily",
        source_key=fields.text("declarationId") or "",
        declared_at=fields.time("at"),
        is_for_other=False,
        symptoms=symptoms,
        symptom_note=note,
        travel_note=None,
        chronic_diseases=fields.texts("chronicDiseases"),
        answers={"contact_case": answer} if answer else {},
    )


def _contact(fields: Fields) -> str | None:
    """'yes', 'no', or what was written; the form's switch (1 and 0, true and false) or a text, or several."""
    if isinstance(fields.values.get("contactHistory"), bool):
        return fields.answer("contactHistory", {})
    told = "; ".join(fields.texts("contactHistory"))
    return _CONTACT_WORDS.get(told.casefold(), told) or None


NCOVI = FileKind(
    system=SYSTEM,
    name="ncovi",
    format=JSONL,
    key="accountId",
    columns=(
        *("accountId", "createdAt", "fullName", "dob", "sex", "idNumber", "phone"),
        *("provinceCode", "districtCode", "communeCode", "address", "household", "declarations"),
    ),
    read=read,
    split=split,
    nested_columns=(
        *("memberId", "fullName", "relation", "idNumber", "socialInsuranceNo", "nationality"),
        *("sex", "dob", "phone", "declarations", ACCOUNT),
    ),
)
