"""Places of quarantine: beds and what is free, and for each place of the area who is in which room."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pccovid.officers.database import Refused
from pccovid.officers.offices import QUARANTINE_OFFICER, TRACER
from pccovid.quarantine import lodging
from pccovid.quarantine.lodging import Facility, Room
from pccovid.web.console.case_forms import LARGEST
from pccovid.web.console.case_work import done, task_of
from pccovid.web.console.desk import Desk, desk_page, not_in_sight
from pccovid.web.console.places import communes_of
from pccovid.web.console.quarantine_forms import AdmitForm, FacilityForm, RoomForm
from pccovid.web.sent_forms import sent, status_of


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(TRACER, QUARANTINE_OFFICER)
def facilities(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open places with their free beds, nobody named; with POST an officer of quarantine opens one."""
    task = task_of(desk, "khu cách ly")
    is_keeper = desk.role == QUARANTINE_OFFICER
    form = FacilityForm(
        sent(request),
        name="khu",
        communes=communes_of(desk.appointment.area or ""),
    )
    if form.is_bound and form.is_valid():
        told = done(desk, task, lambda: lodging.open_facility(**form.cleaned_data))
        if not told:
            return redirect("console-facilities")
        form.add_error(None, told)
    with desk.reading(task, desk.everybody_in_reach()):
        lines = lodging.facilities()
    page = {"desk": desk, "lines": lines, "form": form, "is_keeper": is_keeper}
    return render(request, "console/facilities.html", page, status=status_of(form.is_bound))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(QUARANTINE_OFFICER)
def facility(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """Who is on the way and who is in which room; with POST a room is given, its beds are set, the place is closed."""
    if number >= LARGEST:
        return not_in_sight(request, desk)
    task, told = task_of(desk, f"KCL-{number}"), ""
    held, rooms = _seen(desk, number)
    if held is None:
        return not_in_sight(request, desk)
    back: RoomForm | AdmitForm | None = None
    if request.method == "POST":
        back, told = _done(request, desk, held, rooms)
        if back is None and not told:
            return redirect("console-facilities" if request.POST.get("act") == "close" else request.path)
    page = {
        "desk": desk, "facility": held, "told": told, "form": back,
        "rooms": [_shown(one, rooms, back) for one in rooms],
        "room_form": back if isinstance(back, RoomForm) else RoomForm(name="phong"), "task": task,
    }  # fmt: skip
    return render(request, "console/facility.html", page, status=status_of(request.method == "POST"))


def _seen(desk: Desk, number: int) -> tuple[Facility | None, tuple[Room, ...]]:
    try:
        with desk.reading(task_of(desk, f"KCL-{number}"), desk.everybody_in_reach()):
            rooms = lodging.rooms_of(number)
            return next((one for one in lodging.facilities() if one.number == number), None), rooms
    except Refused:
        return None, ()


def _done(
    request: HttpRequest, desk: Desk, held: Facility, rooms: tuple[Room, ...]
) -> tuple[RoomForm | AdmitForm | None, str]:
    """(the form that was not taken, why no form can say it); (None, '') where it was taken."""
    act, task = request.POST.get("act"), task_of(desk, f"KCL-{held.number}")
    if act == "close":
        return None, done(desk, task, lambda: lodging.close_facility(held.number))
    form: RoomForm | AdmitForm
    if act == "room":
        form = RoomForm(request.POST, name="phong")
    else:
        name = f"a{request.POST.get('order', '')[:20]}"
        form = AdmitForm(request.POST, name=name, order=None, rooms=_choices(rooms))
    if not form.is_valid():
        return form, ""
    given = form.cleaned_data
    if isinstance(form, RoomForm):
        told = done(desk, task, lambda: lodging.set_room(held.number, name=given["name"], beds=given["beds"]))
    else:
        told = done(desk, task, lambda: lodging.admit(order=given["order"], room=given["room"]))
    if told:
        form.add_error(None, told)
        return form, ""
    return None, ""


def _choices(rooms: tuple[Room, ...]) -> list[tuple[int, str]]:
    return [
        (one.number, _("%(name)s (còn %(free)s giường)") % {"name": one.name, "free": one.free})
        for one in rooms
        if one.number is not None and one.free > 0
    ]


def _shown(room: Room, rooms: tuple[Room, ...], back: RoomForm | AdmitForm | None) -> dict[str, Any]:
    choices = _choices(tuple(one for one in rooms if one.number != room.number))
    people = []
    for one in room.people:
        is_sent = isinstance(back, AdmitForm) and back["order"].value() == str(one.order)
        form = back if is_sent else AdmitForm(name=f"a{one.order}", order=one.order, rooms=choices)
        people.append({"line": one, "form": form})
    return {"room": room, "people": people}
