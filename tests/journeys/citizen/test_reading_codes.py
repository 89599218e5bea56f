"""A citizen reads codes by the phone's camera, from a photo, and by typing; without camera and scripts as well."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from journeys.citizen.conftest import Citizen, Phone, another_than
from unit.web.test_photographed_codes import photo

# Chromium on a desk has no reader of its own; a phone's has. This one finds the text that the test puts before it.
_READER = """
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect(picture) {
    const isLive = picture instanceof HTMLVideoElement && picture.readyState >= 2 && picture.videoWidth > 0;
    const isPhoto = picture instanceof ImageBitmap;
    return Promise.resolve(isLive || isPhoto ? [{ rawValue: window.shownCode }] : []);
  }
};
"""
STRANGERS = "001186011111|012345678|Phạm Văn Lạ|02031986|Nam|5 Phố Huế, Hà Nội|01012022"


@pytest.fixture
def citizen(citizens: tuple[Citizen, ...]) -> Citizen:
    return next(one for one in citizens if "agrees" in one.why)


def card_of(citizen: Citizen) -> str:
    return f"001190029317|011234567|{citizen.name}|{citizen.born:%d%m%Y}|Nữ|12 Hàng Bạc, Hà Nội|01012022"


@pytest.fixture
def camera(phone: Phone) -> Phone:
    """A phone with a camera whose browser reads codes."""
    phone.page.context.grant_permissions(["camera"], origin=phone.service)
    phone.page.add_init_script(_READER)
    return phone


def test_the_camera_reads_a_card_and_the_form_is_filled_in(camera: Phone, citizen: Citizen) -> None:
    camera.signs_in_as(citizen)
    camera.opens("/quet")
    camera.looks("read-1-reader")
    camera.page.evaluate("code => { window.shownCode = code; }", card_of(citizen))
    camera.presses("Mở máy ảnh")
    camera.page.get_by_text("Thẻ của bạn", exact=True).wait_for()
    camera.looks("read-2-own-card")


def test_a_photo_is_read_on_the_phone_where_it_can_and_does_not_leave_it(
    camera: Phone, citizen: Citizen, tmp_path: Path
) -> None:
    camera.signs_in_as(citizen)
    camera.opens("/quet")
    camera.page.evaluate("code => { window.shownCode = code; }", STRANGERS)
    (tmp_path / "the.jpg").write_bytes(photo(STRANGERS))
    with camera.page.expect_request(lambda request: request.method == "POST") as sent:
        camera.page.get_by_label("Ảnh chụp mã").set_input_files(tmp_path / "the.jpg")
    assert len(sent.value.post_data_buffer or b"") < 3_000
    camera.page.get_by_text("không khớp hồ sơ của bạn").wait_for()
    assert "Lạ" not in camera.sees()
    camera.looks("read-3-strangers-card")


def test_without_scripts_a_photo_is_read_by_the_server_and_a_code_can_be_typed(
    chromium: Browser, service: str, phone: Phone, citizen: Citizen, tmp_path: Path
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", java_script_enabled=False)
    plain = Phone(context.new_page(), service, phone.screenshots)
    plain.signs_in_as(citizen)
    plain.opens("/quet")
    assert not plain.page.get_by_role("button", name="Mở máy ảnh").is_visible()
    (tmp_path / "the.jpg").write_bytes(photo(card_of(citizen), turned=10))
    plain.page.get_by_label("Ảnh chụp mã").set_input_files(tmp_path / "the.jpg")
    plain.presses("Đọc mã")
    assert "Thẻ của bạn" in plain.sees()
    plain.page.get_by_label("Hoặc gõ, dán nội dung mã").fill("xin chào")
    plain.presses("Đọc mã")
    assert "Không phải mã của hệ thống này" in plain.sees()
    context.close()


def test_anothers_safe_code_is_genuine_or_not_and_nothing_else(
    camera: Phone, citizen: Citizen, citizens: tuple[Citizen, ...], chromium: Browser, service: str, tmp_path: Path
) -> None:
    other = another_than(citizen, citizens)
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", device_scale_factor=3)
    shown = Phone(context.new_page(), service, tmp_path)
    shown.signs_in_as(other)
    shown.opens("/ma-qr")
    shown.page.locator(".qr").first.screenshot(path=tmp_path / "ma.png")
    context.close()
    camera.signs_in_as(citizen)
    camera.opens("/quet")
    # The picture of the code on the other's screen, read by the server as a photo would be.
    camera.page.evaluate("window.shownCode = ''")
    camera.page.get_by_label("Ảnh chụp mã").set_input_files(tmp_path / "ma.png")
    camera.presses("Đọc mã")
    camera.page.get_by_role("heading", name="Mã thật").wait_for()
    assert other.name not in camera.page.content()
    camera.looks("read-4-genuine")
