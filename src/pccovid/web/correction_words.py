"""Words of corrections, for citizens and officers alike."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = Mapping[str, Promise | str]

KIND: Words = {"wrong": gettext_lazy("Một mục sai"), "missing": gettext_lazy("Một mục còn thiếu"),
               "identity": gettext_lazy("Danh tính không khớp")}  # fmt: skip
STATE: Words = {
    "received": gettext_lazy("Trạm y tế chưa nhận"),
    "checking": gettext_lazy("Trạm y tế đang kiểm tra"),
    "needs_more": gettext_lazy("Trạm y tế cần bạn bổ sung"),
    "confirmed": gettext_lazy("Trạm đã ký, chờ bên ghi mục này ký"),
    "signed": gettext_lazy("Cả hai đã ký, máy đang sửa"),
    "corrected": gettext_lazy("Đã sửa"),
    "refused": gettext_lazy("Không sửa"),
    "withdrawn": gettext_lazy("Bạn đã rút lại"),
}
ACT: Words = {
    "take_up": gettext_lazy("Nhận và bắt đầu kiểm tra"),
    "ask_more": gettext_lazy("Hỏi thêm người dân"),
    "add": gettext_lazy("Người dân đã bổ sung"),
    "confirm": gettext_lazy("Xác nhận và ký"),
    "refuse": gettext_lazy("Không xác nhận"),
    "sign": gettext_lazy("Bên ghi mục này ký"),
    "object": gettext_lazy("Bên ghi mục này không đồng ý, trạm xem lại"),
    "carry_out": gettext_lazy("Máy đã sửa hồ sơ"),
    "withdraw": gettext_lazy("Người dân rút lại"),
}
OUTCOME: Words = {
    "values": gettext_lazy("Ghi các giá trị dưới đây"),
    "not_mine": gettext_lazy("Mục này không phải của người đó: bỏ khỏi hồ sơ"),
}
PHOTO_FAULT: Words = {
    "too_large": gettext_lazy("Ảnh quá lớn: nhiều nhất 6 MB."),
    "no_photo": gettext_lazy("Tệp này không phải ảnh JPEG, PNG hoặc WebP."),
    "too_many_pixels": gettext_lazy("Ảnh có quá nhiều điểm ảnh. Chụp lại ở cỡ nhỏ hơn."),
    "no_code": gettext_lazy("Không đọc được mã QR nào trong ảnh. Chụp gần hơn, đủ sáng, hoặc gõ mã."),
    "three_photos": gettext_lazy("Ba ảnh là nhiều nhất."),
}
VOCABULARIES: dict[str, Words] = {
    "correction_kind": KIND, "correction_state": STATE, "correction_act": ACT, "correction_outcome": OUTCOME,
    "photo_fault": PHOTO_FAULT,
}  # fmt: skip
