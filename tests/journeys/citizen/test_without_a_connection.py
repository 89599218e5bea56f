"""The app without a connection: what opens, what never stays; and a device for many people."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest
from playwright.sync_api import Error, Page, Route

from conftest import MadeDatabase
from journeys.citizen.conftest import Citizen, Phone, another_than
from pccovid.foundation.database import ROLE_URL_VARIABLE


@pytest.fixture
def citizen(citizens: tuple[Citizen, ...]) -> Citizen:
    # Not the one that the other journeys sign in as: codes for one number are limited.
    return next(one for one in citizens if "name or birth date differ" in one.why)


@pytest.fixture
def ready(phone: Phone, citizen: Citizen) -> Phone:
    """Signed in, the worker in charge, home seen once and nothing else."""
    phone.signs_in_as(citizen)
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.page.wait_for_function("navigator.serviceWorker.controller !== null")
    phone.opens("/ho-so")
    # Codes, card and reader come along by themselves.
    until(phone.page, "caches.open('pccovid-record').then(c => c.match('/quet')).then(found => !!found)")
    return phone


_EARLIER = """
import sys, django, psycopg
django.setup()
from pccovid.web.sessions import SessionStore
store = SessionStore()
with psycopg.connect(sys.argv[1], autocommit=True) as owner:
    for key, data in owner.execute("SELECT session_key, session_data FROM django_session").fetchall():
        held = store.decode(data)
        if "citizen" in held:
            held["citizen"]["seen"] -= 60 * int(sys.argv[2])
            given = [store.encode(held), key]
            owner.execute("UPDATE django_session SET session_data = %s WHERE session_key = %s", given)
"""


def let_minutes_pass(database: MadeDatabase, minutes: int) -> None:
    """Every session was last used so many minutes earlier; in a process that has the service's own secrets."""
    environment = {**os.environ, "PCCOVID_HOME": str(database.home), ROLE_URL_VARIABLE: database.url("web")}
    command = [sys.executable, "-c", _EARLIER, database.url("owner"), str(minutes)]
    subprocess.run(command, env=environment, check=True)


def until(page: Page, condition: str) -> None:
    """Wait for it by asking again and again: wait_for_function takes a promise itself for the answer."""
    deadline = time.monotonic() + 30
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(20)


def kept(page: Page) -> list[str]:
    """The pages of the record that the device holds."""
    return page.evaluate(  # type: ignore[no-any-return]
        "caches.open('pccovid-record').then(c => c.keys()).then(all => all.map(r => new URL(r.url).pathname).sort())"
    )


def test_home_card_and_qr_open_without_a_connection_and_say_how_old_they_are(ready: Phone, citizen: Citizen) -> None:
    ready.page.context.set_offline(True)
    ready.opens("/ma-qr")
    assert ready.page.locator(".qr svg").first.is_visible()
    ready.opens("/the-covid")
    assert "Vì sao màu này" in ready.sees()
    assert "bản xác nhận gần nhất" in ready.page.locator(".offline-note").inner_text()
    ready.opens("/ho-so")
    assert citizen.name in ready.sees()
    ready.looks("offline-1-home")
    ready.opens("/ai-da-xem")
    assert "Trang này cần mạng" in ready.sees()
    ready.looks("offline-2-page")
    ready.page.context.set_offline(False)
    ready.opens("/ho-so")
    assert not ready.page.locator(".offline-note").is_visible()


def test_nothing_is_left_after_signing_out(ready: Phone, citizen: Citizen) -> None:
    assert kept(ready.page) == ["/ho-so", "/ma-qr", "/ma-qr/da-che", "/quet", "/the-covid"]
    ready.page.evaluate("localStorage.setItem('pccovid:to-khai:/khai-bao/to/1', '[]')")
    ready.page.get_by_role("button", name="Đăng xuất").click()
    ready.page.wait_for_url(ready.service + "/")
    assert kept(ready.page) == []
    assert ready.page.evaluate("localStorage.length") == 0
    ready.page.go_back()
    assert citizen.name not in ready.page.content()
    ready.page.context.set_offline(True)
    # Nothing answers any more, not even a page that says so.
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        ready.opens("/ho-so")


def test_what_was_on_its_way_while_somebody_signed_out_is_not_kept(ready: Phone) -> None:
    page = ready.page
    late: list[Route] = []
    page.evaluate("caches.delete('pccovid-record')")
    page.context.route("**/the-covid", lambda route: late.append(route))
    ready.opens("/ho-so")
    until(page, "caches.open('pccovid-record').then(c => c.match('/ma-qr')).then(found => !!found)")
    while not late:
        page.wait_for_timeout(20)
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(ready.service + "/")
    with page.context.expect_event("requestfinished", lambda one: one.url.endswith("/the-covid")):
        late[0].fulfill(body="ai", headers={"Pccovid-Keep": "1", "Content-Type": "text/html"})
    ready.opens("/")  # through the same worker, after it
    assert kept(page) == []


def test_signing_out_without_a_connection_takes_the_record_off_the_device(ready: Phone, citizen: Citizen) -> None:
    ready.page.context.set_offline(True)
    ready.opens("/ho-so")
    ready.page.get_by_role("button", name="Đăng xuất").click()
    ready.page.get_by_role("heading", name="Không có mạng").wait_for()
    assert kept(ready.page) == []
    ready.opens("/ho-so")
    assert citizen.name not in ready.page.content()


def test_a_session_that_ended_by_itself_leaves_nothing_either(ready: Phone, citizen: Citizen) -> None:
    ready.page.context.clear_cookies()
    ready.opens("/ho-so")
    ready.page.wait_for_url(ready.service + "/")
    until(ready.page, "caches.has('pccovid-record').then(has => !has)")
    ready.page.context.set_offline(True)
    ready.opens("/ho-so")
    assert citizen.name not in ready.page.content()


def test_a_form_filled_in_without_a_connection_is_sent_when_there_is_one(ready: Phone) -> None:
    ready.opens("/khai-bao")
    ready.presses("Khai báo sức khỏe hằng ngày")
    page = ready.page
    page.wait_for_url("**/khai-bao/to/*")
    page.context.set_offline(True)
    page.get_by_label("Ho", exact=True).check()
    for box in page.locator(
        'input[name="contact_case"][value="no"], input[name="chronic_diseases"][value="none"]'
    ).all():
        box.check()
    for box in page.locator('select[name="nationality"]').all():
        box.select_option("VN")
    page.get_by_role("button", name="Gửi tờ khai").click()
    assert "Không có mạng" in page.locator("#ngoai-mang").inner_text()
    page.context.set_offline(False)
    page.get_by_role("heading", name="Đã gửi tờ khai").wait_for()
    assert "Tự theo dõi" in ready.sees()
    assert page.evaluate("Object.keys(localStorage).filter(n => n.startsWith('pccovid:')).length") == 0


def test_a_visit_is_kept_without_a_connection_and_sent_with_its_time_when_there_is_one(
    ready: Phone, carried_over: MadeDatabase
) -> None:
    page = ready.page
    ready.opens("/dia-diem")
    page.get_by_label("Tên địa điểm").fill("Quán không có sóng")
    page.get_by_label("Loại").select_option("shop")
    page.get_by_label("Địa chỉ").fill("12 Hàng Bún, Phường Phúc Xá, Quận Ba Đình, Hà Nội")
    ready.presses("Đăng ký")
    page.wait_for_url("**/dia-diem/*")
    poster = poster_of(carried_over, page.url.rpartition("/")[2])
    ready.opens("/ho-so")
    page.context.set_offline(True)
    ready.opens("/quet")
    page.get_by_label("Hoặc gõ, dán nội dung mã").fill(f"https://pccovid.example/d/{poster}")
    ready.presses("Đọc mã")
    ready.looks("offline-3-check-in")
    ready.presses("Tôi đến")
    assert "đang chờ gửi trên máy này: 1" in ready.sees()
    assert visits(carried_over) == 0
    page.context.set_offline(False)
    ready.opens("/ho-so")
    until(page, "Object.keys(localStorage).filter(n => n.startsWith('pccovid:luot:')).length === 0")
    assert visits(carried_over) == 1
    # Sent again, as after an answer that was lost, it is the same visit.
    ready.opens("/quet")
    assert visits(carried_over) == 1


def visits(database: MadeDatabase) -> int:
    with database.connect("owner") as owner:
        row = owner.execute(
            "SELECT count(*) FROM access.scan_inbox WHERE person_id IS NOT NULL AND happened_at <= now()"
        ).fetchone()
    assert row
    return int(row[0])


def poster_of(database: MadeDatabase, place: str) -> str:
    """The code on the poster of a place, made with the service's own keys."""
    made = (
        "import sys, uuid; from pccovid.personal_codes.keys import code_keys;"
        " from pccovid.personal_codes.rules import poster_code;"
        " print(poster_code(code_keys(), uuid.UUID(sys.argv[1])))"
    )
    environment = {**os.environ, "PCCOVID_HOME": str(database.home)}
    command = [sys.executable, "-c", made, place]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def test_a_shared_device_keeps_nothing_and_says_so(phone: Phone, citizen: Citizen) -> None:
    phone.opens("/may-dung-chung")
    phone.looks("shared-1-device")
    phone.presses("Đây là máy dùng chung")
    assert "đang là máy dùng chung" in phone.sees()
    phone.signs_in_as(citizen)
    phone.opens("/ma-qr")
    assert phone.page.evaluate("navigator.serviceWorker.getRegistration().then(one => one === undefined)")
    assert kept(phone.page) == []
    phone.page.get_by_role("button", name="Xong, xóa dấu vết").click()
    phone.page.wait_for_url(phone.service + "/")
    phone.page.go_back()
    assert citizen.name not in phone.page.content()


def test_the_next_person_at_a_shared_device_meets_nothing_of_the_one_before(
    phone: Phone, citizen: Citizen, citizens: tuple[Citizen, ...], carried_over: MadeDatabase
) -> None:
    next_one = another_than(citizen, citizens)
    phone.opens("/may-dung-chung")
    phone.presses("Đây là máy dùng chung")
    phone.signs_in_as(citizen)
    phone.opens("/ho-so/danh-tinh")
    # Who went before left without signing out; the next one comes a little later.
    let_minutes_pass(carried_over, 4)
    phone.signs_in_as(next_one)
    for path in ("/ho-so", "/ho-so/danh-tinh", "/ma-qr", "/ma-qr/the", "/thong-bao", "/khai-bao", "/ai-da-xem"):
        phone.opens(path)
        assert citizen.name not in phone.page.content(), path
    for _ in range(12):
        phone.page.go_back()
        assert citizen.name not in phone.page.content()
    assert kept(phone.page) == []


def test_a_shared_device_that_was_left_alone_signs_out_and_the_back_button_shows_nothing(
    phone: Phone, citizen: Citizen, carried_over: MadeDatabase
) -> None:
    phone.opens("/may-dung-chung")
    phone.presses("Đây là máy dùng chung")
    phone.signs_in_as(citizen)
    phone.opens("/ma-qr")
    let_minutes_pass(carried_over, 4)
    phone.opens("/ho-so")
    phone.page.wait_for_url(phone.service + "/")
    phone.page.go_back()
    assert citizen.name not in phone.page.content()


def test_who_signs_in_on_somebodys_own_phone_never_sees_the_page_that_was_kept_before(
    ready: Phone, citizen: Citizen, citizens: tuple[Citizen, ...], carried_over: MadeDatabase
) -> None:
    next_one = another_than(citizen, citizens)
    assert kept(ready.page) == ["/ho-so", "/ma-qr", "/ma-qr/da-che", "/quet", "/the-covid"]
    let_minutes_pass(carried_over, 31)
    ready.signs_in_as(next_one)
    ready.page.context.set_offline(True)
    for path in ("/ho-so", "/ma-qr", "/the-covid"):
        ready.opens(path)
        assert citizen.name not in ready.page.content(), path


def test_a_cookie_kept_from_before_signing_out_opens_nothing(phone: Phone, citizen: Citizen) -> None:
    phone.signs_in_as(citizen)
    cookies = phone.page.context.cookies()
    phone.page.get_by_role("button", name="Đăng xuất").click()
    phone.page.wait_for_url(phone.service + "/")
    phone.page.context.add_cookies(cookies)
    phone.opens("/ho-so")
    assert phone.page.url == phone.service + "/"
