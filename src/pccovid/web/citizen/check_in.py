"""Checking in and out at a place by the link on its poster: oneself and one's children at once, without JavaScript."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pccovid.inspection.queries import OWN_PERSONS
from pccovid.officers.database import Refused
from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.rules import CodeRefused, place_on_poster
from pccovid.places import operations, queries
from pccovid.places.queries import Place
from pccovid.web.citizen import session
from pccovid.web.citizen.own_pages import own_record, read_own

_WAYS = {"in": operations.IN, "out": operations.OUT}
_AFTER = "go_on_to"


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest, code: str) -> HttpResponse:
    """The place and who comes; with POST they are written down. Strangers sign in first and come back here."""
    person = session.person_of(request, now=timezone.now())
    if person is None:
        request.session[_AFTER] = code
        return redirect("sign-in")
    found = _place(code)
    place, family = read_own(person, queries.shown_at(found), OWN_PERSONS) if found else (None, ())
    if place is None:
        return render(request, "citizen/check_in_unknown.html", {"here": "home"}, status=404)
    if request.method == "POST":
        return _noted(request, person, place, family)
    return _page(request, place, family)


def code_to_go_on_with(request: HttpRequest) -> str | None:
    """The poster's code with which somebody came before signing in."""
    code: str | None = request.session.get(_AFTER)
    return code


def _place(code: str) -> UUID | None:
    try:
        return place_on_poster(code_keys(), code)
    except CodeRefused:
        return None


def _noted(request: HttpRequest, person: UUID, place: Place, family: tuple[tuple[UUID, str], ...]) -> HttpResponse:
    way, chosen = _WAYS.get(request.POST.get("way", "")), set(request.POST.getlist("who"))
    coming = [number for number in range(len(family)) if str(number) in chosen]
    who = [family[number][0] for number in coming]
    seats = [request.POST.get(f"seat_{number}", "") for number in coming]
    scan = _number(request.POST.get("scan", ""))
    if way is None or not who or scan is None:
        return _page(request, place, family, told=_("Chọn ít nhất một người."), status=422)
    try:
        with own_record(person, case="check_in"):
            operations.check_in(place.id, who, way=way, scan=scan, seats=seats, at=_moment(request.POST.get("at", "")))
    except Refused:
        return _page(request, place, family, told=_("Địa điểm này đã đóng, không ghi được."), status=409)
    names = [name for one, name in family if one in who]
    done = {"place": place, "names": names, "is_in": way == operations.IN, "at": timezone.now(), "here": "home"}
    return render(request, "citizen/check_in_done.html", done)


def _page(
    request: HttpRequest, place: Place, family: tuple[tuple[UUID, str], ...], *, told: str = "", status: int = 200
) -> HttpResponse:
    page = {"place": place, "family": family, "scan": uuid4(), "told": told, "here": "home"}
    return render(request, "citizen/check_in.html", page, status=status)


def _moment(text: str) -> datetime | None:
    """When a phone without a connection kept it; None for now. What is no moment with its zone is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _number(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
