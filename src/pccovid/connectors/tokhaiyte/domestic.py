"""The domestic health declaration (`tokhaiyte_domestic.csv`)."""

from __future__ import annotations

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import CSV, FileKind, Reading
from pccovid.connectors.persons import about_person, address_fact, read_person
from pccovid.connectors.rows import Fact
from pccovid.connectors.tokhaiyte.form import (
    DECLARANT,
    LOCATION,
    ON_BEHALF,
    ONE_TWO,
    SHOWN,
    SYSTEM,
    answers_of,
    read_nation,
    read_residence,
)
from pccovid.declarations.carried import DECLARATION, CarriedDeclaration


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Claim, residence and declaration. A declaration for another carries the typist's phone, not the person's."""
    is_for_other = fields.answer("otherUser", ON_BEHALF) == "yes"
    residence, line = read_residence(fields, context), fields.text("address")
    claim = read_person(
        fields,
        DECLARANT,
        context,
        residence,
        line,
        nationality=read_nation(fields, context),
        phone_is_own=not is_for_other,
    )
    declaration = _declaration(fields, key, is_for_other)
    return about_person(claim, (Fact(DECLARATION.name, declaration), *address_fact("residence", residence, line)))


def _declaration(fields: Fields, key: str, is_for_other: bool) -> CarriedDeclaration:
    answers = answers_of(
        has_symptom=fields.answer("showSignal", SHOWN),
        has_travelled=fields.answer("showCountryPassing", SHOWN),
        contact_case=fields.answer("hasPatient", ONE_TWO),
        contact_from_sick_country=fields.answer("hasFromSickCountry", ONE_TWO),
        contact_sick=fields.answer("hasSick", ONE_TWO),
        local_transport=fields.text("isLocalTransport"),
    )
    return CarriedDeclaration(
        form="domestic",
        source_key=key,
        declared_at=fields.time("createdAt"),
        is_for_other=is_for_other,
        symptoms=(),
        symptom_note=fields.text("showSignalNote"),
        travel_note=fields.text("countryPassing"),
        chronic_diseases=(),
        answers=answers,
    )


DOMESTIC = FileKind(
    system=SYSTEM,
    name="tokhaiyte_domestic",
    format=CSV,
    key="id",
    columns=(
        *("id", "createdAt", "otherUser", "fullName", "passport", "birthYear", "gender", "nation"),
        *("provinceId", "districtId", "wardId", "address", "phone", "email"),
        *("showCountryPassing", "countryPassing", "showSignal", "showSignalNote"),
        *("hasPatient", "hasFromSickCountry", "hasSick", "isLocalTransport", "lat", "long"),
    ),
    read=read,
    optional=frozenset({"isLocalTransport", "lat", "long"}),
    dropped=LOCATION,
)
