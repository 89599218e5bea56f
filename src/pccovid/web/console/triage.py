"""The health station's queue of declarations that somebody has to answer: most urgent first, one line, its outcome."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.declaring import queries
from pccovid.declaring.operations import step
from pccovid.declaring.states import acts_of
from pccovid.officers.database import Refused
from pccovid.officers.offices import HEALTH_STATION, OFFICES
from pccovid.people import dossier as index
from pccovid.people.dossier import FactTable
from pccovid.web.console.desk import Desk, Task, categories_of, desk_page, not_in_sight
from pccovid.web.console.paging import page_of, paged
from pccovid.web.console.person_page import shown_categories, shown_facts
from pccovid.web.sent_forms import sent, status_of

_PURPOSE = OFFICES[HEALTH_STATION].purpose
_LARGEST = 2**62
_SHOWN = ("declaration", "dose", "test")
"""Kinds of facts that a call is made with at hand."""
_SAID = {
    "PC451": ("", gettext_lazy("Dòng này không còn thuộc trạm của bạn.")),
    "PC453": ("act", gettext_lazy("Dòng đã sang bước khác, không làm việc này được nữa.")),
    "PC454": ("told", gettext_lazy("Viết ít nhất 10 ký tự: điều đã dặn người dân; chưa gặp thì ghi vào ghi chú.")),
}


class OutcomeForm(forms.Form):
    """What came of it."""

    first_field = "id_act_0"
    act = forms.CharField(max_length=20, error_messages={"required": gettext_lazy("Chọn việc đã làm.")})
    told = forms.CharField(max_length=2000, required=False)
    note = forms.CharField(max_length=2000, required=False)


@require_safe
@desk_page(HEALTH_STATION)
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The lines of this station; nobody is named."""
    with_closed, page = request.GET.get("closed") == "1", page_of(request)
    found = queries.queue(officer=desk.account, through=desk.appointment.id, with_closed=with_closed, page=page)
    shown = {
        "desk": desk, "with_closed": with_closed, "counts": triage_waiting_at(desk),
        **paged(found, most=queries.ON_DESK, page=page),
    }  # fmt: skip
    return render(request, "console/triage_queue.html", shown)


@sensitive_post_parameters("told", "note")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HEALTH_STATION)
def line(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One line with what a call needs, and the outcome."""
    person = _person(desk, number)
    if person is None:
        return not_in_sight(request, desk)
    form = OutcomeForm(sent(request))
    if form.is_valid() and _stepped(desk, number, person, form):
        return redirect("console-triage")
    page = {**_shown(desk, number, person), "desk": desk, "form": form}
    return render(request, "console/triage_line.html", page, status=status_of(form.is_bound))


def triage_waiting_at(desk: Desk) -> tuple[int, int]:
    """(lines that wait for the station, those overdue) for the desk's first page; nothing for other offices."""
    if desk.role != HEALTH_STATION:
        return 0, 0
    return queries.waiting(officer=desk.account, through=desk.appointment.id)


def _person(desk: Desk, number: int) -> UUID | None:
    if number > _LARGEST:
        return None
    return queries.person_of(number, officer=desk.account, through=desk.appointment.id)


def _shown(desk: Desk, number: int, person: UUID) -> dict[str, Any]:
    with desk.reading(Task(_PURPOSE, f"KB-{number}"), desk.only(person)) as disclosures:
        one, steps = queries.at_desk(number)
        found = index.dossier(person)
        facts = tuple(table for table in index.facts_of(person) if table.kind in _SHOWN) if found else ()
        if found is not None:
            disclosures.add([person], shown_categories(found, facts))
    tables = [shown_facts(_standing(table), categories_of(desk.role, _PURPOSE)) for table in facts]
    return {"one": one, "steps": steps, "person": found, "facts": tables, "choices": acts_of(one.state)}


def _standing(table: FactTable) -> FactTable:
    """What a call is made with: nothing that was put right or taken back, and no key of a source."""
    kept = [at for at, column in enumerate(table.columns) if column != "source_key"]
    rows = tuple(
        replace(row, values=tuple(row.values[at] for at in kept)) for row in table.rows if row.superseded_at is None
    )
    return replace(table, columns=tuple(table.columns[at] for at in kept), rows=rows)


def _stepped(desk: Desk, number: int, person: UUID, form: OutcomeForm) -> bool:
    """Whether the database took the step; else the form says why not."""
    given = form.cleaned_data
    try:
        with desk.reading(Task(_PURPOSE, f"KB-{number}"), desk.only(person)) as disclosures:
            disclosures.add([person], ["identity"])
            step(number, act=given["act"], told=given["told"], note=given["note"])
    except Refused as refused:
        field, told = _SAID.get(refused.code, _SAID["PC453"])
        form.add_error(field or None, str(told))
        return False
    return True
