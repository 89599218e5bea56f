"""Taking back what one's own station wrote down for a caller: nothing is deleted; the person is told and shown it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.declarations.queries import OwnDeclaration, declared_by_telephone
from pccovid.declaring.operations import case_of, withdraw_told
from pccovid.declaring.states import WITHDRAWAL_REASONS
from pccovid.officers.database import Refused
from pccovid.officers.offices import HEALTH_STATION, OFFICES
from pccovid.web.console.desk import Desk, Task, desk_page, not_in_sight
from pccovid.web.sent_forms import sent, status_of

_PURPOSE = OFFICES[HEALTH_STATION].purpose


class WithdrawalForm(forms.Form):
    """Why, and what the person reads about it."""

    first_field = "id_reason_0"
    reason = forms.ChoiceField(
        choices=[(code, code) for code in WITHDRAWAL_REASONS],
        error_messages={"required": gettext_lazy("Chọn lý do rút."), "invalid_choice": gettext_lazy("Chọn lý do rút.")},
    )
    told = forms.CharField(
        min_length=10, max_length=2000,
        error_messages={
            "required": gettext_lazy("Viết ít nhất 10 ký tự để người dân hiểu."),
            "min_length": gettext_lazy("Viết ít nhất 10 ký tự để người dân hiểu."),
        },
    )  # fmt: skip


@sensitive_post_parameters("told")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HEALTH_STATION)
def withdraw(request: HttpRequest, desk: Desk, person_id: UUID, call: UUID) -> HttpResponse:
    """What was written down in this call, and the form to take it back; with POST that is done."""
    form = WithdrawalForm(sent(request))
    if form.is_valid():
        is_done = _withdrawn(desk, person_id, call, form)
        return redirect("console-person", person_id) if is_done else not_in_sight(request, desk)
    declared = _declared(desk, person_id, call)
    if declared is None:
        return not_in_sight(request, desk)
    page = {"desk": desk, "person": person_id, "declared": declared, "form": form, "reasons": WITHDRAWAL_REASONS}
    return render(request, "console/telephone_withdraw.html", page, status=status_of(form.is_bound))


def _declared(desk: Desk, person: UUID, call: UUID) -> OwnDeclaration | None:
    """What this very office wrote down in the call, while it stands."""
    with desk.reading(Task(_PURPOSE, case_of(call)), desk.only(person)) as disclosures:
        found = declared_by_telephone(person, call)
        if found is None or found.answers.get("written_by") != desk.appointment.office:
            return None
        disclosures.add([person], ["declaration"])
        return found


def _withdrawn(desk: Desk, person: UUID, call: UUID, form: WithdrawalForm) -> bool:
    given = form.cleaned_data
    try:
        with desk.reading(Task(_PURPOSE, case_of(call)), desk.only(person)) as disclosures:
            disclosures.add([person], ["declaration"])
            withdraw_told(person, call, reason=given["reason"], told=given["told"])
    except Refused:
        return False
    return True
