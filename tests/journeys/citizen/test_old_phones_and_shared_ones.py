"""Slow connections, no scripts, a phone that many people come to share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from journeys.citizen.conftest import Citizen, Phone
from journeys.citizen.test_every_page_of_the_app import PAGES, PUBLIC_PAGES
from journeys.citizen.test_without_a_connection import citizen, kept, ready

__all__ = ["citizen", "ready"]
# Slow 3G as Chrome's own tools have it: 400 ms and 400 kbit/s, a tenth of it lost to the air.
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 45_000, "uploadThroughput": 45_000}
# Pages whose one act is the browser's own (a passkey), or which open a program for a place's device.
NEED_SCRIPTS = ("/dang-nhap/khoa", "/ho-so/khoa", "/may-quet")


_READABLE = """() => {
    const main = document.querySelector("main"), shown = one => one && one.getClientRects().length > 0;
    const dead = [...main.querySelectorAll("button")].filter(one => shown(one) && !one.form);
    return [shown(main.querySelector("h1")), main.innerText.trim().split(/\\s+/).length, dead.length];
}"""


@pytest.fixture
def slow(phone: Phone, chromium: Browser, service: str, tmp_path: Path) -> Iterator[Phone]:
    """A phone on slow 3G, without the app's own worker, whose requests would not be slowed down."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", service_workers="block")
    slowed = Phone(context.new_page(), service, tmp_path)
    wire = context.new_cdp_session(slowed.page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW)
    yield slowed
    context.close()


@pytest.fixture
def plain(phone: Phone, chromium: Browser, service: str, tmp_path: Path) -> Iterator[Phone]:
    """A phone whose browser runs no scripts."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", java_script_enabled=False)
    yield Phone(context.new_page(), service, tmp_path)
    context.close()


@pytest.mark.slow  # most of it is waiting for the slow connection; signing in and reading on it is walked each time
def test_on_a_slow_connection_a_form_is_sent_and_something_wrong_is_reported(slow: Phone, citizen: Citizen) -> None:
    slow.signs_in_as(citizen)
    slow.opens("/khai-bao")
    slow.page.get_by_role("button", name="Khai báo sức khỏe hằng ngày").click()
    slow.page.wait_for_url("**/khai-bao/to/*")
    slow.page.get_by_label("Ho", exact=True).check()
    for box in slow.page.locator('input[value="no"], input[name="chronic_diseases"][value="none"]').all():
        box.check()
    for box in slow.page.locator('select[name="nationality"]').all():
        box.select_option("VN")
    slow.page.get_by_role("button", name="Gửi tờ khai").click()
    slow.page.get_by_role("heading", name="Đã gửi tờ khai").wait_for()
    slow.opens("/sua-sai/thieu/my-doses")
    slow.page.get_by_label("Vắc xin", exact=True).select_option("Moderna")
    slow.page.get_by_label("Ngày tiêm").fill("2021-09-05")
    slow.page.get_by_label("Nơi thực hiện").fill("Trạm y tế xã")
    slow.page.get_by_label("Sai hoặc thiếu thế nào").fill("Mũi này chưa có trong hồ sơ của tôi.")
    slow.presses("Gửi tới trạm y tế xã")
    slow.page.wait_for_url("**/sua-sai/*")
    assert "Bước này chậm nhất" in slow.sees()


def test_every_page_reads_without_scripts_and_offers_nothing_that_does_nothing(plain: Phone, citizen: Citizen) -> None:
    plain.signs_in_as(citizen)
    faults = []
    for path in (*PAGES, *PUBLIC_PAGES):
        plain.opens(path)
        is_headed, words, dead = plain.page.evaluate(_READABLE)
        if not is_headed or words < 8:
            faults.append((path, "cannot be read"))
        if dead and path not in NEED_SCRIPTS:
            faults.append((path, "has a button that does nothing"))
    assert faults == []


def test_a_phone_that_many_people_come_to_share_forgets_what_it_kept(ready: Phone, citizen: Citizen) -> None:
    page = ready.page
    assert kept(page) == ["/ho-so", "/ma-qr", "/ma-qr/da-che", "/quet", "/the-covid"]
    page.evaluate("localStorage.setItem('pccovid:to-khai:/khai-bao/to/1', '[]')")
    ready.opens("/may-dung-chung")
    ready.presses("Đây là máy dùng chung")
    assert "đang là máy dùng chung" in ready.sees()
    assert page.evaluate("caches.keys()") == []
    assert page.evaluate("localStorage.length") == 0
    page.go_back()
    page.wait_for_load_state()
    assert citizen.name not in page.content()
    page.context.set_offline(True)
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        ready.opens("/ho-so")
    page.wait_for_function("document.readyState === 'complete'")  # the browser's own page says that it is offline
    assert citizen.name not in page.content()
