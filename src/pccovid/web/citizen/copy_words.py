"""The copy in words: what every column of a fact is called, which of them lead, and how values are said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from pccovid.personal_copy.queries import CopiedFact
from pccovid.web import fact_words, words

KIND: Mapping[str, Promise] = {
    "dose": gettext_lazy("Tiêm chủng"),
    "test": gettext_lazy("Xét nghiệm"),
    "stay": gettext_lazy("Lần khám, nằm viện"),
    "condition": gettext_lazy("Chẩn đoán"),
    "vital_sign": gettext_lazy("Dấu hiệu sinh tồn"),
    "procedure": gettext_lazy("Thủ thuật, phẫu thuật"),
    "medication": gettext_lazy("Thuốc đã dùng khi điều trị"),
    "declaration": gettext_lazy("Khai báo y tế"),
    "visit": gettext_lazy("Nơi đã đến"),
    "trip": gettext_lazy("Đi lại"),
    "scan": gettext_lazy("Lượt quét ở chốt"),
    "entry": gettext_lazy("Nhập cảnh"),
    "card": gettext_lazy("Bảo hiểm y tế"),
    "address": gettext_lazy("Địa chỉ"),
    "relationship": gettext_lazy("Người đã khai thay bạn"),
}
"""In the order of the page; a kind that is not here comes last under its own name."""

FIELD: Mapping[str, Promise] = {
    **fact_words.COLUMN,
    "product_text": gettext_lazy("Tên vắc xin như đã ghi"),
    "dose_number": gettext_lazy("Mũi số, như đã ghi"),
    "site_code": gettext_lazy("Mã cơ sở tiêm"),
    "site_name": gettext_lazy("Nơi thực hiện"),
    "reaction_note": gettext_lazy("Phản ứng sau tiêm"),
    "entered_at": gettext_lazy("Nhập lúc"),
    "tube_barcode": gettext_lazy("Mã ống mẫu"),
    "method": gettext_lazy("Cách xét nghiệm"),
    "ct_value": gettext_lazy("Chỉ số Ct"),
    "form": gettext_lazy("Loại tờ khai"),
    "source_key": gettext_lazy("Mã tờ khai"),
    "is_for_other": gettext_lazy("Người khác khai giúp"),
    "symptom_note": gettext_lazy("Triệu chứng, như đã viết"),
    "travel_note": gettext_lazy("Nơi đã đi qua"),
    "trip_key": gettext_lazy("Mã chuyến đi"),
    "departure_commune": gettext_lazy("Xã nơi đi"),
    "destination_commune": gettext_lazy("Xã nơi đến"),
    "vehicle_kind": gettext_lazy("Loại phương tiện"),
    "vehicle_number": gettext_lazy("Số hiệu, biển số"),
    "valid_until": gettext_lazy("Mã dùng đến"),
    "departed_on": gettext_lazy("Ngày khởi hành"),
    "departure_country": gettext_lazy("Từ nước"),
    "departure_province": gettext_lazy("Từ tỉnh, bang"),
    "destination_province": gettext_lazy("Đến tỉnh"),
    "places_passed": gettext_lazy("Đã đi qua"),
    "vaccines_used": gettext_lazy("Vắc xin đã khai"),
    "card_number": gettext_lazy("Số thẻ BHYT"),
    "commune_code": gettext_lazy("Xã, phường"),
    "district_code": gettext_lazy("Huyện, quận"),
    "province_code": gettext_lazy("Tỉnh, thành"),
    "role": gettext_lazy("Quan hệ"),
    "place_name": gettext_lazy("Địa điểm"),
    "place_address": gettext_lazy("Địa chỉ của địa điểm"),
}
_FIELD_OF: Mapping[tuple[str, str], Promise] = {("visit", "entered_at"): gettext_lazy("Vào lúc")}
_LEADS = {
    "dose": ("product", "occurred_on"), "test": ("method", "collected_at"), "declaration": ("form", "declared_at"),
    "visit": ("place_name", "entered_at"), "trip": ("departure_place", "destination_place"),
    "scan": ("checkpoint", "scanned_at"), "entry": ("gate", "entered_on"), "card": ("card_number", "insurance_no"),
    "address": ("kind",), "relationship": ("kind",), "stay": ("facility", "began_at"),
    "condition": ("diagnosis", "began_at"), "vital_sign": ("sign", "measured_at"),
    "procedure": ("procedure", "began_at"), "medication": ("drug", "began_at"),
}  # fmt: skip
_WORDED = {"method": "method", "result": "result", "form": "form", "via": "via", "symptoms": "symptom"}
_AREAS = {"commune_code", "district_code", "province_code", "departure_commune", "destination_commune"}
_COUNTRIES = {"departure_country"}


@dataclass(frozen=True)
class ToldFact:
    """A fact as the page tells it: what leads, and (label, value) of everything else that is known."""

    fact: CopiedFact
    lead: str
    pairs: tuple[tuple[str, str], ...]


def _told_answers(answers: Mapping[str, object]) -> list[tuple[str, str]]:
    return [(words.word("question", asked), words.word("answer", str(answer))) for asked, answer in answers.items()]


def told_fact(fact: CopiedFact) -> ToldFact:
    """Every value that is there, each once."""
    values = {**fact.values, **_place(fact)}
    leads = [name for name in _LEADS.get(fact.kind, ()) if _is_known(values.get(name))]
    lead = " · ".join(said(fact.kind, name, values[name]) for name in leads)
    pairs = [
        (_label(fact.kind, name), said(fact.kind, name, value))
        for name, value in values.items()
        if name not in leads and name != "answers" and _is_known(value)
    ]
    pairs += _told_answers(values.get("answers") or {})
    return ToldFact(fact, lead or str(KIND.get(fact.kind, fact.kind)), tuple(pairs))


def said(kind: str, name: str, value: Any) -> str:
    """One value in words; a code without a word is shown as it is."""
    if isinstance(value, bool):
        return words.word("answer", "yes" if value else "no")
    if isinstance(value, datetime):
        return words.moment(value)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, list | tuple):
        return ", ".join(words.word(_WORDED[name], one) if name in _WORDED else str(one) for one in value)
    return _said_text(kind, name, str(value))


def _said_text(kind: str, name: str, text: str) -> str:
    if name in _AREAS:
        area = words.area_name(text).partition(", ")[0]
        return f"{area} ({text})" if area else text
    if name in _COUNTRIES:
        return words.country_name(text)
    if name == "kind":
        return words.word("tie", f"{text}_of") if kind == "relationship" else words.word("address", text)
    return words.word(_WORDED[name], text) if name in _WORDED else text


def _label(kind: str, name: str) -> str:
    own = _FIELD_OF.get((kind, name)) or FIELD.get(name)
    return str(own) if own else name


def _place(fact: CopiedFact) -> dict[str, Any]:
    if fact.place is None:
        return {}
    address = [fact.place.address, words.area_name(fact.place.commune)]
    return {"place_name": fact.place.name, "place_address": ", ".join(part for part in address if part)}


def _is_known(value: object) -> bool:
    return value is not None and value not in ("", [], (), {})
