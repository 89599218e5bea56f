"""A health station's word that somebody looks ill of it: with one antigen positive and a factor it makes a case."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.contact_tracing import operations
from pccovid.officers.database import Refused
from pccovid.officers.offices import HEALTH_STATION
from pccovid.people import dossier as index
from pccovid.web.console.case_forms import BAD_DAY, DeskForm, words_field
from pccovid.web.console.case_wording import REFUSAL
from pccovid.web.console.case_work import REFUSALS
from pccovid.web.console.desk import Desk, desk_page, not_in_sight
from pccovid.web.sent_forms import sent, status_of


class SuspicionForm(DeskForm):
    """Whether, since when, and why."""

    first = "is_suspected"
    is_suspected = forms.ChoiceField(
        label=gettext_lazy("Kết luận"), widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("Nghi mắc bệnh")), ("no", gettext_lazy("Không còn nghi"))],
        error_messages={"required": gettext_lazy("Chọn một mục.")},
    )  # fmt: skip
    onset_on = forms.DateField(
        label=gettext_lazy("Ngày có triệu chứng đầu tiên (nếu có)"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), error_messages={"invalid": BAD_DAY},
    )  # fmt: skip
    words = words_field(required=True)


@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(HEALTH_STATION)
def suspicion(request: HttpRequest, desk: Desk, person_id: UUID) -> HttpResponse:
    """The form; sent, the word stands with the officer's name."""
    if desk.task is None or desk.task.purpose != "care":
        return redirect("console-find")
    with desk.reading(desk.task, desk.only(person_id)) as disclosures:
        found = index.dossier(person_id)
        if found is not None:
            disclosures.add([person_id], ["identity"])
    if found is None:
        return not_in_sight(request, desk)
    form = SuspicionForm(sent(request), name="nghi")
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            with desk.reading(desk.task, desk.only(person_id)):
                operations.say_suspected(
                    person_id,
                    is_suspected=given["is_suspected"] == "yes",
                    onset_on=given["onset_on"],
                    words=given["words"],
                )
            return redirect("console-person", person_id)
        except Refused as refusal:
            form.add_error(None, str(REFUSAL[REFUSALS.get(refusal.code, "not_in_sight")]))
    page = {"desk": desk, "form": form, "person_id": person_id}
    return render(request, "console/suspicion.html", page, status=status_of(form.is_bound))
