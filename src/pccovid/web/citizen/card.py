"""The COVID card: its colour where one is, and why."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021
from pccovid.covid_card.queries import known_from
from pccovid.covid_card.rules import card
from pccovid.lab_tests.queries import OWN_TESTS
from pccovid.people.queries import OWN_IDENTITY
from pccovid.vaccination.queries import OWN_DOSES
from pccovid.web.citizen.own_pages import RecordIsGone, own_page, read_own


@require_safe
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """The card of the province where the person lives, or of the one they choose, with every condition looked at."""
    identity, doses, tests = read_own(person, OWN_IDENTITY, OWN_DOSES, OWN_TESTS)
    if identity is None:
        raise RecordIsGone
    provinces = registry().provinces(LISTED_2021)
    chosen = request.GET.get("tinh", "")
    province = chosen if chosen in {one.code for one in provinces} else identity.residence.province
    page = {
        "card": card(known_from(doses, tests), province=province, at=timezone.localtime()),
        "provinces": provinces,
        "here": "home",
    }
    return render(request, "citizen/card.html", {**page, "identity": identity})
