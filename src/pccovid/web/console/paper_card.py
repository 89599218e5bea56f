"""A card of paper for somebody without a phone, printed by the health station of where they live."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pccovid.officers.offices import HEALTH_STATION, OFFICES
from pccovid.people.queries import own_identity
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight
from pccovid.web.paper_cards import paper_card

_TASK = Task(OFFICES[HEALTH_STATION].purpose, "in thẻ giấy")
_SHOWN = ["identity"]


@require_safe
@desk_page(HEALTH_STATION)
def show(request: HttpRequest, desk: Desk, person_id: UUID) -> HttpResponse:
    """The card in two sizes, with the masked code alone; that it was printed stands under who looked."""
    with desk.reading(_TASK, desk.only(person_id)) as disclosures:
        identity = own_identity(person_id)
        if identity is not None:
            disclosures.add([person_id], _SHOWN)
    if identity is None:
        return not_in_sight(request, desk)
    page = {"desk": desk, "person_id": person_id, "card": paper_card(identity)}
    return render(request, "console/paper_card.html", page)
