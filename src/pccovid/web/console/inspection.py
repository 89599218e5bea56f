"""The inspector's desk: the queue of cases, one case with its readings and drawings, and the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.inspection import queries
from pccovid.inspection.operations import REFUSALS, decide
from pccovid.inspection.rules import KINDS, OUTCOMES, SHORTEST_REASON, STATES
from pccovid.officers.database import Refused
from pccovid.officers.offices import INSPECTOR
from pccovid.web.console import inspection_pictures, inspection_wording
from pccovid.web.console.appointments import head_page
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight
from pccovid.web.sent_forms import sent, status_of

_PURPOSE = "inspection"
_LARGEST, _LAST_PAGE = 2**62, 10_000


class DecisionForm(forms.Form):
    """What the inspector comes to. The database asks for an answer where somebody complained."""

    first_field = "id_outcome_0"
    outcome = forms.ChoiceField(
        choices=[(code, code) for code in OUTCOMES],
        error_messages={
            "required": gettext_lazy("Chọn một kết luận."),
            "invalid_choice": gettext_lazy("Chọn một kết luận."),
        },
    )
    reason = forms.CharField(
        min_length=SHORTEST_REASON, max_length=4000,
        error_messages={
            "required": gettext_lazy("Viết lý do của kết luận."),
            "min_length": gettext_lazy("Viết lý do rõ hơn (ít nhất 20 ký tự)."),
        },
    )  # fmt: skip
    answer = forms.CharField(max_length=2000, required=False)
    end_term = forms.BooleanField(required=False)


@dataclass(frozen=True)
class Filter:
    """What of the queue is wanted; a code that is none of ours filters nothing."""

    kind: str
    state: str
    only_overdue: bool
    page: int

    @classmethod
    def of(cls, request: HttpRequest) -> Filter:
        given = request.GET
        kind, state = given.get("kind", ""), given.get("state", "waiting")
        return cls(
            kind if kind in KINDS else "", state if state in ("", *STATES) else "waiting",
            given.get("overdue") == "1", _page(given.get("page")),
        )  # fmt: skip

    @property
    def query(self) -> str:
        return urlencode({"kind": self.kind, "state": self.state, "overdue": "1" if self.only_overdue else ""})


@require_safe
@desk_page(INSPECTOR)
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The cases in the inspector's area, overdue first."""
    wanted = Filter.of(request)
    with desk.reading(Task(_PURPOSE, "inspection queue"), desk.everybody_in_reach()):
        found = queries.cases(
            kind=wanted.kind, state=wanted.state, only_overdue=wanted.only_overdue, page=wanted.page
        )  # fmt: skip
        waiting = queries.waiting()
    lines = [(line, inspection_wording.explained(line).partition(". ")[0]) for line in found[: queries.ON_DESK]]
    return render(
        request, "console/inspection_queue.html",
        {"desk": desk, "lines": lines, "waiting": waiting, "overdue": sum(one.overdue for one in waiting),
         "wanted": wanted, "kinds": KINDS, "states": STATES, "before": wanted.page - 1 or None,
         "after": wanted.page + 1 if len(found) > queries.ON_DESK else None},
    )  # fmt: skip


@sensitive_post_parameters("reason", "answer")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(INSPECTOR)
def case(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One case: why it is one, what was read when, what was decided; and the decision."""
    form = DecisionForm(sent(request))
    if number <= _LARGEST and form.is_valid() and _decided(desk, number, form):
        return redirect("console-inspection-case", number)
    shown = _shown(desk, number, _page(request.GET.get("page"))) if number <= _LARGEST else None
    if shown is None:
        return not_in_sight(request, desk)
    page = {**shown, "desk": desk, "form": form, "outcomes": OUTCOMES}
    return render(request, "console/inspection_case.html", page, status=status_of(form.is_bound))


@require_safe
@head_page
def referrals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What inspectors handed to the head of this office; ending the term is the head's to do, or not."""
    found = queries.referrals_to(head=desk.account, through=desk.appointment.id)
    return render(request, "console/inspection_referrals.html", {"desk": desk, "referrals": found})


def waiting_at(desk: Desk) -> tuple[int, int]:
    """(cases that wait, those overdue) for the desk's first page."""
    with desk.reading(Task(_PURPOSE, "inspection queue"), desk.everybody_in_reach()):
        waiting = queries.waiting()
    return sum(one.waiting for one in waiting), sum(one.overdue for one in waiting)


def _shown(desk: Desk, number: int, page: int) -> dict[str, Any] | None:
    with desk.reading(Task(_PURPOSE, f"TT-{number}"), desk.everybody_in_reach()):
        found = queries.case(number)
        if found is None:
            return None
        readings = queries.readings_of_case(number, page=page)
        hours, peers = queries.hours_of_case(number), queries.peers_of_case(number)
        decisions = queries.decisions_of(number)
    there_are = readings[0].there_are if readings else 0
    own, limit = found.evidence.get("measured", 0), float(found.evidence.get("limit", 0))
    return {
        "case": found, "why": inspection_wording.explained(found), "readings": readings, "there_are": there_are,
        "before": page - 1 or None, "after": page + 1 if page * queries.ON_DESK < there_are else None,
        "timeline": inspection_pictures.timeline(hours, found.starts_at, found.ends_at),
        "histogram": inspection_pictures.histogram(peers, own, limit),
        "width": inspection_pictures.WIDTH, "height": inspection_pictures.HEIGHT, "decisions": decisions,
    }  # fmt: skip


def _decided(desk: Desk, number: int, form: DecisionForm) -> bool:
    """Whether the database took the decision; else the form says why not."""
    given = form.cleaned_data
    try:
        with desk.reading(Task(_PURPOSE, f"TT-{number}"), desk.everybody_in_reach()):
            decide(
                case=number, outcome=given["outcome"], reason=given["reason"], answer=given["answer"],
                end_term=given["end_term"],
            )  # fmt: skip
    except Refused as refused:
        told = inspection_wording.REFUSAL.get(REFUSALS.get(refused.code, ""))
        form.add_error("answer" if refused.code == "PC426" else None, str(told or inspection_wording.REFUSAL["own"]))
        return False
    return True


def _page(text: str | None) -> int:
    return min(int(text), _LAST_PAGE) or 1 if text and text.isascii() and text.isdigit() and len(text) < 10 else 1
