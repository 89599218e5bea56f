"""The desk of quarantine: open orders, one order with its place, needs and days away, and who entered the country."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.officers.offices import QUARANTINE_OFFICER, TRACER
from pccovid.quarantine import lodging, needs, operations, queries
from pccovid.quarantine.queries import OrderLine
from pccovid.web.console import case_wording as words
from pccovid.web.console.case_forms import LARGEST, DeskForm, OrderForm
from pccovid.web.console.case_work import done, just_written, task_of
from pccovid.web.console.desk import Desk, desk_page, not_in_sight
from pccovid.web.console.quarantine_forms import AnswerForm, DayAwayForm, NeedForm, SendForm
from pccovid.web.sent_forms import sent, status_of

_CHECKS = {"call": ("call", False), "call_ill": ("call", True), "visit": ("visit", False), "visit_ill": ("visit", True)}


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(TRACER, QUARANTINE_OFFICER)
def orders(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Open orders in sight: missed checks first, who waits for a test, a room or an answer, who objects."""
    task = task_of(desk, "cách ly")
    form, told = None, ""
    if request.method == "POST":
        form = OrderForm(request.POST, name=f"o{request.POST.get('number', '')[:20]}")
        if form.is_valid():
            given = form.cleaned_data
            told = done(desk, task, lambda: _change(given))
            if not told:
                return redirect(f"{reverse('console-quarantine')}?vua-ghi={given['number']}")
    with desk.reading(task, desk.everybody_in_reach()):
        lines, asked, away = queries.orders(), needs.waiting(), needs.days_away()
    page = {
        "desk": desk, "told": told, "form": form, "just": just_written(request),
        "lines": [_shown(one, form) for one in lines],
        "needs": Counter(one.order for one in asked), "overdue": sum(one.is_overdue for one in asked),
        "waiting": len(asked), "away": {one.order for one in away if one.verdict is None},
    }  # fmt: skip
    return render(request, "console/quarantine.html", page, status=status_of(form))


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(TRACER, QUARANTINE_OFFICER)
def order(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One open order: where the person is lodged, what they need, days on which they may have left."""
    if number >= LARGEST:
        return not_in_sight(request, desk)
    task = task_of(desk, f"QĐ-{number}")
    with desk.reading(task, desk.everybody_in_reach()):
        line, places, asked, away = queries.open_order(number), lodging.facilities(), needs.waiting(), needs.days_away()
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
        "forms": forms, "form": form, "away": _days_away_of(number, away), "needs": _needs_of(number, asked, form),
    }  # fmt: skip
    return render(request, "console/quarantine_order.html", page, status=status_of(request.method == "POST"))


def _days_away_of(order: int, days: Iterable[needs.DayAway]) -> list[tuple[needs.DayAway, Promise | str]]:
    return [(one, words.VERDICT.get(one.verdict or "", "")) for one in days if one.order == order]


def _needs_of(
    order: int, asked: Iterable[needs.Need], form: DeskForm | None
) -> list[tuple[needs.Need, Promise | str, DeskForm]]:  # fmt: skip
    """Each with its kind in words and the form that answers it."""
    return [(one, words.NEED[one.kind], _answer(one.number, form)) for one in asked if one.order == order]


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
    with desk.reading(task, desk.everybody_in_reach()):
        lines = queries.arrivals()
    return render(
        request, "console/arrivals.html", {"desk": desk, "lines": lines, "told": told}, status=status_of(told)
    )


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
    return {"line": line, "place": words.PLACE[line.place], "because": words.BECAUSE[line.because], "form": form}


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
