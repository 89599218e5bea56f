"""The entry declaration at a border gate (`tokhaiyte_entry.jsonl`)."""

from __future__ import annotations

from pccovid.border.carried import ENTRY, CarriedEntry
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import JSONL, FileKind, Reading
from pccovid.connectors.persons import about_person, address_fact, read_person
from pccovid.connectors.rows import Fact
from pccovid.connectors.tokhaiyte.form import (
    DECLARANT,
    LOCATION,
    ONE_TWO,
    SHOWN,
    SYSTEM,
    answers_of,
    nation_told,
    place_told,
    read_nation,
    read_residence,
)
from pccovid.declarations.carried import DECLARATION, CarriedDeclaration

_SYMPTOMS = {
    "fever": "fever",
    "cough": "cough",
    "dyspnoea": "dyspnoea",
    "soreThroat": "sore_throat",
    "vomiting": "vomiting",
    "diarrhoea": "diarrhoea",
    "haemorrhage": "haemorrhage",
    "rash": "rash",
}


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Claim, border crossing, health answers and the address in Viet Nam."""
    residence, line = read_residence(fields, context), fields.text("address")
    claim = read_person(fields, DECLARANT, context, residence, line, nationality=read_nation(fields, context))
    facts = (
        Fact(ENTRY.name, _crossing(fields, context)),
        Fact(DECLARATION.name, _declaration(fields, key)),
        *address_fact("stay", residence, line),
    )
    return about_person(claim, facts)


def _crossing(fields: Fields, context: ReadingContext) -> CarriedEntry:
    return CarriedEntry(
        gate=fields.text("gate"),
        vehicle_kind=fields.text("vehicleType"),
        vehicle_number=fields.text("vehicleNo"),
        seat=fields.text("seatNo"),
        departed_on=fields.day("departureDate", may_be_future=True),
        entered_on=fields.day("entryDate", may_be_future=True),
        departure_country=nation_told(fields, "departureCountry", context),
        departure_province=place_told(fields, "departureProvince", context),
        destination_province=place_told(fields, "destinationProvince", context),
        places_passed=fields.texts("placesPassed"),
        vaccines_used=fields.text("vaccinesUsed"),
    )


def _declaration(fields: Fields, key: str) -> CarriedDeclaration:
    shown = fields.nested("symptoms")
    marks = {symptom: shown.answer(column, SHOWN) for column, symptom in _SYMPTOMS.items()}
    return CarriedDeclaration(
        form="entry",
        source_key=key,
        declared_at=fields.time("createdAt"),
        is_for_other=False,
        symptoms=tuple(symptom for symptom, mark in marks.items() if mark == "yes"),
        symptom_note=None,
        travel_note=None,
        chronic_diseases=(),
        answers=answers_of(
            has_symptom=_any_symptom(marks),
            contact_animals=fields.answer("contactAnimals", ONE_TWO),
            contact_sick=fields.answer("contactSick", ONE_TWO),
        ),
    )


def _any_symptom(marks: dict[str, str | None]) -> str | None:
    """'yes' for any, 'no' only where all eight were answered no."""
    if "yes" in marks.values():
        return "yes"
    return "no" if set(marks.values()) == {"no"} else None


ENTRY_DECLARATION = FileKind(
    system=SYSTEM,
    name="tokhaiyte_entry",
    format=JSONL,
    key="id",
    columns=(
        *("id", "createdAt", "gate", "fullName", "birthYear", "gender", "nation", "passport"),
        *("vehicleType", "vehicleNo", "seatNo", "departureDate", "entryDate"),
        *("departureCountry", "departureProvince", "destinationProvince", "placesPassed"),
        *("provinceId", "districtId", "wardId", "address", "phone", "email"),
        *("symptoms", "vaccinesUsed", "contactAnimals", "contactSick"),
    ),
    read=read,
    dropped=LOCATION,
)
