"""A dose as a facility entered it (`sskdt_doses.csv`)."""

from __future__ import annotations

import re

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import CSV, FileKind, Reading
from pccovid.connectors.persons import PersonColumns, about_person, read_person
from pccovid.connectors.rows import Fact
from pccovid.connectors.sskdt.people import PEOPLE_KIND, SYSTEM
from pccovid.connectors.sskdt.products import read_product
from pccovid.linkage.doses import dose_text
from pccovid.linkage.syllables import fold_to_ascii
from pccovid.vaccination.carried import DOSE, CarriedDose

_VACCINATED = PersonColumns()
_WORDED_NUMBER = re.compile(r"(?:mui|lieu|lan|dose)\s*(?:so|thu)?\s*(\d{1,2})", re.ASCII)


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Claim and dose. A personId and identifying columns in one row are both kept: they may contradict."""
    person_id = fields.text("personId")
    account = f"{SYSTEM}:{PEOPLE_KIND}:{person_id}" if person_id else None
    claim = read_person(fields, _VACCINATED, context, account=account)
    dose = _dose(fields)
    claim = claim._replace(dose=dose_text(dose.dose_number, dose.occurred_on))
    return about_person(claim, (Fact(DOSE.name, dose),))


def _dose(fields: Fields) -> CarriedDose:
    text = fields.text("product")
    product = read_product(text) if text else None
    if text and product is None:
        fields.refuse("product", "unknown_product")
    return CarriedDose(
        product=product,
        product_text=text,
        lot_number=fields.text("lotNumber"),
        occurred_on=fields.day("injectedAt"),
        dose_number=_dose_number(fields),
        site_code=fields.text("siteCode"),
        site_name=fields.text("siteName"),
        reaction_note=fields.text("reactionNote"),
        entered_at=fields.time("enteredAt"),
    )


def _dose_number(fields: Fields) -> int | None:
    """A number, also behind the word for a dose ('Mũi 2')."""
    worded = _WORDED_NUMBER.fullmatch(fold_to_ascii(fields.text("doseNumber") or "").casefold())
    return int(worded.group(1)) if worded else fields.whole_number("doseNumber")


DOSES = FileKind(
    system=SYSTEM,
    name="sskdt_doses",
    format=CSV,
    key="doseId",
    columns=(
        *("doseId", "personId", "fullName", "dob", "sex", "phone", "idNumber"),
        *("doseNumber", "product", "lotNumber", "injectedAt", "siteCode", "siteName"),
        *("reactionNote", "enteredAt"),
    ),
    read=read,
    optional=frozenset({"reactionNote", "enteredAt"}),
)
