"""What an office has to do now, for its first page: of each of its desks, what waits there and what is late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.utils.translation import gettext_lazy, ngettext_lazy

from pccovid.contact_tracing.queries import tasks_waiting
from pccovid.people.intake import runs
from pccovid.quarantine.queries import orders_waiting
from pccovid.web.console import breaches, inspection
from pccovid.web.console.corrections import corrections_waiting_at
from pccovid.web.console.desk import Desk
from pccovid.web.console.feedback import feedback_waiting_at
from pccovid.web.console.menu import Entry
from pccovid.web.console.rights import rights_waiting_at
from pccovid.web.console.source_board import old_apps_collecting_at, stale_sources_at
from pccovid.web.console.triage import triage_waiting_at
from pccovid.web.words import moment


class Duty(NamedTuple):
    """A desk of the office: its tab, what waits there or what it is for, and what is late ('' where nothing is)."""

    entry: Entry
    says: str
    late: tuple[str, ...] = ()


_FOR = {
    "console-find": gettext_lazy(
        "Theo số giấy tờ, số điện thoại, hoặc họ tên cùng ngày sinh. Cần nêu mục đích và vụ việc."
    ),
    "console-places": gettext_lazy("Nơi có mã QR địa điểm: đăng ký, đóng, chuyển, gộp."),
    "console-scanner": gettext_lazy("Quét mã của người và thẻ tại chốt, dùng được khi mất mạng."),
    "console-mass-notices": gettext_lazy("Báo tin cho người trong địa bàn; đếm thử trước, người thứ hai duyệt."),
    "console-rebinding": gettext_lazy("Người mất số điện thoại được gắn số mới, có mặt và có người thứ hai."),
    "console-cases": gettext_lazy("Ca bệnh của địa bàn, người tiếp xúc, chuỗi lây."),
    "console-facilities": gettext_lazy("Các khu cách ly: sức chứa, ai ở phòng nào."),
    "console-retention": gettext_lazy(
        "Những gì sắp bị xóa, đã bị xóa, và bằng chứng. Chức vụ này chỉ đọc hồ sơ của người đã gửi yêu cầu."
    ),
    "console-processing": gettext_lazy(
        "Ai đọc gì, để làm gì, giữ bao lâu, rủi ro nào còn lại: theo quy tắc đang có hiệu lực."
    ),
    "console-exports": gettext_lazy("Xuất dữ liệu theo yêu cầu, hai người khác duyệt."),
    "console-loop": gettext_lazy("Mẫu và mũi tiêm nào còn chưa về tới người dân."),
    "console-agreements": gettext_lazy("Cơ quan nào được trao đổi dữ liệu gì, đến bao giờ."),
    "console-sources": gettext_lazy("Mỗi nguồn mới đến đâu, đủ đến đâu, lỗi bao nhiêu."),
    "console-verification": gettext_lazy("Danh tính đối chiếu với dữ liệu dân cư: khớp, lệch, chưa đối chiếu được."),
    "console-laboratory-files": gettext_lazy("Tải tệp kết quả của phòng xét nghiệm nhỏ; lỗi báo theo từng dòng."),
    "console-runs": gettext_lazy("Chưa có lần chuyển nào."),
    "console-rows": gettext_lazy("Không có dòng nào chờ."),
    "console-link-queue": gettext_lazy("Những cặp máy không tự quyết: có phải cùng một người?"),
    "console-shadows": gettext_lazy("Ghép lại toàn bộ để so với hôm nay trước khi thay."),
}
_WAITS = {
    "console-triage": ngettext_lazy("%(n)s khai báo chờ trạm trả lời", "%(n)s khai báo chờ trạm trả lời", "n"),
    "console-corrections": ngettext_lazy("%(n)s mục chờ ký", "%(n)s mục chờ ký", "n"),
    "console-feedback": ngettext_lazy("%(n)s phản ánh chờ trả lời", "%(n)s phản ánh chờ trả lời", "n"),
    "console-inspection": ngettext_lazy("%(n)s việc chưa kết luận", "%(n)s việc chưa kết luận", "n"),
    "console-breaches": ngettext_lazy("%(n)s sự cố đang tính giờ", "%(n)s sự cố đang tính giờ", "n"),
    "console-rights": ngettext_lazy("%(n)s yêu cầu chờ chức vụ này", "%(n)s yêu cầu chờ chức vụ này", "n"),
    "console-tasks": ngettext_lazy("%(n)s việc đang mở", "%(n)s việc đang mở", "n"),
    "console-quarantine": ngettext_lazy("%(n)s quyết định đang thi hành", "%(n)s quyết định đang thi hành", "n"),
}
_DONE_LATE = ngettext_lazy("%(n)s việc đã quá hạn", "%(n)s việc đã quá hạn", "n")
_LATE = {
    "console-triage": ngettext_lazy("%(n)s khai báo đã quá hạn", "%(n)s khai báo đã quá hạn", "n"),
    "console-feedback": ngettext_lazy("%(n)s phản ánh đã quá hạn", "%(n)s phản ánh đã quá hạn", "n"),
    "console-breaches": ngettext_lazy(
        "%(n)s sự cố đã quá thời hạn mà chưa báo", "%(n)s sự cố đã quá thời hạn mà chưa báo", "n"
    ),
    "console-rights": ngettext_lazy("%(n)s yêu cầu đã quá hạn", "%(n)s yêu cầu đã quá hạn", "n"),
    "console-sources": ngettext_lazy("%(n)s nguồn im lặng quá lâu", "%(n)s nguồn im lặng quá lâu", "n"),
}
_MISSED = ngettext_lazy("%(n)s người chưa được hỏi thăm đúng ngày", "%(n)s người chưa được hỏi thăm đúng ngày", "n")
_NEEDS = ngettext_lazy("%(n)s yêu cầu giúp đỡ đã quá hạn", "%(n)s yêu cầu giúp đỡ đã quá hạn", "n")
_COLLECTING = ngettext_lazy("%(n)s ứng dụng cũ vẫn thu thập", "%(n)s ứng dụng cũ vẫn thu thập", "n")
_NEWEST = gettext_lazy("Lần gần nhất: số %(run)s, %(when)s. %(received)s dòng đã nhận.")
_HELD = gettext_lazy("Lần gần nhất giữ lại %(held)s dòng, không nhận %(rejected)s dòng.")


def duties_of(desk: Desk) -> list[Duty]:
    """The office's desks: first where something is late, then those with a queue, then the others."""
    duties = [_duty(desk, entry) for entry in desk.menu]
    return sorted(duties, key=lambda duty: (not duty.late, duty.entry.page not in _WAITS))


def _duty(desk: Desk, entry: Entry) -> Duty:
    counted = _COUNTED.get(entry.page)
    if counted is not None:
        waiting, late = counted(desk)
        words = _LATE.get(entry.page, _DONE_LATE)
        return Duty(entry, str(_WAITS[entry.page] % {"n": waiting}), (str(words % {"n": late}),) if late else ())
    return _TOLD[entry.page](desk, entry) if entry.page in _TOLD else Duty(entry, str(_FOR[entry.page]))


def _quarantine(desk: Desk, entry: Entry) -> Duty:
    count, missed, late = orders_waiting(officer=desk.account, through=desk.appointment.id)
    told = [str(words % {"n": n}) for words, n in ((_MISSED, missed), (_NEEDS, late)) if n]
    return Duty(entry, str(_WAITS[entry.page] % {"n": count}), tuple(told))


def _sources(desk: Desk, entry: Entry) -> Duty:
    counted = ((_LATE[entry.page], stale_sources_at(desk)), (_COLLECTING, old_apps_collecting_at(desk)))
    return Duty(entry, str(_FOR[entry.page]), tuple(str(words % {"n": n}) for words, n in counted if n))


def _runs(desk: Desk, entry: Entry) -> Duty:
    for newest in runs()[:1]:
        told: Mapping[str, object] = {
            "run": newest.id, "when": moment(newest.started_at), "received": newest.balance.received,
            "held": newest.balance.held, "rejected": newest.balance.rejected,
        }  # fmt: skip
        return Duty(entry, str((_NEWEST if entry.page == "console-runs" else _HELD) % told))
    return Duty(entry, str(_FOR[entry.page]))


_COUNTED: dict[str, Callable[[Desk], tuple[int, int]]] = {
    "console-triage": triage_waiting_at,
    "console-corrections": corrections_waiting_at,
    "console-feedback": feedback_waiting_at,
    "console-tasks": lambda desk: tasks_waiting(officer=desk.account, through=desk.appointment.id),
    "console-inspection": inspection.waiting_at,
    "console-breaches": breaches.waiting_at,
    "console-rights": rights_waiting_at,
}
_TOLD: dict[str, Callable[[Desk, Entry], Duty]] = {
    "console-quarantine": _quarantine, "console-sources": _sources, "console-runs": _runs, "console-rows": _runs,
}  # fmt: skip
