"""A breach on the desk: overdue and loud, entered, assessed, notified, told to the affected, closed by two persons."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from integration.console.made_index import AN
from journeys.console.test_inspector_at_work import account, citizen, steward_reads

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
WORDS = "Một cán bộ đã mở hồ sơ của nhiều người khi không có việc."
ADVICE = "Không đưa mã OTP hay mật khẩu cho ai, kể cả người xưng là cán bộ."
REASON = "Mọi biện pháp đã làm xong, người bị ảnh hưởng đã được báo."


@pytest.fixture
def owner(made: Any) -> Any:
    with made.connect("owner", autocommit=True) as opened:
        yield opened


def as_typed(moment: datetime) -> str:
    return moment.astimezone(VIET_NAM).strftime("%Y-%m-%dT%H:%M")


def an_old_breach_nobody_acted_on(made: Any, owner: psycopg.Connection) -> None:
    officer = account(owner, "protector")
    with made.connect("web", autocommit=True) as web, made.connect("jobs", autocommit=True) as jobs:
        web.execute(
            "SELECT access.open_breach(%s, (SELECT appointment FROM access.appointments_of(%s)), NULL, NULL, %s,"
            " ARRAY['availability'], 'Một máy chủ dự phòng không mở được từ hôm kia', NULL)",
            [officer, officer, datetime.now(UTC) - timedelta(hours=75)],
        )
        jobs.execute("SELECT access.mark_overdue_breaches()")


def opens_step(officer: Any, name: str) -> Any:
    """The part of the page with this step's form, opened."""
    part = officer.page.locator("details").filter(has=officer.page.locator("summary", has_text=name))
    part.locator("summary").click()
    return part


def enters_and_draws(officer: Any) -> None:
    page = officer.page
    page.get_by_role("link", name="Ghi một sự cố").click()
    page.get_by_role("button", name="Ghi vào sổ, ghi tên tôi").click()
    assert "Cần xem lại" in officer.sees()
    officer.faults.clear()  # the browser calls every refused form an error
    officer.looks("breach-report-refused")
    page.get_by_label("lộ: người không có quyền").check()
    page.get_by_label("Điều đã xảy ra").fill(WORDS)
    page.get_by_role("button", name="Ghi vào sổ, ghi tên tôi").click()
    page.get_by_role("heading", name="Điều đã biết").wait_for()
    assert "còn 71 giờ" in officer.sees()
    part = opens_step(officer, "Lấy người bị ảnh hưởng từ sổ")
    part.get_by_label("mọi người mà một cán bộ đã xem").check()
    part.get_by_label("Tên đăng nhập của cán bộ").fill("steward")
    part.get_by_label("Từ lúc").fill(as_typed(datetime.now(UTC) - timedelta(hours=1)))
    part.get_by_label("Đến lúc").fill(as_typed(datetime.now(UTC) + timedelta(minutes=2)))
    officer.looks("breach-drawing")
    part.get_by_role("button", name="Lấy và đếm").click()
    page.get_by_text("1 người").first.wait_for()


def assesses_and_notifies(officer: Any) -> None:
    part = opens_step(officer, "Đánh giá")
    part.get_by_label("Hậu quả có thể có").fill("Người dân có thể bị gọi điện lừa đảo.")
    part.get_by_label("Biện pháp đã làm").fill("Đã thu hồi quyền của cán bộ và bắt đầu kiểm tra.")
    part.get_by_label("Người bị ảnh hưởng nên làm gì").fill(ADVICE)
    officer.looks("breach-assess")
    part.get_by_role("button", name="Ghi vào sổ").click()
    officer.page.get_by_role("link", name="Văn bản thông báo để in").click()
    seen = officer.sees()
    assert "1 người (biết chính xác)" in seen
    assert "Thông báo vi phạm quy định về bảo vệ dữ liệu cá nhân" in seen
    officer.looks("breach-notice")
    officer.page.go_back()
    part = opens_step(officer, "Ghi việc đã báo cơ quan chuyên trách")
    part.get_by_label("Đã gửi lúc nào").fill(as_typed(datetime.now(UTC)))
    part.get_by_label("Số công văn").fill("12/CV-BVDL")
    part.get_by_role("button", name="Ghi vào sổ").click()
    officer.page.get_by_text("đã báo cơ quan chuyên trách").first.wait_for()


def informs_and_proposes_to_close(officer: Any) -> None:
    part = opens_step(officer, "Báo người bị ảnh hưởng trong ứng dụng")
    part.get_by_label("Chuyện gì đã xảy ra").fill(WORDS)
    part.get_by_role("button", name="Ghi vào sổ").click()
    part = opens_step(officer, "Kết thúc")
    part.get_by_label("Lý do").fill(REASON)
    part.get_by_role("button", name="Ghi vào sổ").click()
    officer.page.get_by_text("bạn đã đề nghị").wait_for()


def test_a_breach_is_entered_notified_told_to_the_affected_and_closed_by_two(
    officer: Any, made: Any, owner: psycopg.Connection
) -> None:
    # given An, whose record the steward opened, and an older breach that everybody forgot
    steward_reads(made, owner, [AN], "VV-2021/9")
    an_old_breach_nobody_acted_on(made, owner)
    officer.signs_in_as("protector")
    assert "quá thời hạn mà chưa báo" in officer.sees()
    officer.looks("breach-home")
    # when data protection enters a new one and takes it through its steps
    officer.page.get_by_role("navigation").get_by_role("link", name="Sự cố dữ liệu").click()
    assert "quá hạn 3 giờ" in officer.sees()
    officer.looks("breach-register")
    enters_and_draws(officer)
    assesses_and_notifies(officer)
    informs_and_proposes_to_close(officer)
    officer.looks("breach-waits-for-the-second")
    number = officer.page.url.rpartition("/")[2]
    # then An reads in the app what happened and what to do
    phone = citizen(officer)
    assert "sự cố đã chạm tới dữ liệu của bạn" in phone.sees()
    phone.looks("home-with-breach")
    phone.presses("Xem và biết nên làm gì")
    seen = phone.sees()
    assert ADVICE in seen
    assert "steward" not in seen
    phone.looks("my-breaches")
    # and an inspector, as the second person, closes it
    officer.page.get_by_role("button", name="Đăng xuất").click()
    officer.signs_in_as("inspector")
    officer.opens(f"/can-bo/su-co/{number}")
    part = opens_step(officer, "Đồng ý, là người thứ hai: Kết thúc")
    part.get_by_label("Lý do").fill(REASON)
    part.get_by_role("button", name="Ghi vào sổ").click()
    officer.page.get_by_text("đã kết thúc").wait_for()
    officer.looks("breach-closed")


@pytest.mark.parametrize("officer", [{"color_scheme": "dark", "java_script_enabled": False}], indirect=True)
def test_the_register_reads_without_javascript(officer: Any, made: Any, owner: psycopg.Connection) -> None:
    an_old_breach_nobody_acted_on(made, owner)
    officer.signs_in_as("protector")
    officer.opens("/can-bo/su-co")
    assert "quá hạn 3 giờ" in officer.sees()


def test_data_protection_reads_what_is_processed_why_and_at_which_risk(officer: Any) -> None:
    officer.signs_in_as("protector")
    officer.page.get_by_role("navigation").get_by_role("link", name="Hồ sơ xử lý").click()
    assert "Quy tắc đang có hiệu lực trùng với bản phát hành." in officer.sees()
    officer.looks("processing")
    for summary in officer.page.locator("details > summary").all():
        summary.click()
    officer.looks("processing-opened")
