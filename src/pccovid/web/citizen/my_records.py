"""One page for each kind of fact: all of them, with everything known and where it came from."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pccovid.border.queries import own_entries
from pccovid.declarations.queries import own_declarations
from pccovid.insurance.queries import own_cards
from pccovid.lab_tests.queries import own_tests
from pccovid.movement.queries import own_trips, own_visits
from pccovid.people.queries import own_addresses, own_family, own_identity
from pccovid.vaccination.queries import own_doses
from pccovid.web.citizen.own_pages import RecordIsGone, View, own_page, own_record


def _page(template: str, read: Callable[[UUID], object]) -> View:
    """A page that shows what one query reads, as `facts`."""

    @require_safe
    @own_page
    def show(request: HttpRequest, person: UUID) -> HttpResponse:
        with own_record(person):
            facts = read(person)
        if facts is None:
            raise RecordIsGone
        return render(request, f"citizen/records/{template}.html", {"facts": facts, "here": "home"})

    return show


identity = _page("identity", own_identity)
doses = _page("doses", own_doses)
tests = _page("tests", own_tests)
declarations = _page("declarations", own_declarations)
visits = _page("visits", own_visits)
trips = _page("trips", own_trips)
entries = _page("entries", own_entries)
cards = _page("cards", own_cards)
addresses = _page("addresses", own_addresses)
family = _page("family", own_family)
