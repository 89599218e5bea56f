"""Mass notices: one officer proposes with a counted dry run, another one approves, and only then anybody is told."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pccovid.notices import operations, queries
from pccovid.notices.rules import LONGEST_TEXT, SHORTEST_TEXT
from pccovid.officers.database import Refused
from pccovid.officers.offices import DATA_PROTECTION, HEALTH_STATION
from pccovid.web.console.desk import Desk, desk_page
from pccovid.web.sent_forms import status_of

OFFICES = (HEALTH_STATION, DATA_PROTECTION)
_LENGTH = gettext_lazy("Viết từ 10 đến 300 ký tự.")


class ProposalForm(forms.Form):
    """The text of a mass notice for the office's own area."""

    first_field = "id_words"
    words = forms.CharField(
        min_length=SHORTEST_TEXT, max_length=LONGEST_TEXT,
        error_messages={"required": _LENGTH, "min_length": _LENGTH, "max_length": _LENGTH},
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*OFFICES)
def show(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Notices proposed and sent in this area; with POST one is proposed, approved or withdrawn."""
    form, told = ProposalForm(), ""
    if request.method == "POST":
        form = ProposalForm(request.POST if request.POST.get("act") == "propose" else None)
        told = _acted(request, desk, form)
        if not told and not form.errors:
            return redirect("console-mass-notices")
    by = {"officer": desk.account, "through": desk.appointment.id}
    area = desk.appointment.area
    page = {
        "desk": desk, "form": form, "told": told, "notices": queries.mass_notices(**by),
        "reach": queries.dry_run(**by, area=area) if area and desk.role == HEALTH_STATION else None,
    }  # fmt: skip
    return render(request, "console/mass_notices.html", page, status=status_of(request.method == "POST"))


def _number(text: str) -> int:
    """0, which is no notice, where it is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _acted(request: HttpRequest, desk: Desk, form: ProposalForm) -> str:
    """'' where it was done, else why not."""
    by = {"officer": desk.account, "through": desk.appointment.id}
    notice = _number(request.POST.get("notice", ""))
    try:
        match request.POST.get("act"):
            case "propose" if form.is_valid():
                operations.propose(**by, area=desk.appointment.area or "", words=form.cleaned_data["words"])
            case "propose":
                return ""
            case "approve":
                operations.approve(**by, notice=notice)
            case "withdraw":
                operations.withdraw(**by, notice=notice)
            case _:
                return _("Chọn một việc trong trang này.")
    except Refused as refused:
        return _told(refused.code)
    return ""


def _told(code: str) -> str:
    told = {
        "PC457": _("Bạn đã đề nghị: cán bộ thứ hai phải duyệt."),
        "PC459": _("Số người đã đổi nhiều so với lần đếm. Đề nghị lại."),
        "PC453": _("Thông báo này không còn chờ."),
    }
    return told.get(code, _("Chức vụ này không gửi được thông báo như vậy."))
