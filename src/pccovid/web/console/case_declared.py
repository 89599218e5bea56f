"""Whom a case says they met: the tracer writes a number and the days, and the person is a contact as anybody met is."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pccovid.contact_tracing import operations
from pccovid.officers.limits import TooManyTurns, count_look_up
from pccovid.people.finding import Found, NotEnoughToFind, Wanted, find_persons
from pccovid.web.console.case_forms import BAD_DAY, DeskForm
from pccovid.web.console.case_work import done
from pccovid.web.console.desk import Desk, Task
from pccovid.web.console.waiting import told_to_wait


def _day(label: object) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),  # type: ignore[arg-type]
        error_messages={"invalid": BAD_DAY, "required": BAD_DAY},
    )  # fmt: skip


class DeclaredForm(DeskForm):
    """One person of the area, by a number of theirs, and from which day to which they were together."""

    first = "number"
    number = forms.CharField(
        label=gettext_lazy("Số giấy tờ của người đã gặp (CCCD, CMND, hộ chiếu, BHXH)"), required=False, max_length=60
    )
    phone = forms.CharField(label=gettext_lazy("Hoặc số điện thoại"), required=False, max_length=60)
    first_on = _day(gettext_lazy("Gặp từ ngày"))
    last_on = _day(gettext_lazy("Đến ngày"))
    words = forms.CharField(
        label=gettext_lazy("Ở đâu, trong hoàn cảnh nào (nếu biết)"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


def declare(desk: Desk, task: Task, case: int, form: DeclaredForm) -> str:
    """Write it; why not, in words, where nobody or several fit or the database refuses; '' where it was written."""
    given = form.cleaned_data
    try:
        count_look_up(desk.account)
        found = _who(desk, task, Wanted(number=given["number"], phone=given["phone"]))
    except TooManyTurns as too_many:
        return told_to_wait(too_many.seconds)
    except NotEnoughToFind:
        return _("Nhập một số giấy tờ hoặc số điện thoại đọc được.")
    if len(found) != 1:
        return _("Không có ai, hoặc có nhiều người mang số này trong địa bàn: hãy tìm người rồi nhập số giấy tờ.")
    return done(desk, task, lambda: operations.declare_contact(
        case=case, person=found[0].person, first_on=given["first_on"], last_on=given["last_on"],
        words=given["words"]))  # fmt: skip


def _who(desk: Desk, task: Task, wanted: Wanted) -> tuple[Found, ...]:
    with desk.reading(task, desk.everybody_in_reach()) as disclosures:
        found = find_persons(wanted, today=timezone.localdate())
        disclosures.add([one.person for one in found], ["identity"])
    return found
