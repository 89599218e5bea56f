"""The domestic movement declaration (`tokhaiyte_movement.csv`)."""

from __future__ import annotations

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.fields import Fields
from pccovid.connectors.file_kinds import CSV, FileKind, Reading
from pccovid.connectors.persons import about_person, address_fact, read_person
from pccovid.connectors.rows import Fact
from pccovid.connectors.tokhaiyte.form import LOCATION, MOVING_PERSON, SYSTEM, read_residence
from pccovid.declarations.carried import DECLARATION, CarriedDeclaration
from pccovid.movement.carried import TRIP, CarriedTrip


def read(fields: Fields, key: str, context: ReadingContext) -> Reading:
    """Claim, residence, the declared trip, and a declaration without answers: its export carries none."""
    residence, line = read_residence(fields, context), fields.text("address")
    claim = read_person(fields, MOVING_PERSON, context, residence, line)
    trip = CarriedTrip(
        trip_key=key,
        departure_place=fields.text("departurePlace"),
        destination_place=fields.text("destinationPlace"),
        departure_commune=None,
        destination_commune=None,
        transport=fields.text("transport"),
        vehicle_number=fields.text("plateOrFlight"),
        seat=fields.text("seat"),
        departed_at=fields.time("departureAt", may_be_future=True),
        valid_until=None,
    )
    declared = CarriedDeclaration("movement", key, fields.time("createdAt"), False, (), None, None, (), {})
    facts = (Fact(TRIP.name, trip), Fact(DECLARATION.name, declared), *address_fact("residence", residence, line))
    return about_person(claim, facts)


MOVEMENT = FileKind(
    system=SYSTEM,
    name="tokhaiyte_movement",
    format=CSV,
    key="id",
    columns=(
        *("id", "createdAt", "fullName", "birthYear", "gender", "phone", "passport"),
        *("provinceId", "districtId", "wardId", "address", "departurePlace", "destinationPlace"),
        *("transport", "plateOrFlight", "seat", "departureAt"),
    ),
    read=read,
    optional=frozenset({"seat", "departureAt"}),
    dropped=LOCATION,
)
