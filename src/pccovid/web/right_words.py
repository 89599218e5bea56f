"""The words of requests about one's data, for the person and for the desk alike."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pccovid.rights.rules import REFUSALS

Words = Mapping[str, Promise | str]

KIND: Words = {
    "correction": gettext_lazy("Sửa thông tin sai"),
    "erasure": gettext_lazy("Xóa dữ liệu"),
    "restriction": gettext_lazy("Hạn chế sử dụng"),
    "objection": gettext_lazy("Phản đối việc sử dụng"),
    "withdrawal": gettext_lazy("Rút lại sự đồng ý"),
    "paper_copy": gettext_lazy("Nhận bản sao trên giấy"),
}
STATE: Words = {
    "received": gettext_lazy("Đã gửi, chờ cơ quan trả lời"),
    "acknowledged": gettext_lazy("Cơ quan đã nhận, đang giải quyết"),
    "extended": gettext_lazy("Đang giải quyết, đã gia hạn"),
    "proposed": gettext_lazy("Chờ cán bộ thứ hai đồng ý"),
    "granted": gettext_lazy("Đã chấp thuận, máy đang thực hiện"),
    "overturned": gettext_lazy("Thanh tra yêu cầu giải quyết lại"),
    "fulfilled": gettext_lazy("Đã làm xong"),
    "partly_fulfilled": gettext_lazy("Đã làm một phần"),
    "refused": gettext_lazy("Không chấp thuận"),
    "withdrawn": gettext_lazy("Bạn đã rút lại"),
    "lifted": gettext_lazy("Bạn đã bỏ hạn chế"),
    "escalated": gettext_lazy("Thanh tra đang xem xét"),
    "upheld": gettext_lazy("Thanh tra giữ nguyên kết quả"),
}
ACT: Words = {
    "acknowledge": gettext_lazy("Trả lời đã nhận"),
    "extend": gettext_lazy("Gia hạn một lần"),
    "propose": gettext_lazy("Đề nghị chấp thuận"),
    "agree": gettext_lazy("Cán bộ thứ hai đồng ý"),
    "send_back": gettext_lazy("Cán bộ thứ hai trả lại"),
    "grant": gettext_lazy("Chấp thuận"),
    "fulfil": gettext_lazy("Chấp thuận và đã làm"),
    "fulfil_partly": gettext_lazy("Chấp thuận một phần"),
    "refuse": gettext_lazy("Không chấp thuận"),
    "carry_out": gettext_lazy("Máy đã thực hiện"),
    "carry_out_partly": gettext_lazy("Máy đã thực hiện một phần"),
    "find_nothing": gettext_lazy("Máy không tìm thấy dữ liệu làm được"),
    "withdraw": gettext_lazy("Người yêu cầu rút lại"),
    "lift": gettext_lazy("Người yêu cầu bỏ hạn chế"),
    "escalate": gettext_lazy("Người yêu cầu chuyển lên thanh tra"),
    "escalate_overdue": gettext_lazy("Quá hạn: máy chuyển lên thanh tra"),
    "uphold": gettext_lazy("Thanh tra giữ nguyên"),
    "overturn": gettext_lazy("Thanh tra yêu cầu giải quyết lại"),
}
ATTRIBUTE: Words = {
    "name": gettext_lazy("Họ và tên"),
    "birth_date": gettext_lazy("Ngày sinh"),
    "sex": gettext_lazy("Giới tính"),
    "nationality": gettext_lazy("Quốc tịch"),
    "phone": gettext_lazy("Số điện thoại"),
    "email": gettext_lazy("Thư điện tử"),
    "personal_id": gettext_lazy("Số căn cước"),
    "old_id": gettext_lazy("Số CMND cũ"),
    "passport": gettext_lazy("Số hộ chiếu"),
    "insurance_no": gettext_lazy("Số bảo hiểm xã hội, y tế"),
    "residence": gettext_lazy("Nơi ở"),
}
FACT_TABLE: Words = {
    "vaccination_dose": gettext_lazy("một mũi tiêm"),
    "lab_tests_test": gettext_lazy("một xét nghiệm"),
    "declarations_declaration": gettext_lazy("một khai báo y tế"),
    "movement_visit": gettext_lazy("một nơi đã đến"),
    "movement_trip": gettext_lazy("một chuyến đi"),
    "border_entry": gettext_lazy("một lần nhập cảnh"),
    "insurance_card": gettext_lazy("một thẻ bảo hiểm y tế"),
    "people_address": gettext_lazy("một địa chỉ"),
    "people_relationship": gettext_lazy("một người nói là khai thay bạn"),
    "treatment_stay": gettext_lazy("một lần khám, nằm viện"),
    "treatment_condition": gettext_lazy("một chẩn đoán"),
    "treatment_vitalsign": gettext_lazy("một dấu hiệu sinh tồn"),
    "treatment_procedure": gettext_lazy("một thủ thuật, phẫu thuật"),
    "treatment_medication": gettext_lazy("một lần dùng thuốc"),
    "people_person": gettext_lazy("họ tên, ngày sinh, số căn cước"),
}
VOCABULARIES: dict[str, Words] = {
    "right_kind": KIND, "right_state": STATE, "right_act": ACT, "right_attribute": ATTRIBUTE,
    "right_fact": FACT_TABLE,
}  # fmt: skip


def refusal_text(code: str | None) -> str:
    """A refusal's reason in the page's language; '' for none."""
    refusal = REFUSALS.get(code or "")
    if refusal is None:
        return code or ""
    return refusal.text if (translation.get_language() or "vi").startswith("vi") else refusal.text_en


def refusal_basis(code: str | None) -> str:
    """The legal basis of a refusal."""
    refusal = REFUSALS.get(code or "")
    return refusal.legal_basis if refusal else ""
