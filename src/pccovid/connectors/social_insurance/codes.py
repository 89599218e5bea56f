"""Every result of the insurer's look-up, what it says of the card and what of the person. Pure.

`about_person` is the code of linkage/verification.py that it amounts to: a card may be expired and the person still be
the one who was asked about.
"""

from __future__ import annotations

from typing import NamedTuple

from pccovid.insurance.rules import ELSEWHERE, NONE, OVER, REPLACED, VALID
from pccovid.linkage.verification import (
    BAD_QUESTION,
    FOUND,
    NOT_FOUND,
    WRONG_BIRTH,
    WRONG_NAME,
    WRONG_NAME_RIGHT_INITIALS,
)


class Result(NamedTuple):
    """One code. `about_person` is None where nothing is said of anybody."""

    code: str
    card: str
    about_person: str | None
    vi: str
    en: str


RESULTS: dict[str, Result] = {
    one.code: one
    for one in (
        Result("000", VALID, FOUND, "Thẻ hợp lệ", "the card is valid"),
        Result("001", ELSEWHERE, FOUND, "Thẻ do Bộ Quốc phòng quản lý", "run by the Ministry of Defence"),
        Result("002", ELSEWHERE, FOUND, "Thẻ do Bộ Công an quản lý", "run by the Ministry of Public Security"),
        Result("003", REPLACED, FOUND, "Thẻ cũ hết hạn, đã cấp thẻ mới", "old card expired, a new one was issued"),
        Result("004", REPLACED, FOUND, "Thẻ cũ còn hạn, đã cấp thẻ mới", "old card valid, a new one was issued"),
        Result("010", OVER, FOUND, "Thẻ hết hạn", "expired"),
        Result("050", NONE, NOT_FOUND, "Không thấy thông tin thẻ", "not found"),
        Result("051", NONE, BAD_QUESTION, "Số thẻ không đúng", "no card number"),
        Result("052", NONE, BAD_QUESTION, "Mã tỉnh trên thẻ không đúng", "no such province on the card"),
        Result("053", NONE, BAD_QUESTION, "Mã quyền lợi trên thẻ không đúng", "no such benefit code on the card"),
        Result("060", NONE, WRONG_NAME, "Họ tên không đúng", "wrong name"),
        Result("061", NONE, WRONG_NAME_RIGHT_INITIALS, "Họ tên không đúng, đúng chữ cái đầu",
               "wrong name, right initials"),
        Result("070", NONE, WRONG_BIRTH, "Ngày sinh không đúng", "wrong birth date"),
        Result("110", OVER, FOUND, "Thẻ đã thu hồi", "withdrawn"),
        *(Result(str(code), OVER, FOUND, f"Thẻ đã báo giảm ({code})", f"reported decreased ({code})")
          for code in range(120, 125)),
        Result("130", NONE, FOUND, "Trẻ em chưa có thẻ", "a child without a card"),
        Result("205", NONE, BAD_QUESTION, "Tham số không đúng", "bad parameter"),
        Result("401", NONE, None, "Không xác thực được", "not authenticated"),
        Result("054", NONE, None, "Không có cán bộ tra cứu này", "officer unknown"),
        Result("055", NONE, None, "Họ tên cán bộ không khớp số căn cước", "officer's name is not that of the number"),
        Result("500", NONE, None, "Lỗi hệ thống", "fault of the system"),
    )
}  # fmt: skip
NOT_AUTHENTICATED, FAULT = "401", "500"
OF_OFFICER = ("054", "055")
