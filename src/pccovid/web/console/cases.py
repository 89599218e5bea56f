"""The tracer's desk: cases of the area, and one case with its contacts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.contact_tracing import operations, queries
from pccovid.contact_tracing.queries import ContactLine, TracedCase
from pccovid.officers.offices import TRACER
from pccovid.quarantine import operations as quarantine
from pccovid.web.console import case_wording as words
from pccovid.web.console.case_chain import Link, chain_of
from pccovid.web.console.case_declared import DeclaredForm, declare
from pccovid.web.console.case_forms import OutcomeForm, PeriodForm, chosen_persons
from pccovid.web.console.case_sources import picture_of
from pccovid.web.console.case_work import done, number_in
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight

_LARGEST = 2**62
_PURPOSE = "contact_tracing"
_AT_ONCE, _FAR_AT_ONCE = 50, 20
"""Cases, and contacts of cases elsewhere, on one page."""


@require_http_methods(["GET", "HEAD"])
@desk_page(TRACER)
def cases(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Cases of the area, newest first, and whom of it cases elsewhere have met."""
    after = number_in(request.GET.get("sau", ""))
    with desk.reading(Task(_PURPOSE, "danh sách ca"), desk.everybody_in_reach()):
        found = queries.cases(after=after, most=_AT_ONCE + 1)
        far = queries.from_elsewhere(most=_FAR_AT_ONCE + 1) if after is None else ()
    lines = found[:_AT_ONCE]
    page = {
        "desk": desk, "form": None, "after": after,
        "lines": [(one, words.DEFINITION.get(one.definition, one.definition)) for one in lines],
        "next": lines[-1].number if len(found) > _AT_ONCE else None,
        "far": far[:_FAR_AT_ONCE], "is_more_far": len(far) > _FAR_AT_ONCE,
    }  # fmt: skip
    return render(request, "console/cases.html", page)


@sensitive_post_parameters("words", "number", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(TRACER)
def case(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One case: its period, whom it met as table and drawing, and the contact to handle next."""
    if number >= _LARGEST:
        return not_in_sight(request, desk)
    task = Task(_PURPOSE, f"CA-{number}")
    form, told = _sent(request, desk, task, number) if request.method == "POST" else (None, "")
    if request.method == "POST" and form is None and not told:
        return redirect("console-case", number)
    with desk.reading(task, desk.everybody_in_reach()):
        found = queries.case(number)
    if found is None:
        return not_in_sight(request, desk)
    status = 422 if form or told else 200
    return render(request, "console/case.html", _case_page(desk, found, form) | {"told": told}, status=status)


def _sent(request: HttpRequest, desk: Desk, task: Task, number: int) -> tuple[Any, str]:
    """(the form that was not taken, why); (None, '') where it was."""
    act = request.POST.get("act", "")
    if act == "order":
        contact = request.POST.get("contact", "")
        if not (contact.isascii() and contact.isdigit() and len(contact) < 18):
            return None, str(words.REFUSAL["not_in_sight"])
        return None, done(desk, task, lambda: quarantine.order(contact=int(contact)))
    if act == "order_case":
        return None, done(desk, task, lambda: quarantine.order_case(case=number))
    form: OutcomeForm | PeriodForm | DeclaredForm = (
        PeriodForm(request.POST, name="period") if act == "period"
        else DeclaredForm(request.POST, name="declared") if act == "declared"
        else OutcomeForm(request.POST, name="outcome")
    )  # fmt: skip
    if not form.is_valid():
        return form, ""
    told = _done(request, desk, task, number, form)
    if told:
        form.add_error(None, told)
        return form, ""
    return None, ""


def _done(
    request: HttpRequest, desk: Desk, task: Task, number: int, form: OutcomeForm | PeriodForm | DeclaredForm
) -> str:
    """Do what a form of the page says; why not, in words."""
    given = form.cleaned_data
    if isinstance(form, DeclaredForm):
        return declare(desk, task, number, form)
    if isinstance(form, PeriodForm) and "one_by_one" in request.POST:
        return done(desk, task, lambda: operations.accept_foreseen(
            case=number, starts_at=given["starts_at"], ends_at=given["ends_at"], reason=given["words"],
            persons=chosen_persons(request.POST.getlist("accept"))))  # fmt: skip
    if isinstance(form, PeriodForm):
        return done(desk, task, lambda: operations.edit_period(
            case=number, starts_at=given["starts_at"], ends_at=given["ends_at"], onset_on=given["onset_on"],
            reason=given["words"]))  # fmt: skip
    return done(desk, task, lambda: operations.handle_contact(
        contact=given["contact"], outcome=given["outcome"], words=given["words"]))  # fmt: skip


def _case_page(desk: Desk, found: TracedCase, form: Any) -> dict[str, Any]:
    line, waiting = found.line, found.next_waiting()
    places = {one.number: place for place, one in enumerate(found.contacts, start=1)}
    links = [
        Link(places[one.number], one.level, places.get(one.via) if one.via else None, one.score)
        for one in found.contacts
    ]
    period = {"starts_at": line.starts_at, "ends_at": line.ends_at, "onset_on": line.onset_on}
    return {
        "desk": desk, "case": found, "line": line, "waiting": waiting, "form": form,
        "definition": words.DEFINITION.get(line.definition, line.definition), "ends": words.ENDS[line.ends_because],
        "all_contacts": max(line.contacts + line.contacts_of_contacts, len(found.contacts)),
        "contacts": [_shown(place, one) for place, one in enumerate(found.contacts, start=1)],
        "waiting_shown": _shown(places[waiting.number], waiting) if waiting else None,
        "outcome_form": form if isinstance(form, OutcomeForm) else OutcomeForm(
            name="outcome", initial={"contact": waiting.number if waiting else None}),
        "period_form": form if isinstance(form, PeriodForm) else PeriodForm(name="period", initial=period),
        "declared_form": form if isinstance(form, DeclaredForm) else DeclaredForm(name="declared"),
        "is_editing": isinstance(form, PeriodForm), "is_declaring": isinstance(form, DeclaredForm),
        "chain": chain_of(links), "sources": picture_of(found.links),
    }  # fmt: skip


def _shown(place: int, one: ContactLine) -> dict[str, Any]:
    return {
        "place": place, "line": one, "percent": round(one.score * 100),
        "kinds": [words.KIND[kind] for kind in one.kinds],
        "outcome": words.OUTCOME.get(one.outcome, ""),
    }  # fmt: skip
