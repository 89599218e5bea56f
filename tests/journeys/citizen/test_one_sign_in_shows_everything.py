"""The main journey: whoever declared on earlier apps signs in once and finds all of it."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.sync_api import Browser, Response

from conftest import MadeDatabase
from journeys.citizen.conftest import Citizen, Phone
from pccovid.people.sources import SOURCES
from sealed_rows import findable

PARTS = {
    "Tiêm chủng": ("/ho-so/tiem-chung", "vaccination_dose", "duplicate_of IS NULL"),
    "Xét nghiệm": ("/ho-so/xet-nghiem", "lab_tests_test", "true"),
    "Khai báo y tế": ("/ho-so/khai-bao", "declarations_declaration", "true"),
    "Nơi đã đến": ("/ho-so/noi-da-den", "movement_visit", "true"),
    "Đi lại": ("/ho-so/di-lai", "movement_trip", "true"),
    "Nhập cảnh": ("/ho-so/nhap-canh", "border_entry", "true"),
}


def declared_on_three_apps(citizens: tuple[Citizen, ...]) -> Citizen:
    return next(citizen for citizen in citizens if len(citizen.systems) >= 3 and "agrees" in citizen.why)


def person_of(database: MadeDatabase, citizen: Citizen) -> UUID:
    """The person of the index who this made citizen is, found without the app."""
    with database.connect("owner") as owner:
        rows = owner.execute(
            "SELECT DISTINCT person_id FROM people_recordclaim"
            " WHERE name = %s AND birth_date = %s AND phone = ANY (%s)",
            [citizen.name, citizen.born, findable("phone", citizen.phone)],
        ).fetchall()
    assert len(rows) == 1
    return UUID(str(rows[0][0]))


def count(database: MadeDatabase, table: str, person: UUID, which: str) -> int:
    with database.connect("owner") as owner:
        row = owner.execute(
            f"SELECT count(*) FROM {table} WHERE superseded_at IS NULL AND {which} AND person_id = %s", [person]
        ).fetchone()
    assert row is not None
    return int(row[0])


def systems_of(database: MadeDatabase, person: UUID) -> set[str]:
    with database.connect("owner") as owner:
        rows = owner.execute("SELECT DISTINCT system FROM people_recordclaim WHERE person_id = %s", [person])
        return {row[0] for row in rows.fetchall()}


def test_a_citizen_who_declared_on_three_earlier_apps_signs_in_once_and_sees_all_of_it(
    phone: Phone, citizens: tuple[Citizen, ...], carried_over: MadeDatabase
) -> None:
    # given somebody whom at least three earlier apps know
    citizen = declared_on_three_apps(citizens)
    person = person_of(carried_over, citizen)
    systems = systems_of(carried_over, person)
    assert len(systems) >= 3
    # when they sign in once, looking at every screen on the way
    phone.opens("/")
    phone.looks("1-phone")
    phone.asks_code(citizen.phone)
    phone.looks("2-code")
    phone.types_code()
    phone.looks("3-who")
    phone.says_who(citizen.name, citizen.born)
    # then home says who they are and which apps it was carried over from
    home = phone.sees()
    phone.looks("4-home")
    assert citizen.name in home
    assert "bạn không phải khai lại" in home
    for system in systems:
        assert SOURCES[system].name_vi in home, system
    # and each part holds every fact that the index has of them, with its source
    for title, (page, table, which) in PARTS.items():
        expected = count(carried_over, table, person, which)
        phone.opens(page)
        shown = phone.page.locator("main > div > ol > li")
        assert shown.count() == expected, title
        assert phone.page.locator("main > div > ol > li > .origin").count() == expected, title
        phone.looks(f"5{page.replace('/', '-')}")


@pytest.mark.parametrize("context", ["light", "dark"], indirect=True)
def test_every_page_of_the_record_is_free_of_accessibility_faults_in_both_colour_schemes(
    phone: Phone, citizens: tuple[Citizen, ...], context: object
) -> None:
    phone.signs_in_as(declared_on_three_apps(citizens))
    scheme = phone.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
    for page in (
        "/ho-so",
        "/ho-so/danh-tinh",
        "/ho-so/bao-hiem",
        "/ho-so/dia-chi",
        "/ho-so/gia-dinh",
        "/ma-qr",
        "/ma-qr/da-che",
        "/ai-da-xem",
    ):
        phone.opens(page)
        phone.looks(f"6{page.replace('/', '-')}-{scheme}")


def test_every_made_citizen_who_can_be_told_apart_gets_in_and_sees_their_own_name(
    phone: Phone, citizens: tuple[Citizen, ...]
) -> None:
    assert len(citizens) >= 8
    for citizen in citizens:
        if "held for review" in citizen.why:
            continue
        phone.signs_in_as(citizen)
        assert "đã chuyển tự động" in phone.sees().lower(), citizen.why
        phone.page.get_by_role("button", name="Đăng xuất").click()
        phone.page.wait_for_url(phone.service + "/")


def test_a_phone_that_reaches_nobody_leads_to_what_to_do_next(phone: Phone, citizens: tuple[Citizen, ...]) -> None:
    citizen = declared_on_three_apps(citizens)
    phone.asks_code("0976 540 312")
    phone.types_code()
    phone.says_who(citizen.name, citizen.born)
    assert "Chưa tìm thấy hồ sơ của bạn" in phone.sees()
    phone.looks("7-not-found")
    phone.presses("Đã nhập đúng mà vẫn không thấy")
    assert "Đến trạm y tế xã, phường nơi bạn ở" in phone.sees()
    phone.looks("7-what-next")


def test_a_mistyped_phone_and_code_are_explained_beside_their_field(phone: Phone) -> None:
    phone.opens("/")
    phone.page.get_by_label("Số điện thoại").fill("12")
    phone.presses("Gửi mã đăng nhập")
    phone.looks("8-phone-error")
    phone.page.locator(".error-summary a").first.click()
    assert phone.page.evaluate("document.activeElement.id") == "id_phone"
    phone.asks_code("0976 540 313")
    phone.page.get_by_label("Mã 6 chữ số").fill("12")
    phone.presses("Tiếp tục")
    assert "Nhập đủ 6 chữ số trong tin nhắn." in phone.sees()
    phone.looks("8-code-error")


def test_english_is_one_press_away_and_stays(phone: Phone, citizens: tuple[Citizen, ...]) -> None:
    phone.signs_in_as(declared_on_three_apps(citizens))
    phone.page.get_by_role("button", name="English").click()
    assert "Carried over for you" in phone.sees()
    phone.looks("9-home-english")
    phone.opens("/ai-da-xem")
    assert "Who looked at my record" in phone.sees()


def test_the_whole_journey_works_without_javascript(
    chromium: Browser, service: str, phone: Phone, citizens: tuple[Citizen, ...]
) -> None:
    opened = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    plain = Phone(opened.new_page(), service, phone.screenshots)
    plain.signs_in_as(declared_on_three_apps(citizens))
    assert "Đã chuyển tự động" in plain.sees()
    opened.close()


def test_after_signing_out_the_back_button_shows_nothing_of_the_record(
    phone: Phone, citizens: tuple[Citizen, ...]
) -> None:
    citizen = declared_on_three_apps(citizens)
    phone.signs_in_as(citizen)
    phone.page.get_by_role("button", name="Đăng xuất").click()
    phone.page.wait_for_url(phone.service + "/")
    phone.page.go_back()
    assert citizen.name not in phone.page.content()


def test_the_first_visit_weighs_less_than_100_kilobytes(phone: Phone) -> None:
    answers: list[Response] = []
    phone.page.on("response", lambda answer: answers.append(answer))
    phone.page.goto(phone.service, wait_until="networkidle")
    assert len(answers) >= 2
    assert 5_000 < sum(len(answer.body()) for answer in answers) < 100_000
