"""Every reason code of the import, with the words that people read: Vietnamese and English.

`docs/reference/reasons.md` is this table, written by `as_markdown`.
"""

from __future__ import annotations

from typing import NamedTuple

ROW, VALUE, FILE = "row", "value", "file"


class Reason(NamedTuple):
    """`about` is ROW (why a row was held or rejected), VALUE (why a value was refused) or FILE (a remark)."""

    about: str
    vi: str
    en: str


REASONS: dict[str, Reason] = {
    # Rows
    "no_key": Reason(ROW, "Không có mã của bản ghi", "The record has no key"),
    "bad_key": Reason(
        ROW, "Mã của bản ghi quá dài hoặc có ký tự không in được", "The record's key is too long or unprintable"
    ),
    "column_count": Reason(
        ROW,
        "Số ô của dòng không khớp với số cột của tệp",
        "The row has more or fewer cells than the file has columns",
    ),
    "unbalanced_quote": Reason(ROW, "Dấu ngoặc kép mở mà không đóng", "A quotation mark is opened and never closed"),
    "row_too_long": Reason(
        ROW,
        "Dòng dài hơn 1 MiB; nội dung được giữ trong thư mục riêng",
        "The line is longer than 1 MiB; its bytes are kept in a folder of their own",
    ),
    "truncated": Reason(ROW, "Tệp nén bị đứt ngay giữa dòng này", "The compressed file breaks off within this line"),
    "wrong_header": Reason(
        ROW,
        "Dòng tiêu đề không phải của loại tệp này",
        "The header is missing or belongs to another kind of file",
    ),
    "wrong_kind": Reason(ROW, "Bản ghi thuộc loại tệp khác", "The record belongs to another kind of file"),
    "not_json": Reason(ROW, "Dòng không phải là JSON hợp lệ", "The line is not valid JSON"),
    "not_an_object": Reason(ROW, "Dòng JSON không phải là một đối tượng", "The line is JSON, but not an object"),
    "too_deep": Reason(ROW, "JSON lồng nhau quá sâu", "The JSON is nested too deeply"),
    "duplicate_member": Reason(
        ROW,
        "Một trường xuất hiện hai lần với giá trị khác nhau",
        "One member is given twice with different values",
    ),
    "nobody_named": Reason(
        ROW,
        "Không có tên, giấy tờ, điện thoại hay tài khoản: không biết là ai",
        "Neither name, document, phone nor account: it is about nobody that could be known",
    ),
    "not_a_person": Reason(
        ROW,
        "Tên không phải tên người và không có số giấy tờ: có thể là dòng thử",
        "The name is no person's name and there is no document number: perhaps a test row",
    ),
    "no_patient": Reason(
        ROW, "Không rõ bản ghi là của người nào", "The resource does not say which patient it is about"
    ),
    "not_epidemic_vaccine": Reason(
        ROW,
        "Không phải mũi tiêm đã thực hiện của vắc xin phòng dịch này",
        "Not a completed dose of a vaccine against this epidemic",
    ),
    "not_epidemic_test": Reason(
        ROW, "Không phải xét nghiệm của dịch này", "Not one of the tests of this epidemic (LOINC code)"
    ),
    "no_code": Reason(
        ROW,
        "Không có mã hay tên của chẩn đoán, việc đã làm, thuốc hoặc trị số",
        "No code, name or value of what was found, done or given",
    ),
    "no_entry_day": Reason(ROW, "Không có ngày nhập cảnh đọc được", "No day of entry that can be read"),
    "no_insurance_number": Reason(
        ROW, "Không có số thẻ bảo hiểm y tế đọc được", "No insurance number that can be read"
    ),
    "refused_with_others": Reason(
        ROW,
        "Cùng gói với bản ghi bị từ chối nên không ghi",
        "It came in one transaction with a resource that was refused",
    ),
    "profile": Reason(ROW, "Không đúng cấu trúc đã công bố của loại bản ghi", "Does not follow the published profile"),
    "incomplete_mapping": Reason(
        ROW, "Dòng danh mục thiếu cấp, tên hoặc mã nước", "A row of the code list lacks its level, name or code"
    ),
    # Values
    "wrong_type": Reason(VALUE, "Giá trị sai kiểu dữ liệu", "The value has the wrong type"),
    "undecodable_bytes": Reason(
        VALUE,
        "Có byte không phải UTF-8; đã đọc thử theo bảng mã cũ",
        "Bytes that are not UTF-8; read by an older encoding where possible",
    ),
    "control_characters": Reason(
        VALUE, "Có ký tự điều khiển (NUL); đã bỏ khi đọc", "Control characters (NUL), left out when reading"
    ),
    "unreadable_time": Reason(VALUE, "Không đọc được thời gian", "The time cannot be read"),
    "time_before_epidemic": Reason(VALUE, "Thời gian trước ngày 1/12/2019", "The time is before 1 December 2019"),
    "time_in_future": Reason(VALUE, "Thời gian ở tương lai", "The time is in the future"),
    "unknown_code": Reason(
        VALUE,
        "Mã trả lời không có trong biểu mẫu; không đoán",
        "The answer code is not on the form; nothing is guessed",
    ),
    "code_too_long": Reason(VALUE, "Mã dài quá 200 ký tự", "The code is longer than 200 characters"),
    "not_a_number": Reason(VALUE, "Không phải là số", "Not a number"),
    "unknown_area": Reason(VALUE, "Mã địa bàn không có trong danh mục nào", "No list of areas knows this code"),
    "no_area_mapping": Reason(
        VALUE,
        "Đợt giao thiếu tệp tokhaiyte_areas nên không đọc được địa bàn",
        "The delivery has no tokhaiyte_areas file, so its areas cannot be read",
    ),
    "unknown_nation": Reason(VALUE, "Không nhận ra quốc tịch", "The nationality is not recognised"),
    "unknown_member": Reason(
        VALUE,
        "Lượt khai về một thành viên không có trong hộ",
        "The declaration is about a member who is not in the household list",
    ),
    "unknown_product": Reason(
        VALUE, "Không nhận ra tên vắc xin; giữ nguyên chữ đã ghi", "The vaccine is not recognised; the text is kept"
    ),
    "not_an_old_id": Reason(
        VALUE, "Số giấy tờ cũ không phải CMND", "The old document number is not an old identity card's"
    ),
    "not_a_name": Reason(VALUE, "Không phải tên người", "Not a person's name"),
    "email_malformed": Reason(VALUE, "Thư điện tử sai dạng", "The e-mail address is malformed"),
    "birth_date_unreadable": Reason(VALUE, "Không đọc được ngày sinh", "The birth date cannot be read"),
    "birth_date_impossible": Reason(VALUE, "Ngày sinh không thể có", "Nobody alive can have this birth date"),
    "id_malformed": Reason(VALUE, "Số giấy tờ sai dạng", "The document number is malformed"),
    "id_placeholder": Reason(VALUE, "Số giấy tờ ghi cho có", "The document number only fills the field"),
    "id_truncated_by_spreadsheet": Reason(
        VALUE, "Bảng tính đã làm mất chữ số của giấy tờ", "A spreadsheet lost digits of the document number"
    ),
    "id_is_phone": Reason(VALUE, "Ô giấy tờ chứa số điện thoại", "The document field holds a phone number"),
    "insurance_malformed": Reason(VALUE, "Số thẻ BHYT sai dạng", "The insurance number is malformed"),
    "insurance_placeholder": Reason(VALUE, "Số thẻ BHYT ghi cho có", "The insurance number only fills the field"),
    "insurance_truncated_by_spreadsheet": Reason(
        VALUE, "Bảng tính đã làm mất chữ số của thẻ BHYT", "A spreadsheet lost digits of the insurance number"
    ),
    "phone_malformed": Reason(VALUE, "Số điện thoại sai dạng", "The phone number is malformed"),
    "phone_foreign": Reason(VALUE, "Số điện thoại nước ngoài", "A foreign phone number"),
    "phone_placeholder": Reason(VALUE, "Số điện thoại ghi cho có", "The phone number only fills the field"),
    "phone_truncated_by_spreadsheet": Reason(
        VALUE, "Bảng tính đã làm mất chữ số điện thoại", "A spreadsheet lost digits of the phone number"
    ),
    "qr_unreadable": Reason(VALUE, "Mã QR không thuộc loại nào đã biết", "The QR code is none of the known kinds"),
    "qr_empty": Reason(VALUE, "Mã QR trống", "The QR code is empty"),
    "qr_too_long": Reason(VALUE, "Mã QR dài hơn mức có thể", "Longer than any QR code"),
    "qr_identifier_malformed": Reason(
        VALUE, "Số giấy tờ trong mã QR sai dạng", "The document number in the QR code is malformed"
    ),
    "qr_contradicts_row": Reason(
        VALUE,
        "Mã QR và dòng nói về hai số giấy tờ khác nhau; giữ số của dòng",
        "The QR code and the row give two different numbers; the row's is kept",
    ),
    # Files
    "unknown_file": Reason(
        FILE,
        "Tên tệp không thuộc loại nào đã biết; tệp không được đọc",
        "The name is of no known kind of file; it was not read",
    ),
    "no_rows": Reason(FILE, "Tệp không có dòng dữ liệu nào", "The file has no data row"),
    "utf16": Reason(FILE, "Tệp ở dạng UTF-16", "The file is in UTF-16"),
    "not_gzip": Reason(FILE, "Tên .gz nhưng không nén", "Named .gz, but not compressed"),
    "gzip_without_name": Reason(FILE, "Tệp nén nhưng tên không có .gz", "Compressed, but not named .gz"),
    "gzip_broken": Reason(FILE, "Tệp nén bị đứt hoặc hỏng", "The compressed file breaks off or is damaged"),
    "bytes_after_gzip": Reason(
        FILE, "Sau phần nén còn dữ liệu lạ, không đọc", "Foreign bytes after the compressed part, not read"
    ),
    "cr_line_ends": Reason(FILE, "Dòng kết thúc bằng CR", "Lines end with CR"),
    "other_delimiter": Reason(FILE, "Các ô không ngăn bằng dấu phẩy", "Cells are not separated by commas"),
    "header_of_first_part": Reason(FILE, "Dùng tiêu đề của phần đầu", "Read under the header of the first part"),
    "extra_empty_cells": Reason(FILE, "Có dòng thừa ô trống ở cuối", "Some rows have empty cells beyond the columns"),
    "too_many_unknown_columns": Reason(
        FILE, "Quá nhiều cột lạ, không đếm hết", "More unknown columns than are counted"
    ),
}


def as_markdown() -> str:
    """The reference page: one table for each of rows, values and files."""
    parts = [_HEAD, *(_section(about, title) for about, title in _TITLES.items())]
    return "\n".join(parts)


_HEAD = """# Reason codes of the import

Written from `pccovid.connectors.reasons`; change the words there.
"""
_TITLES = {
    ROW: "Rows: held or rejected",
    VALUE: "Values: refused while the row is kept",
    FILE: "Files: remarks",
}


def _section(about: str, title: str) -> str:
    lines = [f"## {title}", "", "| code | Tiếng Việt | English |", "|---|---|---|"]
    lines += [f"| `{code}` | {reason.vi} | {reason.en} |" for code, reason in REASONS.items() if reason.about == about]
    return "\n".join(lines) + "\n"
