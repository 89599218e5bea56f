"""The desk for what persons ask about their data: the queue by deadline, one request, its step, a copy to print."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.foundation.classification import category_of
from pccovid.officers.database import Refused
from pccovid.officers.offices import DATA_PROTECTION, INSPECTOR
from pccovid.people import dossier as index
from pccovid.people.correcting import ValueUnreadable
from pccovid.people.dossier import Dossier, FactTable
from pccovid.rights import queries
from pccovid.rights.operations import REFUSED, Step, step
from pccovid.rights.queries import DeskRequest, DeskStep
from pccovid.rights.rules import (
    CARRIED_OUT_BY_PROGRAM,
    ERASURE,
    PAPER_COPY,
    RECORD,
    REFUSALS,
    accepting_act,
)
from pccovid.rights.states import INSPECTOR as INSPECTING
from pccovid.rights.states import OFFICER, acts_of
from pccovid.rights.values import normal_value
from pccovid.web.console.desk import (
    BY_REQUEST,
    REQUEST_OFFICES,
    Desk,
    Task,
    categories_of,
    desk_page,
    not_in_sight,
)
from pccovid.web.console.paging import page_of, paged
from pccovid.web.console.person_page import ShownFacts, shown_categories, shown_facts
from pccovid.web.sent_forms import sent, status_of

_LARGEST = 2**62
_ACCEPT = "accept"
_ACCEPTING = frozenset({"propose", "grant", "fulfil", "fulfil_partly"})


class StepForm(forms.Form):
    """The officer's next step; the database asks for what each needs."""

    first_field = "id_act_0"
    act = forms.CharField(max_length=20, error_messages={"required": gettext_lazy("Chọn việc cần làm.")})
    told = forms.CharField(max_length=2000, required=False)
    note = forms.CharField(max_length=4000, required=False)
    refusal = forms.CharField(max_length=40, required=False)
    days = forms.IntegerField(min_value=1, max_value=60, required=False)
    granted = forms.MultipleChoiceField(choices=[(category, category) for category in RECORD], required=False)
    value = forms.CharField(max_length=200, required=False)


@require_safe
@desk_page(*REQUEST_OFFICES)
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The requests this office answers, overdue first; nobody is named."""
    with_closed, page = request.GET.get("closed") == "1", page_of(request)
    by = {"officer": desk.account, "through": desk.appointment.id}
    found = queries.queue(**by, with_closed=with_closed, page=page)
    shown = {
        "desk": desk, "with_closed": with_closed, "counts": rights_waiting_at(desk),
        **paged(found, most=queries.ON_DESK, page=page),
        "restricted": queries.restricted_persons(**by) if desk.role == DATA_PROTECTION else None,
    }  # fmt: skip
    return render(request, "console/rights_queue.html", shown)


@sensitive_post_parameters("told", "note", "value")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*REQUEST_OFFICES)
def request_page(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One request that waits for this office, and the step."""
    person = _person(desk, number)
    if person is None:
        return not_in_sight(request, desk)
    form = StepForm(sent(request))
    if form.is_valid() and _stepped(desk, number, person, form):
        return redirect("console-rights")
    page = {**_shown(desk, number, person), "desk": desk, "form": form}
    return render(request, "console/rights_request.html", page, status=status_of(form.is_bound))


@require_safe
@desk_page(DATA_PROTECTION)
def paper_copy(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """The person's whole record to be printed, for a request of that kind alone."""
    person = _person(desk, number)
    if person is None:
        return not_in_sight(request, desk)
    with desk.reading(Task(BY_REQUEST, f"YC-{number}"), desk.only(person)) as disclosures:
        one, _steps = queries.at_desk(number)
        found, facts = _record_of(one)
        if found is not None:
            disclosures.add([person], shown_categories(found, facts))
    if found is None:
        return not_in_sight(request, desk)
    readable = categories_of(desk.role, BY_REQUEST)
    tables = [shown for table in facts if (shown := shown_facts(table, readable)).rows]
    page = {"desk": desk, "number": number, "person": found, "facts": tables, "now": timezone.now()}
    return render(request, "console/rights_copy.html", page)


def rights_waiting_at(desk: Desk) -> tuple[int, int]:
    """(requests that wait for the office, those overdue) for the desk's first page."""
    return queries.waiting(officer=desk.account, through=desk.appointment.id)


def _record_of(one: DeskRequest) -> tuple[Dossier | None, tuple[FactTable, ...]]:
    """The record where a copy of it was asked for; nothing for any other request."""
    if one.kind != PAPER_COPY:
        return None, ()
    found = index.dossier(one.person)
    return found, index.facts_of(one.person) if found else ()


def _person(desk: Desk, number: int) -> UUID | None:
    if number > _LARGEST:
        return None
    return queries.person_of(number, officer=desk.account, through=desk.appointment.id)


def _shown(desk: Desk, number: int, person: UUID) -> dict[str, Any]:
    with desk.reading(Task(BY_REQUEST, f"YC-{number}"), desk.only(person)) as disclosures:
        one, steps = queries.at_desk(number)
        holdings = queries.holdings(number) if one.kind == ERASURE else ()
        held = _held_values(desk, one, person)
        if held:
            disclosures.add([person], ["contact" if one.attribute in ("phone", "email") else "identity"])
        fact = _fact(desk, one, person)
        if fact is not None:
            disclosures.add([person], [category_of(str(one.fact_table))])
    return {
        "one": one, "steps": steps, "holdings": holdings, "held": held, "fact": fact,
        "choices": _choices(desk, one, steps), "choosable": one.categories or RECORD,
        "chooses_parts": one.is_restricting or one.kind == ERASURE,
        "refusals": [code for code, refusal in REFUSALS.items() if one.kind in refusal.kinds],
        "proposed": one.decided or one.wanted,
    }  # fmt: skip


def _held_values(desk: Desk, one: DeskRequest, person: UUID) -> list[tuple[str, str]]:
    """(value, where it comes from) of the attribute that is to be corrected, as the record has it now."""
    found = index.dossier(person) if one.attribute and desk.role != INSPECTOR else None
    if found is None:
        return []
    if one.attribute in ("phone", "email"):
        return [
            (number.value, ", ".join(number.sources)) for number in found.contacts if number.system == one.attribute
        ]
    return [(str(known.value), known.source) for known in found.attributes if known.name == one.attribute]


def _fact(desk: Desk, one: DeskRequest, person: UUID) -> ShownFacts | None:
    """The fact that is said to be wrong, in words; None for an inspector, who judges the answer."""
    if not one.fact or not one.fact_table or desk.role == INSPECTOR:
        return None
    table = index.one_fact(person, one.fact_table, one.fact)
    return shown_facts(table, categories_of(desk.role, BY_REQUEST)) if table else None


def _choices(desk: Desk, one: DeskRequest, steps: tuple[DeskStep, ...]) -> list[str]:
    """What this officer may do now; what would grant the request is one choice."""
    if one.bias:
        return []
    acts = acts_of(one.state, INSPECTING if desk.role == INSPECTOR else OFFICER)
    choices = [_ACCEPT] if _ACCEPTING & set(acts) else []
    return choices + [act for act in acts if act not in _ACCEPTING | _done_once(one, steps)]


def _done_once(one: DeskRequest, steps: tuple[DeskStep, ...]) -> set[str]:
    """Acts that are not done a second time: refusing what inspectors overturned, extending the time."""
    was_refused = one.state == "overturned" and any(step.act == "refuse" for step in steps)
    return ({"refuse"} if was_refused else set()) | ({"extend"} if one.is_extended else set())


def _stepped(desk: Desk, number: int, person: UUID, form: StepForm) -> bool:
    """Whether the database took the step; else the form says why not."""
    try:
        with desk.reading(Task(BY_REQUEST, f"YC-{number}"), desk.only(person)):
            one, _steps = queries.at_desk(number)
            step(request=number, taken=_step(one, form))
    except ValueUnreadable:
        form.add_error("value", _("Không đọc được giá trị này."))
        return False
    except Refused as refused:
        code = REFUSED.get(refused.code, "")
        form.add_error(_FIELD.get(code), str(_SAID.get(code, _SAID["not_now"])))
        return False
    return True


def _step(one: DeskRequest, form: StepForm) -> Step:
    given = form.cleaned_data
    act, granted, decided = given["act"], None, ""
    if act == _ACCEPT:
        granted = _granted(one, given["granted"])
        if one.about == "identity" and one.attribute:
            decided = normal_value(one.attribute, given["value"], today=timezone.localdate())
        act = accepting_act(one.kind, needs_two=one.needs_two, asked=one.categories, granted=granted)
    refusal = given["refusal"] if given["act"] in (_ACCEPT, "refuse") else ""
    is_needed = given["act"] == "refuse" or act == "fulfil_partly" or _is_in_part(one, granted)
    return Step(
        act, given["told"], given["note"], refusal if is_needed and refusal else None, given["days"],
        granted if one.about == "data" else None, decided,
    )  # fmt: skip


def _granted(one: DeskRequest, ticked: list[str]) -> tuple[str, ...]:
    """The kinds of data granted; all that can be ticked, of the whole record, means the whole record."""
    if one.kind == PAPER_COPY or (not one.categories and set(ticked) == set(RECORD)):
        return ()
    return tuple(ticked) or ("",)


def _is_in_part(one: DeskRequest, granted: tuple[str, ...] | None) -> bool:
    return one.kind in CARRIED_OUT_BY_PROGRAM and bool(granted) and not set(one.categories) <= set(granted or ())


_FIELD = {"too_few_words": "told", "no_such_reason": "refusal", "no_more_time": "days", "undecided": "granted"}
_SAID = {
    "not_opened": gettext_lazy("Yêu cầu này không còn chờ chức vụ của bạn."),
    "not_now": gettext_lazy("Yêu cầu đã sang bước khác, không làm việc này được nữa."),
    "too_few_words": gettext_lazy("Viết cho người yêu cầu (và ghi chú, nếu cần) ít nhất 10 ký tự."),
    "no_such_reason": gettext_lazy("Chọn lý do cho phần không chấp thuận."),
    "no_more_time": gettext_lazy("Chỉ gia hạn một lần, nhiều nhất 15 ngày."),
    "biased": gettext_lazy("Bạn không được quyết định yêu cầu này: cán bộ khác phải làm."),
    "overturned": gettext_lazy("Thanh tra đã bác việc từ chối: chỉ còn chấp thuận."),
    "undecided": gettext_lazy("Chọn phần được chấp thuận, hoặc chọn không chấp thuận."),
}  # fmt: skip
