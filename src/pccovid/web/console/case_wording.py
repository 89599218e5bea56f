"""The words of the tracer's desk: definitions, meetings, outcomes, ends of periods, steps of orders, refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = dict[str, Promise | str]

DEFINITION: Words = {
    "pcr": gettext_lazy("PCR dương tính"),
    "contact_antigen": gettext_lazy("F1 có kháng nguyên dương tính"),
    "two_antigen": gettext_lazy("hai lần kháng nguyên dương tính trong 8 giờ và có yếu tố dịch tễ"),
}
DEFINITION["suspect_antigen"] = gettext_lazy("nghi ngờ lâm sàng, một lần kháng nguyên dương tính và có yếu tố dịch tễ")
CHANGE_FORESEEN: Words = {
    "new": gettext_lazy("thêm vào"),
    "kept": gettext_lazy("giữ"),
    "gone": gettext_lazy("bỏ ra"),
}
KIND: Words = {
    "place": gettext_lazy("cùng ở một địa điểm"),
    "unmasked_place": gettext_lazy("cùng ở nơi thường không đeo khẩu trang"),
    "household": gettext_lazy("cùng hộ"),
    "journey": gettext_lazy("cùng chuyến, ghế gần hoặc không rõ ghế"),
    "far_seat": gettext_lazy("cùng chuyến, ghế xa"),
    "declared": gettext_lazy("ca bệnh khai đã gặp"),
}
OUTCOME: Words = {
    "reached": gettext_lazy("Đã gặp được, đã hướng dẫn"),
    "not_reached": gettext_lazy("Chưa liên lạc được"),
    "not_a_contact": gettext_lazy("Không phải người tiếp xúc"),
    "elsewhere": gettext_lazy("Đang ở nơi khác"),
}
ENDS: Words = {
    "negative": gettext_lazy("xét nghiệm âm tính"),
    "ct": gettext_lazy("CT > 30"),
    "longest": gettext_lazy("số ngày dài nhất của quy tắc"),
    "edited": gettext_lazy("cán bộ ghi"),
}
PLACE: Words = {"central": gettext_lazy("cách ly tập trung"), "home": gettext_lazy("cách ly tại nhà")}
BECAUSE: Words = {
    "contact": gettext_lazy("người tiếp xúc"),
    "arrival": gettext_lazy("người nhập cảnh"),
    "case": gettext_lazy("ca bệnh ở nhà"),
}
NEED: Words = {
    "food": gettext_lazy("Thức ăn, đồ dùng"),
    "medicine": gettext_lazy("Thuốc"),
    "payment": gettext_lazy("Tiền hỗ trợ"),
    "other": gettext_lazy("Việc khác"),
}
NEED_OUTCOME: Words = {
    "met": gettext_lazy("Đã đáp ứng"),
    "not_met": gettext_lazy("Không đáp ứng được"),
    "not_needed": gettext_lazy("Không còn cần"),
}
VERDICT: Words = {
    "left": gettext_lazy("Rời nơi cách ly khi chưa được phép"),
    "allowed": gettext_lazy("Được phép đi (xét nghiệm, cấp cứu…)"),
    "mistaken": gettext_lazy("Nhầm: người này không rời nơi cách ly"),
}
CHANGE: Words = {
    "call": gettext_lazy("Đã gọi: không có triệu chứng"),
    "call_ill": gettext_lazy("Đã gọi: có triệu chứng"),
    "visit": gettext_lazy("Đã đến: không có triệu chứng"),
    "visit_ill": gettext_lazy("Đã đến: có triệu chứng"),
    "answered": gettext_lazy("Trả lời phản đối"),
    "extended": gettext_lazy("Gia hạn"),
    "home": gettext_lazy("Chuyển về nhà"),
    "cancelled": gettext_lazy("Hủy quyết định"),
}
TASK: Words = {
    "investigate": gettext_lazy("Điều tra ca bệnh"),
    "reach_contact": gettext_lazy("Tìm gặp người tiếp xúc"),
    "missed_check": gettext_lazy("Thiếu kiểm tra cách ly: gọi hoặc đến"),
    "disputed": gettext_lazy("Người dân nói không tiếp xúc: kiểm tra và trả lời"),
}
BETWEEN: Words = {
    "no_home": gettext_lazy("không rõ nơi ở"),
    "unanswered": gettext_lazy("đã chuyển quá một ngày, chưa ai trả lời"),
    "no_tracer": gettext_lazy("địa bàn không có cán bộ truy vết"),
}
STEP: Words = {
    "done": gettext_lazy("Đã xong"),
    "handed": gettext_lazy("Chuyển địa bàn khác"),
    "accepted": gettext_lazy("Nhận việc được chuyển"),
    "declined": gettext_lazy("Không nhận việc được chuyển"),
}
REFUSAL: Words = {
    "cannot_go_there": gettext_lazy("Việc này không chuyển hoặc nhận như vậy được: xem lại mã địa bàn."),
    "not_held": gettext_lazy("Chức vụ này không được làm việc đó."),
    "not_in_sight": gettext_lazy("Không có ai hay ca nào như vậy trong phạm vi của chức vụ đang dùng."),
    "words_missing": gettext_lazy("Viết lý do rõ hơn, ít nhất 10 ký tự."),
    "impossible_time": gettext_lazy("Thời gian này không thể có: xem lại ngày đầu và ngày cuối."),
    "open_already": gettext_lazy("Người này đang có một quyết định cách ly."),
    "no_bed": gettext_lazy("Hết giường: phòng hoặc khu này đã đủ người, hoặc còn người đang ở."),
    "too_often": gettext_lazy("Đã có năm nhu cầu đang chờ; trả lời chúng trước."),
    "no_rule": gettext_lazy("Thời gian cách ly theo quy tắc đã qua, hoặc không có quy tắc cho ngày này."),
}
