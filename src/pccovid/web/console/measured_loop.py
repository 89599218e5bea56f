"""The measured loop, by laboratory and site: how long each step takes, and what never came."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pccovid.exchange.loop import OVERDUE_HOURS, SPANS, loop_of_doses, loop_of_tests, what_never_came
from pccovid.officers.offices import DATA_STEWARD
from pccovid.web.console.desk import LOOP_OFFICES, Desk, desk_page


@require_safe
@desk_page(*LOOP_OFFICES)
def measured_loop(request: HttpRequest, at: Desk) -> HttpResponse:
    """Specimens and doses of the last days."""
    asked = request.GET.get("ngay", "")
    days = int(asked) if asked in map(str, SPANS) else SPANS[0]
    who = {"officer": at.account, "through": at.appointment.id, "days": days}
    page = {
        "desk": at, "days": days, "spans": SPANS, "overdue_hours": OVERDUE_HOURS, "tests": loop_of_tests(**who),
        "doses": loop_of_doses(**who), "may_list": at.appointment.role == DATA_STEWARD, "is_listed": False,
    }  # fmt: skip
    if page["may_list"] and request.GET.get("ke") == "1":
        tubes, lost = what_never_came(officer=at.account, role=at.appointment.role, days=days)
        page |= {"is_listed": True, "tubes": tubes, "lost_doses": lost}
    return render(request, "console/measured_loop.html", page)
