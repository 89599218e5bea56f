"""The texts to which a person may consent: one for each purpose, dated, in both languages. Pure data.

A text in use is never changed: another version is added and the old one gets its end. Who agreed to a version agreed to
that alone, so its end is the end of the consents given to it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

RESEARCH, PROVINCIAL_APP = "research_use", "provincial_app"


class ConsentText(NamedTuple):
    """What is shown to whoever decides. `is_verified`: whether a lawyer has approved the words."""

    purpose: str
    version: int
    title: str
    title_en: str
    body: str
    body_en: str
    valid_from: datetime
    valid_to: datetime | None
    issuer: str
    document: str
    is_verified: bool


_FREE = (
    "Không đồng ý thì không mất gì: mọi phần của ứng dụng vẫn như cũ. Bạn rút lại lúc nào cũng được: từ lúc đó"
    " không tệp mới nào có dữ liệu của bạn, và tệp có dữ liệu của bạn mà còn chờ lấy bị hủy. Tệp đã được lấy thì không"
    " thu lại được."
)
_FREE_EN = (
    "If you do not agree you lose nothing: every part of the app stays as it is. You may withdraw at any time: from"
    " then on no new file holds your data, and files with your data that can still be fetched are destroyed. A file"
    " that was fetched cannot be taken back."
)
_TOLD = (
    "Mỗi tệp do một cán bộ đề nghị, nêu tên cơ quan nhận; hai cán bộ khác duyệt. Tệp được mã hóa, và bạn thấy nó ở"
    " trang “Ai đã xem”."
)
_TOLD_EN = (
    "Each file is asked for by an officer, who names the receiving organisation, and approved by two others. It is"
    " encrypted, and you see it under “Who looked”."
)
_ISSUER = "PcCovid"
_LAW = "Luật 91/2025/QH15; Nghị định 356/2025/NĐ-CP"

TEXTS: tuple[ConsentText, ...] = (
    ConsentText(
        RESEARCH, 1,
        "Dùng hồ sơ không tên cho nghiên cứu khoa học",
        "Use of the nameless record in scientific research",
        "Nghiên cứu ngoài nhiệm vụ chống dịch, do viện hoặc trường thực hiện. Nếu bạn đồng ý, tệp gửi cho nơi nghiên"
        " cứu có thể có: năm sinh, giới tính, tỉnh, huyện của bạn, số mũi và ngày tiêm gần nhất, số lần xét nghiệm và"
        " ngày dương tính gần nhất. Không có tên, số giấy tờ, số điện thoại, địa chỉ.\n"
        f"{_TOLD}\n{_FREE}",
        "Research beyond the fight against the epidemic, by an institute or a university. If you agree, a file for it"
        " may hold: your year of birth, sex, province and district, the number of your doses and the day of the last,"
        " the number of your tests and the day of the last positive one. No name, document number, phone number or"
        " address.\n"
        f"{_TOLD_EN}\n{_FREE_EN}",
        datetime(2026, 1, 1, tzinfo=UTC), None, _ISSUER, _LAW, False,
    ),
    ConsentText(
        PROVINCIAL_APP, 1,
        "Chia sẻ hồ sơ tiêm chủng với ứng dụng của tỉnh",
        "Sharing the vaccination record with the province's app",
        "Một số tỉnh có ứng dụng dịch vụ công riêng. Nếu bạn đồng ý, cơ quan điều hành ứng dụng của tỉnh nơi bạn ở có"
        " thể nhận: họ tên, năm sinh, xã, số điện thoại của bạn, số mũi và ngày tiêm gần nhất.\n"
        f"{_TOLD}\n{_FREE}",
        "Some provinces have an app of their own for public services. If you agree, whoever runs the app of the"
        " province where you live may receive: your name, year of birth, commune and phone number, the number of your"
        " doses and the day of the last.\n"
        f"{_TOLD_EN}\n{_FREE_EN}",
        datetime(2026, 1, 1, tzinfo=UTC), None, _ISSUER, _LAW, False,
    ),
)  # fmt: skip
