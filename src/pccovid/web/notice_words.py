"""Words of notices and of the COVID card."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = Mapping[str, Promise | str]

KIND: Words = {
    "correction": gettext_lazy("Điều bạn báo sai hoặc thiếu có bước mới"),
    "triage": gettext_lazy("Trạm y tế đã trả lời tờ khai"),
    "feedback": gettext_lazy("Phản ánh của bạn đã được trả lời"),
    "mass": gettext_lazy("Thông báo của xã"),
    "exposure": gettext_lazy("Bạn đã ở gần một ca bệnh"),
    "quarantine": gettext_lazy("Việc cách ly của bạn có bước mới"),
    "telephone": gettext_lazy("Trạm y tế đã khai giúp bạn qua điện thoại"),
    "call_withdrawn": gettext_lazy("Trạm y tế đã rút tờ khai ghi nhầm cho bạn"),
    "result": gettext_lazy("Có kết quả xét nghiệm mới"),
}
OF_CHILD: Words = {
    "exposure": gettext_lazy("Con bạn đã ở gần một ca bệnh"),
    "quarantine": gettext_lazy("Việc cách ly của con bạn có bước mới"),
    "telephone": gettext_lazy("Trạm y tế đã khai giúp con bạn qua điện thoại"),
    "call_withdrawn": gettext_lazy("Trạm y tế đã rút tờ khai ghi nhầm cho con bạn"),
    "result": gettext_lazy("Con bạn có kết quả xét nghiệm mới"),
}
COLOUR: Words = {
    "green": gettext_lazy("Thẻ xanh"),
    "yellow": gettext_lazy("Thẻ vàng"),
    "red": gettext_lazy("Thẻ đỏ"),
    "neutral": gettext_lazy("Thẻ không màu"),
}
CONDITION: Words = {
    "full_doses": gettext_lazy("Đủ liều vắc xin, mũi cuối từ 14 ngày trước"),
    "recovered": gettext_lazy("Khỏi bệnh, có chứng nhận trong 180 ngày"),
    "first_dose": gettext_lazy("Mũi đầu từ 14 ngày trước"),
    "negative_pcr": gettext_lazy("PCR âm tính trong 72 giờ"),
    "everybody_else": gettext_lazy("Không có điều kiện nào ở trên"),
}
DUE: Words = {
    "draft": gettext_lazy("Tờ khai chưa gửi"),
    "waiting": gettext_lazy("Trạm y tế sẽ gọi bạn"),
    "needs_more": gettext_lazy("Trạm y tế cần bạn bổ sung giấy tờ"),
    "next_dose": gettext_lazy("Còn thiếu mũi để đủ liều"),
    "declare_again": gettext_lazy("Khai lại sức khỏe hôm nay"),
}
REBINDING: Words = {
    "asked": gettext_lazy("chờ mã trên máy mới"),
    "proven": gettext_lazy("chờ cán bộ thứ hai"),
    "approved": gettext_lazy("đã duyệt, máy đang đổi"),
    "done": gettext_lazy("đã đổi số"),
    "over": gettext_lazy("quá một ngày, không còn hiệu lực"),
}
CODE_REFUSED: Words = {
    "not_ours": gettext_lazy("Mã này không do hệ thống này cấp."),
    "unknown_key": gettext_lazy("Mã này không do hệ thống này cấp, hoặc đã quá cũ."),
    "changed": gettext_lazy("Mã đã bị sửa. Đừng tin mã này."),
    "not_yet": gettext_lazy("Mã chưa đến giờ dùng."),
    "expired": gettext_lazy("Mã đã hết hạn. Nhờ người đó mở mã mới."),
    "revoked": gettext_lazy("Mã đã bị chủ của nó thu hồi."),
}
CARD_KIND: Words = {
    "unified": gettext_lazy("Mã QR theo Quyết định 1405"),
    "cccd": gettext_lazy("Thẻ căn cước (CCCD)"),
    "bhyt": gettext_lazy("Thẻ bảo hiểm y tế (BHYT)"),
    "vneid": gettext_lazy("Mã VNeID"),
}
VOCABULARIES: dict[str, Words] = {
    "notice_kind": KIND, "notice_of_child": OF_CHILD,
    "card_colour": COLOUR, "card_condition": CONDITION, "due": DUE, "rebinding_state": REBINDING,
    "code_refused": CODE_REFUSED, "card_kind": CARD_KIND,
}  # fmt: skip
