"""What a tracer says on the phone, line by line. Our own words; no authority has approved them, as pages say."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

SCRIPTS: dict[str, tuple[Promise | str, ...]] = {
    "reach_contact": (
        gettext_lazy("Chào, nói tên và cơ quan mình. Hỏi: tôi đang nói chuyện với đúng người này phải không?"),
        gettext_lazy(
            "Nói: trong những ngày vừa qua anh, chị có thể đã ở gần một người nhiễm. Không nói đó là ai, ở đâu."
        ),
        gettext_lazy("Hỏi: hiện có sốt, ho, khó thở, mất vị giác không? Khó thở thì gọi cấp cứu 115 ngay."),
        gettext_lazy("Hỏi: đang ở đâu, ở cùng ai, trong nhà có người già, người bệnh nền không?"),
        gettext_lazy("Dặn: ở yên, đeo khẩu trang, chờ xét nghiệm. Hỏi có cần thuốc, thức ăn không."),
        gettext_lazy("Đọc lại số gọi của trạm y tế, cảm ơn, rồi chọn kết quả."),
    ),
    "investigate": (
        gettext_lazy("Chào, nói tên và cơ quan mình. Hỏi sức khỏe trước; khó thở thì gọi cấp cứu 115 ngay."),
        gettext_lazy("Hỏi: triệu chứng đầu tiên từ ngày nào? Ghi vào thời kỳ lây nếu khác ngày xét nghiệm."),
        gettext_lazy("Hỏi: từ hai ngày trước đó đã ở đâu, đi chuyến nào, gặp ai? So với bảng người tiếp xúc."),
        gettext_lazy("Hỏi: có ai cùng nhà, cùng chỗ làm, lớp học mà bảng chưa có?"),
        gettext_lazy("Nói rõ: tên người bệnh không được cho ai trong số người tiếp xúc biết."),
    ),
    "missed_check": (
        gettext_lazy("Chào, nói tên và cơ quan mình. Hỏi: hôm nay có sốt, ho, khó thở, mất vị giác không?"),
        gettext_lazy("Hỏi: có đang ở nơi cách ly không, có cần thuốc, thức ăn không?"),
        gettext_lazy("Không gọi được sau ba lần thì đến tận nơi trong ngày, rồi ghi là đã đến."),
    ),
}
