"""A positive result becomes a case, its contact an order; the contact is told, checks in daily, and is released.

In the browser, as the tracer and as the citizen see it; between them the passes of the worker.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from conftest import MadeDatabase
from integration.console.made_index import AN
from integration.contact_tracing.made_outbreak import NOW, Outbreak, ago
from pccovid.notices.sending import tell_exposures
from pccovid.published_statistics.operations import publish
from pccovid.quarantine.operations import settle

SECRETS = ("Người Bệnh", "QUÁN-BÍ-MẬT", "CA-", "PCR")


def passes(made: MadeDatabase, outbreak: Outbreak) -> None:
    """What the worker does once a minute."""
    outbreak.trace()
    with made.connect("jobs", autocommit=True) as jobs:
        settle(jobs)
        tell_exposures(jobs)


def hand_over(officer: Any, whom: str, what: str, why: str) -> None:
    """Offer the task of this person to another province, or take it on there."""
    officer.opens("/can-bo/viec-truy-vet")
    task = officer.page.get_by_role("article").filter(has_text=whom if what == "chuyển" else "chuyển đến đây").first
    task.get_by_text("Ghi việc").click()
    task.get_by_label("Việc", exact=True).select_option("handed" if what == "chuyển" else "accepted")
    if what == "chuyển":
        task.get_by_label("Địa bàn nhận").fill("Thành phố Hồ Chí Minh")
    task.get_by_label("Lý do, ghi chú").fill(why)
    task.get_by_role("button", name="Ghi, ghi tên tôi").click()


def flows_of_a_week(made: MadeDatabase, outbreak: Outbreak) -> None:
    """Twenty-five people went to another district, two weeks ago; that week is published."""
    week = NOW.date() - timedelta(days=NOW.weekday() + 14)
    outbreak.owner.execute(
        "INSERT INTO movement_place (id, record_id, source_record_id, place_key, name, commune_code, recorded_at)"
        " VALUES (%(i)s, %(i)s, %(i)s, 'CHỢ XA', 'Chợ xa', '27259', now())", {"i": uuid4()},
    )  # fmt: skip
    came = datetime(week.year, week.month, week.day, 3, tzinfo=UTC)
    for number in range(20, 45):
        outbreak.visit(outbreak.person(number), "CHỢ XA", came, came + timedelta(hours=1))
    with made.connect("jobs", autocommit=True) as jobs:
        publish(jobs, theme="flows", week=week, provinces=(), by="test", today=NOW.date())


def words(page: Page) -> str:
    return " ".join(page.locator("main").inner_text().split())


def test_from_a_positive_result_to_release_each_sees_their_own_part(
    officer: Any, citizen: Page, made: MadeDatabase, service: str
) -> None:
    with made.connect("owner", autocommit=True) as owner:
        outbreak = Outbreak(made, owner)
        ill, source = outbreak.person(1, "Người Bệnh"), outbreak.person(2, "Người Bệnh Trước")
        outbreak.test(source, ago(6))
        outbreak.test(ill, ago(1))
        for one, other, place, days in ((ill, AN, "QUÁN-BÍ-MẬT", 1), (source, ill, "CHỢ", 5)):
            for person in (one, other):
                outbreak.visit(person, place, ago(days, 3), ago(days, 1))
        passes(made, outbreak)

        citizen.goto(service + "/thong-bao")
        assert "Bạn đã ở gần một ca bệnh" in words(citizen)
        citizen.get_by_role("link", name="Bạn đã ở gần một ca bệnh").click()
        assert "Bạn có thể đã tiếp xúc gần với người nhiễm" in words(citizen)
        assert not any(secret in citizen.content() for secret in SECRETS)
        citizen.get_by_text("Không đúng? Nói với cán bộ truy vết").click()
        citizen.get_by_label("Điều gì không đúng").fill("Không")
        citizen.get_by_role("button", name="Gửi").click()
        assert "Viết rõ hơn một chút" in words(citizen)
        assert Axe().run(citizen).response["violations"] == []
        citizen.get_by_label("Điều gì không đúng").fill("Hôm đó tôi chỉ đứng ngoài cửa")
        citizen.get_by_role("button", name="Gửi").click()
        assert "Cán bộ truy vết trả lời trước" in words(citizen)
        citizen.screenshot(path=str(officer.screenshots / "exposure-disputed.png"), full_page=True)

        officer.signs_in_as("tracer")
        officer.opens("/can-bo/viec-truy-vet")
        assert "Hôm đó tôi chỉ đứng ngoài cửa" in officer.sees()
        officer.opens("/can-bo/ca-benh")
        officer.page.get_by_role("link", name="CA-").first.click()
        seen = officer.sees()
        assert "Người cần xử lý tiếp: Nguyễn Văn An" in seen
        assert "Nguồn lây và chuỗi ca" in seen
        assert "nhất" in seen
        assert re.search(r"CHỢ \d\d/\d\d/\d{4} 2 2 CA-\d+", seen)
        officer.looks("console-case-to-handle")
        officer.page.get_by_role("button", name="Ra quyết định cách ly cho người này").click()
        officer.opens("/can-bo/cach-ly")
        assert "Nguyễn Văn An" in officer.sees()

        citizen.goto(service + "/tiep-xuc")
        assert "Bạn cách ly tại nhà" in words(citizen)
        citizen.get_by_label("Có triệu chứng", exact=True).check()
        citizen.get_by_role("button", name="Báo sức khỏe hôm nay").click()
        assert "Hôm nay bạn đã báo sức khỏe." in words(citizen)
        assert Axe().run(citizen).response["violations"] == []
        assert not any(secret in citizen.content() for secret in SECRETS)

        officer.opens("/can-bo/cach-ly")
        assert "có triệu chứng" in officer.sees()
        officer.looks("console-quarantine-checked")

        owner.execute("UPDATE access.quarantine_order SET starts_on = starts_on - 9, ends_on = ends_on - 9")
        outbreak.test(AN, ago(0.1), "negative")
        passes(made, outbreak)
        citizen.goto(service + "/tiep-xuc")
        assert "Bạn đã hoàn thành cách ly" in words(citizen)
        assert "Giấy hoàn thành cách ly số" in words(citizen)
        officer.opens("/can-bo/cach-ly")
        assert "Nguyễn Văn An" not in officer.sees()
        assert owner.execute(
            "SELECT count(*) FROM access.quarantine_order WHERE state = 'open' AND person_id = %s", [AN]
        ).fetchone() == (0,)


def test_contacts_are_called_by_keyboard_and_one_is_given_a_room_and_what_they_need(
    officer: Any, made: MadeDatabase
) -> None:
    with made.connect("owner", autocommit=True) as owner:
        outbreak = Outbreak(made, owner)
        ill, *met = [outbreak.person(number, f"Người Ca {number}") for number in range(11, 15)]
        outbreak.test(ill, ago(1))
        for person in (ill, *met):
            outbreak.visit(person, "RẠP", ago(1, 3), ago(1, 1))
        passes(made, outbreak)
        ((case,),) = outbreak.rows("SELECT id FROM access.trace_case WHERE person_id = %s", ill)

        officer.signs_in_as("tracer")
        officer.opens(f"/can-bo/ca-benh/{case}")
        officer.page.get_by_role("link", name="Gọi lần lượt").click()
        assert "còn 3 người" in officer.sees()
        officer.looks("console-call")
        began = time.monotonic()
        keys = 0
        for left in (2, 1):
            expect(officer.page.locator("input[name=outcome]").first).to_be_focused()
            for key in ("Space", "Enter"):
                officer.page.keyboard.press(key)
                keys += 1
            expect(officer.page.locator("main")).to_contain_text(f"còn {left} người")
        assert (keys, time.monotonic() - began < 60) == (4, True)
        officer.opens(f"/can-bo/ca-benh/{case}")
        officer.page.get_by_role("button", name="Ra quyết định cách ly cho người này").click()
        officer.opens(f"/can-bo/ca-benh/{case}")
        officer.page.get_by_text("Sửa thời kỳ lây, có lý do").click()
        officer.page.get_by_label("Lý do, ghi chú").first.fill("Bệnh nhân nói sốt từ hôm trước")
        officer.page.get_by_role("button", name="Xem trước").click()
        assert "F1: thêm 0, giữ 3, bỏ 0" in officer.sees()
        officer.looks("console-foreseen")
        officer.opens("/can-bo/viec-truy-vet/in")
        officer.looks("console-paper-tasks")
        hand_over(officer, "Người Ca 14", "chuyển", "Người này đang ở Sài Gòn với con")
        officer.page.get_by_role("button", name="Đăng xuất").click()

        officer.signs_in_as("keeper")
        officer.opens("/can-bo/khu-cach-ly")
        officer.page.get_by_label("Tên khu cách ly").fill("Trường Phúc Xá")
        officer.page.get_by_label("Xã, phường").select_option("00001")
        officer.page.get_by_role("button", name="Mở khu này").click()
        officer.looks("console-facilities")
        officer.page.get_by_role("link", name="Trường Phúc Xá").click()
        officer.page.get_by_role("textbox", name="Phòng", exact=True).fill("P1")
        officer.page.get_by_role("spinbutton", name="Số giường").fill("1")
        officer.page.get_by_role("button", name="Ghi phòng").click()
        officer.opens("/can-bo/cach-ly")
        officer.page.get_by_role("link", name="QĐ-").last.click()
        officer.page.get_by_role("combobox", name="Khu cách ly").select_option(label="Trường Phúc Xá (còn 1 giường)")
        officer.page.get_by_label("Lý do, ghi chú").first.fill("Nhà đông người, không cách ly được")
        officer.page.get_by_role("button", name="Chuyển, ghi tên tôi").click()
        officer.page.get_by_text("Ghi một nhu cầu mới").click()
        officer.page.get_by_label("Cụ thể").fill("thuốc huyết áp")
        officer.page.get_by_role("button", name="Ghi nhu cầu").click()
        assert "thuốc huyết áp" in officer.sees()
        officer.looks("console-quarantine-order")
        officer.opens("/can-bo/khu-cach-ly")
        officer.page.get_by_role("link", name="Trường Phúc Xá").click()
        assert "Đang đến, chưa nhận phòng 1" in officer.sees()
        officer.page.get_by_role("button", name="Xếp vào phòng này").click()
        assert "Phòng P1 1/1" in officer.sees()
        officer.looks("console-facility")
        flows_of_a_week(made, outbreak)
        officer.opens("/can-bo/di-lai")
        assert re.search(r"Quận Ba Đình.* 25 ", officer.sees())
        officer.looks("console-flows")
        for path, name in (("cach-ly", "quarantine-kept"), ("cach-ly/nhap-canh", "arrivals")):
            officer.opens(f"/can-bo/{path}")
            officer.looks(f"console-{name}")
        officer.page.get_by_role("button", name="Đăng xuất").click()

        officer.signs_in_as("far-tracer")
        officer.opens("/can-bo/viec-truy-vet")
        assert "tên hiện khi nhận việc" in officer.sees()
        assert "Người Ca 14" not in officer.sees()
        hand_over(officer, "", "nhận", "Đã liên lạc được, chúng tôi nhận")
        assert "Người Ca 14" in officer.sees()
