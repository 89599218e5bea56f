"""Words of forms, triage and the commune's queue, for citizens and officers alike."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

Words = Mapping[str, Promise | str]

SECTION: Words = {
    "who": gettext_lazy("Còn thiếu trong hồ sơ"),
    "travel": gettext_lazy("Đi lại trong 14 ngày qua"),
    "signs": gettext_lazy("Sức khỏe hôm nay"),
    "contact": gettext_lazy("Tiếp xúc trong 14 ngày qua"),
    "measured": gettext_lazy("Số đo, nếu có dụng cụ"),
    "diseases": gettext_lazy("Bệnh nền"),
    "trip": gettext_lazy("Chuyến đi"),
    "entry": gettext_lazy("Nhập cảnh"),
    "vaccines": gettext_lazy("Vắc xin đã tiêm"),
}
ASKED: Words = {
    "name": gettext_lazy("Họ và tên"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Giới tính"),
    "nationality": gettext_lazy("Quốc tịch"),
    "document": gettext_lazy("Số CCCD, CMND hoặc hộ chiếu"),
    "phone": gettext_lazy("Số điện thoại"),
    "residence": gettext_lazy("Nơi ở: số nhà, xã, huyện, tỉnh"),
    "has_travelled": gettext_lazy("Có đến tỉnh, thành phố hoặc nước khác không?"),
    "travel_note": gettext_lazy("Những nơi đã đến, ngày nào"),
    "symptoms": gettext_lazy("Có dấu hiệu nào dưới đây không?"),
    "symptom_note": gettext_lazy("Điều khác muốn nói về sức khỏe"),
    "contact_case": gettext_lazy("Có tiếp xúc với người mắc hoặc nghi mắc COVID-19 không?"),
    "contact_from_sick_country": gettext_lazy("Có tiếp xúc với người từ nước có dịch không?"),
    "contact_sick": gettext_lazy("Có tiếp xúc với người có sốt, ho, khó thở không?"),
    "contact_animals": gettext_lazy("Có tiếp xúc với động vật không?"),
    "temperature": gettext_lazy("Nhiệt độ (°C)"),
    "spo2": gettext_lazy("Nồng độ oxy SpO2 (%)"),
    "chronic_diseases": gettext_lazy("Đang có bệnh nào dưới đây không?"),
    "departure_place": gettext_lazy("Nơi đi"),
    "destination_place": gettext_lazy("Nơi đến"),
    "transport": gettext_lazy("Phương tiện"),
    "vehicle_kind": gettext_lazy("Phương tiện: máy bay, tàu, ô tô …"),
    "vehicle_number": gettext_lazy("Biển số, số hiệu chuyến"),
    "seat": gettext_lazy("Số ghế"),
    "departed_at": gettext_lazy("Ngày giờ đi"),
    "gate": gettext_lazy("Cửa khẩu"),
    "departed_on": gettext_lazy("Ngày khởi hành"),
    "entered_on": gettext_lazy("Ngày nhập cảnh"),
    "departure_country": gettext_lazy("Khởi hành từ nước"),
    "departure_province": gettext_lazy("Tỉnh, bang khởi hành"),
    "destination_province": gettext_lazy("Tỉnh, thành phố sẽ đến"),
    "places_passed": gettext_lazy("Những nơi đã đi qua"),
    "vaccines_used": gettext_lazy("Vắc xin đã tiêm, mấy mũi"),
}
KNOWN: Words = {
    "vaccines": gettext_lazy("Mũi tiêm"),
    "chronic_diseases": gettext_lazy("Bệnh nền"),
    "residence": gettext_lazy("Nơi ở"),
    "document": gettext_lazy("Giấy tờ"),
}
DECLARATION_FAULT: Words = {
    "missing": gettext_lazy("Cần trả lời câu này."),
    "unreadable": gettext_lazy("Không đọc được. Xem lại cách viết."),
    "too_long": gettext_lazy("Quá dài. Viết ngắn lại."),
    "out_of_range": gettext_lazy("Giá trị này không thể có. Xem lại."),
    "contradicts": gettext_lazy("Đã chọn “Không có” thì không chọn mục khác."),
}
LEVEL: Words = {
    "emergency": gettext_lazy("Khẩn cấp"),
    "today": gettext_lazy("Cần gọi trong ngày"),
    "watch": gettext_lazy("Tự theo dõi"),
    "none": pgettext_lazy("triage", "Bình thường"),
}
REASON: Words = {
    "hard_to_breathe": gettext_lazy("khó thở"),
    "chest_pain": gettext_lazy("đau ngực"),
    "bleeding": gettext_lazy("xuất huyết"),
    "low_oxygen": gettext_lazy("SpO2 dưới 94 %"),
    "falling_oxygen": gettext_lazy("SpO2 dưới 96 %"),
    "high_fever": gettext_lazy("sốt từ 39 °C"),
    "met_a_case": gettext_lazy("tiếp xúc với ca mắc"),
    "fever": gettext_lazy("sốt"),
    "lost_taste_or_smell": gettext_lazy("mất vị giác hoặc khứu giác"),
    "ill_at_an_age": gettext_lazy("có triệu chứng ở tuổi từ 65"),
    "ill_with_a_disease": gettext_lazy("có triệu chứng và bệnh nền"),
    "some_symptom": gettext_lazy("có triệu chứng"),
    "met_somebody_ill": gettext_lazy("tiếp xúc với người có triệu chứng"),
    "warm": gettext_lazy("nhiệt độ từ 37,5 °C"),
}
TRIAGE_STATE: Words = {
    "waiting": gettext_lazy("chờ trạm y tế gọi"),
    "visiting": gettext_lazy("trạm y tế đang đến"),
    "advised": gettext_lazy("đã được hướng dẫn"),
    "to_test": gettext_lazy("được hẹn xét nghiệm"),
    "in_hospital": gettext_lazy("đã chuyển bệnh viện"),
    "withdrawn": gettext_lazy("trạm y tế đã rút tờ khai"),
}
TRIAGE_ACT: Words = {
    "not_reached": gettext_lazy("Chưa liên lạc được"),
    "advise": gettext_lazy("Đã gọi và hướng dẫn tại nhà"),
    "order_test": gettext_lazy("Hẹn xét nghiệm"),
    "visit": gettext_lazy("Đến tận nhà"),
    "send_to_hospital": gettext_lazy("Chuyển bệnh viện"),
    "withdraw": gettext_lazy("Rút tờ khai ghi nhầm"),
}
WITHDRAWAL: Words = {
    "another_person": gettext_lazy("Người gọi là người khác"),
    "not_as_told": gettext_lazy("Ghi khác lời người gọi"),
    "written_twice": gettext_lazy("Một cuộc gọi ghi hai lần"),
}
VOCABULARIES: dict[str, Words] = {
    "form_section": SECTION, "asked": ASKED, "known": {**ASKED, **KNOWN}, "declaration_fault": DECLARATION_FAULT,
    "level": LEVEL, "reason": REASON, "triage_state": TRIAGE_STATE, "triage_act": TRIAGE_ACT,
    "withdrawal": WITHDRAWAL,
}  # fmt: skip
