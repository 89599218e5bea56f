"""Appointing by the head of an office: who holds it in the head's area, giving it on, ending it, resetting factors.

The database decides (officers/sql/appointing.sql); this asks, and says in words what it refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021
from pccovid.officers import appointing
from pccovid.officers.database import Refused
from pccovid.officers.offices import OFFICES
from pccovid.web.console import desk
from pccovid.web.console.desk import Desk, desk_page
from pccovid.web.sent_forms import sent, status_of

Rest = ParamSpec("Rest")
Act = Callable[Concatenate[HttpRequest, Desk, Rest], HttpResponse]

_WORDS = {
    "not_a_head": gettext_lazy("Chức vụ này không có quyền bổ nhiệm."),
    "outside": gettext_lazy("Nằm ngoài địa bàn hoặc ngoài quyền của bạn."),
    "too_long": gettext_lazy("Dài hơn thời hạn được giao: xem ngày muộn nhất bên dưới."),
    "oneself": gettext_lazy("Không ai tự bổ nhiệm mình."),
    "no_account": gettext_lazy("Chưa có tài khoản này. Nhập họ tên để mở tài khoản mới."),
    "head_of_same_area": gettext_lazy("Chỉ giao quyền bổ nhiệm cho địa bàn nhỏ hơn."),
    "name_taken": gettext_lazy("Tên đăng nhập này đã có người dùng."),
}


class AppointForm(forms.Form):
    """Whom, where and until when."""

    first_field = "id_username"
    username = forms.RegexField(
        r"^[a-z0-9][a-z0-9.-]{2,40}$",
        error_messages={
            "required": gettext_lazy("Nhập tên đăng nhập."),
            "invalid": gettext_lazy("Tên đăng nhập gồm chữ thường không dấu, số, dấu chấm hoặc gạch nối."),
        },
    )
    full_name = forms.CharField(max_length=100, required=False)
    area = forms.ChoiceField(error_messages={"invalid_choice": gettext_lazy("Chọn địa bàn trong danh sách.")})
    office = forms.CharField(max_length=150, error_messages={"required": gettext_lazy("Nhập tên cơ quan.")})
    until = forms.DateField(
        error_messages={
            "required": gettext_lazy("Chọn ngày hết hạn."),
            "invalid": gettext_lazy("Ngày viết như 2021-12-31."),
        }
    )
    as_head = forms.BooleanField(required=False)

    def __init__(self, *args: Any, at: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)
        area.choices = areas_under(at.appointment.area, needs_area=OFFICES[at.role].needs_area)
        area.required = bool(OFFICES[at.role].needs_area or at.appointment.area)

    @property
    def until_when(self) -> datetime:
        """The end of the chosen day, in Viet Nam."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["until"], time(23, 59, 59)))


def head_page(view: Act[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """A page only for who acts as the head of an office."""

    @wraps(view)
    def page(request: HttpRequest, at: Desk, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if not at.appointment.is_head:
            return desk.refused(request, at)
        try:
            return view(request, at, *args, **kwargs)
        except Refused as refused:
            return _page(request, at, AppointForm(at=at), told=_said(refused), status=403)

    guarded: Callable[Concatenate[HttpRequest, Rest], HttpResponse] = desk_page(*OFFICES)(page)  # type: ignore[arg-type]
    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@head_page
def appointments(request: HttpRequest, at: Desk) -> HttpResponse:
    """Who holds the head's office in the head's area; and giving it on."""
    form = AppointForm(sent(request), at=at)
    if not form.is_bound or not form.is_valid():
        return _page(request, at, form, status=status_of(form.is_bound))
    try:
        password = _appoint(at, form)
    except Refused as refused:
        form.add_error(None, _said(refused))
        return _page(request, at, form, status=422)
    return _handed_over(request, at, form.cleaned_data["username"], password)


@require_POST
@head_page
def end(request: HttpRequest, at: Desk, appointment: int) -> HttpResponse:
    """End one appointment at once; its holder is out with the next click."""
    why = request.POST.get("why", "")[:300].replace("\x00", "")
    appointing.end_appointment(head=at.account, through=at.appointment.id, appointment=appointment, why=why)
    return redirect("console-appointments")


@require_POST
@head_page
def reset(request: HttpRequest, at: Desk, officer: int) -> HttpResponse:
    """Let somebody who lost all factors begin anew; the page shows the password to hand over, once."""
    staff = appointing.staff_under(head=at.account, through=at.appointment.id)
    password = appointing.reset_officer(head=at.account, through=at.appointment.id, officer=officer)
    username = next((one.username for one in staff if one.officer == officer), "")
    return _handed_over(request, at, username, password)


def areas_under(area: str | None, *, needs_area: bool) -> list[tuple[str, str]]:
    """Codes and names of the head's area and the units below it, two levels deep, as they were listed in 2021."""
    units = registry()
    whole = [] if needs_area else [("", _("cả nước"))]
    if area is None:
        tops = units.provinces(on=LISTED_2021)
        return whole + [(unit.code, unit.name) for unit in tops]
    held = units.unit(area, on=LISTED_2021)
    choices = [(area, held.name if held else area)]
    for child in units.children(area, on=LISTED_2021):
        choices.append((child.code, child.name))
        choices += [(leaf.code, f"{leaf.name}, {child.name}") for leaf in units.children(child.code, on=LISTED_2021)]
    return choices


def latest_day(at: Desk, now: datetime) -> date:
    """The last day the head may give: the office's longest term, or the end of the head's own."""
    longest = now + timedelta(days=OFFICES[at.role].longest_days - 1)
    until = at.appointment.until
    return timezone.localtime(min(longest, until - timedelta(days=1)) if until else longest).date()


def _appoint(at: Desk, form: AppointForm) -> str | None:
    """Give the office on; the first password where an account was opened for it. Raises Refused."""
    by = {"head": at.account, "through": at.appointment.id}
    given, password = form.cleaned_data, None
    officer = appointing.account_named(username=given["username"], **by)
    if officer is None:
        if not given["full_name"].strip():
            raise Refused("PC405")
        officer, password = appointing.open_account(username=given["username"], full_name=given["full_name"], **by)
    appointing.appoint_under(
        officer=officer, area=given["area"] or None, office=given["office"].strip(), until=form.until_when,
        as_head=given["as_head"], **by,
    )  # fmt: skip
    return password


def _said(refused: Refused) -> str:
    return str(_WORDS[appointing.REFUSALS[refused.code]])


def _handed_over(request: HttpRequest, at: Desk, username: str, password: str | None) -> HttpResponse:
    if password is None:
        return redirect("console-appointments")
    return render(request, "console/first_password.html", {"desk": at, "username": username, "password": password})


def _page(request: HttpRequest, at: Desk, form: AppointForm, *, told: str = "", status: int = 200) -> HttpResponse:
    now = timezone.now()
    staff = appointing.staff_under(head=at.account, through=at.appointment.id)
    shown = [(one, one.is_in_force(now)) for one in staff]
    page = {"desk": at, "form": form, "staff": shown, "latest": latest_day(at, now), "told": told}
    return render(request, "console/appointments.html", page, status=status)
