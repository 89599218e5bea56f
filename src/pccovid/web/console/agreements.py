"""Agreements with agencies: asking for one, granting what another office asked, ending one at once."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pccovid.agreements.assertions import AssertionRefused, read_keys
from pccovid.agreements.operations import REFUSALS, Wanted, ask_agreement, end_agreement, judge_agreement
from pccovid.agreements.queries import AgreementLine, agreements_seen
from pccovid.agreements.rules import APPROVER, LONGEST_DAYS, STEWARD, categories_written, purposes_of_agencies
from pccovid.foundation.purposes import PURPOSES
from pccovid.officers.database import Refused
from pccovid.web.console.appointments import areas_under
from pccovid.web.console.desk import AGREEMENT_OFFICES, Desk, desk_page
from pccovid.web.sent_forms import sent, status_of
from pccovid.web.words import purpose_title, word

_SAID: dict[str, Promise | str] = {
    "not_held": gettext_lazy("Chức vụ này không được đề nghị hoặc duyệt việc đó."),
    "beyond_purpose": gettext_lazy("Có loại dữ liệu mà mục đích này không cho cơ quan xem hoặc gửi."),
    "outside": gettext_lazy("Nằm ngoài địa bàn của bạn."),
    "other_agency": gettext_lazy("Mã này đã là của một cơ quan có tên hoặc loại khác."),
    "unfit": gettext_lazy("Thời hạn, khóa hoặc một mục không hợp lệ."),
    "not_standing": gettext_lazy("Thỏa thuận này không còn chờ duyệt hoặc không còn hiệu lực; hoặc thiếu lý do."),
    "own_request": gettext_lazy("Không ai tự duyệt đề nghị của mình."),
}
STATE: dict[str, tuple[Promise | str, str]] = {
    "waiting": (gettext_lazy("chờ duyệt"), "pending"), "refused": (gettext_lazy("bị từ chối"), "danger"),
    "lapsed": (gettext_lazy("quá hạn duyệt"), "danger"), "granted": (gettext_lazy("đang hiệu lực"), "official"),
    "ended": (gettext_lazy("đã chấm dứt"), "danger"), "expired": (gettext_lazy("hết hạn"), "danger"),
}  # fmt: skip
_STANDING: dict[str, Any] = {
    "facility": gettext_lazy("cơ sở y tế"), "authority": gettext_lazy("cơ quan nhà nước"),
}  # fmt: skip
_NEEDED: dict[str, Any] = {"required": gettext_lazy("Nhập mục này.")}


class AskForm(forms.Form):
    """With which agency, for what, of whom, what it may see and send, until when, and its public keys."""

    first_field = "id_agency"
    agency = forms.RegexField(
        r"^[a-z][a-z0-9-]{1,30}$",
        error_messages={**_NEEDED, "invalid": gettext_lazy("Chữ thường, chữ số, gạch nối; ví dụ benh-vien-x.")},
    )
    name = forms.CharField(max_length=200, error_messages=_NEEDED)
    standing = forms.ChoiceField(choices=list(_STANDING.items()))
    purpose = forms.ChoiceField(error_messages=_NEEDED)
    area = forms.ChoiceField(required=False)
    categories = forms.MultipleChoiceField(error_messages=_NEEDED)
    written = forms.MultipleChoiceField(required=False)
    until = forms.DateField(error_messages={**_NEEDED, "invalid": gettext_lazy("Nhập ngày, ví dụ 2026-12-31.")})
    document = forms.CharField(max_length=300, error_messages=_NEEDED)
    reason = forms.CharField(
        min_length=20, max_length=1000,
        error_messages={**_NEEDED, "min_length": gettext_lazy("Viết rõ hơn (ít nhất 20 ký tự).")},
    )  # fmt: skip
    notify_url = forms.RegexField(
        r"^https?://[^\s@]+$", required=False, max_length=500,
        error_messages={"invalid": gettext_lazy("Nhập địa chỉ https://…")},
    )  # fmt: skip
    keys = forms.CharField(max_length=20_000, error_messages=_NEEDED)

    def __init__(self, *args: Any, at: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = purposes_of_agencies()
        readable = dict.fromkeys(one for categories in allowed.values() for one in categories)
        self._choices("purpose", [(code, purpose_title(PURPOSES[code])) for code in allowed])
        self._choices("categories", [(code, word("category", code)) for code in readable])
        self._choices("written", [(code, word("category", code)) for code in categories_written()])
        self._choices("area", areas_under(at.appointment.area, needs_area=at.appointment.area is not None))

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean_until(self) -> datetime:
        """The end of the day; at most two years away."""
        day = self.cleaned_data["until"]
        latest = timezone.localdate() + timedelta(days=LONGEST_DAYS - 1)
        if not timezone.localdate() <= day <= latest:
            raise forms.ValidationError(_("Từ hôm nay đến %(latest)s.") % {"latest": latest.isoformat()})
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))

    def clean_keys(self) -> tuple[dict[str, Any], ...]:
        """The public keys of the set."""
        try:
            return tuple(read_keys(self.cleaned_data["keys"]))
        except AssertionRefused as refused:
            told = _("Chỉ nhận bộ khóa công khai JWKS, ES384 hoặc RS384, mỗi khóa có kid (%(why)s).")
            raise forms.ValidationError(told % {"why": str(refused)}) from refused


@require_safe
@desk_page(*AGREEMENT_OFFICES)
def agreements(request: HttpRequest, at: Desk) -> HttpResponse:
    """The agreements this office sees, and what may be done about each."""
    return _page(request, at)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(STEWARD)
def ask(request: HttpRequest, at: Desk) -> HttpResponse:
    """Ask for an agreement; another office grants it."""
    form = AskForm(sent(request), at=at)
    if form.is_bound and form.is_valid() and _asked(at, form):
        return redirect("console-agreements")
    page = {"desk": at, "form": form}
    return render(request, "console/ask_agreement.html", page, status=status_of(form.is_bound))


@require_POST
@desk_page(APPROVER)
def judge(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """Grant or refuse what another officer asked."""
    said = request.POST.get("said", "")
    if said not in ("approve", "refuse") or number >= 2**62:
        return _page(request, at, told=_("Chọn duyệt hoặc từ chối."), status=422)
    try:
        judge_agreement(
            officer=at.account, through=at.appointment.id, agreement=number, approves=said == "approve",
            note=request.POST.get("note", "")[:500],
        )  # fmt: skip
    except Refused as refused:
        return _page(request, at, told=str(_SAID[REFUSALS[refused.code]]), status=403)
    return redirect("console-agreements")


@require_POST
@desk_page(STEWARD, APPROVER)
def end(request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """End an agreement at once, with its tokens."""
    reason = request.POST.get("reason", "")[:500].strip()
    try:
        end_agreement(
            officer=at.account, through=at.appointment.id, agreement=number if number < 2**62 else 0, reason=reason
        )
    except Refused as refused:
        return _page(request, at, told=str(_SAID[REFUSALS[refused.code]]), status=422)
    return redirect("console-agreements")


def _asked(at: Desk, form: AskForm) -> bool:
    given = form.cleaned_data
    wanted = Wanted(
        agency=given["agency"], name=given["name"].strip(), standing=given["standing"], purpose=given["purpose"],
        categories=tuple(given["categories"]), written=tuple(given["written"]), area=given["area"] or None,
        valid_until=given["until"], document=given["document"], reason=given["reason"],
        notify_url=given["notify_url"] or None, keys=given["keys"],
    )  # fmt: skip
    try:
        ask_agreement(officer=at.account, through=at.appointment.id, wanted=wanted)
    except Refused as refused:
        form.add_error(None, str(_SAID[REFUSALS[refused.code]]))
        return False
    return True


def _page(request: HttpRequest, at: Desk, *, told: str = "", status: int = 200) -> HttpResponse:
    lines = agreements_seen(officer=at.account, through=at.appointment.id)
    page = {"desk": at, "lines": [_shown(line, at) for line in lines], "told": told, "may_ask": at.role == STEWARD}
    return render(request, "console/agreements.html", page, status=status)


def _shown(line: AgreementLine, at: Desk) -> dict[str, object]:
    state, chip = STATE[line.state]
    purpose = PURPOSES.get(line.purpose)
    return {
        "line": line, "state": state, "chip": chip, "standing": _STANDING[line.standing],
        "purpose": purpose_title(purpose) if purpose else line.purpose,
        "categories": ", ".join(word("category", one) for one in line.categories),
        "written": ", ".join(word("category", one) for one in line.written),
        "may_judge": at.role == APPROVER and line.state == "waiting" and line.asked_by != at.account,
        "may_end": at.role in (STEWARD, APPROVER) and line.state in ("waiting", "granted"),
    }  # fmt: skip
