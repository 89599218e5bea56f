"""A registration in the electronic health book (`sskdt_people.csv`)."""

from __future__ import annotations

from datetime import date

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import CSV, FileKind, Reading
from pccovid.connectors.persons import (
    PersonColumns,
    about_person,
    address_fact,
    card_fact,
    read_commune,
    read_nationality_field,
    read_person,
)

SYSTEM, PEOPLE_KIND = "sskdt", "sskdt_people"
_PERSON = PersonColumns(insurance="bhytNumber")
_AREA_COLUMNS = ("communeCode", "districtCode", "provinceCode")


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Claim, address and insurance card. Occupation, ethnicity and priority group stay in the payload."""
    registered = fields.day("registeredAt") or min(context.today, date(2021, 12, 31))
    residence, line = read_commune(fields, _AREA_COLUMNS, registered), fields.text("address")
    nationality = read_nationality_field(fields, "nationality")
    claim = read_person(fields, _PERSON, context, residence, line, nationality=nationality)
    return about_person(claim, (*address_fact("residence", residence, line), *card_fact(claim)))


PEOPLE = FileKind(
    system=SYSTEM,
    name=PEOPLE_KIND,
    format=CSV,
    key="personId",
    columns=(
        *("personId", "registeredAt", "fullName", "dob", "sex", "phone", "idNumber", "bhytNumber"),
        *("occupation", "ethnicity", "nationality", "priorityGroup"),
        *("provinceCode", "districtCode", "communeCode", "address"),
    ),
    read=read,
    optional=frozenset({"address"}),
)
