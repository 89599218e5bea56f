"""The desks of the console in the order of their tabs: what each is called, and which offices work at it. Pure data."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pccovid.officers.offices import COMMUNE_POLICE, DATA_PROTECTION, DATA_STEWARD, HEALTH_STATION, INSPECTOR, TRACER


class Entry(NamedTuple):
    """A tab: its page, the name that pages at that desk go by, its drawing and words, and whose it is.

    It is there for the offices `roles`, and for desks of which `trait` (a property of Desk) is true.
    """

    page: str
    here: str
    drawing: str
    title: Promise | str
    roles: tuple[str, ...] = ()
    trait: str = ""


MENU = (
    Entry("console-find", "find", "search", _("Tìm người"), trait="reads_people"),
    Entry("console-places", "places", "pin", _("Địa điểm"), trait="keeps_places"),
    Entry("console-scanner", "scanner", "qr", _("Máy quét"), trait="keeps_places"),
    Entry("console-triage", "triage", "form", _("Khai báo"), (HEALTH_STATION,)),
    Entry(
        "console-corrections", "corrections", "pencil", _("Sai hoặc thiếu"),
        (HEALTH_STATION, DATA_STEWARD, COMMUNE_POLICE),
    ),
    Entry("console-feedback", "feedback", "message", _("Phản ánh"), (HEALTH_STATION, COMMUNE_POLICE)),
    Entry("console-mass-notices", "mass", "people", _("Thông báo"), (HEALTH_STATION, DATA_PROTECTION)),
    Entry("console-rebinding", "rebinding", "phone", _("Gắn lại số"), (HEALTH_STATION, COMMUNE_POLICE)),
    Entry("console-tasks", "tasks", "tray", _("Việc truy vết"), (TRACER,)),
    Entry("console-cases", "cases", "route", _("Ca bệnh"), (TRACER,)),
    Entry("console-quarantine", "quarantine", "home", _("Cách ly"), trait="keeps_orders"),
    Entry("console-facilities", "facilities", "pin", _("Khu cách ly"), trait="keeps_orders"),
    Entry("console-inspection", "inspection", "shield", _("Thanh tra"), (INSPECTOR,)),
    Entry("console-retention", "retention", "clock", _("Lưu giữ và xóa"), (DATA_PROTECTION,)),
    Entry("console-breaches", "breaches", "warning", _("Sự cố dữ liệu"), trait="has_breaches"),
    Entry("console-processing", "processing", "table", _("Hồ sơ xử lý"), trait="has_breaches"),
    Entry("console-rights", "rights", "message", _("Yêu cầu"), trait="answers_requests"),
    Entry("console-exports", "exports", "shield", _("Xuất dữ liệu"), trait="has_exports"),
    Entry("console-loop", "loop", "route", _("Đường đi"), trait="has_loop"),
    Entry("console-agreements", "agreements", "link", _("Cơ quan"), trait="has_agreements"),
    Entry("console-sources", "sources", "table", _("Nguồn dữ liệu"), trait="has_agreements"),
    Entry(
        "console-verification", "verification", "check", _("Xác minh"),
        (DATA_STEWARD, COMMUNE_POLICE, HEALTH_STATION, DATA_PROTECTION),
    ),
    Entry("console-laboratory-files", "laboratory-files", "tube", _("Tệp xét nghiệm"), (DATA_STEWARD,)),
    Entry("console-runs", "runs", "table", _("Chuyển dữ liệu"), (DATA_STEWARD,)),
    Entry("console-rows", "rows", "tray", _("Dòng chờ"), (DATA_STEWARD,)),
    Entry("console-link-queue", "links", "link", _("Cặp bản ghi"), (DATA_STEWARD,)),
    Entry("console-shadows", "shadows", "link", _("Ghép thử"), (DATA_STEWARD,)),
)  # fmt: skip
