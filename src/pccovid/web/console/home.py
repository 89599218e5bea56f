"""The console's first page: what this office has to do, by desk."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pccovid.officers.offices import OFFICES
from pccovid.web.console.desk import Desk, categories_of, desk_page, purposes_of
from pccovid.web.console.today import duties_of


@require_safe
@desk_page(*OFFICES)
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The office's desks with what waits at each, and what it may read for which purpose."""
    may_read = [(purpose, sorted(categories_of(desk.role, purpose))) for purpose in purposes_of(desk.role)]
    return render(request, "console/home.html", {"desk": desk, "duties": duties_of(desk), "may_read": may_read})
