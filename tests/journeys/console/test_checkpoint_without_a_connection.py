"""A shift at a checkpoint, a place's own scanner: both work without a connection, and each scan arrives once."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from conftest import MadeDatabase
from integration.console.made_index import AN, BINH
from integration.scan_lane.conftest import Lane
from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.rules import Standing, issue

_SCANNER = "/can-bo/chot/may-quet"
GONE = UUID(int=404)


@pytest.fixture(scope="module", autouse=True)
def lane(made: MadeDatabase, home: Path) -> Iterator[Lane]:
    """The hot lane behind the service, which is told of it before it starts."""
    with pytest.MonkeyPatch.context() as told:
        told.setenv("PCCOVID_HOME", str(home))
        running = Lane(made.url("scan"))
        told.setenv("PCCOVID_SCAN_LANE", f"http://127.0.0.1:{running.port}")
        yield running
        running.stop()


def code(person: UUID = AN, standing: Standing = Standing(is_verified=True), **when: timedelta) -> str:  # noqa: B008
    now = datetime.now(UTC) + when.pop("shifted", timedelta())
    return issue(code_keys(), person, standing, now=now, **when)


def scan(officer: Any, text: str) -> str:
    """What the scanner says to this code."""
    officer.page.get_by_label("Mã (máy quét").fill(text)
    officer.page.locator("#answer").evaluate("of => of.replaceChildren()")
    officer.page.get_by_role("button", name="Xem mã").click()
    officer.page.locator("#answer .notice").wait_for()
    return " ".join(officer.page.locator("#answer").inner_text().split())


def waiting(officer: Any, scans: int) -> None:
    expect(officer.page.locator("#waiting")).to_have_text(str(scans), timeout=30_000)


def stored(made: MadeDatabase) -> list[tuple[Any, ...]]:
    with made.connect("owner") as owner:
        return owner.execute("SELECT kind, way FROM access.scan_inbox ORDER BY kind").fetchall()


def comes_to(officer: Any, made: MadeDatabase, scans: int) -> None:
    """Wait until so many are stored; the browser's driver goes on meanwhile."""
    deadline = time.monotonic() + 30
    while len(stored(made)) != scans and time.monotonic() < deadline:
        officer.page.wait_for_timeout(50)
    assert len(stored(made)) == scans


def test_a_shift_without_a_connection_loses_no_scan_and_sends_none_twice(
    officer: Any, made: MadeDatabase, lane: Lane
) -> None:
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("INSERT INTO access.code_revocation VALUES (%s, now())", [GONE])
    revoked = code(GONE, shifted=timedelta(minutes=-3))
    officer.signs_in_as("police")
    officer.opens(_SCANNER)
    officer.page.locator("#scanner[data-ready]").wait_for()
    officer.looks("scanner-before")
    officer.page.get_by_label("Tên chốt").fill("Chốt cầu Long Biên")
    officer.page.get_by_role("button", name="Bắt đầu ca").click()
    expect(officer.page.locator("#where")).to_have_text("Chốt cầu Long Biên")
    officer.looks("scanner-in-shift")
    # The worker has taken the page over once it is asked for again.
    officer.page.reload()
    officer.page.locator("#scanner[data-ready]").wait_for()
    officer.page.context.set_offline(True)
    officer.page.reload()
    officer.page.locator("#scanner[data-ready]").wait_for()
    good = code()
    assert "Danh tính đã xác minh Chưa nối sổ lệnh" in scan(officer, good)
    assert "đã quét ở chốt này rồi" in scan(officer, good)
    assert "chưa xác minh" in scan(officer, code(BINH, Standing(is_verified=False, has_order=False)))
    assert "lệnh cách ly" in scan(officer, code(BINH, Standing(is_verified=True, has_order=True)))
    assert "hết hạn" in scan(officer, code(shifted=timedelta(hours=-2)))
    assert "chưa đến giờ" in scan(officer, code(ahead=timedelta(hours=2)))
    assert "đã bị chủ thu hồi" in scan(officer, revoked)
    assert "đã bị chủ thu hồi" in scan(officer, code(GONE, shifted=timedelta(minutes=-30), ahead=timedelta(minutes=30)))
    assert "Danh tính" in scan(officer, code(GONE, shifted=timedelta(seconds=5)))
    assert "bị sửa" in scan(officer, good[:20] + ("0" if good[20] != "0" else "1") + good[21:])
    assert "Không phải mã" in scan(officer, "hello")
    assert "giấy tờ khác" in scan(officer, "001090000001||Nguyễn Văn An|17051990|Nam||01052021")
    waiting(officer, 5)
    assert stored(made) == []
    officer.page.context.set_offline(False)
    officer.page.get_by_role("button", name="Gửi ngay").click()
    waiting(officer, 0)
    assert stored(made) == [(1, 2), (1, 2), (1, 2), (1, 2), (2, 2)]
    officer.page.get_by_role("button", name="Kết thúc ca").click()
    expect(officer.page.locator("#desk")).to_be_hidden()


# Chromium on a desk reads no codes by itself; an officer's phone does. This one finds what the test puts before it.
_READER = """
window.BarcodeDetector = class {
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  detect(view) { return Promise.resolve(view.readyState >= 2 && window.shown ? [{ rawValue: window.shown }] : []); }
};
"""


def test_the_camera_reads_one_person_after_another(officer: Any, made: MadeDatabase) -> None:
    page = officer.page
    page.context.grant_permissions(["camera"])
    page.add_init_script(_READER)
    officer.signs_in_as("police")
    officer.opens(_SCANNER)
    page.locator("#scanner[data-ready]").wait_for()
    page.get_by_label("Tên chốt").fill("Chốt cầu Thanh Trì")
    page.get_by_role("button", name="Bắt đầu ca").click()
    page.get_by_role("button", name="Mở máy ảnh").click()
    page.evaluate("text => { window.shown = text; }", code())
    expect(page.locator("#answer")).to_contain_text("Danh tính đã xác minh")
    waiting(officer, 1)
    page.evaluate("text => { window.shown = text; }", code(BINH, Standing(is_verified=False, has_order=True)))
    expect(page.locator("#answer")).to_contain_text("lệnh cách ly")
    waiting(officer, 2)


def test_what_an_answer_lost_on_the_way_told_is_sent_again_and_stored_once(officer: Any, made: MadeDatabase) -> None:
    before = len(stored(made))
    officer.signs_in_as("police")
    officer.opens(_SCANNER)
    officer.page.locator("#scanner[data-ready]").wait_for()
    officer.page.get_by_label("Tên chốt").fill("Chốt cầu Chương Dương")
    officer.page.get_by_role("button", name="Bắt đầu ca").click()
    expect(officer.page.locator("#where")).to_have_text("Chốt cầu Chương Dương")
    scan(officer, code())

    lost: list[int] = []

    def lose_the_answer(route: Any) -> None:
        told = route.fetch().status
        with contextlib.suppress(PlaywrightError):  # of a page that gave up meanwhile there is nothing to abort
            route.abort()
        lost.append(told)

    officer.page.context.route(re.compile("/chot/gui$"), lose_the_answer)
    officer.page.get_by_role("button", name="Gửi ngay").click()
    expect(officer.page.locator("#answer")).to_contain_text("Chưa gửi được", timeout=30_000)
    waiting(officer, 1)
    # A page on a busy machine gives up before the lane has stored what it sent, and before its answer is lost.
    comes_to(officer, made, before + 1)
    deadline = time.monotonic() + 30
    while not lost and time.monotonic() < deadline:
        officer.page.wait_for_timeout(50)
    assert lost == [200]
    officer.page.context.unroute(re.compile("/chot/gui$"))
    officer.page.get_by_role("button", name="Gửi ngay").click()
    waiting(officer, 0)
    assert len(stored(made)) == before + 1


def says(page: Page, text: str) -> str:
    """What a place's scanner says to this code."""
    page.get_by_label("Mã (máy quét").fill(text)
    page.locator("#answer").evaluate("of => of.replaceChildren()")
    page.get_by_role("button", name="Ghi lượt").click()
    page.locator("#answer .notice").wait_for()
    return " ".join(page.locator("#answer").inner_text().split())


def test_a_places_own_device_scans_every_kind_without_a_connection_or_a_name(
    citizen: Page, chromium: Browser, made: MadeDatabase, lane: Lane, service: str
) -> None:
    before = len(stored(made))
    citizen.goto(service + "/dia-diem")
    citizen.get_by_label("Tên địa điểm").fill("Quán Bún Sáu")
    citizen.get_by_label("Loại").select_option("restaurant")
    citizen.get_by_label("Địa chỉ").fill("6 Hàng Bún, Phường Phúc Xá, Quận Ba Đình, Hà Nội")
    citizen.get_by_role("button", name="Đăng ký").click()
    citizen.get_by_label("Tên máy quét").fill("Quầy")
    citizen.get_by_role("button", name="Thêm máy quét").click()
    link = citizen.locator(".code").inner_text()
    assert Axe().run(citizen).response["violations"] == []

    device = chromium.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
    device.grant_permissions(["camera"])
    device.add_init_script(_READER)
    page = device.new_page()
    page.goto(link)
    page.locator("#scanner[data-ready]").wait_for()
    expect(page.locator("#where")).to_have_text("Quán Bún Sáu")
    assert "#" not in page.url
    assert Axe().run(page).response["violations"] == []
    page.reload()
    page.locator("#scanner[data-ready]").wait_for()
    device.set_offline(True)
    page.reload()
    page.locator("#scanner[data-ready]").wait_for()
    good = code()
    assert says(page, good) == "Đã ghi: đến"
    assert "ghi rồi" in says(page, good)
    page.get_by_label("Về").check()
    assert says(page, good) == "Đã ghi: về"
    cards = (
        "001090000001||Nguyễn Văn An|17051990|Nam||01052021", "GD4790000000001|4e6775|17/05/1990|1|x",
        "001090000001|NGUYEN VAN AN|1990-05-17|0|1|<1<<<", "VNeID:001090000001||Nguyễn Văn An|17051990|Nam||01052021",
    )  # fmt: skip
    said = {says(page, one) for one in cards}
    assert said == {"Đã ghi: về"}
    assert not any("Nguyễn" in one or "xác minh" in one for one in (*said, page.content()))
    assert "hết hạn" in says(page, code(shifted=timedelta(hours=-2)))
    page.evaluate("code => { window.shown = code; }", code(BINH))
    page.get_by_role("button", name="Mở máy ảnh").click()
    expect(page.locator("#waiting")).to_have_text("7")
    device.set_offline(False)
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("#waiting")).to_have_text("0", timeout=30_000)
    assert page.locator("#refused").inner_text() == "0"
    assert len(stored(made)) == before + 7
    with made.connect("owner") as owner:
        folded = owner.execute(
            "SELECT DISTINCT s.place_key IS NULL, d.name FROM access.scan_inbox s JOIN access.scan_device d"
            " ON d.id = s.device_id WHERE d.kind = 'place'"
        ).fetchall()
    assert folded == [(True, "Quầy")]
    citizen.goto(service + "/dia-diem")
    citizen.get_by_role("link", name="Quán Bún Sáu").click()
    citizen.get_by_role("button", name="Thôi dùng").click()
    assert "chưa gửi lượt nào" not in citizen.locator("main").inner_text()
    with made.connect("owner") as owner:
        assert owner.execute("SELECT count(*) FROM access.scan_devices() WHERE kind = 'place'").fetchone() == (0,)
    lane.waits_to_know(parse_qs(link.partition("#")[2])["s"][0], known=False)
    says(page, code())
    page.get_by_role("button", name="Gửi ngay").click()
    expect(page.locator("#answer")).to_contain_text("không còn được nhận", timeout=30_000)
    expect(page.locator("#waiting")).to_have_text("1")
    device.close()
