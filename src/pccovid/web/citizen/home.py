"""Home: one look at everything that is known about oneself, newest first, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pccovid.border.queries import OwnEntry, own_entries
from pccovid.declarations.queries import OwnDeclaration, own_declarations
from pccovid.insurance.queries import OwnCard, own_cards
from pccovid.lab_tests.queries import OwnTest, own_tests
from pccovid.movement.queries import OwnTrip, OwnVisit, own_trips, own_visits
from pccovid.people.queries import FamilyTie, OwnAddress, OwnIdentity, own_addresses, own_family, own_identity
from pccovid.vaccination.queries import OwnDose, own_doses
from pccovid.web.citizen.own_pages import RecordIsGone, own_page, own_record

SHOWN = 3
"""Facts of one kind on the home page; the rest is one press away."""


@dataclass(frozen=True)
class OwnRecord:
    """Everything the system knows about one person, for that person."""

    identity: OwnIdentity
    doses: tuple[OwnDose, ...]
    tests: tuple[OwnTest, ...]
    declarations: tuple[OwnDeclaration, ...]
    visits: tuple[OwnVisit, ...]
    trips: tuple[OwnTrip, ...]
    entries: tuple[OwnEntry, ...]
    cards: tuple[OwnCard, ...]
    addresses: tuple[OwnAddress, ...]
    family: tuple[FamilyTie, ...]


def read_own_record(person: UUID) -> OwnRecord:
    """The whole record in one opened access. Raises RecordIsGone."""
    with own_record(person):
        identity = own_identity(person)
        if identity is None:
            raise RecordIsGone
        return OwnRecord(
            identity,
            own_doses(person),
            own_tests(person),
            own_declarations(person),
            own_visits(person),
            own_trips(person),
            own_entries(person),
            own_cards(person),
            own_addresses(person),
            own_family(person),
        )


@require_safe
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """The home page."""
    record = read_own_record(person)
    return render(
        request,
        "citizen/home.html",
        {"record": record, "here": "home", "newest": f":{SHOWN}", "latest_doses": record.doses[::-1]},
    )
