"""The register of breaches: what is overdue first, one breach with its steps, and the notification to print."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pccovid.breaches import queries
from pccovid.breaches.operations import REFUSALS, draw_persons, open_breach, take_step
from pccovid.breaches.queries import Breach, BreachLine
from pccovid.breaches.rules import Facts, steps_from, timer
from pccovid.officers.database import Refused
from pccovid.officers.offices import DATA_PROTECTION, INSPECTOR
from pccovid.web.console.breach_forms import FORMS, DrawForm, FactsForm, ReportForm, begun
from pccovid.web.console.breach_wording import (
    CHIP,
    REFUSAL,
    REFUSED_FIELD,
    notice,
    told_persons,
    told_source,
    told_span,
    told_timer,
)
from pccovid.web.console.desk import Desk, desk_page, not_in_sight, refused
from pccovid.web.sent_forms import status_of

_LARGEST = 2**62
_OFFICES = (DATA_PROTECTION, INSPECTOR)


@require_safe
@desk_page(*_OFFICES)
def register(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every breach this office sees, what is overdue first."""
    if not desk.has_breaches:
        return refused(request, desk)
    shown = [_shown(line) for line in queries.breaches_seen(officer=desk.account, through=desk.appointment.id)]
    overdue = sum(one["timer"].look == "overdue" for one in shown)
    return render(request, "console/breaches.html", {"desk": desk, "lines": shown, "overdue": overdue})


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*_OFFICES)
def report(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Enter a breach; an inspector may do so from a case, whose number the address carries."""
    if not desk.has_breaches:
        return refused(request, desk)
    if request.method == "POST":
        form = ReportForm(request.POST, name="report")
        number = _entered(desk, form) if form.is_valid() else None
        if number is not None:
            return redirect("console-breach", number)
    else:
        form = ReportForm(name="report", initial={"case": _case(request), "discovered_at": _this_minute()})
    status = 422 if form.is_bound else 200
    case = form["case"].value() if desk.role == INSPECTOR else None
    return render(request, "console/report_breach.html", {"desk": desk, "form": form, "case": case}, status=status)


@sensitive_post_parameters("words", "consequences", "measures", "advice")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*_OFFICES)
def breach(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One breach: the timer, what is known, its steps, and what this office may do now."""
    found = _found(desk, number)
    if found is None:
        return not_in_sight(request, desk)
    if request.method != "POST":
        return _page(request, desk, found)
    step = request.POST.get("step", "")
    if step not in FORMS:
        return _page(request, desk, found, told=str(REFUSAL["not_now"]))
    form = FORMS[step](request.POST, name=step)
    if form.is_valid() and _taken(desk, number, step, form):
        return redirect("console-breach", number)
    return _page(request, desk, found, sent=(step, form))


@require_POST
@desk_page(*_OFFICES)
def draw(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """Draw affected persons from the log of access; nobody is named."""
    found = _found(desk, number)
    if found is None:
        return not_in_sight(request, desk)
    form = DrawForm(request.POST, name="draw")
    if form.is_valid() and _drawn(desk, number, form):
        return redirect("console-breach", number)
    return _page(request, desk, found, drawing=form)


@require_safe
@desk_page(*_OFFICES)
def notification(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """The notification for the authority, to be printed or saved; what is not known yet is said."""
    found = _found(desk, number)
    if found is None:
        return not_in_sight(request, desk)
    told = found.last("notify")
    rows = [row for row in notice(found) if told or row.told or row.title != notice(found)[-1].title]
    page = {"desk": desk, "breach": found, "rows": rows, "told": told, "now": timezone.now()}
    return render(request, "console/breach_notice.html", page)


def waiting_at(desk: Desk) -> tuple[int, int]:
    """(breaches whose hours run, those overdue) for the desk's first page."""
    if not desk.has_breaches:
        return 0, 0
    return queries.waiting(officer=desk.account, through=desk.appointment.id)


def _found(desk: Desk, number: int) -> Breach | None:
    if number >= _LARGEST or not desk.has_breaches:
        return None
    return queries.breach(number, officer=desk.account, through=desk.appointment.id)


def _shown(line: BreachLine) -> dict[str, Any]:
    left = timer(line.state, line.due_at, timezone.now())
    return {
        "line": line, "timer": left, "left": told_timer(left), "chip": CHIP.get(line.state, "info"),
        "span": told_span(line.happened_from, line.happened_to),
    }  # fmt: skip


def _page(
    request: HttpRequest, desk: Desk, found: Breach, *, told: str = "", sent: tuple[str, Any] | None = None,
    drawing: DrawForm | None = None,
) -> HttpResponse:  # fmt: skip
    facts = found.facts
    page = {
        **_shown(found.line), "desk": desk, "breach": found, "told": told, "facts": facts,
        "persons": told_persons(facts.persons, facts.persons_basis), "steps": _steps(found, desk, sent),
        "pending": found.line.pending, "pending_words": _pending_words(found),
        "sources": [(source, told_source(source)) for source in found.sources],
        "drawing": drawing or DrawForm(name="draw"), "may_draw": found.line.state != "closed",
        "form": sent[1] if sent else drawing,
    }  # fmt: skip
    return render(request, "console/breach.html", page, status=status_of(told or sent or drawing))


def _pending_words(found: Breach) -> str:
    step = found.last(found.line.pending) if found.line.pending else None
    return f"{step.officer_name}, {step.office}: {step.words}" if step else ""


def _steps(found: Breach, desk: Desk, sent: tuple[str, Any] | None) -> list[dict[str, Any]]:
    """What this office may do now, each with its form; the one that was sent keeps what was typed."""
    is_told = found.last("notify") is not None
    impossible = {"notify" if is_told else "notify_more", "" if found.line.pending else "disagree", "overdue"}
    if found.line.pending_is_mine:
        impossible.add(found.line.pending)
    return [
        {
            "step": move.step, "needs_two": move.needs_two, "is_second": move.step == found.line.pending,
            "form": sent[1] if sent and sent[0] == move.step else begun(move.step, found),
            "is_open": bool(sent and sent[0] == move.step),
        }
        for move in steps_from(found.line.state, desk.role) if move.step not in impossible
    ]  # fmt: skip


def _entered(desk: Desk, form: ReportForm) -> int | None:
    given = form.cleaned_data
    try:
        return open_breach(
            by=desk.account, through=desk.appointment.id, happened_from=given["happened_from"],
            happened_to=given["happened_to"], discovered_at=given["discovered_at"], kinds=tuple(given["kinds"]),
            words=given["words"], case=given["case"],
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, _said(refusal))
        return None


def _taken(desk: Desk, number: int, step: str, form: Any) -> bool:
    """Whether the database took the step; else the form says why not."""
    given = form.cleaned_data
    facts = form.facts if isinstance(form, FactsForm) else None
    if step == "inform":
        facts = Facts(measures=given["measures"], advice=given["advice"])
    try:
        take_step(
            by=desk.account, through=desk.appointment.id, breach=number, step=step, words=given.get("words", ""),
            facts=facts, happened_from=given.get("happened_from"), happened_to=given.get("happened_to"),
            told_at=given.get("told_at"), reference=given.get("reference", ""),
        )  # fmt: skip
    except Refused as refusal:
        field = REFUSED_FIELD.get(REFUSALS.get(refusal.code, ""))
        form.add_error(field if field in form.fields else None, _said(refusal))
        return False
    return True


def _drawn(desk: Desk, number: int, form: DrawForm) -> bool:
    given = form.cleaned_data
    try:
        draw_persons(
            by=desk.account, through=desk.appointment.id, breach=number, kind=given["kind"],
            username=given["username"], from_at=given["from_at"], to_at=given["to_at"], number=given["number"],
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, _said(refusal))
        return False
    return True


def _said(refusal: Refused) -> str:
    return str(REFUSAL.get(REFUSALS.get(refusal.code, ""), REFUSAL["not_now"]))


def _case(request: HttpRequest) -> int | None:
    text = request.GET.get("case", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _this_minute() -> datetime:
    return timezone.localtime().replace(second=0, microsecond=0)
