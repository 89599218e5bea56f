"""What a number, an account, a whole name or a province of birth vouches for, and what it does not: case by case."""

from __future__ import annotations

import pytest

from unit.linkage.made_claims import held, linked, record, together

PHONE, OTHER_PHONE = "0901234567", "0987654321"
COMMUNE = {"commune_code": "06541", "district_code": "193", "province_code": "22"}
ACCOUNT = "sskdt:sskdt_people:1"
DOSE = record("sskdt:dose:1", account=ACCOUNT)


def test_an_account_that_names_somebody_and_their_home_is_somebody_once_a_dose_stands_under_it() -> None:
    lan = {"sex": "female", "address": "Khu phố Đoài", **COMMUNE}
    account = record(ACCOUNT, "Cao Thị Kim Lan", **lan)
    assert together(linked(account, DOSE), ACCOUNT, "sskdt:dose:1")
    assert held(linked(account)) == {ACCOUNT: "not_enough_to_identify"}


@pytest.mark.parametrize(("name", "home"), [("Lan", {"address": "Khu phố Đoài", **COMMUNE}), ("Cao Thị Kim Lan", {})])
def test_an_account_of_one_word_or_without_a_home_waits_with_its_doses(name: str, home: dict[str, str]) -> None:
    assert set(held(linked(record(ACCOUNT, name, **home), DOSE))) == {ACCOUNT, "sskdt:dose:1"}


def test_an_account_that_says_too_little_joins_no_namesake_of_its_hamlet() -> None:
    hoa = {"name": "Nguyễn Thị Hoa", "sex": "female", "address": "Thôn 3", **COMMUNE}
    outcome = linked(record(ACCOUNT, **hoa), DOSE, record("ncovi:1", born="05/07/1983", phone=PHONE, **hoa))
    assert together(outcome, ACCOUNT, "sskdt:dose:1")
    assert not together(outcome, ACCOUNT, "ncovi:1")


def test_two_spellings_under_one_number_are_no_twins_and_under_two_numbers_they_are() -> None:
    tuan = {"born": "06/09/2009", "sex": "male", "phone": PHONE}
    first = record("sskdt:1", "Phan Văn Tuấn", **tuan, insurance_no="3894096941")
    bare = record("qr:1", "PHAN VAN TUAN", **tuan)
    for number, joined in (("3894096941", True), ("3894096978", False)):
        other = record("ncovi:1", "Phan Văn Tuân", **tuan, insurance_no=number)
        outcome = linked(first, bare, other)
        assert together(outcome, "sskdt:1", "qr:1") == joined, number
        assert held(outcome) == ({} if joined else {"qr:1": "ambiguous"})


def test_a_third_spelling_that_no_number_holds_may_be_a_twins() -> None:
    tuan = {"born": "06/09/2009", "sex": "male", "phone": PHONE}
    known = [
        record("sskdt:1", "Phan Văn Tuấn", **tuan, insurance_no="3894096941"),
        record("ncovi:1", "Phan Văn Tuân", **tuan, insurance_no="3894096941"),
        record("ncovi:2", "Phan Văn Tuần", **tuan),
    ]
    assert held(linked(*known, record("qr:1", "PHAN VAN TUAN", **tuan))) == {"qr:1": "ambiguous"}


def test_of_a_grown_persons_rare_name_a_spelling_that_is_nobodys_name_is_a_slip_and_another_name_is_a_twins() -> None:
    thuy = {"born": "1963", "sex": "female", **COMMUNE}
    bare = record("tokhaiyte:1", "VUONG THI THUY", **thuy, phone=PHONE)
    known = record("ncovi:1", "Vương Thị Thùy", **thuy, phone=PHONE)
    for spelling, waits in (("Vương Thị Thũy", False), ("Vương Thị Thủy", True)):
        outcome = linked(bare, known, record("sampling:1", spelling, **thuy, phone=OTHER_PHONE))
        assert ("tokhaiyte:1" in held(outcome)) == waits, spelling


@pytest.mark.parametrize(("name", "like", "joined"), [
    ("Hà Thanh Pản", "Hà Thanh Pảa", True), ("Tòng Quốc Bỏo", "Tòng Quốc Bảo", False),
])  # fmt: skip
def test_an_undated_visit_goes_to_whose_very_name_it_has_though_a_misspelt_record_stands_beside(
    name: str, like: str, joined: bool
) -> None:
    known = record("ncovi:1", name, "09/02/2004", sex="male", phone=PHONE)
    other = record("tokhaiyte:1", like, "2004", sex="male", phone=PHONE)
    assert together(linked(record("qr:1", name, phone=PHONE), known, other), "qr:1", "ncovi:1") == joined


@pytest.mark.parametrize(("left_over", "born", "joined"), [
    ("Yến", "1996", True), ("Trần Yến", "1996", True), ("Yến", "1990", False), ("Yên", "1996", False),
])  # fmt: skip
def test_what_is_left_of_a_name_beside_its_year_is_nobody_else_behind_the_phone(
    left_over: str, born: str, joined: bool
) -> None:
    known = record("vneid:1", "Trần Thanh Yến", "04/02/1996", phone=PHONE)
    outcome = linked(
        record("qr:1", "TRAN THANH YEN", phone=PHONE), known, record("tokhaiyte:1", left_over, born, phone=PHONE)
    )
    assert together(outcome, "qr:1", "vneid:1") == joined


@pytest.mark.parametrize(("number", "joined"), [("022169044688", True), ("079169044688", False)])
def test_a_personal_id_names_the_province_where_another_record_may_say_that_they_live(
    number: str, joined: bool
) -> None:
    thuy = {"name": "Nguyễn Thị Thủy", "born": "19/07/1969", "sex": "female"}
    dose = record("dose:1", **thuy, personal_id=number, phone=PHONE)
    account = record("sskdt:1", **thuy, old_id="010056526", phone=OTHER_PHONE, address="Khu phố Đông", **COMMUNE)
    assert together(linked(dose, account), "dose:1", "sskdt:1") == joined


def test_a_name_without_marks_waits_in_one_house_too_where_it_may_be_a_twins_of_whom_nothing_else_came() -> None:
    """Hùng, of whom only rows without marks came, and his twin Hưng: one house, two phones."""
    said = {"sex": "male", "address": "Xóm 9", **COMMUNE}
    listed = record("vneid:1", "Nguyễn Văn Hưng", "12/04/1992", **said, personal_id="022092989469", phone=PHONE)
    account = record("sskdt:1", "NGUYEN VAN HUNG", "12/04/1992", **said, phone=OTHER_PHONE)
    assert not together(linked(listed, account), "vneid:1", "sskdt:1")


def test_a_childs_wrong_date_joins_nobody_where_the_name_has_a_third_year_behind_the_phone() -> None:
    home = {"phone": PHONE, "address": "to 5", "sex": "female", **COMMUNE}
    elder = record("ncovi:1", "Tạ Hoàng Thiên Lý", "30/07/2016", **home)
    declared = record("tokhaiyte:1", "Tạ Hoàng Thiên Lý", "2011", **home, phone_is_own=False)
    assert together(linked(elder, declared), "ncovi:1", "tokhaiyte:1")
    for year, joined in (("2021", False), ("2012", True)):
        other = record("sampling:1", "Tạ Hoàng Thiên Lý", year, phone=PHONE, sex="female")
        assert together(linked(elder, declared, other), "ncovi:1", "tokhaiyte:1") == joined, year
