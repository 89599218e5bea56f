"""A registered place (`qr_places.csv`). It is about nobody: the registrant is contact data of the place."""

from __future__ import annotations

from datetime import date

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import CSV, FileKind, Reading
from pccovid.connectors.persons import read_commune, read_phone_field
from pccovid.connectors.rows import Fact
from pccovid.linkage.names import read_name
from pccovid.movement.carried import PLACE, CarriedPlace


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """The place as a fact without a claim."""
    registered = fields.time("registeredAt")
    on = registered.date() if registered else min(context.today, date(2021, 12, 31))
    place = CarriedPlace(
        place_key=key,
        name=fields.text("name"),
        kind=fields.text("kind"),
        commune_code=read_commune(fields, ("communeCode",), on).commune_code,
        address=fields.text("address"),
        registrant_name=read_name(fields.name_text("registrantName")).display,
        registrant_phone=read_phone_field(fields, "registrantPhone"),
        registered_at=registered,
    )
    return Reading(None, (Fact(PLACE.name, place),))


PLACES = FileKind(
    system="qr",
    name="qr_places",
    format=CSV,
    key="placeId",
    columns=(
        *("placeId", "registeredAt", "name", "kind", "communeCode", "address"),
        *("registrantName", "registrantPhone"),
    ),
    read=read,
    optional=frozenset({"registrantPhone"}),
)
