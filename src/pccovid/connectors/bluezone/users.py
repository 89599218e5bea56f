"""A Bluezone registration (`bluezone_users.csv`): phone, name and an address in free text."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pccovid.areas.free_text import resolve
from pccovid.areas.registry import registry
from pccovid.areas.units import Residence
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import CSV, FileKind, Reading
from pccovid.connectors.persons import PersonColumns, about_person, address_fact, read_person

ADDRESS_LIMIT = 300
"""Characters; what is longer is no address, and searching it for names would take its time."""
_USER = PersonColumns(birth="", sex="", identifier="")


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Claim and address; area codes only where the text names exactly one unit."""
    registered, line = fields.day("registeredAt"), fields.text("address")
    on = registered or min(context.today, date(2021, 12, 31))
    residence = residence_in(line, on) if line and len(line) <= ADDRESS_LIMIT else None
    claim = read_person(fields, _USER, context, residence, line)
    return about_person(claim, address_fact("residence", residence, line))


@lru_cache(maxsize=1 << 14)
def residence_in(line: str, on: date) -> Residence | None:
    """2021 codes of the unit that a free-text address names; None where it names none or several."""
    unit = resolve(line, on=on).unit
    return registry().residence(unit.code, on=on) if unit else None


USERS = FileKind(
    system="bluezone",
    name="bluezone_users",
    format=CSV,
    key="userId",
    columns=("userId", "registeredAt", "phone", "fullName", "address"),
    read=read,
    optional=frozenset({"address"}),
)
