"""The words for shadows: their stages, what would become of persons and records, and why."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SHADOW_STAGE: Mapping[str, Promise | str] = {
    "linking": gettext_lazy("đang ghép thử"),
    "comparing": gettext_lazy("đang so sánh"),
    "ready": gettext_lazy("chờ duyệt"),
    "swapped": gettext_lazy("đã thay vào"),
    "rolled_back": gettext_lazy("đã trả lại như cũ"),
    "discarded": gettext_lazy("đã bỏ"),
}
CHANGE: Mapping[str, Promise | str] = {
    "merged": gettext_lazy("nhận bản ghi của người được ghép vào"),
    "absorbed": gettext_lazy("được ghép vào người khác"),
    "split": gettext_lazy("bị tách"),
    "opened": gettext_lazy("người mới được mở"),
    "restored": gettext_lazy("được tách ra lại như trước khi ghép"),
    "moved": gettext_lazy("bản ghi chuyển giữa hai người"),
    "held": gettext_lazy("bản ghi bị giữ lại chờ"),
    "placed": gettext_lazy("bản ghi đang chờ tìm được người"),
}
MOVE_REASON: Mapping[str, Promise | str] = {
    "same_identifier": gettext_lazy("Cùng số giấy tờ"),
    "same_phone": gettext_lazy("Cùng số điện thoại, tên phù hợp"),
    "same_name": gettext_lazy("Tên, ngày sinh hoặc nơi ở phù hợp"),
    "not_joined": gettext_lazy("Không còn chứng cứ nối các bản ghi"),
    "relinked": gettext_lazy("Ghép lại toàn bộ theo mô hình đã duyệt"),
}
RECORD_CHANGE: Mapping[str, Promise | str] = {
    "merged": gettext_lazy("đi theo người được ghép"),
    "split": gettext_lazy("tách sang người khác"),
    "moved": gettext_lazy("chuyển sang người đã có"),
    "held": gettext_lazy("bị giữ lại chờ"),
    "placed": gettext_lazy("tìm được người"),
}
VOCABULARIES = {"shadow_stage": SHADOW_STAGE, "change": CHANGE, "record_change": RECORD_CHANGE}
