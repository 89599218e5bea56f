"""Officers at work in a real browser: the ledger, a waiting row, a person's record with its evidence."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import MadeDatabase
from integration.source_board.made_sources import make_sources

DARK, WITHOUT_SCRIPT = {"color_scheme": "dark"}, {"java_script_enabled": False}


def test_a_steward_follows_a_held_row_from_the_ledger_to_the_person_it_may_be(officer: Any) -> None:
    officer.opens("/can-bo/")
    officer.looks("console-sign-in")
    officer.signs_in_as("steward")
    officer.looks("console-home")
    officer.page.get_by_role("navigation").get_by_role("link", name="Chuyển dữ liệu").click()
    officer.looks("console-runs")
    officer.page.get_by_role("link", name="Số 1").click()
    assert "Cân đối đến từng dòng" in officer.sees()
    officer.looks("console-run")
    officer.page.get_by_role("link", name="Có từ hai người trở lên cùng phù hợp").first.click()
    officer.looks("console-rows")
    officer.page.get_by_role("link", name="sskdt_people.csv : 7").click()
    assert "Làm sao để dòng này được nhận" in officer.sees()
    officer.looks("console-row")


def test_a_steward_finds_a_person_and_sees_why_a_record_is_theirs(officer: Any) -> None:
    officer.signs_in_as("steward")
    officer.seeks("QĐ 12/2022", "Số điện thoại", "0912 000 001")
    officer.looks("console-find")
    officer.page.get_by_role("link", name="Nguyễn Văn An").click()
    for closed in officer.page.locator("details summary").all():
        closed.click()
    seen = officer.sees()
    assert "giống khi bỏ dấu" in seen
    assert "9,5" in seen
    officer.looks("console-person")
    officer.page.get_by_role("link", name="Xem nguyên văn").click()
    assert "citizenId" in officer.sees()
    officer.looks("console-record")
    officer.page.get_by_role("button", name="Đăng xuất").click()
    officer.page.wait_for_url("**/dang-nhap")
    officer.page.go_back()
    assert "Nguyễn Văn An" not in officer.page.content()


@pytest.mark.parametrize("officer", [DARK], indirect=True)
def test_the_record_is_readable_in_the_dark_too(officer: Any) -> None:
    officer.signs_in_as("station")
    officer.seeks("Thăm khám 7", "CCCD, CMND, hộ chiếu hoặc mã số BHXH", "001090000001")
    officer.page.get_by_role("link", name="Nguyễn Văn An").click()
    assert "ngoài phạm vi của chức vụ này" in officer.sees()
    officer.looks("console-person-dark")


@pytest.mark.parametrize("officer", [WITHOUT_SCRIPT], indirect=True)
def test_everything_works_without_javascript(officer: Any) -> None:
    officer.signs_in_as("police")
    officer.seeks("QĐ 12/2022", "CCCD, CMND, hộ chiếu hoặc mã số BHXH", "001 090 000001")
    officer.page.get_by_role("link", name="Nguyễn Văn An").click()
    assert "Thuộc tính và nguồn" in officer.sees()
    assert "001090000001" not in officer.page.url


def test_the_keyboard_alone_is_enough_to_find_a_person(officer: Any) -> None:
    officer.opens("/can-bo/dang-nhap")
    officer.page.get_by_label("Tên đăng nhập").focus()
    for keys in ("tracer", "Tab"):
        officer.page.keyboard.press(keys) if keys == "Tab" else officer.page.keyboard.type(keys)
    officer.page.keyboard.type("một mật khẩu dài, chỉ để thử")
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_url("**/dang-nhap/buoc-hai")
    officer.page.get_by_label("Mã sáu số").focus()
    officer.page.keyboard.type(officer.code_of("tracer"))
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_url("**/can-bo/")
    officer.opens("/can-bo/tim-nguoi")
    officer.page.get_by_label("Số vụ việc hoặc công văn").focus()
    officer.page.keyboard.type("Truy vết 3")
    officer.page.keyboard.press("Tab")
    officer.page.keyboard.type("001090000001")
    officer.page.keyboard.press("Enter")
    officer.page.get_by_role("link", name="Nguyễn Văn An").focus()
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_url("**/can-bo/nguoi/**")
    assert "Thuộc tính và nguồn" in officer.sees()


def test_mistakes_are_named_beside_their_fields_and_read_out_first(officer: Any) -> None:
    officer.signs_in_as("tracer")
    officer.seeks("x", "Số điện thoại", "12")
    assert "Ghi số vụ việc hoặc số công văn." in officer.sees()
    assert officer.page.get_by_role("alert").is_visible()
    officer.looks("console-find-mistakes")


def test_an_officer_of_another_area_is_told_nothing(officer: Any) -> None:
    officer.signs_in_as("far-tracer")
    officer.seeks("Truy vết 3", "CCCD, CMND, hộ chiếu hoặc mã số BHXH", "001090000001")
    assert "Không có ai như vậy trong phạm vi" in officer.sees()
    officer.looks("console-nobody")
    officer.opens("/can-bo/nguoi/00000000-0000-0000-0000-000000000001")
    assert "Không tìm thấy trong phạm vi của bạn" in officer.sees()


@pytest.fixture
def sources(made: MadeDatabase, service: str) -> None:
    """A campaign that runs, and an agency that has fallen silent."""
    from pccovid.source_board.operations import count_sources, watch_sources

    with made.connect("owner", autocommit=True) as owner:
        make_sources(owner)
    with made.connect("jobs", autocommit=True) as jobs:
        count_sources(jobs)
        watch_sources(jobs)


def test_a_steward_sees_which_source_fell_silent_and_where_identities_do_not_agree(officer: Any, sources: None) -> None:
    officer.signs_in_as("steward")
    assert "1 nguồn im lặng quá lâu" in officer.sees()
    officer.page.get_by_role("link", name="Nguồn dữ liệu").first.click()
    for closed in officer.page.locator("details summary").all():
        closed.click()
    officer.looks("console-sources")
    officer.opens("/can-bo/xac-minh")
    officer.looks("console-verification")
    officer.page.get_by_role("link", name="Thành phố Hà Nội").click()
    assert "Ba Đình" in officer.sees()
