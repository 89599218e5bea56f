"""Codes read with one's own phone: where each leads, what it fills in, and that others' codes and cards say no more."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import MadeDatabase
from integration.citizen.made_people import Index
from integration.citizen.test_places import PLACE, child_of, link_on_poster, registered
from integration.citizen.visiting import Visitor
from unit.web.test_photographed_codes import photo

PHONE, NAME, BORN = "0912345678", "Nguyễn Thị Lan", date(1990, 5, 17)
CARD = "001190029317|011234567|Nguyễn Thị Lan|17051990|Nữ|12 Hàng Bún, Phường Phúc Xá, Quận Ba Đình, Hà Nội|01012022"
STRANGERS = "001186011111|012345678|Phạm Văn Lạ|02031986|Nam|5 Phố Huế, Hà Nội|01012022"


@pytest.fixture
def lan(index: Index, visitor: Visitor) -> UUID:
    """Lan, signed in; the index has her name, birth date, sex and phone, and no document."""
    person = index.person(NAME, BORN, PHONE)
    assert visitor.signs_in(PHONE, NAME, BORN).status_code == 302
    return person


def reads(visitor: Visitor, code: str = "", **given: Any) -> Any:
    return visitor.client.post("/quet", {"code": code, **given})


def safe_code(person: UUID, *, now: datetime | None = None) -> str:
    from pccovid.personal_codes.keys import code_keys
    from pccovid.personal_codes.rules import Standing, issue

    return issue(code_keys(), person, Standing(True, False), now=now or datetime.now(UTC))


def words_of(answer: Any) -> str:
    """The page's words without what every page says."""
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode().partition("<main")[2]))


def test_a_places_poster_leads_to_checking_in_there(lan: UUID, visitor: Visitor) -> None:
    link = link_on_poster(visitor, registered(visitor))
    for text in (link, f"https://pccovid.example{link}", link.rpartition("/")[2]):
        assert reads(visitor, text).headers["Location"] == link
    assert PLACE["name"] in visitor.client.get(link).text


def test_an_address_of_somebody_elses_leads_nowhere(lan: UUID, visitor: Visitor) -> None:
    for text in ("https://evil.example/d/abc", "//evil.example/", "javascript:alert(1)", "https://[", "xin chào"):
        answer = reads(visitor, text)
        assert (answer.status_code, "Không phải mã của hệ thống" in answer.text) == (422, True)


def test_anothers_safe_code_tells_that_it_is_genuine_and_nothing_else(
    lan: UUID, visitor: Visitor, index: Index
) -> None:
    hoa = index.person("Trần Thị Hoa", date(1984, 7, 9), "0987654321")
    code = safe_code(hoa)
    answer = reads(visitor, code)
    assert (answer.status_code, "Mã thật" in answer.text) == (200, True)
    for secret in ("Hoa", "1984", "0987654321", str(hoa), "đã xác minh", "cách ly"):
        assert secret not in words_of(answer)
    nobodys = words_of(reads(visitor, safe_code(UUID(int=7))))
    blank = re.compile(r"\d\d:\d\d[^.]*")
    assert blank.sub("", nobodys) == blank.sub("", words_of(answer)), "a code of nobody looks the same"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda code: code[:-1] + ("0" if code[-1] != "0" else "1"), "Mã đã bị sửa"),
        (lambda code: code[:40], "không do hệ thống này cấp"),
    ],
)
def test_a_changed_code_is_told_from_a_genuine_one(lan: UUID, visitor: Visitor, change: Any, told: str) -> None:
    answer = reads(visitor, change(safe_code(lan)))
    assert "Mã không dùng được" in answer.text
    assert told in answer.text


def test_a_code_is_good_for_its_time_and_until_its_owner_takes_it_back(lan: UUID, visitor: Visitor) -> None:
    now = datetime.now(UTC)
    assert "Mã đã hết hạn" in reads(visitor, safe_code(lan, now=now - timedelta(hours=2))).text
    assert "chưa đến giờ" in reads(visitor, safe_code(lan, now=now + timedelta(hours=2))).text
    shown = safe_code(lan, now=now - timedelta(minutes=2))
    assert "Mã thật" in reads(visitor, shown).text
    visitor.client.post("/ma-qr/thu-hoi")
    assert "thu hồi" in reads(visitor, shown).text


def test_ones_own_card_fills_in_what_a_form_still_asks(lan: UUID, visitor: Visitor) -> None:
    page = reads(visitor, CARD).text
    assert "Thẻ của bạn" in page
    form = visitor.client.post("/quet", {"code": CARD, "act": "declare", "form": "domestic"}).headers["Location"]
    shown = visitor.client.get(form).text
    assert re.search(r'name="document"[^>]*value="001190029317"', shown)
    assert re.search(r'name="residence"[^>]*value="12 Hàng Bún', shown)
    assert re.search(r'<option value="VN" selected', shown)
    assert 'name="birth_date"' not in shown


def test_what_was_typed_already_is_not_overwritten_by_a_card(lan: UUID, visitor: Visitor) -> None:
    form = visitor.client.post("/khai-bao", {"form": "domestic", "whom": ""}).headers["Location"]
    visitor.client.post(form, {"act": "save", "document": "001190029318", "residence": ""})
    assert reads(visitor, CARD, act="declare", form="domestic").headers["Location"] == form
    shown = visitor.client.get(form).text
    assert re.search(r'name="document"[^>]*value="001190029318"', shown)
    assert re.search(r'name="residence"[^>]*value="12 Hàng Bún', shown)


def test_a_childs_card_fills_in_the_childs_form(
    lan: UUID, visitor: Visitor, index: Index, database: MadeDatabase
) -> None:
    child_of(index, database, lan)
    card = "001319012345||Trần Bé Út|06052019|Nam|5 Phố Huế, Hà Nội|01012022"
    assert "Thẻ của Trần Bé Út" in reads(visitor, card).text
    form = reads(visitor, card, act="declare", form="daily").headers["Location"]
    shown = visitor.client.get(form).text
    assert "Trần Bé Út" in shown
    assert re.search(r'name="document"[^>]*value="001319012345"', shown)


def test_a_strangers_card_fills_nothing_in_and_is_not_read_out(lan: UUID, visitor: Visitor) -> None:
    answer = reads(visitor, STRANGERS)
    assert "không khớp hồ sơ của bạn" in answer.text
    for secret in ("Lạ", "1986", "001186011111", "012345678", "Phố Huế"):
        assert secret not in answer.text
    assert reads(visitor, STRANGERS, act="declare", form="daily").status_code == 422


@pytest.mark.parametrize(
    "text",
    [
        "******011111|PHAM VAN LA|1986-**-**|0|162979388586171100|",
        "001186011111|PHAM VAN LA|1986-03-02|0|162979388586171100|<1<00<0912999888",
    ],
)
def test_of_anothers_unified_code_only_what_a_mask_leaves_is_read_out(lan: UUID, visitor: Visitor, text: str) -> None:
    shown = reads(visitor, text).text
    assert "PHAM VAN LA" in shown
    assert "không chứng minh được là thật" in shown
    for secret in ("001186011111", "02/03/1986", "1986-03-02", "0912999888", "162979388586171100"):
        assert secret not in shown


def test_an_insurance_card_adds_its_number_by_way_of_a_correction(lan: UUID, visitor: Visitor) -> None:
    card = f"GD4797936012345|{NAME.encode().hex()}|17/05/1990|2|{'12 Hàng Bún'.encode().hex()}|79 - 034"
    told = words_of(reads(visitor, card))
    assert "Bổ sung vào hồ sơ" in told
    assert "7936012345" not in told
    filled = visitor.client.post(
        "/quyen-cua-toi/sua-thong-tin",
        {"act": "fill", "whose": "0", "attribute": "insurance_no", "value": "7936012345"},
    )
    assert filled.status_code == 200
    assert re.search(r'name="value"[^>]*value="7936012345"', filled.text)
    assert re.search(r'value="insurance_no" checked', filled.text)
    assert "error-summary" not in filled.text


def test_a_vneid_code_is_read_as_well(lan: UUID, visitor: Visitor) -> None:
    shown = reads(visitor, f"VNeID:{CARD}").text
    assert "Mã VNeID" in shown
    assert "Thẻ của bạn" in shown


def test_a_photo_is_read_by_the_server_and_not_kept(lan: UUID, visitor: Visitor) -> None:
    answer = reads(visitor, photo=SimpleUploadedFile("the.jpg", photo(CARD, turned=8), "image/jpeg"))
    assert "Thẻ của bạn" in answer.text
    empty = reads(visitor, photo=SimpleUploadedFile("a.jpg", b"GIF89a", "image/jpeg"))
    assert (empty.status_code, "không phải ảnh" in empty.text) == (422, True)
    assert reads(visitor).status_code == 422


def test_strangers_read_no_codes_here(visitor: Visitor) -> None:
    assert reads(visitor, CARD).headers["Location"] == "/"
