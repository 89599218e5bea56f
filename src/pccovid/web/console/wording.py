"""The words officers read for the codes of the import and the linkage, beside those of web/words.py.

A code without a word is shown as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pccovid.connectors.reasons import REASONS
from pccovid.web import fact_words, words
from pccovid.web.console import breach_wording, inspection_wording, review_wording, shadow_wording

Words = Mapping[str, Promise | str]

OUTCOME: Words = {
    "linked": gettext_lazy("Ghép vào người đã có"),
    "new": gettext_lazy("Người mới"),
    "held": gettext_lazy("Giữ lại chờ"),
    "rejected": gettext_lazy("Không nhận"),
    "value": gettext_lazy("Giá trị không nhận"),
    "repeated": gettext_lazy("Lặp lại"),
}
STAGE: Words = {
    "reading": gettext_lazy("đang đọc tệp"),
    "linking": gettext_lazy("đang ghép"),
    "publishing": gettext_lazy("đang đưa vào"),
    "published": gettext_lazy("đã xong"),
}
DECISION: Words = {
    "exact": gettext_lazy("Khớp chắc chắn"),
    "probabilistic": gettext_lazy("Khớp theo trọng số"),
    "manual": gettext_lazy("Cán bộ quyết định"),
    "new": gettext_lazy("Mở người mới"),
    "held": gettext_lazy("Giữ lại chờ"),
    "replayed": gettext_lazy("Thử lại đã nhận"),
}
# Why the linkage held a record or asks a person to look; why somebody merged or took apart.
LINKAGE_REASON: Words = {
    "not_enough_to_identify": gettext_lazy("Quá ít thông tin để biết là ai"),
    "account_not_found": gettext_lazy("Tài khoản mà dòng này trỏ tới chưa có trong hệ thống"),
    "ambiguous": gettext_lazy("Có từ hai người trở lên cùng phù hợp"),
    "too_weak_to_bridge": gettext_lazy("Chứng cứ quá yếu để nối hai nhóm bản ghi"),
    "two_verified_ids": gettext_lazy("Hai số định danh đã xác minh khác nhau"),
    "identifiers_differ": gettext_lazy("Số giấy tờ khác nhau"),
    "birth_differs": gettext_lazy("Ngày sinh khác nhau"),
    "sex_differs": gettext_lazy("Giới tính khác nhau"),
    "two_members_of_one_household": gettext_lazy("Hai người trong cùng một hộ khai"),
    "names_differ_in_accents": gettext_lazy("Tên khác nhau ở dấu"),
    "phone_and_home_differ": gettext_lazy("Số điện thoại và nơi ở khác nhau"),
    "accounts_differ": gettext_lazy("Hai tài khoản của cùng một ứng dụng"),
    "provinces_differ": gettext_lazy("Hai tỉnh khác nhau"),
    "told_apart": gettext_lazy("Cán bộ đã kết luận là hai người khác nhau"),
    "looks_alike": gettext_lazy("Giống nhau nhưng chưa đủ để ghép"),
    "review": gettext_lazy("Cán bộ xem cặp bản ghi và kết luận"),
    "linkage": gettext_lazy("Ghép tự động khi chuyển dữ liệu"),
    "persons_merged": gettext_lazy("Hai người được ghép làm một"),
    "merge_undone": gettext_lazy("Hoàn tác việc ghép"),
    "split": gettext_lazy("Cán bộ tách các bản ghi này ra khỏi một hồ sơ"),
    "one_verified_number": gettext_lazy("Cơ sở dữ liệu dân cư xác nhận cùng một số cho cả hai người"),
    "sample": gettext_lazy("Mẫu kiểm tra: máy đã ghép hai bản ghi này"),
    **shadow_wording.MOVE_REASON,
    "replaced_by_later_row": gettext_lazy("Dòng sau của cùng lần gửi thay thế"),
    "repeated_in_delivery": gettext_lazy("Đến nhiều lần trong cùng lần gửi"),
}
# What would make a held or rejected row acceptable.
REMEDY: Words = {
    "no_key": gettext_lazy("Nơi gửi bổ sung mã của bản ghi rồi gửi lại."),
    "bad_key": gettext_lazy("Nơi gửi sửa mã của bản ghi (ngắn, chỉ ký tự in được) rồi gửi lại."),
    "column_count": gettext_lazy("Nơi gửi xuất lại tệp cho đủ số cột; thường do dấu phẩy không nằm trong ngoặc kép."),
    "unbalanced_quote": gettext_lazy("Nơi gửi đóng dấu ngoặc kép còn mở rồi gửi lại."),
    "row_too_long": gettext_lazy("Xem nội dung trong thư mục riêng; nếu là dữ liệu thật, nơi gửi cắt dòng ngắn hơn."),
    "truncated": gettext_lazy("Nơi gửi nén và gửi lại cả tệp."),
    "wrong_header": gettext_lazy("Nơi gửi dùng đúng dòng tiêu đề của loại tệp này."),
    "wrong_kind": gettext_lazy("Chuyển bản ghi sang đúng loại tệp rồi gửi lại."),
    "not_json": gettext_lazy("Nơi gửi xuất lại dòng này thành JSON hợp lệ."),
    "not_an_object": gettext_lazy("Nơi gửi xuất lại dòng này thành một đối tượng JSON."),
    "too_deep": gettext_lazy("Nơi gửi bỏ phần lồng nhau không cần thiết rồi gửi lại."),
    "duplicate_member": gettext_lazy("Nơi gửi giữ lại một trong hai giá trị rồi gửi lại."),
    "nobody_named": gettext_lazy("Cần ít nhất một trong: họ tên, số giấy tờ, số điện thoại hoặc tài khoản."),
    "not_a_person": gettext_lazy("Cần họ tên thật hoặc số giấy tờ; nếu là dòng thử thì không phải làm gì."),
    "no_patient": gettext_lazy("Cơ quan gửi kèm người bệnh (Patient) trong cùng gói, hoặc tham chiếu người đã gửi."),
    "not_epidemic_vaccine": gettext_lazy("Chỉ nhận mũi tiêm phòng dịch này; mũi khác thì không phải làm gì."),
    "not_epidemic_test": gettext_lazy("Chỉ nhận xét nghiệm của dịch này, ghi đúng mã LOINC; loại khác thì thôi."),
    "no_code": gettext_lazy("Cơ quan gửi lại kèm mã hoặc tên của chẩn đoán, việc đã làm, thuốc, hoặc trị số."),
    "no_entry_day": gettext_lazy("Cơ quan gửi lại kèm ngày nhập cảnh đọc được."),
    "no_insurance_number": gettext_lazy("Cơ quan gửi lại kèm số thẻ bảo hiểm y tế đọc được."),
    "refused_with_others": gettext_lazy("Cơ quan sửa bản ghi bị từ chối trong gói rồi gửi lại cả gói."),
    "profile": gettext_lazy("Cơ quan sửa bản ghi theo cấu trúc đã công bố rồi gửi lại."),
    "incomplete_mapping": gettext_lazy("Nơi gửi bổ sung cấp, tên hoặc mã nước của dòng danh mục."),
    "not_enough_to_identify": gettext_lazy(
        "Cần thêm số giấy tờ, hoặc họ tên cùng ngày sinh đầy đủ. Dòng được thử lại ở mỗi lần chuyển dữ liệu sau."
    ),
    "account_not_found": gettext_lazy(
        "Cần tệp người dùng có tài khoản này. Dòng được thử lại ở mỗi lần chuyển dữ liệu sau."
    ),
    "ambiguous": gettext_lazy("Cần một số giấy tờ, hoặc một quyết định của cán bộ giữa những người phù hợp."),
}  # fmt: skip
ATTRIBUTE: Words = {
    **words.ATTRIBUTE,
    **words.IDENTIFIER,
    "birth": gettext_lazy("Ngày sinh"),
    "commune_code": gettext_lazy("Xã, phường"),
    "address": gettext_lazy("Địa chỉ"),
    "phone": gettext_lazy("Điện thoại"),
    "email": gettext_lazy("Thư điện tử"),
    "area": gettext_lazy("Nơi ở"),
}
LEVEL: Words = {
    "same": gettext_lazy("giống nhau"),
    "same_accented": gettext_lazy("giống cả dấu"),
    "accents_differ": gettext_lazy("khác ở dấu"),
    "same_plain": gettext_lazy("giống khi bỏ dấu"),
    "rotated": gettext_lazy("đảo thứ tự họ tên"),
    "middle_dropped": gettext_lazy("thiếu tên đệm"),
    "one_typo": gettext_lazy("sai một ký tự"),
    "two_typos": gettext_lazy("sai hai ký tự"),
    "part_shared": gettext_lazy("giống một phần"),
    "same_day": gettext_lazy("giống cả ngày"),
    "same_year": gettext_lazy("giống năm, một bên chỉ có năm"),
    "swapped": gettext_lazy("đảo ngày và tháng"),
    "near": gettext_lazy("gần giống"),
    "other": gettext_lazy("khác"),
    "far": gettext_lazy("khác xa"),
    "typo": gettext_lazy("sai một chữ số"),
    "neighbouring": gettext_lazy("số liền nhau"),
    "same_shared": gettext_lazy("cùng số, dùng chung"),
    "different_shared": gettext_lazy("khác, số dùng chung"),
    "same_address": gettext_lazy("cùng địa chỉ"),
    "same_line": gettext_lazy("cùng số nhà, đường"),
    "same_commune": gettext_lazy("cùng xã"),
    "same_district": gettext_lazy("cùng huyện"),
    "same_province": gettext_lazy("cùng tỉnh"),
    "different": gettext_lazy("khác"),
}
FACT: Words = {
    "address": gettext_lazy("Địa chỉ"),
    "relationship": gettext_lazy("Quan hệ"),
    "dose": gettext_lazy("Mũi tiêm"),
    "test": gettext_lazy("Xét nghiệm"),
    "declaration": gettext_lazy("Khai báo y tế"),
    "visit": gettext_lazy("Nơi đã đến"),
    "trip": gettext_lazy("Chuyến đi"),
    "scan": gettext_lazy("Lượt quét tại chốt"),
    "entry": gettext_lazy("Nhập cảnh"),
    "card": gettext_lazy("Thẻ bảo hiểm y tế"),
    "stay": gettext_lazy("Lần khám, nằm viện"),
    "condition": gettext_lazy("Chẩn đoán"),
    "vital_sign": gettext_lazy("Dấu hiệu sinh tồn"),
    "procedure": gettext_lazy("Thủ thuật, phẫu thuật"),
    "medication": gettext_lazy("Thuốc đã dùng khi điều trị"),
}
KIND: Words = {
    **words.ADDRESS,
    "household": gettext_lazy("cùng hộ với chủ tài khoản"),
    "declared_by": gettext_lazy("được người khác khai thay"),
}
COLUMN: Words = {
    **fact_words.COLUMN,
    # Of an identity that is put right.
    **{name: ATTRIBUTE[name] for name in ("name", "birth_date", "personal_id")},
    "commune_code": gettext_lazy("Xã"),
    "district_code": gettext_lazy("Huyện"),
    "province_code": gettext_lazy("Tỉnh"),
    "role": gettext_lazy("Vai trò"),
    "other_system": gettext_lazy("Hệ thống bên kia"),
    "other_kind": gettext_lazy("Loại bản ghi bên kia"),
    "other_key": gettext_lazy("Mã bản ghi bên kia"),
    "product_text": gettext_lazy("Vắc xin như đã ghi"),
    "dose_number": gettext_lazy("Mũi số"),
    "site_code": gettext_lazy("Mã cơ sở"),
    "site_name": gettext_lazy("Cơ sở"),
    "reaction_note": gettext_lazy("Phản ứng"),
    "entered_at": gettext_lazy("Vào lúc"),
    "tube_barcode": gettext_lazy("Mã ống"),
    "method": gettext_lazy("Phương pháp"),
    "ct_value": pgettext_lazy("test", "Giá trị CT"),
    "form": gettext_lazy("Mẫu khai"),
    "source_key": gettext_lazy("Mã nguồn"),
    "is_for_other": gettext_lazy("Khai thay"),
    "symptom_note": gettext_lazy("Ghi chú triệu chứng"),
    "travel_note": gettext_lazy("Ghi chú đi lại"),
    "vehicle_kind": gettext_lazy("Phương tiện"),
    "vehicle_number": gettext_lazy("Số hiệu"),
    "departed_on": gettext_lazy("Ngày đi"),
    "departure_country": gettext_lazy("Nước đi"),
    "departure_province": gettext_lazy("Tỉnh đi"),
    "destination_province": gettext_lazy("Tỉnh đến"),
    "places_passed": gettext_lazy("Nơi đã qua"),
    "vaccines_used": gettext_lazy("Vắc xin đã dùng"),
    "trip_key": gettext_lazy("Mã chuyến"),
    "departure_commune": gettext_lazy("Xã đi"),
    "destination_commune": gettext_lazy("Xã đến"),
    "valid_until": gettext_lazy("Có giá trị đến"),
    "card_number": gettext_lazy("Số thẻ"),
}
FLAG: Words = {
    "birth_default": gettext_lazy("ngày 01/01: có thể là mặc định"),
    "birth_two_digit_year": gettext_lazy("năm sinh hai chữ số"),
    "birth_swapped_repaired": gettext_lazy("ngày và tháng đã đảo lại"),
    "birth_day_impossible": gettext_lazy("ngày không có thật, chỉ giữ năm"),
    "birth_from_serial": gettext_lazy("ngày đọc từ số của bảng tính"),
    "birth_from_utc": gettext_lazy("ngày đọc từ giờ quốc tế"),
    "id_birth_conflict": gettext_lazy("số định danh không khớp năm sinh"),
    "id_sex_conflict": gettext_lazy("số định danh không khớp giới tính"),
    "id_zero_restored": gettext_lazy("đã thêm lại số 0 đầu"),
    "id_ambiguous": gettext_lazy("số giấy tờ đọc được nhiều cách"),
    "id_letter_repaired": gettext_lazy("chữ trong số giấy tờ đã sửa"),
    "id_province_unknown": gettext_lazy("mã tỉnh trong số định danh lạ"),
    "id_series_unknown": gettext_lazy("đầu số CMND lạ"),
    "insurance_unsure": gettext_lazy("mười chữ số trong ô giấy tờ: số BHXH hoặc số gõ sai"),
    "passport_unsure": gettext_lazy("hộ chiếu thiếu một chữ số"),
    "name_mojibake": gettext_lazy("tên ghi bằng bảng mã cũ"),
    "name_single_token": gettext_lazy("tên chỉ có một từ"),
    "name_reordered": gettext_lazy("họ đứng cuối"),
    "name_not_latin": gettext_lazy("tên không bằng chữ La-tinh"),
    "newborn_without_name": gettext_lazy("trẻ sơ sinh chưa có tên"),
    "not_a_name": gettext_lazy("không phải tên người"),
}  # fmt: skip

# What the ledger says about a file as a whole (connectors/notes.py).
NOTE: Words = {
    "dropped": gettext_lazy("Cột vị trí đã bỏ mà không đọc"),
    "unknown_columns": gettext_lazy("Cột lạ, vẫn giữ trong bản ghi gốc"),
    "missing_columns": gettext_lazy("Cột không có trong tệp"),
    "remarks": gettext_lazy("Nhận xét về tệp"),
    "looks_like": gettext_lazy("Tiêu đề giống loại tệp"),
    "blank_lines": gettext_lazy("Dòng trống"),
    "encoding": gettext_lazy("Bảng mã"),
}

_VOCABULARIES: dict[str, Words] = {
    "outcome": OUTCOME, "stage": STAGE, "decision": DECISION, "attribute": ATTRIBUTE, "level": LEVEL, "fact": FACT,
    "column": COLUMN, "remedy": REMEDY, "flag": FLAG, "harm": review_wording.HARM, "opinion": review_wording.OPINION,
    "standing": review_wording.STANDING, "ruling_note": review_wording.RULING_NOTE,
    "split_outcome": review_wording.SPLIT_OUTCOME, "split_note": review_wording.SPLIT_NOTE,
    **inspection_wording.VOCABULARIES, **breach_wording.VOCABULARIES, **shadow_wording.VOCABULARIES,
}  # fmt: skip
_AREA_COLUMNS = frozenset(
    {"commune_code", "district_code", "province_code", "departure_commune", "destination_commune"}
)
_CODED = {"result": "result", "method": "method", "form": "form", "via": "via"}


def officer_word(vocabulary: str, code: str | None) -> str:
    """The word of a code; the code itself where there is none. Raises KeyError for a vocabulary."""
    return str(_VOCABULARIES[vocabulary].get(code or "", code or ""))


def reason_word(code: str) -> str:
    """Why a row or value was not taken, or a pair is asked about, in the page's language."""
    reason = REASONS.get(code)
    if reason is None:
        return str(LINKAGE_REASON.get(code, code))
    return reason.vi if (translation.get_language() or "vi").startswith("vi") else reason.en


def remarks(notes: Mapping[str, object]) -> list[tuple[str, str]]:
    """What a file's notes say beyond its counts, as (heading, text) in words."""
    return [
        (str(heading), _noted(notes[name]))
        for name, heading in NOTE.items()
        if notes.get(name) and (name, notes[name]) != ("encoding", "utf-8")
    ]


def _noted(note: object) -> str:
    if isinstance(note, Mapping):
        return ", ".join(f"{name} ({rows})" for name, rows in note.items())
    if isinstance(note, list | tuple):
        return ", ".join(reason_word(str(code)) for code in note)
    return str(note)


def said(value: object, column: str = "") -> str:
    """A fact's value as people read it; '' for none."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if isinstance(value, datetime):
        return words.moment(value)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, list | tuple):
        return ", ".join(words.word("symptom", str(one)) for one in value)
    return _said_text(str(value), column)


def _said_text(text: str, column: str) -> str:
    if column in _AREA_COLUMNS:
        return words.area_name(text).partition(", ")[0] or text
    if column == "kind":
        return str(KIND.get(text, text))
    if column == "answers":
        return _answers(text)
    return words.word(_CODED[column], text) if column in _CODED else text


def _answers(text: str) -> str:
    """The questions of a form with their answers."""
    answers = json.loads(text)
    return "; ".join(
        f"{words.word('question', question)}: {words.word('answer', str(answer))}"
        for question, answer in answers.items()
    )
