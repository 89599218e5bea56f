"""Exports: asking for one, judging others' requests, fetching the encrypted file. The database decides and logs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pccovid.bulk_export import queries
from pccovid.bulk_export.queries import REFUSALS, ExportLine
from pccovid.bulk_export.recipients import CertificateRefused, print_of, read_certificate
from pccovid.bulk_export.rules import APPROVALS, APPROVERS, COLUMNS, KEPT_DAYS, PURPOSES, Column, ExportPurpose
from pccovid.officers.database import Refused
from pccovid.web.console.appointments import areas_under
from pccovid.web.console.desk import EXPORT_OFFICES, Desk, desk_page
from pccovid.web.sent_forms import sent, status_of

ASKERS = tuple(sorted({role for purpose in PURPOSES.values() for role in purpose.askers}))
_SAID: dict[str, Promise | str] = {
    "not_held": gettext_lazy("Chức vụ này không được đề nghị hoặc duyệt việc đó."),
    "column_not_needed": gettext_lazy("Có cột mà mục đích này không cần."),
    "outside": gettext_lazy("Nằm ngoài địa bàn của bạn."),
    "not_waiting": gettext_lazy("Đề nghị này không còn chờ duyệt."),
    "own_request": gettext_lazy("Không ai tự duyệt đề nghị của mình."),
    "judged_already": gettext_lazy("Bạn đã cho ý kiến rồi: cần một cán bộ khác."),
    "no_file": gettext_lazy("Không có tệp, hoặc tệp đã quá hạn."),
}
_CERTIFICATE: dict[str, Promise | str] = {
    "unreadable": gettext_lazy("Không đọc được chứng thư. Dán cả khối BEGIN CERTIFICATE … END CERTIFICATE."),
    "not_rsa": gettext_lazy("Chứng thư phải có khóa RSA."),
    "too_small": gettext_lazy("Khóa RSA phải từ 2048 bit."),
    "not_valid_now": gettext_lazy("Chứng thư đã hết hạn hoặc chưa có hiệu lực."),
}
STATE: dict[str, tuple[Promise | str, str]] = {
    "waiting": (gettext_lazy("chờ duyệt"), "pending"),
    "approved": (gettext_lazy("đã duyệt, đang lập tệp"), "info"),
    "refused": (gettext_lazy("bị từ chối"), "danger"),
    "lapsed": (gettext_lazy("quá hạn duyệt"), "danger"),
    "made": (gettext_lazy("đã lập tệp"), "official"),
    "failed": (gettext_lazy("không lập được"), "danger"),
}


class AskForm(forms.Form):
    """For what, of whom, which columns, and to whom."""

    first_field = "id_purpose"
    purpose = forms.ChoiceField(error_messages={"required": gettext_lazy("Chọn mục đích.")})
    area = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": gettext_lazy("Chọn địa bàn trong danh sách.")}
    )
    columns = forms.MultipleChoiceField(error_messages={"required": gettext_lazy("Chọn ít nhất một cột.")})
    reason = forms.CharField(
        min_length=20, max_length=1000,
        error_messages={
            "required": gettext_lazy("Viết rõ dùng để làm gì, theo văn bản nào."),
            "min_length": gettext_lazy("Viết rõ hơn (ít nhất 20 ký tự)."),
        },
    )  # fmt: skip
    organisation = forms.CharField(max_length=200, error_messages={"required": gettext_lazy("Nhập cơ quan nhận.")})
    recipient = forms.CharField(max_length=200, error_messages={"required": gettext_lazy("Nhập người nhận.")})
    certificate = forms.CharField(
        max_length=20_000, error_messages={"required": gettext_lazy("Dán chứng thư của cơ quan nhận.")}
    )

    def __init__(self, *args: Any, at: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = purposes_for(at.role)
        self._choices("purpose", [(one.code, titled(one)) for one in mine])
        names = dict.fromkeys(name for one in mine for name in one.columns)
        self._choices("columns", [(name, titled(COLUMNS[name])) for name in names])
        self._choices("area", areas_under(at.appointment.area, needs_area=at.appointment.area is not None))

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_certificate(self) -> tuple[str, str]:
        """The PEM text and its fingerprint."""
        text = self.cleaned_data["certificate"]
        try:
            return text.strip(), print_of(read_certificate(text, now=timezone.now()))
        except CertificateRefused as refused:
            raise forms.ValidationError(str(_CERTIFICATE[refused.why])) from refused

    def clean(self) -> dict[str, Any]:
        """Every column must be one that the purpose needs."""
        given = super().clean() or {}
        purpose = PURPOSES.get(given.get("purpose", ""))
        beyond = [name for name in given.get("columns", []) if purpose and name not in purpose.columns]
        if beyond:
            named = ", ".join(titled(COLUMNS[name]) for name in beyond)
            self.add_error("columns", _("Mục đích này không cần: %(columns)s.") % {"columns": named})
        return given


def purposes_for(role: str) -> tuple[ExportPurpose, ...]:
    """What this office may ask exports for."""
    return tuple(purpose for purpose in PURPOSES.values() if role in purpose.askers)


def titled(one: ExportPurpose | Column) -> str:
    """Its title in the page's language."""
    return one.title if (get_language() or "vi").startswith("vi") else one.title_en


@require_safe
@desk_page(*sorted(EXPORT_OFFICES))
def exports(request: HttpRequest, at: Desk) -> HttpResponse:
    """The requests this office sees, and what may be done about each."""
    return _page(request, at)


@sensitive_post_parameters("certificate", "recipient")
@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(*ASKERS)
def ask(request: HttpRequest, at: Desk) -> HttpResponse:
    """Ask for an export; others approve it."""
    form = AskForm(sent(request), at=at)
    if form.is_bound and form.is_valid() and _asked(at, form):
        return redirect("console-exports")
    needed = [(titled(one), ", ".join(titled(COLUMNS[name]) for name in one.columns)) for one in purposes_for(at.role)]
    page = {"desk": at, "form": form, "needed": needed, "days": KEPT_DAYS, "approvals": APPROVALS}
    return render(request, "console/ask_export.html", page, status=status_of(form.is_bound))


@require_POST
@desk_page(*APPROVERS)
def judge(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """Approve or refuse somebody else's request."""
    said = request.POST.get("said", "")
    if said not in ("approve", "refuse") or number >= 2**62:
        return _page(request, at, told=_("Chọn duyệt hoặc từ chối."), status=422)
    note = request.POST.get("note", "")[:500].replace("\x00", "")
    try:
        queries.judge_export(
            officer=at.account, through=at.appointment.id, request=number, approves=said == "approve", note=note
        )
    except Refused as refused:
        return _page(request, at, told=str(_SAID[REFUSALS[refused.code]]), status=403)
    return redirect("console-exports")


@require_POST
@desk_page(*ASKERS)
def download(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """The encrypted file; every download is written down."""
    try:
        content = queries.download_export(
            officer=at.account, through=at.appointment.id, request=number if number < 2**62 else 0
        )
    except Refused as refused:
        return _page(request, at, told=str(_SAID[REFUSALS[refused.code]]), status=404)
    answer = HttpResponse(content, content_type="application/pkcs7-mime")
    answer["Content-Disposition"] = f'attachment; filename="XD-{number}.csv.p7m"'
    answer["Cache-Control"] = "no-store"
    return answer


def _asked(at: Desk, form: AskForm) -> bool:
    given = form.cleaned_data
    certificate, certificate_print = given["certificate"]
    try:
        queries.ask_export(
            officer=at.account, through=at.appointment.id, purpose=given["purpose"], columns=tuple(given["columns"]),
            area=given["area"] or None, reason=given["reason"], organisation=given["organisation"],
            recipient=given["recipient"], certificate=certificate, certificate_print=certificate_print,
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, str(_SAID[REFUSALS[refused.code]]))
        return False
    return True


def _page(request: HttpRequest, at: Desk, *, told: str = "", status: int = 200) -> HttpResponse:
    lines = queries.exports_seen(officer=at.account, through=at.appointment.id)
    page = {
        "desk": at, "lines": [_shown(line, at) for line in lines], "told": told, "may_ask": at.role in ASKERS,
        "approvals": APPROVALS,
    }  # fmt: skip
    return render(request, "console/exports.html", page, status=status)


def _shown(line: ExportLine, at: Desk) -> dict[str, object]:
    purpose = PURPOSES.get(line.purpose)
    state, chip = STATE[line.state]
    has_asked = line.asked_by == at.account
    return {
        "line": line, "purpose": titled(purpose) if purpose else line.purpose, "state": state, "chip": chip,
        "columns": ", ".join(titled(COLUMNS[name]) if name in COLUMNS else name for name in line.columns),
        "may_judge": at.role in APPROVERS and line.state == "waiting" and not line.is_mine,
        "may_fetch": at.role in ASKERS and has_asked and line.kept_until is not None,
    }  # fmt: skip
