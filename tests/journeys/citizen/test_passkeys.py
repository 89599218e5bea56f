"""A citizen adds a passkey on their phone, comes in with it the next time, and removes it."""

from __future__ import annotations

import pytest

from journeys.citizen.conftest import Citizen, Phone


@pytest.fixture
def citizen(citizens: tuple[Citizen, ...]) -> Citizen:
    return max((one for one in citizens if "agrees" in one.why), key=lambda one: len(one.systems))


def test_a_passkey_opens_ones_own_record_until_it_is_removed(phone: Phone, citizen: Citizen) -> None:
    phone.service = phone.service.replace("127.0.0.1", "localhost")  # browsers bind passkeys to names
    devtools = phone.page.context.new_cdp_session(phone.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    authenticator = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    phone.signs_in_as(citizen)
    phone.opens("/ho-so/khoa")
    phone.looks("passkeys-1-add")
    phone.page.get_by_label("Đặt tên cho khóa").fill("Máy của tôi")
    phone.presses("Thêm khóa truy cập")
    phone.page.get_by_text("Máy của tôi").wait_for()
    phone.looks("passkeys-2-added")
    (kept,) = devtools.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})["credentials"]
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)

    phone.page.get_by_role("button", name="Đăng xuất").click()
    phone.page.get_by_role("link", name="Đăng nhập bằng khóa truy cập").click()
    phone.looks("passkeys-3-sign-in")
    phone.presses("Dùng khóa truy cập")
    phone.page.wait_for_url("**/ho-so")
    assert citizen.name in phone.sees()
    phone.opens("/ho-so/danh-tinh")
    assert "bằng khóa truy cập" in phone.sees()

    phone.opens("/ho-so/khoa")
    phone.page.get_by_role("button", name="Bỏ Máy của tôi").click()
    phone.page.get_by_text("Máy của tôi").wait_for(state="detached")
    phone.page.get_by_role("button", name="Đăng xuất").click()
    phone.opens("/dang-nhap/khoa")
    phone.presses("Dùng khóa truy cập")
    phone.page.get_by_text("chưa được thêm vào hồ sơ nào").wait_for()
    phone.opens("/ho-so")
    assert "Đăng nhập bằng số điện thoại" in phone.sees()
