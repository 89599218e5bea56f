"""The second step in a real browser: setting up, passkeys on the browser's own virtual authenticator, emergencies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from integration.console.made_index import NOW, PASSWORD


def with_authenticator(officer: Any) -> Any:
    """Give the browser an authenticator with a finger always on it; returns the protocol session."""
    devtools = officer.page.context.new_cdp_session(officer.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, added["authenticatorId"]


def gives_password(officer: Any, username: str, password: str = PASSWORD) -> None:
    officer.opens("/can-bo/dang-nhap")
    officer.page.get_by_label("Tên đăng nhập").fill(username)
    officer.page.get_by_label("Mật khẩu").fill(password)
    officer.page.get_by_role("button", name="Đăng nhập", exact=True).click()


def test_a_passkey_is_added_and_opens_the_next_session(officer: Any) -> None:
    # Browsers bind passkeys to names: the service answers to localhost as well.
    officer.service = officer.service.replace("127.0.0.1", "localhost")
    devtools, authenticator = with_authenticator(officer)
    officer.signs_in_as("police")
    officer.page.get_by_role("link", name="Xác thực").click()
    officer.page.get_by_label("Đặt tên cho khóa").fill("Máy ở bàn trực")
    officer.page.get_by_role("button", name="Thêm khóa truy cập").click()
    officer.page.get_by_role("rowheader", name="Máy ở bàn trực").wait_for()
    officer.looks("console-security")
    kept = devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert [one["rpId"] for one in kept] == ["localhost"]

    officer.page.get_by_role("button", name="Đăng xuất", exact=True).click()
    gives_password(officer, "police")
    officer.looks("console-factor")
    officer.page.get_by_role("button", name="Dùng khóa truy cập").click()
    officer.page.wait_for_url("**/can-bo/")
    assert "Việc hôm nay" in officer.sees()


def test_a_strange_passkey_opens_nothing(officer: Any) -> None:
    officer.service = officer.service.replace("127.0.0.1", "localhost")
    devtools, authenticator = with_authenticator(officer)
    officer.signs_in_as("far-police")
    officer.page.get_by_role("link", name="Xác thực").click()
    officer.page.get_by_role("button", name="Thêm khóa truy cập").click()
    officer.page.get_by_role("rowheader", name="Khóa truy cập").wait_for()
    officer.page.get_by_role("button", name="Đăng xuất", exact=True).click()
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": authenticator})
    gives_password(officer, "far-police")
    officer.page.get_by_role("button", name="Dùng khóa truy cập").click()
    officer.page.get_by_text("Chưa xác thực được bằng khóa").wait_for()
    officer.opens("/can-bo/tim-nguoi")
    assert "Mã sáu số" in officer.sees()


@pytest.mark.parametrize("officer", [{"java_script_enabled": False}], indirect=True)
def test_a_newcomer_sets_up_codes_without_javascript(officer: Any) -> None:
    from pccovid.officers.operations import appoint, enrol

    with officer.made.connect("owner", autocommit=True) as owner:
        account = enrol(owner, username="moi", full_name="Người mới", password=PASSWORD, now=datetime.now(UTC))
        appoint(owner, officer=account, role="tracer", area="01", office="CDC", by="test", now=NOW)
    gives_password(officer, "moi")
    officer.page.get_by_role("link", name="Xem mã thử của cán bộ").click()
    code = officer.page.get_by_role("row", name="moi").get_by_role("cell").last.inner_text()
    officer.page.go_back()
    officer.page.screenshot(path=str(officer.screenshots / "console-enrol-1280.png"), full_page=True)
    officer.page.get_by_label("Mã sáu số").fill(code)
    officer.page.get_by_role("button", name="Xong").click()
    assert officer.page.get_by_role("listitem").filter(has_text="-").count() == 10
    officer.page.screenshot(path=str(officer.screenshots / "console-recovery-1280.png"), full_page=True)
    officer.page.get_by_role("link", name="Đã cất").click()
    assert "Việc hôm nay" in officer.sees()


def test_an_emergency_opening_is_loud_on_every_screen(officer: Any) -> None:
    officer.signs_in_as("station")
    officer.page.get_by_role("link", name="Mở khẩn cấp").click()
    officer.looks("console-break-glass")
    officer.page.get_by_label("Vì sao phải mở ngay").fill("Bệnh nhân bất tỉnh, cần biết tiền sử dị ứng ngay")
    officer.page.get_by_label("CCCD, CMND").fill("079190000002")
    officer.page.get_by_label("Họ và tên").fill("tran thi binh")
    officer.page.get_by_label("Ngày sinh").fill("17/5/1990")
    officer.page.get_by_role("button", name="Mở hồ sơ này").click()
    assert "Hồ sơ mở khẩn cấp, đến" in officer.sees()
    assert "Trần Thị Bình" in officer.sees()
    officer.looks("console-glass")


def test_a_head_gives_the_office_on_and_ends_it(officer: Any) -> None:
    with officer.made.connect("owner", autocommit=True) as owner:
        owner.execute(
            "UPDATE access.appointment SET is_head = true WHERE officer_id ="
            " (SELECT id FROM auth_user WHERE username = 'tracer')"
        )
    officer.signs_in_as("tracer")
    officer.page.get_by_role("link", name="Bổ nhiệm").click()
    officer.page.get_by_label("Tên đăng nhập").fill("hoa")
    officer.page.get_by_label("Họ và tên").fill("Lê Thị Hoa")
    officer.page.get_by_label("Địa bàn", exact=True).select_option("00001")
    officer.page.get_by_label("Cơ quan").fill("Đội truy vết phường")
    officer.page.get_by_label("Đến hết ngày").fill(officer.page.locator("#id_until").get_attribute("max"))
    officer.page.get_by_role("button", name="Giao chức vụ").click()
    assert "Mật khẩu lần đầu" in officer.sees()
    officer.page.get_by_role("link", name="Về trang bổ nhiệm").click()
    assert "Lê Thị Hoa" in officer.sees()
    officer.looks("console-appointments")
    officer.page.get_by_text("Thay đổi").first.click()
    officer.page.get_by_role("button", name="Kết thúc ngay").first.click()
    assert "đã kết thúc" in officer.sees()
