"""Calling contacts one after the other by keyboard, lists to take along on paper, and looking before writing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pccovid.contact_tracing import operations, queries
from pccovid.contact_tracing.queries import ContactLine, TaskLine, TracedCase
from pccovid.foundation import access
from pccovid.officers.database import Refused
from pccovid.officers.offices import QUARANTINE_OFFICER, TRACER
from pccovid.people.dossier import phones_of
from pccovid.quarantine import operations as quarantine
from pccovid.quarantine.queries import orders, orders_counted
from pccovid.web.console import case_wording as words
from pccovid.web.console.call_scripts import SCRIPTS
from pccovid.web.console.case_forms import LARGEST, CallForm, PeriodForm
from pccovid.web.console.case_work import REFUSALS, done, task_of
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight
from pccovid.web.sent_forms import status_of

_PURPOSE = "contact_tracing"
_ON_PAPER = 100
"""Tasks of a kind, or orders, on a list to print: what is due later is for another walk."""


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(TRACER)
def call(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """The next contact of a case with number, script and outcome; sending it leads to the one after."""
    if number >= LARGEST:
        return not_in_sight(request, desk)
    task, form = Task(_PURPOSE, f"CA-{number}"), None
    if request.method == "POST":
        form = CallForm(request.POST, name="outcome")
        if form.is_valid():
            given = form.cleaned_data
            told = done(desk, task, lambda: operations.handle_contact(
                contact=given["contact"], outcome=given["outcome"], words=given["words"]))  # fmt: skip
            if not told and "order" in request.POST:
                told = done(desk, task, lambda: quarantine.order(contact=given["contact"]))
            if not told:
                return redirect(f"{reverse('console-call', args=[number])}?vua-ghi={given['contact']}")
            form.add_error(None, told)
    with desk.reading(task, desk.everybody_in_reach()):
        found = queries.case(number)
    if found is None:
        return not_in_sight(request, desk)
    page = {
        "desk": desk,
        "number": number,
        "form": form,
        "script": SCRIPTS["reach_contact"],
        "just": _just(request, found),
        **_next(desk, task, found, request.GET.get("nguoi", "")),
    }
    if form is None and page["waiting"]:
        page["outcome_form"] = CallForm(name="outcome", initial={"contact": page["waiting"].number})
    else:
        page["outcome_form"] = form
    return render(request, "console/call.html", page, status=status_of(form))


def _just(request: HttpRequest, found: TracedCase) -> tuple[ContactLine, Promise | str] | None:
    """Of whom something was written a moment ago, and what: the next name stands already where theirs stood."""
    asked = request.GET.get("vua-ghi", "") if request.method != "POST" else ""
    lines = (one for one in found.contacts if one.person and one.outcome and str(one.number) == asked)
    return next(((one, words.OUTCOME.get(one.outcome, "")) for one in lines), None)


def _next(desk: Desk, task: Task, found: TracedCase, asked: str) -> dict[str, Any]:
    """The contact who was asked for, else the one to call next; with their numbers, and how many are left."""
    left = [one for one in found.contacts if one.person and one.level == 1 and not one.outcome]
    chosen = [one for one in found.contacts if one.person and str(one.person) == asked]
    waiting: ContactLine | None = next(iter((*chosen, *left)), None)
    person = waiting.person if waiting else None
    phones = _phones(desk, task, desk.of_the_case(), [person]).get(person, ()) if person else ()
    return {
        "waiting": waiting, "left": len(left), "phones": phones,
        "kinds": [words.KIND[kind] for kind in waiting.kinds] if waiting else [],
    }  # fmt: skip


@require_safe
@desk_page(TRACER)
def paper_tasks(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open tasks of the area to print: whom to call or visit, by when, with room to write what came of it."""
    task = Task(_PURPOSE, "danh sách in")
    with desk.reading(task, desk.everybody_in_reach()):
        lines, counts = queries.tasks(most=_ON_PAPER), queries.tasks_counted()
    left = sum(count.waiting for count in counts.values()) - len(lines)
    phones = _phones_for_tasks(desk, task, lines)
    by_commune = sorted(lines, key=lambda one: (one.owner_area, one.due_at))  # as one walks
    shown = [
        {"what": words.TASK[one.kind], "name": one.name, "phones": phones.get(one.person, ()) if one.person else (),
         "where": one.owner_area, "when": one.due_at, "reference": ", ".join(f"V-{each.number}" for each in same)}
        for same in _of_one_person(by_commune) for one in same[:1]
    ]  # fmt: skip
    scripts = [(words.TASK[kind], SCRIPTS[kind]) for kind in SCRIPTS]
    page = {"desk": desk, "lines": shown, "scripts": scripts, "left": left}
    return render(request, "console/paper_list.html", page)


def _of_one_person(lines: Sequence[TaskLine]) -> list[list[TaskLine]]:
    """Who met several cases is called once: tasks of one kind about one person, together where the first stands."""
    together: dict[tuple[UUID, str], list[TaskLine]] = {}
    for one in lines:
        if one.person:
            together.setdefault((one.person, one.kind), []).append(one)
    return list(together.values())


@require_safe
@desk_page(TRACER, QUARANTINE_OFFICER)
def paper_orders(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open orders to print: who is checked on today by call or visit, those who were missed first."""
    task = task_of(desk, "danh sách in")
    with desk.reading(task, desk.everybody_in_reach()):
        lines, counts = orders(most=_ON_PAPER), orders_counted()
    phones = _phones(desk, task, desk.everybody_in_reach(), [one.person for one in lines])
    shown = [
        {"what": words.PLACE[one.place], "name": one.name, "phones": phones.get(one.person, ()), "where": "",
         "room": " · ".join(part for part in (one.facility, one.room) if part), "until": one.ends_on,
         "reference": f"QĐ-{one.number}"}
        for one in lines
    ]  # fmt: skip
    scripts = [(words.TASK["missed_check"], SCRIPTS["missed_check"])]
    page = {"desk": desk, "lines": shown, "scripts": scripts, "left": counts.waiting - len(lines)}
    return render(request, "console/paper_list.html", page)


@sensitive_post_parameters("words")
@require_POST
@desk_page(TRACER)
def preview(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """What another infectious period would find; the same form, sent on, writes it."""
    if number >= LARGEST:
        return not_in_sight(request, desk)
    task, form, told = Task(_PURPOSE, f"CA-{number}"), PeriodForm(request.POST, name="period"), ""
    lines: tuple[queries.Foreseen, ...] = ()
    if form.is_valid():
        given = form.cleaned_data
        try:
            with desk.reading(task, desk.everybody_in_reach()):
                lines = queries.foreseen(number, starts_at=given["starts_at"], ends_at=given["ends_at"])
        except Refused as refusal:
            told = str(words.REFUSAL[REFUSALS.get(refusal.code, "not_in_sight")])
            if refusal.code == "PC472":
                return not_in_sight(request, desk)
            form.add_error(None, told)
    shown = [(one, words.CHANGE_FORESEEN[one.change], [words.KIND[kind] for kind in one.kinds]) for one in lines]
    page = {
        "desk": desk, "number": number, "form": form, "lines": shown, "is_shown": form.is_valid() and not told,
        "counts": {change: sum(one.change == change for one in lines) for change in ("new", "kept", "gone")},
    }  # fmt: skip
    return render(request, "console/foreseen.html", page, status=status_of(form.errors))


def _phones_for_tasks(desk: Desk, task: Task, lines: Sequence[TaskLine]) -> dict[UUID, tuple[str, ...]]:
    """Who lives elsewhere and was taken on from there is read for their task alone."""
    phones = _phones(desk, task, desk.everybody_in_reach(), [one.person for one in lines if one.person])
    for one in lines:
        if one.person and one.is_mine and one.person not in phones:
            own = Task(_PURPOSE, f"V-{one.number}")
            phones |= _phones(desk, own, desk.of_the_case(), [one.person])
    return phones


def _phones(desk: Desk, task: Task, scope: access.Scope, persons: list[UUID]) -> dict[UUID, tuple[str, ...]]:
    """An opening of its own, so that the log says of each that their number was shown."""
    if not persons:
        return {}
    with desk.reading(task, scope) as disclosures:
        found = phones_of(persons)
        disclosures.add(sorted(found), ["contact"])
    return found
