"""A Bluezone registration (`bluezone_users.csv`): phone, name and an address in free text."""

from __future__ import annotations

from datetime import date

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import CSV, FileKind, Reading
from pccovid.connectors.persons import PersonColumns, about_person, address_fact, read_person
from pccovid.connectors.written_addresses import residence_in

_USER = PersonColumns(birth="", sex="", identifier="")


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Claim and address; area codes only where the text names exactly one unit."""
    registered, line = fields.day("registeredAt"), fields.text("address")
    on = registered or min(context.today, date(2021, 12, 31))
    residence = residence_in(line, on)
    claim = read_person(fields, _USER, context, residence, line)
    return about_person(claim, address_fact("residence", residence, line))


USERS = FileKind(
    system="bluezone",
    name="bluezone_users",
    format=CSV,
    key="userId",
    columns=("userId", "registeredAt", "phone", "fullName", "address"),
    read=read,
    optional=frozenset({"address"}),
)
