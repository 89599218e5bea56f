"""A citizen goes through everything the app does on a small phone; every page passes axe, in light and dark."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from journeys.citizen.conftest import Citizen, Phone

PAGES = (
    "/ho-so", "/ho-so/danh-tinh", "/ho-so/tiem-chung", "/ho-so/xet-nghiem", "/ho-so/khai-bao", "/ho-so/noi-da-den",
    "/ho-so/di-lai", "/ho-so/nhap-canh", "/ho-so/bao-hiem", "/ho-so/dieu-tri", "/ho-so/dia-chi", "/ho-so/gia-dinh",
    "/ma-qr",
    "/ma-qr/da-che", "/ma-qr/day-du", "/ma-qr/the", "/ma-qr/the-bo-vi", "/ma-qr/sau-gio-toi", "/the-covid",
    "/khai-bao", "/sua-sai",
    *(
        f"/sua-sai/muc/my-{kind}"
        for kind in ("doses", "tests", "declarations", "visits", "trips", "entries", "cards", "treatment")
    ),
    "/sua-sai/thieu/my-doses", "/sua-sai/thieu/my-tests", "/phan-anh", "/thong-bao", "/ai-da-xem", "/ban-sao",
    "/dong-y", "/quyen-cua-toi", "/quyen-cua-toi/sua-thong-tin", "/quyen-cua-toi/xoa", "/quyen-cua-toi/han-che",
    "/quyen-cua-toi/phan-doi", "/quyen-cua-toi/rut-dong-y", "/quyen-cua-toi/ban-giay",
    *(
        f"/quyen-cua-toi/muc-sai/my-{kind}"
        for kind in ("doses", "tests", "declarations", "visits", "trips", "entries", "addresses", "family")
    ),
    "/quet", "/dia-diem", "/tiep-xuc", "/ho-so/khoa", "/su-co", "/ngoai-mang", "/may-dung-chung",
)  # fmt: skip
PUBLIC_PAGES = (
    "/",
    "/dang-nhap/lam-gi-tiep",
    "/sandbox/tin-nhan",
    "/dang-nhap/vneid",
    "/dang-nhap/vneid/xong",
    "/dang-nhap/khoa",
    "/may-quet",
)
"""Of strangers; two say why nobody was signed in with VNeID."""
AFTER_THE_FIRST = 20_000
"""Bytes of a page on the wire once styles and scripts are there."""


@pytest.fixture
def citizen(citizens: tuple[Citizen, ...]) -> Citizen:
    return max((one for one in citizens if "agrees" in one.why), key=lambda one: len(one.systems))


def paper(tmp_path: Path) -> Path:
    encoded = io.BytesIO()
    Image.new("RGB", (300, 200), (240, 240, 230)).save(encoded, "JPEG")
    file = tmp_path / "phieu.jpg"
    file.write_bytes(encoded.getvalue())
    return file


@pytest.mark.parametrize("context", ["light", pytest.param("dark", marks=pytest.mark.slow)], indirect=True)
def test_every_page_of_the_app_passes_axe_on_a_small_phone(phone: Phone, citizen: Citizen) -> None:
    scheme = phone.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    for path in PUBLIC_PAGES:
        phone.opens(path)
        phone.looks(f"public-{path.strip('/').replace('/', '-')}-{'dark' if scheme else 'light'}")
    phone.signs_in_as(citizen)
    for path in PAGES:
        phone.opens(path)
        assert phone.page.url == phone.service + path
        phone.looks(f"page-{path.strip('/').replace('/', '-')}-{'dark' if scheme else 'light'}")


def test_a_citizen_declares_danger_and_reads_what_to_do(phone: Phone, citizen: Citizen) -> None:
    phone.signs_in_as(citizen)
    phone.opens("/khai-bao")
    phone.looks("declare-1-choose")
    phone.presses("Khai báo y tế toàn dân")
    page = phone.page
    page.wait_for_url("**/khai-bao/to/*")
    phone.looks("declare-2-form")
    page.get_by_role("button", name="Gửi tờ khai").click()
    assert "Cần xem lại" in phone.sees()
    phone.looks("declare-3-missing")
    page.get_by_label("Khó thở").check()
    for name in ("has_travelled", "contact_case", "contact_from_sick_country", "contact_sick"):
        page.locator(f'input[name="{name}"][value="no"]').check()
    for box in page.locator('select[name="nationality"]').all():
        box.select_option("VN")
    page.get_by_role("button", name="Gửi tờ khai").click()
    page.get_by_role("heading", name="Đã gửi tờ khai").wait_for()
    assert "Gọi 115 ngay" in phone.sees()
    phone.looks("declare-4-danger")
    phone.opens("/ho-so")
    assert "Trạm y tế sẽ gọi bạn" in phone.sees()
    phone.looks("home-with-things-to-do")


def test_a_citizen_declares_a_journey_and_an_entry(phone: Phone, citizen: Citizen) -> None:
    phone.signs_in_as(citizen)
    now = datetime.now(timezone(timedelta(hours=7)))
    journey = {
        "destination_place": "Nam Định", "transport": "xe khách", "vehicle_number": "18B-012.34",
        "departed_at": f"{now:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    entry = {
        "gate": "Sân bay Nội Bài", "vehicle_kind": "máy bay", "departed_on": f"{now:%Y-%m-%d}",
        "entered_on": f"{now:%Y-%m-%d}", "destination_province": "Hà Nội",
    }  # fmt: skip
    for title, answers, page in (
        ("Khai báo di chuyển nội địa", journey, "/ho-so/di-lai"),
        ("Khai báo y tế khi nhập cảnh", entry, "/ho-so/nhap-canh"),
    ):
        phone.opens("/khai-bao")
        phone.presses(title)
        phone.page.wait_for_url("**/khai-bao/to/*")
        for name, value in answers.items():
            phone.page.locator(f'[name="{name}"]').fill(value)
        for box in phone.page.locator("select").all():
            box.select_option("JP" if box.get_attribute("name") == "departure_country" else "VN")
        phone.page.get_by_label("Không có dấu hiệu nào").check()
        for box in phone.page.locator('input[value="no"]').all():
            box.check()
        phone.looks(f"declare-{page.rpartition('/')[2]}")
        phone.page.get_by_role("button", name="Gửi tờ khai").click()
        phone.page.get_by_role("heading", name="Đã gửi tờ khai").wait_for()
        phone.opens(page)
        assert (answers.get("destination_place") or answers["gate"]) in phone.sees()


def test_a_citizen_reports_a_missing_dose_with_a_photo_and_follows_it(
    phone: Phone, citizen: Citizen, tmp_path: Path
) -> None:
    phone.signs_in_as(citizen)
    phone.opens("/sua-sai/thieu/my-doses")
    page = phone.page
    page.get_by_label("Vắc xin", exact=True).select_option("Moderna")
    page.get_by_label("Ngày tiêm").fill("2021-10-05")
    page.get_by_label("Nơi thực hiện").fill("Trạm y tế xã")
    page.get_by_label("Sai hoặc thiếu thế nào").fill("Mũi này chưa có trong hồ sơ của tôi.")
    page.get_by_label("Ảnh giấy tờ").set_input_files(paper(tmp_path))
    phone.looks("correct-1-missing")
    phone.presses("Gửi tới trạm y tế xã")
    page.wait_for_url("**/sua-sai/*")
    assert "Bước này chậm nhất" in phone.sees()
    assert "1 ảnh" in phone.sees()
    phone.looks("correct-2-followed")
    phone.opens("/ho-so/tiem-chung")
    assert "Tự khai" in phone.sees()
    page.get_by_role("button", name="Sai?").first.click()
    page.get_by_role("heading", name="Mục nào sai").wait_for()
    phone.looks("correct-3-wrong")


def test_a_citizen_sends_feedback_with_a_photo(phone: Phone, citizen: Citizen, tmp_path: Path) -> None:
    phone.signs_in_as(citizen)
    phone.opens("/phan-anh")
    page = phone.page
    page.get_by_label("Việc tiêm chủng").check()
    page.get_by_label("Bạn thấy gì").fill("Điểm tiêm đông, không giữ khoảng cách.")
    page.get_by_label("Ảnh, nếu có").set_input_files(paper(tmp_path))
    phone.presses("Gửi phản ánh")
    page.get_by_text("trả lời chậm nhất").wait_for()
    phone.looks("feedback-1-sent")


def test_everything_is_done_without_scripts_as_well(
    chromium: Browser, service: str, citizen: Citizen, tmp_path: Path
) -> None:
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", java_script_enabled=False)
    phone = Phone(context.new_page(), service, tmp_path)
    phone.signs_in_as(citizen)
    phone.opens("/khai-bao")
    phone.presses("Khai báo sức khỏe hằng ngày")
    page = phone.page
    page.wait_for_url("**/khai-bao/to/*")
    assert not page.locator("#ngoai-mang").is_visible()
    page.get_by_label("Không có dấu hiệu nào").check()
    for box in page.locator(
        'input[name="contact_case"][value="no"], input[name="chronic_diseases"][value="none"]'
    ).all():
        box.check()
    for box in page.locator('select[name="nationality"]').all():
        box.select_option("VN")
    page.get_by_role("button", name="Gửi tờ khai").click()
    assert "Không có dấu hiệu nào cần làm gì thêm" in phone.sees()
    phone.opens("/phan-anh")
    page.get_by_label("Việc khác").check()
    page.get_by_label("Bạn thấy gì").fill("Mọi việc đều ổn, xin cảm ơn.")
    phone.presses("Gửi phản ánh")
    assert "trả lời chậm nhất" in phone.sees()
    context.close()


def test_the_first_visit_weighs_less_than_100_kilobytes(phone: Phone) -> None:
    weights: list[int] = []
    phone.page.on("response", lambda answer: weights.append(int(answer.headers.get("content-length") or 0)
                                                             or len(answer.body())))  # fmt: skip
    phone.opens("/")
    phone.page.wait_for_load_state("networkidle")
    assert 5_000 < sum(weights) < 100_000


class _Wire:
    """What pages asked for, and the bytes of each answer on the wire; none where the browser had it already."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self._page = page
        self._asked: dict[str, str] = {}
        self._ended: dict[str, int] = {}
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.on(
            "Network.requestWillBeSent", lambda told: self._asked.update({told["requestId"]: told["documentURL"]})
        )
        session.on("Network.loadingFinished", lambda told: self._end(told, int(told["encodedDataLength"])))
        session.on("Network.loadingFailed", lambda told: self._end(told, 0))

    def _end(self, told: dict[str, Any], size: int) -> None:
        self._ended[told["requestId"]] = size

    def weight_of(self, address: str) -> int:
        """Bytes of everything the page at the address has asked for, once it is all there."""
        while True:
            asked = [request for request, document in self._asked.items() if document == address]
            if asked and all(request in self._ended for request in asked):
                return sum(self._ended[request] for request in asked)
            self._page.wait_for_timeout(10)


def test_after_the_first_visit_a_page_weighs_less_than_20_kilobytes(
    phone: Phone, chromium: Browser, service: str, citizen: Citizen, tmp_path: Path
) -> None:
    # Without the app's own worker, which would answer from what it keeps.
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", service_workers="block")
    phone = Phone(context.new_page(), service, tmp_path)
    phone.signs_in_as(citizen)
    wire = _Wire(context, phone.page)
    weights = {}
    for path in PAGES:
        phone.opens(path)
        weights[path] = wire.weight_of(service + path)
    context.close()
    assert {path: weight for path, weight in weights.items() if not 1_000 < weight < AFTER_THE_FIRST} == {}


def test_on_a_slow_connection_a_citizen_signs_in_and_reads_their_record(
    phone: Phone, chromium: Browser, service: str, citizen: Citizen, tmp_path: Path
) -> None:
    # The worker's own requests would not be slowed down.
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN", service_workers="block")
    phone = Phone(context.new_page(), service, tmp_path)
    wire = context.new_cdp_session(phone.page)
    wire.send("Network.enable")
    # Slow 3G as Chrome's own tools have it: 400 ms and 400 kbit/s, a tenth of it lost to the air.
    slow = {"offline": False, "latency": 400, "downloadThroughput": 45_000, "uploadThroughput": 45_000}
    wire.send("Network.emulateNetworkConditions", slow)
    phone.signs_in_as(citizen)
    assert citizen.name in phone.sees()
    phone.opens("/ma-qr")
    assert phone.page.locator(".qr svg").first.is_visible()
    painted = phone.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    assert 400 < painted < 10_000


def test_the_app_can_be_installed(phone: Phone) -> None:
    phone.opens("/")
    manifest = phone.page.evaluate(
        "fetch(document.querySelector('link[rel=manifest]').href).then(answer => answer.json())"
    )
    assert (manifest["display"], manifest["start_url"], manifest["lang"]) == ("standalone", "/ho-so", "vi")
    sizes = {icon["sizes"]: icon["src"] for icon in manifest["icons"] if icon["purpose"] == "any"}
    assert set(sizes) == {"192x192", "512x512"}
    for size, source in sizes.items():
        shown = phone.page.evaluate(
            "src => new Promise(d => { const i = new Image(); i.onload = () => d(i.naturalWidth); i.src = src; })",
            source,
        )
        assert f"{shown}x{shown}" == size
