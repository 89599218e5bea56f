"""The console's first page: what this office has to do, by task."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pccovid.officers.offices import DATA_STEWARD, INSPECTOR, OFFICES
from pccovid.people.intake import runs
from pccovid.web.console import breaches
from pccovid.web.console.corrections import corrections_waiting_at
from pccovid.web.console.desk import Desk, categories_of, desk_page, purposes_of
from pccovid.web.console.feedback import feedback_waiting_at
from pccovid.web.console.inspection import waiting_at
from pccovid.web.console.rights import rights_waiting_at
from pccovid.web.console.source_board import old_apps_collecting_at, stale_sources_at
from pccovid.web.console.triage import triage_waiting_at


@require_safe
@desk_page(*OFFICES)
def home(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Tasks of the office, and what it may read for which purpose."""
    is_steward = desk.role == DATA_STEWARD
    newest = runs()[:1] if is_steward else ()
    waiting, overdue = waiting_at(desk) if desk.role == INSPECTOR else (0, 0)
    running, late = breaches.waiting_at(desk)
    asked = rights_waiting_at(desk) if desk.answers_requests else (0, 0)
    triage_waiting, triage_overdue = triage_waiting_at(desk)
    corrections_waiting, corrections_late = corrections_waiting_at(desk)
    feedback_waiting, feedback_late = feedback_waiting_at(desk)
    may_read = [(purpose, sorted(categories_of(desk.role, purpose))) for purpose in purposes_of(desk.role)]
    return render(
        request,
        "console/home.html",
        {
            "desk": desk,
            "is_steward": is_steward,
            "newest": newest[0] if newest else None,
            "may_read": may_read,
            "waiting": waiting,
            "overdue": overdue,
            "running": running,
            "late": late,
            "asked": asked[0],
            "asked_overdue": asked[1],
            "stale_sources": stale_sources_at(desk),
            "collecting_apps": old_apps_collecting_at(desk),
            "corrections_waiting": corrections_waiting,
            "corrections_late": corrections_late,
            "feedback_waiting": feedback_waiting,
            "feedback_late": feedback_late,
            "triage_waiting": triage_waiting,
            "triage_overdue": triage_overdue,
        },
    )
