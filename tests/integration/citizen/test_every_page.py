"""What holds for every page: headers, languages, weight, nothing inline, nothing kept by the device."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from integration.citizen.made_people import Index
from integration.citizen.visiting import Visitor

STYLES = Path(__file__).resolve().parents[3] / "src/pccovid/web/static/css/pccovid.css"
_INLINE = re.compile(
    r"<style|\sstyle=|<script(?! type=\"module\" src=\"/static/)|\son[a-z]+=|javascript:|data:|https?://"
)
PUBLIC = ["/", "/dang-nhap/lam-gi-tiep", "/sandbox/tin-nhan", "/ngoai-mang", "/may-dung-chung"]
OWN = [
    "/ho-so", "/ho-so/danh-tinh", "/ho-so/tiem-chung", "/ho-so/xet-nghiem", "/ho-so/khai-bao", "/ho-so/noi-da-den",
    "/ho-so/di-lai", "/ho-so/nhap-canh", "/ho-so/bao-hiem", "/ho-so/dieu-tri", "/ho-so/dia-chi", "/ho-so/gia-dinh",
    "/ma-qr", "/ma-qr/da-che", "/ai-da-xem",
    "/khai-bao", "/sua-sai", "/sua-sai/muc/my-doses", "/sua-sai/thieu/my-doses", "/phan-anh", "/the-covid",
    "/thong-bao",
]  # fmt: skip


@pytest.fixture
def signed_in(index: Index, visitor: Visitor) -> Visitor:
    lan = index.person("Nguyễn Thị Lan", date(1990, 5, 17), "0912345678")
    index.identified_by(lan, "001190029317")
    visitor.signs_in("0912345678", "Nguyễn Thị Lan", date(1990, 5, 17))
    return visitor


def test_every_page_forbids_foreign_files_framing_sniffing_and_keeping(signed_in: Visitor) -> None:
    for page in [*PUBLIC, *OWN]:
        headers = signed_in.client.get(page, follow=True).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], page
        assert "unsafe" not in headers["Content-Security-Policy"], page
        assert headers["X-Frame-Options"] == "DENY", page
        assert headers["X-Content-Type-Options"] == "nosniff", page
        assert headers["Referrer-Policy"] == "same-origin", page
        assert headers["Cache-Control"] == "no-store", page


def test_no_page_has_inline_styles_scripts_or_addresses_of_others(signed_in: Visitor) -> None:
    for page in [*PUBLIC, *OWN]:
        html = signed_in.client.get(page, follow=True).text
        assert not _INLINE.search(html), page


def test_every_page_speaks_the_language_that_was_chosen(signed_in: Visitor) -> None:
    signed_in.client.post("/ngon-ngu", {"language": "en", "next": "/ho-so"})
    for page in [*PUBLIC, *OWN]:
        answer = signed_in.client.get(page, follow=True)
        assert '<html lang="en">' in answer.text, page
        assert answer.headers["Content-Language"] == "en", page


def test_vietnamese_is_spoken_unless_another_language_was_chosen(visitor: Visitor) -> None:
    answer = visitor.client.get("/", headers={"accept-language": "en-US"})
    assert '<html lang="vi">' in answer.text
    assert "Số điện thoại" in answer.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/khong-co", "javascript:alert(1)"])
def test_choosing_a_language_never_leads_to_another_place(visitor: Visitor, elsewhere: str) -> None:
    assert visitor.client.post("/ngon-ngu", {"language": "en", "next": elsewhere}).headers["Location"] == "/"


def test_styles_weigh_less_than_25_kilobytes_and_a_page_less_than_75(signed_in: Visitor) -> None:
    assert STYLES.stat().st_size < 25_000
    for page in [*PUBLIC, *OWN]:
        assert len(signed_in.client.get(page, follow=True).content) < 75_000, page


def test_no_personal_datum_stands_in_an_address_of_a_page(signed_in: Visitor) -> None:
    for page in OWN:
        addresses = re.findall(r'(?:href|action)="([^"]*)"', signed_in.client.get(page).text)
        assert not [address for address in addresses if re.search(r"\d{4,}|[0-9a-f]{8}-|\?", address)], page


def test_a_form_without_its_token_is_refused(visitor: Visitor) -> None:
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post("/", {"phone": "0912345678"}).status_code == 403
