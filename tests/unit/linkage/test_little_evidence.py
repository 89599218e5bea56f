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


def test_a_name_year_and_hamlet_under_another_phone_may_be_a_namesakes_and_in_one_house_is_the_persons() -> None:
    name = {"name": "Tạ Hoàng Thiên Lý", "sex": "female", **COMMUNE}
    for line, joined in (("Thôn 4", False), ("Số 4 Lê Lợi", True)):
        outcome = linked(
            record("tokhaiyte:1", born="2000", address=line, phone="0375051289", **name),
            record("ncovi:1", born="04/05/2000", address=line, phone="0814836448", **name),
        )
        assert together(outcome, "tokhaiyte:1", "ncovi:1") == joined, line


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
    assert not together(linked(visit, longer), "qr:1", "vneid:1")
    # Who is called so elsewhere too is called so here.
    number = record("sampling:1", "Ngưm", "05/06/1991", phone=PHONE, personal_id="066191620050")
    outcome = linked(visit, longer, number)
    assert together(outcome, "qr:1", "vneid:1", "sampling:1")
    other = record("ncovi:2", "Ngưm Niê", "01/02/1994", phone=PHONE, personal_id="066194620051")
    assert held(linked(visit, longer, number, other)) == {"qr:1": "ambiguous"}


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


def test_a_childs_row_does_not_say_whose_an_account_is_that_never_came() -> None:
    said = {"name": "Lại Văn Tú", "account": ACCOUNT, "phone": PHONE, "dose": "1 2021-06-07"}
    bare = record("sskdt:dose:9", account=ACCOUNT, dose="2 2021-07-10")
    for born, reason in (("30/10/2011", "ambiguous"), ("30/10/1981", None)):
        assert held(linked(record("sskdt:dose:1", born=born, **said), bare)).get("sskdt:dose:9") == reason


def test_a_dose_that_a_child_under_the_account_cannot_have_had_is_the_holders() -> None:
    owner = record(ACCOUNT, **NAM, phone=PHONE, **COMMUNE)
    child = record("sskdt:dose:1", "Nguyễn Thị Út", "07/07/2010", account=ACCOUNT, phone=PHONE, dose="1 2021-11-20")
    for dose, reason in (("1 2021-06-07", None), ("2 2021-12-20", "ambiguous"), (None, "ambiguous")):
        outcome = linked(owner, child, record("sskdt:dose:9", account=ACCOUNT, dose=dose))
        assert held(outcome).get("sskdt:dose:9") == reason, dose
        assert together(outcome, ACCOUNT, "sskdt:dose:9") == (reason is None)
    bare = [
        record(f"sskdt:dose:{at}", account=ACCOUNT, dose=dose)
        for at, dose in ((6, "1 2021-06-07"), (12, "2 2021-12-20"))
    ]
    assert held(linked(owner, child, *bare)) == {"sskdt:dose:6": "ambiguous", "sskdt:dose:12": "ambiguous"}


def test_a_childs_bare_spelling_joins_where_another_record_of_its_own_says_the_name_in_full() -> None:
    declared = record("tokhaiyte:1", "Hà Thị Thúy", "2011", phone=PHONE, sex="female", phone_is_own=False)
    bare = record("qr:1", "HA THI THUY", "19/02/2011", phone=PHONE, sex="female", insurance_no="1786638998")
    assert not together(linked(declared, bare), "tokhaiyte:1", "qr:1")
    for spelt, joined in (("Hà Thị Thúy", True), ("Hà Thị Thùy", False)):
        card = record("qr:2", spelt, "19/02/2011", insurance_no="1786638998", sex="female", address="ban 14")
        assert together(linked(declared, bare, card), "tokhaiyte:1", "qr:1") == joined, spelt


def test_a_common_name_and_birthday_join_by_the_house_that_other_records_of_both_say() -> None:
    said = {"name": "Nguyễn Thị Hương", "sex": "female"}
    card = record("qr:1", **said, born="14/06/1982", insurance_no="4833697907", address="so 34 le loi")
    sample = record("sampling:1", **said, born="14/06/1982", old_id="201242452", phone=PHONE, **COMMUNE)
    for house, joined in (("so 34 le loi", True), ("so 36 le loi", False)):
        home = record("tokhaiyte:1", **said, born="1982", old_id="201242452", phone=PHONE, address=house, **COMMUNE)
        outcome = linked(card, sample, home)
        assert together(outcome, "sampling:1", "tokhaiyte:1")
        assert together(outcome, "qr:1", "sampling:1") == joined, house
    assert not together(linked(card, sample), "qr:1", "sampling:1")


def test_a_visit_waits_where_two_of_its_name_in_two_provinces_have_had_the_phone() -> None:
    visit = record("qr:1", "Nguyễn Thị Oanh", phone=PHONE)
    known = record("sskdt:1", "Nguyễn Thị Oanh", "15/06/1988", phone=PHONE, old_id="080361431", **COMMUNE)
    given = ("Nam", "Long", "Tuấn", "Sơn", "Hải", "Minh", "Cường", "Dũng", "Thành")
    users = [record(f"ncovi:{name}", f"Trần Văn {name}", "1980", phone=PHONE) for name in given]
    assert together(linked(visit, known, *users), "qr:1", "sskdt:1")
    for province, joined in (("93", False), ("22", True)):
        app = record("bluezone:1", "Nguyễn Thị Oanh", phone=PHONE, province_code=province)
        assert together(linked(visit, known, app, *users), "qr:1", "sskdt:1") == joined, province


def test_a_record_without_a_date_waits_where_a_twins_name_may_be_misspelt_alike() -> None:
    twin = record("vneid:1", "Tòng Quốc Bảo", "30/04/2004", phone=PHONE, personal_id="040204381744")
    for name, reason in (("Tòng Quốc Bỏo", "ambiguous"), ("Tòng Quốc Bảo", None)):
        other = record("sskdt:1", name, "30/04/2004", phone=PHONE, insurance_no="3844698028")
        outcome = linked(twin, other, record("bluezone:1", name, phone=PHONE))
        assert held(outcome).get("bluezone:1") == reason, name
