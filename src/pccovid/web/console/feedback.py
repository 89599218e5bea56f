"""The desk for feedback: what citizens have seen in this area, with photos, and the answer. Nobody is named."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from pccovid.feedback import queries
from pccovid.feedback.operations import step
from pccovid.feedback.rules import OFFICES, acts_of
from pccovid.officers.database import Refused
from pccovid.web.console.desk import Desk, desk_page, not_in_sight
from pccovid.web.console.paging import page_of, paged
from pccovid.web.sent_forms import sent, status_of

_LARGEST = 2**62
_SAID = {
    "PC454": ("told", gettext_lazy("Viết ít nhất 10 ký tự: trả lời cho người dân; chuyển đi thì ghi vào ghi chú.")),
}
_MOVED_ON = gettext_lazy("Việc này đã sang bước khác, không làm được nữa.")


class StepForm(forms.Form):
    """The office's step."""

    first_field = "id_act_0"
    act = forms.CharField(max_length=20, error_messages={"required": gettext_lazy("Chọn việc cần làm.")})
    told = forms.CharField(max_length=2000, required=False)
    note = forms.CharField(max_length=2000, required=False)


@require_safe
@desk_page(*OFFICES)
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for this office, by deadline."""
    with_closed, page = request.GET.get("closed") == "1", page_of(request)
    found = queries.queue(officer=desk.account, through=desk.appointment.id, with_closed=with_closed, page=page)
    shown = {
        "desk": desk, "with_closed": with_closed, "counts": feedback_waiting_at(desk),
        **paged(found, most=queries.ON_DESK, page=page),
    }  # fmt: skip
    return render(request, "console/feedback.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*OFFICES)
def piece(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """One piece, and the step."""
    by = {"officer": desk.account, "through": desk.appointment.id}
    found = queries.read(number, **by) if number <= _LARGEST else None
    if found is None:
        return not_in_sight(request, desk)
    form = StepForm(sent(request))
    if form.is_valid() and _stepped(desk, number, form):
        return redirect("console-feedback")
    one, steps = found
    page = {"desk": desk, "one": one, "steps": steps, "choices": acts_of(one.state), "form": form}
    return render(request, "console/feedback_piece.html", page, status=status_of(form.is_bound))


@require_safe
@desk_page(*OFFICES)
def photo(request: HttpRequest, desk: Desk, number: int, photo: int) -> HttpResponse:
    """One photo of a piece."""
    by = {"officer": desk.account, "through": desk.appointment.id}
    found = queries.photo(number, photo, **by) if max(number, photo) <= _LARGEST else None
    return HttpResponse(found, content_type="image/jpeg") if found else not_in_sight(request, desk)


def feedback_waiting_at(desk: Desk) -> tuple[int, int]:
    """(pieces that wait for the office, those late) for the desk's first page; nothing for other offices."""
    if desk.role not in OFFICES:
        return 0, 0
    return queries.waiting(officer=desk.account, through=desk.appointment.id)


def _stepped(desk: Desk, number: int, form: StepForm) -> bool:
    """Whether the database took the step; else the form says why not."""
    try:
        step(officer=desk.account, through=desk.appointment.id, feedback=number, **form.cleaned_data)
    except Refused as refused:
        field, told = _SAID.get(refused.code, (None, _MOVED_ON))
        form.add_error(field, str(told))
        return False
    return True
