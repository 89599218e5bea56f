"""The desk of quarantine: open orders, one order with its place, needs and days away, and who entered the country."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.officers.offices import QUARANTINE_OFFICER, TRACER
from pccovid.quarantine import lodging, needs, operations, queries
from pccovid.quarantine.queries import OrderLine, PlaceInList
from pccovid.web.console import case_wording as words
from pccovid.web.console.case_forms import LARGEST, DeskForm, OrderForm
from pccovid.web.console.case_work import done, just_written, number_in, task_of
from pccovid.web.console.desk import Desk, desk_page, not_in_sight
from pccovid.web.console.quarantine_forms import AnswerForm, DayAwayForm, NeedForm, SendForm
from pccovid.web.sent_forms import sent, status_of

_AT_ONCE, _NEEDS_AT_ONCE, _ARRIVALS_AT_ONCE = 20, 10, 50
"""Orders, needs, and arrivals, on one page."""
_PARTS_OF_PLACE = len(PlaceInList._fields)
_CHECKS = {"call": ("call", False), "call_ill": ("call", True), "visit": ("visit", False), "visit_ill": ("visit", True)}


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(TRACER, QUARANTINE_OFFICER)
def orders(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open orders in sight, missed checks first; needs that wait, the soonest due first; of both how many more."""
    task, after = task_of(desk, "cách ly"), _place(request.GET.get("sau", ""))
    form, told = None, ""
    if request.method == "POST":
        form = OrderForm(request.POST, name=f"o{request.POST.get('number', '')[:20]}")
        if form.is_valid():
            given = form.cleaned_data
            told = done(desk, task, lambda: _change(given))
            if not told:
                return redirect(_back(after, given["number"]))
    with desk.reading(task, desk.everybody_in_reach()):
        lines = queries.orders(after=after, most=_AT_ONCE)
        last = lines[-1].place_in_list if lines else after
        counts = queries.orders_counted(after=last)
        asked = needs.waiting(after=number_in(request.GET.get("nhu-cau", "")), most=_NEEDS_AT_ONCE + 1)
    page = {
        "desk": desk, "told": told, "form": form, "just": just_written(request), "counts": counts,
        "is_continued": after is not None, "lines": [_shown(one, form) for one in lines], "next": _told(last),
        "needs": [(one, words.NEED[one.kind]) for one in asked[:_NEEDS_AT_ONCE]],
        "next_need": asked[_NEEDS_AT_ONCE - 1].number if len(asked) > _NEEDS_AT_ONCE else None,
    }  # fmt: skip
    return render(request, "console/quarantine.html", page, status=status_of(form))


def _place(text: str) -> PlaceInList | None:
    """The order that a page ended with, as an address tells it; None where it tells none there could be."""
    parts = text.split("_")
    try:
        heard, end = (date.fromisoformat(part) for part in parts[:2])
    except ValueError:
        return None
    number = number_in(parts[2]) if len(parts) == _PARTS_OF_PLACE else None
    return PlaceInList(heard, end, number) if number is not None else None


def _told(place: PlaceInList | None) -> str:
    return "_".join((f"{place.heard_on:%Y-%m-%d}", f"{place.ends_on:%Y-%m-%d}", str(place.number))) if place else ""


def _back(after: PlaceInList | None, written: int) -> str:
    """The page that somebody wrote on, which then says so."""
    part = {"sau": _told(after)} if after else {}
    return f"{reverse('console-quarantine')}?{urlencode(part | {'vua-ghi': str(written)})}"


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(TRACER, QUARANTINE_OFFICER)
def order(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One open order: where the person is lodged, what they need, days on which they may have left."""
    if number >= LARGEST:
        return not_in_sight(request, desk)
    task = task_of(desk, f"QĐ-{number}")
    with desk.reading(task, desk.everybody_in_reach()):
        line, places = queries.open_order(number), lodging.facilities()
        asked, away = needs.waiting_of(number), needs.days_away_of(number)
    if line is None:
        return not_in_sight(request, desk)
    act = request.POST.get("act", "")
    forms = _forms(sent(request), act, places)
    form = forms.get(act)
    if form is not None and form.is_valid():
        told = done(desk, task, _work(act, number, form.cleaned_data))
        if not told:
            return redirect(f"{reverse('console-quarantine-order', args=[number])}?vua-ghi={number}")
        form.add_error(None, told)
    page = {
        "desk": desk, "line": line, "just": just_written(request), "is_free": any(one.free for one in places),
        "place": words.PLACE[line.place], "because": words.BECAUSE[line.because],
        "forms": forms, "form": form, "away": [(one, words.VERDICT.get(one.verdict or "", "")) for one in away],
        "needs": [(one, words.NEED[one.kind], _answer(one.number, form)) for one in asked],
    }  # fmt: skip
    return render(request, "console/quarantine_order.html", page, status=status_of(request.method == "POST"))


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(QUARANTINE_OFFICER)
def arrivals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who of the area entered the country within three weeks; with POST an order by the table of that day."""
    task = task_of(desk, "nhập cảnh")
    told = ""
    if request.method == "POST":
        person = _uuid(request.POST.get("person", ""))
        told = (
            done(desk, task, lambda: operations.order_arrival(person)) if person else str(words.REFUSAL["not_in_sight"])
        )
        if not told:
            return redirect("console-quarantine")
    after = _uuid(request.GET.get("sau", ""))
    with desk.reading(task, desk.everybody_in_reach()):
        found = queries.arrivals(after=after, most=_ARRIVALS_AT_ONCE + 1)
    lines = found[:_ARRIVALS_AT_ONCE]
    page = {
        "desk": desk, "lines": lines, "told": told, "after": after,
        "next": lines[-1].entry if len(found) > _ARRIVALS_AT_ONCE else None,
    }  # fmt: skip
    return render(request, "console/arrivals.html", page, status=status_of(told))


def _change(given: dict[str, Any]) -> None:
    if given["step"] in _CHECKS:
        via, is_ill = _CHECKS[given["step"]]
        operations.note_check(number=given["number"], via=via, has_symptoms=is_ill)
    else:
        operations.change(
            number=given["number"], step=given["step"], words=given["words"], new_end=given["new_end"]
        )  # fmt: skip


def _shown(line: OrderLine, sent: OrderForm | None) -> dict[str, Any]:
    is_sent = sent is not None and sent["number"].value() == str(line.number)
    form = sent if is_sent else OrderForm(name=f"o{line.number}", initial={"number": line.number})
    marks = (line.is_missed, line.has_symptoms, line.waits_for_test, line.objection, line.needs, line.may_have_left)
    return {
        "line": line, "place": words.PLACE[line.place], "because": words.BECAUSE[line.because], "form": form,
        "has_marks": any(marks),
    }  # fmt: skip


def _forms(data: Any, act: str, places: tuple[lodging.Facility, ...]) -> dict[str, DeskForm]:
    """Every form of the page, the one that was sent with what was sent."""
    given = {name: data if name == act else None for name in ("send", "need", "away", "answer")}
    forms: dict[str, DeskForm] = {
        "send": SendForm(given["send"], name="chuyen", facilities=places),
        "need": NeedForm(given["need"], name="can"),
        "away": DayAwayForm(given["away"], name="vang"),
    }
    if given["answer"] is not None:
        forms["answer"] = AnswerForm(given["answer"], name="tra-loi")
    return forms


def _answer(need: int, sent: DeskForm | None) -> DeskForm:
    if isinstance(sent, AnswerForm) and sent["need"].value() == str(need):
        return sent
    return AnswerForm(name=f"n{need}", initial={"need": need})


def _work(act: str, number: int, given: dict[str, Any]) -> Callable[[], None]:
    """What a form of one order asks for."""
    return {
        "send": lambda: lodging.send(order=number, facility=given["facility"], words=given["words"]),
        "need": lambda: needs.note(order=number, kind=given["kind"], words=given["words"]),
        "answer": lambda: needs.answer(given["need"], outcome=given["outcome"], words=given["words"]),
        "away": lambda: needs.note_day_away(
            order=number, day=given["day"], verdict=given["verdict"], words=given["words"]
        ),
    }[act]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
