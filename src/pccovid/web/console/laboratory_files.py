"""Files of small laboratories: handed in for an agreement in force, and what became of each row."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from pccovid.agreements.queries import agreements_seen
from pccovid.agreements.rules import STEWARD
from pccovid.connectors.reasons import REASONS
from pccovid.exchange.sheets import MOST_BYTES, MOST_ROWS
from pccovid.exchange.uploads import Upload, put_upload, uploads_seen
from pccovid.officers.database import Refused
from pccovid.web.console.desk import Desk, desk_page
from pccovid.web.sent_forms import status_of
from pccovid.web.words import either

_REFUSALS: dict[str, Promise | str] = {
    "no_agreement": gettext_lazy("Thỏa thuận không còn hiệu lực."),
    "too_large": gettext_lazy("Tệp quá lớn."),
    "too_many_rows": gettext_lazy("Tệp có quá nhiều dòng."),
    "not_utf8": gettext_lazy("Tệp CSV phải là UTF-8."),
    "nul_character": gettext_lazy("Tệp có ký tự không đọc được."),
    "not_csv": gettext_lazy("Không đọc được tệp CSV."),
    "not_a_workbook": gettext_lazy("Không đọc được bảng tính."),
    "column_missing": gettext_lazy("Thiếu cột họ tên, phương pháp hoặc kết quả."),
}
_COLUMN: dict[str, Promise | str] = {
    "patient": gettext_lazy("mã bệnh nhân"), "name": gettext_lazy("họ tên"), "birth": gettext_lazy("ngày sinh"),
    "sex": gettext_lazy("giới tính"), "national": gettext_lazy("số căn cước"), "phone": gettext_lazy("điện thoại"),
    "method": gettext_lazy("phương pháp"), "result": gettext_lazy("kết quả"), "taken": gettext_lazy("ngày lấy mẫu"),
    "resulted": gettext_lazy("ngày trả kết quả"), "ct": gettext_lazy("Ct"),
}  # fmt: skip
_OUTCOME: dict[str, Promise | str] = {
    "held": gettext_lazy("giữ lại, chờ biết là của ai"), "rejected": gettext_lazy("không nhận"),
    "new": gettext_lazy("đã ghi"), "linked": gettext_lazy("đã ghi"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page(STEWARD)
def laboratory_files(request: HttpRequest, at: Desk) -> HttpResponse:
    """Hand a file in; the last files with their rows."""
    told = _put(request, at) if request.method == "POST" else ""
    if request.method == "POST" and not told:
        return redirect("console-laboratory-files")
    who = {"officer": at.account, "through": at.appointment.id}
    granted = [one for one in agreements_seen(**who) if one.state == "granted"]
    agreed = [one for one in granted if {"identity", "test"} <= {*one.written}]
    page = {
        "desk": at, "told": told, "agreements": agreed, "most_rows": MOST_ROWS,
        "uploads": [_shown(one) for one in uploads_seen(**who)],
    }  # fmt: skip
    return render(request, "console/laboratory_files.html", page, status=status_of(told))


def _put(request: HttpRequest, at: Desk) -> str:
    """Hand the file in; what is wrong with it, '' for nothing."""
    given, number = request.FILES.get("file"), request.POST.get("agreement", "")
    if given is None or given.size is None or not given.size:
        return _("Chọn một tệp.")
    if given.size > MOST_BYTES:
        return str(_REFUSALS["too_large"])
    try:
        put_upload(
            officer=at.account, through=at.appointment.id, file_name=given.name or "", octets=given.read(),
            agreement=int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0,
        )  # fmt: skip
    except Refused:
        return str(_REFUSALS["no_agreement"])
    return ""


def _shown(one: Upload) -> dict[str, object]:
    refusal = _REFUSALS.get(one.refusal.partition(":")[0], one.refusal) if one.refusal else ""
    faults = [(row, _OUTCOME[outcome], "; ".join(map(_reason, reasons))) for row, outcome, reasons in one.faults]
    return {"file": one, "refusal": refusal, "faults": faults}


def _reason(stored: str) -> str:
    column, colon, code = stored.rpartition(":")
    known = REASONS.get(code)
    words = either(known.vi, known.en) if known else code.replace("_", " ")
    return f"{_COLUMN.get(column, column)}: {words}" if colon else words
