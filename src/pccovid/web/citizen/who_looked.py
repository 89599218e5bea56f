"""Who looked at my record: every officer, when, in which office, what for, and which parts."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pccovid.people.queries import who_looked
from pccovid.web.citizen.own_pages import own_page, own_record


@require_safe
@own_page
def show(request: HttpRequest, person: UUID) -> HttpResponse:
    """The person's own view of the access log."""
    with own_record(person):
        looks = who_looked(person)
    return render(request, "citizen/who_looked.html", {"looks": looks, "here": "looked"})
