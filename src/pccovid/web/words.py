"""The words people read for the codes the system keeps, and how codes of areas, dates and sources are said.

A code this version has no word for is shown as it is, never hidden and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from pccovid.agreements.queries import name_of_agency
from pccovid.agreements.rules import AGENCY
from pccovid.areas.registry import registry
from pccovid.connectors.social_insurance.codes import RESULTS
from pccovid.foundation.classification import Retention
from pccovid.foundation.purposes import PURPOSES, Basis, Purpose
from pccovid.officers.break_glass import BREAK_GLASS
from pccovid.officers.offices import OFFICES
from pccovid.people.sources import SOURCES
from pccovid.web import correction_words, declaring_words, feedback_words, notice_words, right_words

_AREAS_OF = date(2021, 11, 6)
"""The records of the earlier apps speak the codes of 2021."""

_VENDOR_ID = re.compile(r"[0-9a-f]{24}")

Words = Mapping[str, Promise | str]

PROVENANCE: Words = {
    "official": gettext_lazy("Cơ quan nhà nước xác nhận"),
    "facility": gettext_lazy("Cơ sở ghi nhận"),
    "self_declared": gettext_lazy("Tự khai"),
    "pending": gettext_lazy("Đang chờ xác minh"),
}
PROVENANCE_ICONS = {"official": "shield", "facility": "building", "self_declared": "pencil", "pending": "clock"}
SEX: Words = {"male": gettext_lazy("Nam"), "female": gettext_lazy("Nữ")}
IDENTIFIER: Words = {
    "personal_id": gettext_lazy("Số định danh (CCCD)"),
    "old_id": gettext_lazy("Số CMND cũ"),
    "passport": gettext_lazy("Hộ chiếu"),
    "insurance_no": gettext_lazy("Mã số BHXH"),
}
ADDRESS: Words = {
    "permanent": gettext_lazy("Thường trú"),
    "temporary": gettext_lazy("Tạm trú"),
    "stay": gettext_lazy("Nơi đang ở"),
    "residence": gettext_lazy("Nơi ở đã khai"),
}
METHOD: Words = {"pcr": gettext_lazy("Xét nghiệm PCR"), "antigen": gettext_lazy("Xét nghiệm nhanh kháng nguyên")}
RESULT: Words = {
    "positive": gettext_lazy("Dương tính"),
    "negative": gettext_lazy("Âm tính"),
    "inconclusive": gettext_lazy("Chưa kết luận được"),
    "": gettext_lazy("Đang chờ kết quả"),
}
RESULT_LOOKS = {
    "positive": ("danger", "plus"),
    "negative": ("official", "minus"),
    "inconclusive": ("warn", "warning"),
    "": ("pending", "clock"),
}
FORM: Words = {
    "domestic": gettext_lazy("Khai báo y tế toàn dân"),
    "entry": gettext_lazy("Khai báo y tế khi nhập cảnh"),
    "movement": gettext_lazy("Khai báo di chuyển nội địa"),
    "daily": gettext_lazy("Khai báo sức khỏe hằng ngày"),
}
SYMPTOM: Words = {
    "fever": gettext_lazy("sốt"),
    "cough": gettext_lazy("ho"),
    "dyspnoea": gettext_lazy("khó thở"),
    "sore_throat": gettext_lazy("đau họng"),
    "vomiting": gettext_lazy("buồn nôn hoặc nôn"),
    "diarrhoea": gettext_lazy("tiêu chảy"),
    "haemorrhage": gettext_lazy("xuất huyết ngoài da"),
    "rash": gettext_lazy("nổi ban"),
    "fatigue": gettext_lazy("mệt mỏi"),
    "headache": gettext_lazy("đau đầu"),
    "muscle_pain": gettext_lazy("đau cơ"),
    "loss_of_taste": gettext_lazy("mất vị giác"),
    "loss_of_smell": gettext_lazy("mất khứu giác"),
    "loss_of_taste_or_smell": gettext_lazy("mất vị giác hoặc khứu giác"),
    "runny_nose": gettext_lazy("sổ mũi"),
    "chills": gettext_lazy("ớn lạnh"),
    "chest_pain": gettext_lazy("đau ngực"),
}
QUESTION: Words = {
    "has_symptom": gettext_lazy("Có triệu chứng"),
    "has_travelled": gettext_lazy("Đã đi qua tỉnh, thành phố hoặc nước khác"),
    "contact_case": gettext_lazy("Tiếp xúc với người mắc hoặc nghi mắc COVID-19"),
    "contact_from_sick_country": gettext_lazy("Tiếp xúc với người từ nước có dịch"),
    "contact_sick": gettext_lazy("Tiếp xúc với người có triệu chứng"),
    "contact_animals": gettext_lazy("Tiếp xúc với động vật"),
    "local_transport": gettext_lazy("Di chuyển trong nước"),
    "temperature": gettext_lazy("Nhiệt độ (°C)"),
    "spo2": gettext_lazy("Nồng độ oxy SpO2 (%)"),
    "has_chronic_disease": gettext_lazy("Có bệnh nền"),
    "told_by": gettext_lazy("Cách khai"),
    "written_by": gettext_lazy("Nơi ghi giúp"),
}
_YES, _NO = pgettext_lazy("answer", "Có"), pgettext_lazy("answer", "Không")
# Some questions of the old forms come through as they were sent: 1 and 0.
ANSWER: Words = {"yes": _YES, "no": _NO, "1": _YES, "0": _NO, "telephone": gettext_lazy("gọi điện, trạm y tế ghi giúp")}
VIA: Words = {
    "personal_qr": gettext_lazy("quét mã QR cá nhân"),
    "paper_qr": gettext_lazy("quét mã QR trên giấy"),
    "own_page": gettext_lazy("bạn tự ghi trên trang của mình"),
    "vneid": gettext_lazy("quét mã VNeID"),
    "cccd": gettext_lazy("quét thẻ căn cước"),
    "bhyt": gettext_lazy("quét thẻ bảo hiểm y tế"),
    "phone": gettext_lazy("nhập số điện thoại"),
}
TIE: Words = {
    "declared_by": gettext_lazy("Bạn đã khai thay"),
    "household": gettext_lazy("Người trong hộ bạn đã khai"),
    "declared_by_of": gettext_lazy("Có người đã khai thay bạn"),
    "household_of": gettext_lazy("Bạn có tên trong hộ do người khác khai"),
    "guardian": gettext_lazy("Bạn là người giám hộ"),
    "guardian_of": gettext_lazy("Bạn có người giám hộ"),
}
PURPOSE: Words = {
    "own_record": gettext_lazy("Bạn xem hồ sơ của mình"),
    "data_repair": gettext_lazy("Sửa dữ liệu sai hoặc thiếu"),
    "care": gettext_lazy("Chăm sóc sức khỏe"),
    "contact_tracing": gettext_lazy("Truy vết người tiếp xúc"),
    "quarantine": gettext_lazy("Quản lý cách ly"),
    "carry_over": gettext_lazy("Chuyển dữ liệu từ ứng dụng cũ"),
    "checkpoint": gettext_lazy("Kiểm tra tại chốt"),
    "treatment": gettext_lazy("Điều trị"),
    "break_glass": gettext_lazy("Mở khẩn cấp, có lý do ghi lại và được thanh tra xem xét"),
    "break_glass_search": gettext_lazy("Tìm người khi mở khẩn cấp"),
    "inspection": gettext_lazy("Thanh tra việc xem hồ sơ"),
    "export": gettext_lazy("Xuất dữ liệu cho cơ quan nhận, đã được hai cán bộ khác duyệt"),
    "erasure": gettext_lazy("Xóa dữ liệu hết hạn"),
    "rights": gettext_lazy("Giải quyết yêu cầu của bạn về dữ liệu"),
    "statistics": gettext_lazy("Đếm số người để công bố số liệu, không xem hồ sơ của ai"),
    "exchange": gettext_lazy("Nhận dữ liệu từ các cơ quan"),
    "identity_verification": gettext_lazy("Xác minh danh tính"),
    "insurance_check": gettext_lazy("Kiểm tra thẻ bảo hiểm y tế"),
    "check_in": gettext_lazy("Ghi lượt bạn quét mã ở địa điểm hoặc chốt"),
    "correction": gettext_lazy("Sửa một mục bạn báo sai hoặc thiếu"),
}
COMPLAINT_OUTCOME: Words = {
    "justified": gettext_lazy("Lượt xem có lý do"),
    "not_justified": gettext_lazy("Lượt xem không có lý do"),
    "referred": gettext_lazy("Đã chuyển xử lý kỷ luật"),
}
STAY_CLASS: Words = {
    "inpatient": gettext_lazy("Điều trị nội trú"),
    "emergency": gettext_lazy("Cấp cứu"),
    "outpatient": gettext_lazy("Khám ngoại trú"),
    "home": gettext_lazy("Điều trị tại nhà"),
    "other": gettext_lazy("Lần điều trị"),
}
STAY_STATE: Words = {
    "planned": gettext_lazy("đã hẹn"),
    "under_way": gettext_lazy("đang điều trị"),
    "finished": gettext_lazy("đã kết thúc"),
}
DISCHARGE: Words = {
    "home": gettext_lazy("Ra viện về nhà"),
    "transferred": gettext_lazy("Chuyển sang nơi khác"),
    "against_advice": gettext_lazy("Ra viện trái lời khuyên của bác sĩ"),
    "died": gettext_lazy("Tử vong"),
    "other": gettext_lazy("Kết thúc khác"),
}
TREATMENT_ITEM: Words = {
    "condition": gettext_lazy("Chẩn đoán"),
    "vital_sign": gettext_lazy("Dấu hiệu sinh tồn"),
    "procedure": gettext_lazy("Thủ thuật, phẫu thuật"),
    "medication": gettext_lazy("Thuốc"),
}
CATEGORY: Words = {
    "identity": gettext_lazy("danh tính"),
    "contact": gettext_lazy("liên lạc và địa chỉ"),
    "source_record": gettext_lazy("bản ghi gốc của các ứng dụng cũ"),
    "declaration": gettext_lazy("khai báo y tế"),
    "vaccination": gettext_lazy("tiêm chủng"),
    "test": gettext_lazy("xét nghiệm"),
    "treatment": gettext_lazy("điều trị"),
    "movement": gettext_lazy("nơi đã đến và đi lại"),
    "border": gettext_lazy("nhập cảnh"),
    "insurance": gettext_lazy("bảo hiểm y tế"),
    "reading_log": gettext_lazy("sổ ghi ai đã xem, và tên"),
    "count": gettext_lazy("số người, không phải của ai"),
}
ATTRIBUTE: Words = {
    "name": gettext_lazy("Họ và tên"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Giới tính"),
    "nationality": gettext_lazy("Quốc tịch"),
    "residence": gettext_lazy("Nơi ở"),
}

KEPT_UNTIL: Words = {
    "record": gettext_lazy("đến ngày công bố kết thúc dịch"),
    "provenance": gettext_lazy("đến khi điều nó giải thích bị xóa"),
    "accountability": gettext_lazy("năm năm kể từ khi kết thúc"),
    "account": gettext_lazy("đến khi đóng tài khoản"),
    "configuration": gettext_lazy("đến khi được thay"),
}
FACT_STATUS: Words = {
    "standing": gettext_lazy("đang dùng"),
    "repeat": gettext_lazy("nhập lặp, không tính"),
    "superseded": gettext_lazy("đã có bản mới thay"),
}

INSURANCE_STATE: Words = {
    "valid": gettext_lazy("Thẻ còn hạn"),
    "elsewhere": gettext_lazy("Thẻ do lực lượng vũ trang quản lý"),
    "replaced": gettext_lazy("Thẻ mới, thay thẻ cũ"),
    "over": gettext_lazy("Thẻ không còn giá trị"),
}
VOCABULARIES: dict[str, Words] = {
    "insurance_state": INSURANCE_STATE,
    "provenance": PROVENANCE, "sex": SEX, "identifier": IDENTIFIER, "address": ADDRESS, "method": METHOD,
    "result": RESULT, "form": FORM, "symptom": SYMPTOM, "question": QUESTION, "answer": ANSWER, "via": VIA, "tie": TIE,
    "purpose": PURPOSE, "category": CATEGORY, "complaint_outcome": COMPLAINT_OUTCOME, "attribute": ATTRIBUTE,
    "fact_status": FACT_STATUS, "kept_until": KEPT_UNTIL, "stay_class": STAY_CLASS, "stay_state": STAY_STATE,
    "discharge": DISCHARGE, "treatment_item": TREATMENT_ITEM,
    **right_words.VOCABULARIES, **declaring_words.VOCABULARIES,
    **correction_words.VOCABULARIES, **feedback_words.VOCABULARIES,
    **notice_words.VOCABULARIES,
}  # fmt: skip


def word(vocabulary: str, code: str | None) -> str:
    """A code's word in the page's language; itself where there is none. An unknown vocabulary raises KeyError."""
    return str(VOCABULARIES[vocabulary].get(code or "", code or ""))


def insurer_answer(code: str) -> str:
    """What the insurer's code says."""
    known = RESULTS.get(code)
    return either(known.vi, known.en) if known else code


def purpose_explained(code: str) -> str:
    """What a purpose means for the person whose record it is; '' for one this version does not know."""
    purpose = PURPOSES.get(code)
    if purpose is None:
        return ""
    return purpose.explanation if _is_vietnamese() else purpose.explanation_en


def kept(name: str, retention: Retention) -> str:
    """How long rows of a retention are kept."""
    if retention.days is not None:
        days = retention.days
        return ngettext("%(days)s ngày kể từ sự việc", "%(days)s ngày kể từ sự việc", days) % {"days": days}
    return word("kept_until", name)


def purpose_title(purpose: Purpose) -> str:
    """What a purpose is called in the rules."""
    return either(purpose.title, purpose.title_en)


def law(basis: Basis) -> str:
    """A legal basis in words."""
    return either(basis.text, basis.text_en)


def reader_name(kind: str, role: str) -> str:
    """Who reads for a purpose."""
    if kind == "citizen":
        return _("chính bạn")
    return office_name(role) if kind in ("officer", AGENCY) else _("chương trình máy")


def source_name(system: str) -> str:
    """What people call an earlier system."""
    source = SOURCES.get(system)
    if source is None:
        return name_of_agency(system)
    return source.name_vi if _is_vietnamese() else source.name_en


def office_name(role: str) -> str:
    """What people call a kind of office."""
    if role == BREAK_GLASS:
        return _("Cán bộ mở khẩn cấp")
    if role == AGENCY:
        return _("Hệ thống của cơ quan, theo thỏa thuận")
    office = OFFICES.get(role)
    if office is None:
        return role
    return office.name_vi if _is_vietnamese() else office.name_en


@lru_cache(maxsize=4096)
def area_name(code: str | None) -> str:
    """'27259' → 'Phường 5, Quận …, Thành phố …' (units of 2021, smallest first); '' for an unknown code."""
    path = registry().path(code, on=_AREAS_OF) if code else ()
    return ", ".join(unit.name for unit in reversed(path))


def told(text: str | None) -> str:
    """A place as a form carried it; '' for a vendor's 24-digit id without a name, which tells people nothing."""
    return "" if not text or _VENDOR_ID.fullmatch(text) else text


def country_name(code: str) -> str:
    """'VN' → 'Việt Nam' in the page's language; a text that is no code stays as it is."""
    names = Locale("vi" if _is_vietnamese() else "en").territories
    return str(names.get(code, code))


def day(value: date | None, precision: str | None = "day") -> str:
    """A date as people write it, no finer than it is known; '' for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    if precision == "year":
        return str(value.year)
    if precision == "month":
        return f"{value:%m/%Y}"
    return f"{value:%d/%m/%Y}" if _is_vietnamese() else date_format(value, "j M Y")


def moment(value: datetime | None) -> str:
    """Day and time of day in Viet Nam; '' for none."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{local:%H:%M}, {day(local.date())}"


def birth(value: date | None, precision: str | None) -> str:
    """A birth date; a year alone is said to be one."""
    if value is not None and precision == "year":
        return _("năm %(year)s") % {"year": value.year}
    return day(value, precision)


def attribute_value(value: str, attribute: str) -> str:
    """A corrected value as people read it."""
    if attribute == "birth_date":
        return day(date.fromisoformat(value))
    if attribute == "sex":
        return word("sex", value)
    if attribute == "residence":
        return ", ".join(part for part in value.split(" | ")[:2] if part)
    return country_name(value) if attribute == "nationality" else value


def masked(value: str, shown: int = 4) -> str:
    """A number with all but its last characters covered."""
    return "•" * max(len(value) - shown, 0) + value[-shown:]


def either(vietnamese: str, english: str) -> str:
    """Of two texts that say the same, the one in the page's language."""
    return vietnamese if _is_vietnamese() else english


def _is_vietnamese() -> bool:
    return (translation.get_language() or "vi").startswith("vi")
