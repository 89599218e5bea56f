"""Records that say little: which of them join, and which wait, named case by case."""

from __future__ import annotations

from unit.linkage.made_claims import held, linked, record, together

PHONE, OTHER_PHONE = "0901234567", "0987654321"
COMMUNE = {"commune_code": "06541", "district_code": "193", "province_code": "22"}
ACCOUNT = "sskdt:sskdt_people:1"
NAM = {"name": "Nguyễn Văn Nam", "born": "05/03/1990", "sex": "male"}


def test_a_strangers_row_under_an_account_does_not_hold_the_holders_rows_and_a_childs_does() -> None:
    owner = record(ACCOUNT, **NAM, phone=PHONE, **COMMUNE)
    bare = record("sskdt:dose:1", account=ACCOUNT)
    stranger = record("sskdt:dose:2", "Trần Thị Lan", "01/02/1950", account=ACCOUNT, phone=OTHER_PHONE)
    child = record("sskdt:dose:2", "Trần Thị Lan", "01/02/2012", account=ACCOUNT, phone=OTHER_PHONE)
    neighbour = record("sskdt:dose:2", "Trần Thị Lan", "01/02/1950", account=ACCOUNT, phone=OTHER_PHONE, **COMMUNE)
    assert together(linked(owner, bare, stranger), ACCOUNT, "sskdt:dose:1")
    for other in (child, neighbour):
        assert held(linked(owner, bare, other)) == {"sskdt:dose:1": "ambiguous"}


def test_a_year_that_stands_for_none_beside_no_name_is_not_a_newborns() -> None:
    owner = record(ACCOUNT, **NAM, phone=PHONE)
    for born, reason in (("30/02/1980", None), ("1900", None), ("2021", "ambiguous")):
        outcome = linked(owner, record("sskdt:dose:1", "A", born, account=ACCOUNT))
        assert held(outcome).get("sskdt:dose:1") == reason, born


def test_an_account_of_a_damaged_name_without_phone_is_whose_rows_live_in_its_commune() -> None:
    named = record("sskdt:dose:1", **NAM, account=ACCOUNT, phone=PHONE, personal_id="022090012345")
    home = record("vneid:1", **NAM, personal_id="022090012345", **COMMUNE)
    for sex, joined in (("male", True), ("female", False)):
        outcome = linked(record(ACCOUNT, "A", sex=sex, **COMMUNE), named, home)
        assert together(outcome, ACCOUNT, "vneid:1") == joined


def test_an_account_of_a_damaged_name_without_phone_and_home_is_who_is_named_twice_under_it() -> None:
    rows = [record(f"sskdt:dose:{number}", **NAM, account=ACCOUNT, phone=PHONE) for number in (1, 2)]
    for count, joined in ((1, False), (2, True)):
        assert together(linked(record(ACCOUNT, "A", sex="male"), *rows[:count]), ACCOUNT, "sskdt:dose:1") == joined


def test_a_child_of_a_common_name_joins_by_year_and_hamlet_and_a_grown_person_does_not() -> None:
    for year, joined in (("2013", True), ("1983", False)):
        outcome = linked(
            record("tokhaiyte:1", "Nguyễn Thị Hương", year, address="thon 3", **COMMUNE, sex="female"),
            record("ncovi:1", "Nguyễn Thị Hương", f"05/07/{year}", address="thon 3", **COMMUNE, sex="female"),
        )
        assert together(outcome, "tokhaiyte:1", "ncovi:1") == joined


def test_a_childs_date_declared_from_memory_joins_under_a_rare_name_and_not_under_a_common_one() -> None:
    for name, joined in (("Tạ Hoàng Thiên Lý", True), ("Nguyễn Thị Hương", False)):
        home = {"phone": PHONE, "address": "to 5", "sex": "female", **COMMUNE}
        outcome = linked(
            record("tokhaiyte:1", name, "2012", **home, phone_is_own=False),
            record("ncovi:1", name, "05/07/2014", **home),
        )
        assert together(outcome, "tokhaiyte:1", "ncovi:1") == joined, name


def test_a_name_of_one_word_joins_by_the_phone_unless_it_is_what_is_left_of_a_longer_one() -> None:
    visit, known = record("qr:1", "Ngưm", phone=PHONE), record("ncovi:1", "Ngưm", "05/06/1991", phone=PHONE)
    assert together(linked(visit, known), "qr:1", "ncovi:1")
    longer = record("vneid:1", "Ngưm Êban", "05/06/1991", phone=PHONE, personal_id="066191620050")
    number = record("sampling:1", "Ngưm", "05/06/1991", phone=PHONE, personal_id="066191620050")
    outcome = linked(visit, longer, number)
    assert together(outcome, "vneid:1", "sampling:1")
    assert held(outcome) == {"qr:1": "ambiguous"}


def test_children_of_one_name_and_birthday_in_two_houses_are_two() -> None:
    said = {"born": "05/04/2010", "sex": "male", **COMMUNE}
    here, there = (
        record(f"ncovi:{number}", "Tạ Hoàng Thiên Lý", address=f"thon {number}", **said) for number in (3, 12)
    )
    assert not together(linked(here, there), "ncovi:3", "ncovi:12")
    grown = [record(f"ncovi:{number}", "Tạ Hoàng Thiên Lý", address=f"thon {number}", **{**said, "born": "05/04/1980"})
             for number in (3, 12)]  # fmt: skip
    assert together(linked(*grown), "ncovi:3", "ncovi:12")


def test_rows_of_an_account_that_never_came_go_to_who_is_named_twice_under_it_or_by_another_dose() -> None:
    said = {**NAM, "account": ACCOUNT, "phone": PHONE}
    first, again = (record(f"sskdt:dose:{key}", **said, dose=f"{key} 2021-0{key}-20") for key in (6, 7))
    undated = record("sskdt:dose:8", **said)
    bare, second = record("sskdt:dose:9", account=ACCOUNT), record("sskdt:dose:9", account=ACCOUNT, dose="7 2021-08-20")
    assert held(linked(bare)) == {"sskdt:dose:9": "account_not_found"}
    for rows in ((undated, bare), (first, bare)):
        assert held(linked(*rows)) == {"sskdt:dose:9": "ambiguous"}
    for rows in ((first, again, bare), (first, second)):
        assert together(linked(*rows), "sskdt:dose:6", "sskdt:dose:9")
    stranger = record("sskdt:dose:5", "Trần Thị Lan", "01/02/1950", account=ACCOUNT, phone=OTHER_PHONE)
    assert held(linked(first, again, stranger, bare)) == {"sskdt:dose:9": "ambiguous"}
