"""Retention, for data protection: how long each kind is kept, what is due, what was erased, and the declared end."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from pccovid.officers.database import Refused
from pccovid.officers.offices import DATA_PROTECTION
from pccovid.retention import queries
from pccovid.retention.queries import Proof, TableLine
from pccovid.web.console.desk import Desk, desk_page

_MOST_PROOFS = 100
BECAUSE: dict[str, Promise | str] = {
    "period": gettext_lazy("quá thời hạn lưu giữ"),
    "end_of_epidemic": gettext_lazy("kết thúc dịch"),
    "explains_nothing_more": gettext_lazy("chỉ còn giải thích điều đã xóa"),
    "asked": gettext_lazy("theo yêu cầu của người có dữ liệu"),
    "emptied": gettext_lazy("nội dung gốc được làm rỗng"),
    "kept": gettext_lazy("chưa có thời hạn"),
}
RETENTION: dict[str, Promise | str] = {
    "movement": gettext_lazy("Đi lại"),
    "declaration": gettext_lazy("Khai báo y tế"),
    "record": gettext_lazy("Hồ sơ dịch tễ"),
    "provenance": gettext_lazy("Bản ghi nguồn"),
    "accountability": gettext_lazy("Trách nhiệm giải trình (nhật ký, bằng chứng)"),
    "account": gettext_lazy("Tài khoản"),
    "momentary": gettext_lazy("Tạm thời (mã, phiên đăng nhập)"),
    "configuration": gettext_lazy("Cấu hình"),
}
UNTIL: dict[str, Promise | str] = {
    "record": gettext_lazy("đến ngày công bố kết thúc dịch"),
    "provenance": gettext_lazy("đến khi điều nó giải thích bị xóa"),
    "accountability": gettext_lazy("năm năm kể từ khi kết thúc"),
    "account": gettext_lazy("đến khi đóng tài khoản"),
    "configuration": gettext_lazy("đến khi được thay"),
}


@require_safe
@desk_page(DATA_PROTECTION)
def retention(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Periods, what is due, the newest proofs, the declared end."""
    return _page(request, desk)


@require_POST
@desk_page(DATA_PROTECTION)
def approve_end(request: HttpRequest, desk: Desk, declaration: int) -> HttpResponse:
    """This officer's approval of the declared end; the second of two makes it count."""
    if request.POST.get("understood") != "1":
        return _page(request, desk, told=_("Đánh dấu rằng bạn hiểu hậu quả rồi mới duyệt."), status=422)
    if declaration >= 2**62:
        return _page(request, desk, told=_("Công bố này không còn chờ duyệt."), status=404)
    try:
        queries.approve_end(officer=desk.account, through=desk.appointment.id, declaration=declaration)
    except Refused as refused:
        return _page(request, desk, told=_said(refused), status=403)
    return redirect("console-retention")


def _said(refused: Refused) -> str:
    if refused.code == "PC424":
        return _("Bạn đã duyệt rồi: cần một cán bộ khác.")
    if refused.code == "PC422":
        return _("Công bố này không còn chờ duyệt.")
    return _("Chức vụ đang dùng không còn hiệu lực.")


def _page(request: HttpRequest, desk: Desk, *, told: str = "", status: int = 200) -> HttpResponse:
    by = {"officer": desk.account, "through": desk.appointment.id}
    lines = queries.overview(**by)
    proofs = queries.proofs(**by, most=_MOST_PROOFS)
    page = {
        "desk": desk, "groups": _groups(lines), "proofs": [_worded(proof) for proof in proofs], "told": told,
        "end": queries.declared_end(**by), "due": sum(line.due or 0 for line in lines),
        "counted_at": next((line.counted_at for line in lines if line.counted_at), None),
    }  # fmt: skip
    return render(request, "console/retention.html", page, status=status)


def _groups(lines: tuple[TableLine, ...]) -> list[dict[str, object]]:
    """Lines by kind of retention, those with a period first."""
    ordered = sorted(lines, key=lambda line: (line.days is None, line.retention, line.table))
    return [
        {
            "name": RETENTION.get(retention, retention), "days": days, "until": UNTIL.get(retention, ""),
            "document": tables[0].document, "verified": tables[0].verified,
            "due": sum(line.due or 0 for line in tables), "kept": sum(line.kept or 0 for line in tables),
            "tables": ", ".join(line.table for line in tables),
        }
        for (days, retention), group in groupby(ordered, key=lambda line: (line.days, line.retention))
        for tables in [list(group)]
    ]  # fmt: skip


def _worded(proof: Proof) -> tuple[Proof, object]:
    return proof, BECAUSE.get(proof.because, proof.because)
