"""Finding a person: purpose and case first, then what is known of them. What is typed never stands in an address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pccovid.officers.limits import TooManyTurns, count_look_up
from pccovid.people.finding import MOST_FOUND, Found, NotEnoughToFind, Wanted, find_persons
from pccovid.web import words
from pccovid.web.console import desk
from pccovid.web.console.desk import Desk, Task, desk_page, offices_that_read, purposes_of
from pccovid.web.console.waiting import told_to_wait

_SHORTEST_CASE = 3


class FindForm(forms.Form):
    """Why, and whom."""

    first_field = "id_case"
    purpose = forms.ChoiceField(error_messages={"required": gettext_lazy("Chọn mục đích.")})
    case = forms.CharField(
        max_length=100, min_length=_SHORTEST_CASE,
        error_messages={
            "required": gettext_lazy("Ghi số vụ việc hoặc số công văn."),
            "min_length": gettext_lazy("Ghi số vụ việc hoặc số công văn."),
        },
    )  # fmt: skip
    number = forms.CharField(max_length=60, required=False)
    phone = forms.CharField(max_length=60, required=False)
    name = forms.CharField(max_length=200, required=False)
    birth = forms.CharField(max_length=40, required=False)

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purpose = self.fields["purpose"]
        assert isinstance(purpose, forms.ChoiceField)
        purpose.choices = [(code, words.word("purpose", code)) for code in purposes_of(role)]

    @property
    def task(self) -> Task:
        return Task(self.cleaned_data["purpose"], self.cleaned_data["case"])

    @property
    def wanted(self) -> Wanted:
        return Wanted(*(self.cleaned_data[name] for name in ("number", "phone", "name", "birth")))

    def refuse(self, not_enough: NotEnoughToFind) -> None:
        """Say beside the field what could not be read."""
        messages = {
            "number": _("Không đọc được số này. Nhập CCCD 12 số, CMND 9 số, hộ chiếu hoặc mã số BHXH 10 số."),
            "phone": _("Không đọc được số điện thoại này."),
            "name": _("Nhập họ và tên cùng với ngày hoặc năm sinh."),
            "birth": _("Nhập ngày sinh (ngày/tháng/năm) hoặc năm sinh cùng với họ tên."),
            "all": _("Nhập một số giấy tờ, hoặc số điện thoại, hoặc họ tên cùng ngày sinh."),
        }
        self.add_error(None if not_enough.field == "all" else not_enough.field, messages[not_enough.field])


@sensitive_post_parameters("number", "phone", "name", "birth")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*offices_that_read())
def find(request: HttpRequest, at: Desk) -> HttpResponse:
    """Ask, and list who fits; every person listed is told that they were."""
    found: tuple[Found, ...] | None = None
    if request.method == "POST":
        form = FindForm(request.POST, role=at.role)
        if form.is_valid() and _has_a_turn(at, form):
            desk.take_up(request, form.task)
            at = replace(at, task=form.task)
            found = _found(at, form)
    else:
        first = {"purpose": purposes_of(at.role)[0], "case": at.task.case if at.task else ""}
        form = FindForm(initial=first, role=at.role)
    listed = None if found is None else found[:MOST_FOUND]
    return render(
        request,
        "console/find.html",
        {"desk": at, "form": form, "found": listed, "there_are_more": found is not None and len(found) > MOST_FOUND},
    )


def _has_a_turn(at: Desk, form: FindForm) -> bool:
    """Count the search; where too many were made, the form says how long to wait."""
    try:
        count_look_up(at.account)
    except TooManyTurns as too_many:
        form.add_error(None, told_to_wait(too_many.seconds))
        return False
    return True


def _found(at: Desk, form: FindForm) -> tuple[Found, ...] | None:
    with at.reading(form.task, at.everybody_in_reach()) as disclosures:
        try:
            found = find_persons(form.wanted, today=timezone.localdate())
        except NotEnoughToFind as not_enough:
            form.refuse(not_enough)
            return None
        disclosures.add([one.person for one in found[:MOST_FOUND]], ["identity"])
    return found
