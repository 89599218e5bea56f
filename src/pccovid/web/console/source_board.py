"""The board of sources: how fresh, how complete and how faulty what each of them sends or answers is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from pccovid.officers.offices import DATA_PROTECTION, DATA_STEWARD, INSPECTOR
from pccovid.source_board import queries
from pccovid.source_board.queries import Source
from pccovid.web.console.desk import Desk, desk_page

OFFICES = (DATA_STEWARD, DATA_PROTECTION, INSPECTOR)
WAY: dict[str, Promise | str] = {
    "sends": gettext_lazy("gửi đến theo thỏa thuận"), "asked": gettext_lazy("được hệ thống hỏi"),
    "delivered": gettext_lazy("chuyển từ hệ thống cũ"),
}  # fmt: skip
FIELD: dict[str, Promise | str] = {
    "name": gettext_lazy("Họ tên"), "birth_date": gettext_lazy("Ngày sinh"),
    "birth_day": gettext_lazy("Ngày sinh đủ ngày"), "sex": gettext_lazy("Giới tính"),
    "number": gettext_lazy("Số giấy tờ"), "phone": gettext_lazy("Số điện thoại"), "commune": gettext_lazy("Xã"),
}  # fmt: skip


@require_safe
@desk_page(*OFFICES)
def board(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every source, stale ones first."""
    found = queries.board(officer=desk.account, through=desk.appointment.id)
    apps = queries.old_apps(officer=desk.account, through=desk.appointment.id)
    shown = {"desk": desk, "sources": [_shown(one) for one in found], "apps": apps,
             "collecting": sum(one.still_collects for one in apps)}  # fmt: skip
    return render(request, "console/source_board.html", shown)


def old_apps_collecting_at(desk: Desk) -> int:
    """How many earlier apps still collect, for the desk's first page; none for other offices."""
    apps = queries.old_apps(officer=desk.account, through=desk.appointment.id) if desk.role in OFFICES else ()
    return sum(one.still_collects for one in apps)


def stale_sources_at(desk: Desk) -> int:
    """How many sources are stale, for the desk's first page; none for other offices."""
    return queries.stale(officer=desk.account, through=desk.appointment.id) if desk.role in OFFICES else 0


def _shown(one: Source) -> dict[str, object]:
    completeness = [(FIELD[name], percent) for name, percent in one.completeness]
    return {"one": one, "way": WAY[one.way], "completeness": completeness}
