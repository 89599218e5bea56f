"""A person objects to a reading, an inspector decides, the answer comes back; findings stand on the desk."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import psycopg
import pytest

from integration.console.made_index import AN, BINH
from journeys.citizen.conftest import Phone

WORDS = "Tôi chưa từng đến cơ quan này, vì sao họ xem?"
REASON = "Đã hỏi cơ quan: cán bộ mở nhầm hồ sơ, không báo lại ai"
ANSWER = "Lượt xem này không có lý do. Cơ quan đã nhắc nhở cán bộ."
PEERS = (3, 4, 5, 5, 6, 7, 8, 5, 4, 6, 5, 5, 9, 2, 7, 6, 4, 12)


@pytest.fixture
def owner(made: Any) -> Any:
    with made.connect("owner", autocommit=True) as opened:
        yield opened


def account(owner: psycopg.Connection, username: str) -> int:
    (number,) = owner.execute("SELECT id FROM auth_user WHERE username = %s", [username]).fetchone() or (0,)
    return int(number)


def steward_reads(made: Any, owner: psycopg.Connection, persons: list[UUID], case: str) -> None:
    with made.connect("web") as web, web.transaction():
        web.execute(
            "SELECT access.open('officer', %s, 'data_steward', 'data_repair', 'Luật thử', 'all', '{}', NULL, %s)",
            [str(account(owner, "steward")), case],
        )
        web.execute("SELECT access.disclose(%s::uuid[], ARRAY['identity', 'contact'])", [persons])


def people(owner: psycopg.Connection, count: int) -> list[UUID]:
    made = [uuid4() for _ in range(count)]
    for person in made:
        owner.execute(
            "INSERT INTO people_person (id, name, province_code, district_code, commune_code, is_identity_verified,"
            " attribute_sources, created_at) VALUES (%s, 'Người Thử', '01', '001', '00001', false, '{}', now())",
            [person],
        )
    return made


def peers_have_read(owner: psycopg.Connection) -> None:
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    for number, persons in enumerate(PEERS):
        owner.execute(
            "INSERT INTO access.reading_day VALUES (%s, 'data_steward', %s, %s, %s, 0, 0, 0, 0, 0)",
            [900_000 + number % 6, today - timedelta(days=1 + number // 6), persons, persons],
        )


def the_worker_looks(made: Any) -> None:
    from pccovid.foundation.audit import extend_chain
    from pccovid.inspection.operations import inspect_log

    with made.connect("jobs", autocommit=True) as jobs:
        extend_chain(jobs)
        inspect_log(jobs)


def glass_is_broken_and_forgotten(made: Any, owner: psycopg.Connection) -> None:
    """An emergency opening of two days ago that nobody has reviewed."""
    officer = account(owner, "station")
    owner.execute(
        "INSERT INTO access.break_glass (officer_id, appointment_id, person_id, reason, broken_at, ends_at) SELECT"
        " %s, id, %s, 'Người bệnh bất tỉnh, cần biết tiền sử', now() - interval '2 days', now() - interval '2 days'"
        " FROM access.appointment WHERE officer_id = %s",
        [officer, BINH, officer],
    )


def citizen(officer: Any) -> Phone:
    """An's own small phone, signed in."""
    context = officer.page.context.browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN")
    phone = Phone(context.new_page(), officer.service, officer.screenshots)
    phone.asks_code("0912000001")
    phone.types_code()
    phone.says_who("Nguyễn Văn An", date(1990, 5, 17))
    phone.page.wait_for_url("**/ho-so")
    return phone


def test_a_person_objects_an_inspector_decides_and_the_answer_comes_back(
    officer: Any, made: Any, owner: psycopg.Connection
) -> None:
    # given a steward who was shown An's record, and a program that ran over everybody
    steward_reads(made, owner, [AN], "VV-2021/7")
    with made.connect("jobs") as jobs, jobs.transaction():
        jobs.execute("SELECT access.open('job', 'carry_over', 'carry_over', 'carry_over', 'Luật thử', 'all')")
    the_worker_looks(made)
    # when An looks who looked, and objects
    phone = citizen(officer)
    phone.opens("/ai-da-xem")
    seen = phone.sees()
    assert "Cơ quan steward · Quản trị dữ liệu quốc gia" in seen
    assert "vụ việc VV-2021/7" in seen
    assert "1 lần chạy qua dữ liệu của mọi người" in seen
    phone.looks("who-looked")
    phone.presses("Có gì không đúng?")
    phone.presses("Gửi cho thanh tra")
    assert "Viết điều bạn thấy không đúng." in phone.sees()
    phone.looks("who-looked-complaint")
    phone.page.get_by_label("Điều bạn thấy không đúng").fill(WORDS)
    phone.presses("Gửi cho thanh tra")
    assert "Thanh tra đang xem xét" in phone.sees()
    # then the inspector finds it in the queue and decides with the keyboard
    officer.signs_in_as("inspector")
    officer.looks("inspector-home")
    officer.page.get_by_role("navigation").get_by_role("link", name="Thanh tra").click()
    officer.page.get_by_role("link", name="Phản ánh của người dân").click()
    assert WORDS in officer.sees()
    officer.looks("inspection-complaint")
    officer.page.get_by_label("Không có lý do", exact=True).focus()
    officer.page.keyboard.press("Space")
    officer.page.keyboard.press("Tab")
    officer.page.keyboard.type(REASON)
    officer.page.keyboard.press("Tab")
    officer.page.keyboard.type(ANSWER)
    officer.page.get_by_role("button", name="Ghi kết luận").press("Enter")
    officer.page.get_by_role("heading", name="Kết luận đã ghi").wait_for()
    assert REASON in officer.sees()
    officer.looks("inspection-decided")
    # and An reads the answer, and that an inspector looked at the log
    phone.opens("/ai-da-xem")
    seen = phone.sees()
    assert ANSWER in seen
    assert REASON not in seen
    assert "Thanh tra việc xem hồ sơ" in seen
    phone.looks("who-looked-answered")


def test_what_is_overdue_and_what_the_worker_found_stand_on_the_desk(
    officer: Any, made: Any, owner: psycopg.Connection
) -> None:
    glass_is_broken_and_forgotten(made, owner)
    peers_have_read(owner)
    steward_reads(made, owner, people(owner, 45), "VV-2021/8")
    the_worker_looks(made)
    officer.signs_in_as("inspector")
    officer.page.get_by_role("navigation").get_by_role("link", name="Thanh tra").click()
    assert "việc đã quá hạn" in officer.sees()
    officer.looks("inspection-queue")
    officer.page.get_by_label("Loại việc").select_option(label="Xem quá nhiều người")
    officer.page.get_by_role("button", name="Lọc").click()
    officer.page.get_by_role("link", name="Xem quá nhiều người").click()
    seen = officer.sees()
    assert "giới hạn 40" in seen
    assert "18 ngày có ít người hơn" in seen
    assert "Người Thử" not in seen
    officer.looks("inspection-volume")
    officer.page.get_by_role("button", name="Ghi kết luận").click()
    assert "Chọn một kết luận." in officer.sees()
    officer.faults.clear()  # the browser calls every refused form an error
    officer.looks("inspection-refused")
    officer.opens("/can-bo/thanh-tra?overdue=1")
    officer.page.get_by_role("link", name="Mở khẩn cấp").click()
    assert "Trần Thị Bình" in officer.sees()
    officer.looks("inspection-glass")


@pytest.mark.parametrize("officer", [{"color_scheme": "dark", "java_script_enabled": False}], indirect=True)
def test_the_desk_reads_without_javascript(officer: Any) -> None:
    officer.signs_in_as("inspector")
    officer.opens("/can-bo/thanh-tra?state=")
    assert "Các việc" in officer.sees()
