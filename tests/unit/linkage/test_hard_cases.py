"""The cases that broke the joins of 2021 and 2022, one by one: who must be one person, and who must not."""

from unit.linkage.made_claims import Row, groups, held, linked, record, together

NAM = {"name": "Nguyễn Văn Nam", "born": "05/03/1990", "sex": "male"}
PHONE, OTHER_PHONE = "0901234567", "0987654321"
COMMUNE = {"commune_code": "06541", "district_code": "193", "province_code": "22"}
HOME = {"phone": PHONE, "address": "Tổ 5", **COMMUNE}


def test_card_of_the_old_kind_and_of_the_new_kind_meet_over_the_official_bridge() -> None:
    outcome = linked(
        record("sskdt:1", **NAM, old_id="012345678"),
        record("sampling:1", "NGUYEN VAN NAM", "05/03/1990", personal_id="001090012345"),
        record("vneid:1", **NAM, personal_id="001090012345", old_id="012345678", id_verified=True),
    )
    assert together(outcome, "sskdt:1", "sampling:1", "vneid:1")


def test_twins_of_one_phone_and_neighbouring_ids_stay_two_people() -> None:
    outcome = linked(
        record("vneid:an", "Nguyễn Văn An", "01/02/2010", personal_id="001210012345", phone=PHONE, sex="male"),
        record("vneid:ân", "Nguyễn Văn Ân", "01/02/2010", personal_id="001210012346", phone=PHONE, sex="male"),
        record("sskdt:an", "NGUYEN VAN AN", "01/02/2010", personal_id="001210012345", phone=PHONE, sex="male"),
        record("sskdt:ân", "NGUYEN VAN AN", "01/02/2010", personal_id="001210012346", phone=PHONE, sex="male"),
    )
    assert groups(outcome) == {frozenset({"vneid:an", "sskdt:an"}), frozenset({"vneid:ân", "sskdt:ân"})}


def test_record_that_may_be_either_twin_is_held_as_ambiguous() -> None:
    outcome = linked(
        record("vneid:an", "Nguyễn Văn An", "01/02/2010", personal_id="001210012345", phone=PHONE, sex="male"),
        record("vneid:ân", "Nguyễn Văn Ân", "01/02/2010", personal_id="001210012346", phone=PHONE, sex="male"),
        record("dose:1", "NGUYEN VAN AN", "01/02/2010", phone=PHONE, sex="male"),
    )
    assert held(outcome) == {"dose:1": "ambiguous"}
    candidates = {row["other_record"] for row in outcome.review.to_pylist() if row["record"] == "dose:1"}
    assert candidates == {"vneid:an", "vneid:ân"}


def test_twins_without_ids_whose_names_differ_in_one_tone_stay_apart() -> None:
    outcome = linked(
        record("a:1", "Trần Hoài Thúy", "2013", phone=PHONE, sex="female"),
        record("a:2", "Trần Hoài Thùy", "2013", phone=PHONE, sex="female"),
    )
    assert not together(outcome, "a:1", "a:2")


def test_father_and_son_of_one_name_on_one_phone_stay_apart() -> None:
    outcome = linked(
        record("vneid:father", "Trần Văn Hậu", "10/11/1970", personal_id="027070731794", phone=PHONE, sex="male"),
        record("vneid:son", "Trần Văn Hậu", "26/03/2001", personal_id="027201731794", phone=PHONE, sex="male"),
        record("tokhaiyte:father", "TRẦN VĂN HẬU", "1970", phone=PHONE, sex="male"),
        record("bluezone:1", "Trần Văn Hậu", phone=PHONE),
    )
    assert together(outcome, "vneid:father", "tokhaiyte:father")
    assert not together(outcome, "vneid:father", "vneid:son")
    assert held(outcome) == {"bluezone:1": "ambiguous"}


def test_three_namesakes_of_one_year_and_commune_stay_three_people() -> None:
    outcome = linked(
        *(
            record(f"sskdt:{number}", "Nguyễn Văn Nam", "01/01/1985", commune_code="00001", province_code="01",
                   district_code="001", phone=f"090123456{number}", sex="male")
            for number in range(3)
        )
    )  # fmt: skip
    assert len(groups(outcome)) == 3


def test_phone_shared_by_nine_people_joins_none_of_them() -> None:
    names = ["Lan", "Hoa", "Mai", "Cúc", "Trúc", "Đào", "Liễu", "Hồng", "Huệ"]
    outcome = linked(*(record(f"ncovi:{name}", f"Lê Thị {name}", "1980", phone=PHONE) for name in names))
    assert len(groups(outcome)) == 9


def test_phone_alone_never_joins_and_cannot_stand_for_anybody() -> None:
    outcome = linked(record("vneid:1", **NAM, phone=PHONE, personal_id="001090012345"), record("qr:1", phone=PHONE))
    assert held(outcome) == {"qr:1": "not_enough_to_identify"}


def test_name_and_year_alone_never_join_two_records() -> None:
    outcome = linked(record("a:1", "Nguyễn Văn Nam", "1990"), record("b:1", "Nguyễn Văn Nam", "1990"))
    assert not together(outcome, "a:1", "b:1")


def test_woman_registered_under_two_names_is_one_person_by_id_and_birthday() -> None:
    her = {"born": "08/05/1985", "sex": "female", "personal_id": "001185012345"}
    outcome = linked(record("a:1", "Nguyễn Thị Lan", **her), record("b:1", "Nguyễn Thị Mai", **her))
    assert together(outcome, "a:1", "b:1")


def test_old_card_number_typed_for_two_people_joins_them_not() -> None:
    outcome = linked(
        record("a:nam", **NAM, old_id="012345678", personal_id="001090012345"),
        record("b:nam", **NAM, old_id="012345678"),
        record("a:lan", "Trần Thị Lan", "07/07/1971", sex="female", personal_id="001171054321"),
        record("b:lan", "Trần Thị Lan", "07/07/1971", sex="female", old_id="012345678", personal_id="001171054321"),
    )
    assert groups(outcome) == {frozenset({"a:nam", "b:nam"}), frozenset({"a:lan", "b:lan"})}


def test_childs_dose_under_the_mothers_id_and_phone_reaches_the_child() -> None:
    child = {"name": "Lê Minh Anh", "born": "03/04/2008", "sex": "female", "phone": PHONE}
    outcome = linked(
        record("vneid:mother", "Phạm Thị Hoa", "01/02/1980", personal_id="001180011111", phone=PHONE, sex="female"),
        record("vneid:child", **child, personal_id="001308022222"),
        record("dose:child", **child, personal_id="001180011111"),
    )
    assert groups(outcome) == {frozenset({"vneid:mother"}), frozenset({"vneid:child", "dose:child"})}


def test_two_swapped_digits_that_make_somebody_elses_id_reach_the_right_person() -> None:
    outcome = linked(
        record("vneid:nam", **NAM, personal_id="001090012354", phone=PHONE, id_verified=True),
        record("vneid:other", "Đỗ Quang Hải", "09/09/1990", sex="male", personal_id="001090012345", id_verified=True),
        record("dose:nam", **NAM, personal_id="001090012345", phone=PHONE),
    )
    assert groups(outcome) == {frozenset({"vneid:nam", "dose:nam"}), frozenset({"vneid:other"})}


def test_two_different_verified_ids_never_join_whatever_else_agrees() -> None:
    same = {**NAM, "phone": PHONE, "insurance_no": "0123456789", "old_id": "012345678", "id_verified": True}
    outcome = linked(
        record("vneid:1", **same, personal_id="001090012345"), record("vneid:2", **same, personal_id="001090099999")
    )
    assert not together(outcome, "vneid:1", "vneid:2")
    assert "two_verified_ids" in outcome.review.column("reason").to_pylist()


def test_newborn_without_a_name_is_not_joined_to_its_mother() -> None:
    outcome = linked(
        record("sskdt:mother", "Nguyễn Thị Hoa", "08/05/1995", sex="female", phone=PHONE, old_id="012345678"),
        record("sskdt:newborn", "Con bà Nguyễn Thị Hoa", "10/07/2021", sex="female", phone=PHONE),
    )
    assert not together(outcome, "sskdt:mother", "sskdt:newborn")


def test_two_members_of_one_household_list_are_two_people_however_alike() -> None:
    alike = {"name": "LE VAN HUNG", "born": "12/12/2012", "phone": PHONE, "sex": "male", "household": "ncovi:7"}
    outcome = linked(record("ncovi:m1", **alike), record("ncovi:m2", **alike))
    assert len(groups(outcome)) == 2


def test_foreigner_is_recognised_by_passport_in_any_order_of_names() -> None:
    outcome = linked(
        record("entry:1", "KIM MIN JUN", "24/02/1983", passport="M12345678"),
        record("sskdt:1", "MIN JUN KIM", "24/02/1983", passport="M12345678"),
    )
    assert together(outcome, "entry:1", "sskdt:1")


def test_person_who_changed_the_phone_is_found_by_name_and_birthday_when_rare() -> None:
    her = {"name": "Tạ Hoàng Thiên Lý", "born": "24/02/1983", "sex": "female", **COMMUNE}
    outcome = linked(record("a:1", **her, phone=PHONE), record("b:1", **her, phone=OTHER_PHONE, address="9 Trần Phú"))
    assert together(outcome, "a:1", "b:1")


def test_namesakes_born_on_one_day_in_one_commune_with_a_phone_and_a_house_each_stay_two_people() -> None:
    her = {"name": "Tạ Hoàng Thiên Lý", "born": "24/02/1983", "sex": "female", **COMMUNE}
    one, other = {"phone": PHONE, "address": "18 Lê Lợi"}, {"phone": OTHER_PHONE, "address": "9 Trần Phú"}
    outcome = linked(
        record("a:1", **her, **one), record("b:1", **her, **other), record("b:2", **her, phone=OTHER_PHONE)
    )
    assert groups(outcome) == {frozenset({"a:1"}), frozenset({"b:1", "b:2"})}
    moved = linked(record("a:1", **her, **one, old_id="012345678"), record("b:1", **her, **other, old_id="012345678"))
    assert together(moved, "a:1", "b:1")


def test_a_record_without_a_phone_does_not_bridge_two_namesakes_born_on_one_day() -> None:
    her = {"name": "Tạ Hoàng Thiên Lý", "born": "24/02/1983", "sex": "female", **COMMUNE}
    outcome = linked(
        record("a:1", **her, phone=PHONE, address="18 Lê Lợi"),
        record("b:1", **her, phone=OTHER_PHONE, address="9 Trần Phú"),
        record("c:1", **her),
    )
    assert not together(outcome, "a:1", "b:1")


def test_day_and_month_swapped_do_not_part_a_person() -> None:
    outcome = linked(
        record("a:1", "Nguyễn Văn Nam", "05/03/1990", phone=PHONE),
        record("b:1", "Nguyễn Văn Nam", "03/05/1990", phone=PHONE),
    )
    assert together(outcome, "a:1", "b:1")


def test_dose_without_columns_follows_the_account_it_names() -> None:
    outcome = linked(
        record("sskdt:sskdt_people:1", **NAM, phone=PHONE), record("sskdt:dose:1", account="sskdt:sskdt_people:1")
    )
    assert together(outcome, "sskdt:sskdt_people:1", "sskdt:dose:1")


def test_dose_of_somebody_else_under_an_account_stays_off_it() -> None:
    outcome = linked(
        record("sskdt:sskdt_people:1", **NAM, phone=PHONE),
        record("sskdt:dose:1", "Trần Thị Lan", "07/07/1971", sex="female", account="sskdt:sskdt_people:1"),
    )
    assert not together(outcome, "sskdt:sskdt_people:1", "sskdt:dose:1")


def test_a_row_that_names_nobody_is_held_under_an_account_used_for_somebody_else_too() -> None:
    account = "sskdt:sskdt_people:1"
    outcome = linked(
        record(account, **NAM, phone=PHONE),
        record("sskdt:dose:1", "Nguyễn Thị Út", "07/07/2010", sex="female", account=account, phone=PHONE),
        record("sskdt:dose:2", account=account),
    )
    assert held(outcome) == {"sskdt:dose:2": "ambiguous"}


def test_scanned_card_number_reaches_the_only_person_who_has_it() -> None:
    outcome = linked(record("vneid:1", **NAM, personal_id="001090012345"), record("qr:1", personal_id="001090012345"))
    assert together(outcome, "vneid:1", "qr:1")


def test_scanned_number_that_two_people_carry_is_held() -> None:
    outcome = linked(
        record("a:1", "Đỗ Quang Hải", "09/09/1990", sex="male", old_id="012345678"),
        record("b:1", "Trần Thị Lan", "07/07/1971", sex="female", old_id="012345678"),
        record("qr:1", old_id="012345678"),
    )
    assert held(outcome) == {"qr:1": "ambiguous"}


def test_scanned_number_waits_where_its_own_digits_contradict_its_only_holder() -> None:
    number, scan = "026090681308", {"phone": "0356066800"}
    for born, sex, phone, joined in (
        ("23/04/1967", "male", "0848539302", False),
        ("23/04/1990", "female", "0848539302", False),
        ("23/04/1967", "female", scan["phone"], True),
        ("23/04/1990", "male", "0848539302", True),
    ):
        outcome = linked(
            record("vneid:1", "Bùi Gia Hân", born, sex=sex, phone=phone, personal_id=number),
            record("qr:1", personal_id=number, **scan),
        )
        assert together(outcome, "vneid:1", "qr:1") == joined
        assert held(outcome) == ({} if joined else {"qr:1": "ambiguous"})


def test_scanned_number_that_is_verified_is_its_holders_whatever_its_digits_say() -> None:
    said = {"sex": "female", "personal_id": "026090681308", "id_verified": True}
    outcome = linked(record("vneid:1", "Bùi Gia Hân", "23/04/1967", **said), record("qr:1", personal_id="026090681308"))
    assert together(outcome, "vneid:1", "qr:1")


def test_weak_record_does_not_bridge_two_people_it_fits() -> None:
    outcome = linked(
        record("a:1", "Đặng Thu Thảo", "24/02/1983", sex="female", phone=PHONE, old_id="012345678"),
        record("b:1", "Đặng Thu Thảo", "11/10/1983", sex="female", phone=PHONE, old_id="987654321"),
        record("tokhaiyte:1", "ĐẶNG THU THẢO", "1983", sex="female", phone=PHONE),
    )
    assert not together(outcome, "a:1", "b:1")
    assert held(outcome) == {"tokhaiyte:1": "ambiguous"}


def test_dose_of_somebody_else_under_an_empty_account_draws_nobody_over() -> None:
    account = "sskdt:sskdt_people:7"
    outcome = linked(
        record(account, "Chị"),
        record("sskdt:sskdt_doses:1", account=account),
        record("sskdt:sskdt_doses:2", "Nguyễn Văn Lộc", "02/10/1978", personal_id="001078646578", account=account),
        record("vneid:1", "Nguyễn Văn Lộc", "02/10/1978", personal_id="001078646578", id_verified=True),
    )
    assert groups(outcome) == {frozenset({"vneid:1", "sskdt:sskdt_doses:2"})}


def test_a_childs_name_misspelt_but_for_the_given_name_joins_on_the_familys_phone() -> None:
    for written in ("NGUIỄN BẢO HƯƠNG", "NGUYỄN BẠO HƯƠNG"):
        outcome = linked(
            record("t:1", "Nguyễn Bảo Hương", "2014", phone=PHONE, sex="female"),
            record("t:2", written, "2014", phone=PHONE, sex="female"),
        )
        assert together(outcome, "t:1", "t:2"), written


def test_a_childs_name_without_its_middle_may_be_the_sisters() -> None:
    outcome = linked(
        record("t:1", "Nguyễn Thị Mộng Linh", "29/03/2021", personal_id="082321220188", sex="female", **HOME),
        record("t:2", "NGUYỄN THỊ LINH", "2021", sex="female", **HOME),
        record("t:3", "NGUYỄN THỊ XUÂN LINH", "2021", sex="female", **HOME),
    )
    assert not any(together(outcome, one, "t:2") for one in ("t:1", "t:3"))


def test_grown_twins_on_one_phone_leave_a_name_without_diacritics_open() -> None:
    outcome = linked(
        record("qr:1", "TRAN THANH TUAN", "28/03/2002", phone=PHONE),
        record("sampling:1", "Trần Thành Tuấn", "28/03/2002", old_id="272100496", phone=PHONE),
        record("t:1", "TRẦN THÀNH TUÂN", "2002", phone=PHONE),
    )
    assert held(outcome) == {"qr:1": "ambiguous"}


def test_a_name_without_diacritics_nor_year_is_as_open_as_the_dated_one_beside_it() -> None:
    outcome = linked(
        record("qr:1", "TRUONG MINH TUAN", "17/02/2016", phone=PHONE),
        record("qr:2", "Truong Minh Tuan", phone=PHONE),
        record("sampling:1", "Trương Minh Tuấn", "17/02/2016", phone=PHONE, commune_code="31306"),
        record("t:1", "TRƯƠNG MINH TUÂN", "2016", phone=OTHER_PHONE, commune_code="31306"),
    )
    assert {"qr:1", "qr:2"} <= set(held(outcome))


def test_a_namesakes_number_under_another_date_joins_nobody_who_was_never_seen_there() -> None:
    known = record("sskdt:1", "Nguyễn Thị Nguyệt", "11/02/1982", old_id="385146434", phone=PHONE, sex="female")
    elsewhere = {"old_id": "385146434", "phone": OTHER_PHONE, "sex": "female"}
    assert not together(linked(known, record("s:2", "Nguyễn Thị Nguyệt", "16/02/1993", **elsewhere)), "sskdt:1", "s:2")
    moved = {**elsewhere, "phone": PHONE}
    assert together(linked(known, record("s:2", "Nguyễn Thị Nguyệt", "16/02/1993", **moved)), "sskdt:1", "s:2")


def test_a_newborns_dose_under_a_parents_account_is_held() -> None:
    account = "sskdt:sskdt_people:7"
    outcome = linked(
        record(account, "Lê Văn Anh", "29/11/1990", personal_id="079090326944"),
        record("sskdt:sskdt_doses:1", born="2021", account=account),
        record("sskdt:sskdt_doses:2", account=account),
    )
    assert held(outcome) == {"sskdt:sskdt_doses:1": "ambiguous"}
    assert together(outcome, account, "sskdt:sskdt_doses:2")


def test_another_family_or_middle_name_behind_a_phone_is_no_slip() -> None:
    known = record("vneid:1", "Phan Tấn Cường", "23/08/1991", personal_id="001091362696", phone=PHONE, sex="male")
    assert not together(linked(known, record("qr:1", "Phan Văn Cường", phone=PHONE)), "vneid:1", "qr:1")
    known = record("vneid:1", "Vàng A Sình", "02/08/1971", personal_id="001071299098", phone=PHONE, sex="male")
    assert not together(linked(known, record("qr:1", "Sùng A Sình", phone=PHONE)), "vneid:1", "qr:1")


def test_what_is_left_of_a_name_fits_no_one_while_two_behind_the_phone_are_like_it() -> None:
    outcome = linked(
        record("vneid:1", "Lê Văn Anh", "07/09/1972", personal_id="024072311310", phone=PHONE, sex="male"),
        record("t:1", "LÊ MINH ANH", "2012", phone=PHONE, sex="male"),
        record("bluezone:1", "Lê Anh", phone=PHONE),
        record("qr:1", "Lê Anh", phone=PHONE),
    )
    assert not together(outcome, "vneid:1", "qr:1")
    assert not together(outcome, "t:1", "qr:1")


def test_a_namesake_at_another_place_behind_a_clerks_phone_is_not_joined() -> None:
    outcome = linked(
        record("sskdt:1", "Nguyễn Thị Oanh", "15/06/1988", old_id="080361431", sex="female", **HOME),
        record("bluezone:1", "Nguyễn Thị Oanh", **{**HOME, "commune_code": "31468", "province_code": "93",
                                                   "district_code": "935", "address": "Xóm 1"}),
    )  # fmt: skip
    assert not together(outcome, "sskdt:1", "bluezone:1")


def test_a_childs_given_name_one_letter_or_tone_off_may_be_the_twins() -> None:
    for written in ("PHẠM VĂN MINHH", "PHẠM VĂN MÍNH", "PHAM VAN MINHH"):
        outcome = linked(
            record("t:1", "Phạm Văn Minh", "2012", phone=PHONE, sex="male"),
            record("t:2", written, "2012", phone=PHONE, sex="male"),
        )
        assert not together(outcome, "t:1", "t:2"), written


def test_a_year_that_is_off_joins_under_one_spelling_phone_and_home() -> None:
    known = record("t:1", "Mai Văn Mạnh", "1989", **HOME)
    assert together(linked(known, record("t:2", "MAI VĂN MẠNH", "1986", **HOME)), "t:1", "t:2")
    assert not together(linked(known, record("t:2", "MAI VĂN MẠNH", "1959", **HOME)), "t:1", "t:2")
    assert not together(linked(known, record("t:2", "MAI VAN MANH", "1986", **HOME)), "t:1", "t:2")
    elsewhere = {**HOME, "phone": OTHER_PHONE, "address": "Tổ 9"}
    assert not together(linked(known, record("t:2", "MAI VĂN MẠNH", "1986", **elsewhere)), "t:1", "t:2")


def test_children_of_one_name_and_two_years_on_one_phone_are_two_children() -> None:
    outcome = linked(
        record("t:1", "Mai Văn Mạnh", "2009", **HOME), record("sampling:2", "Mai Văn Mạnh", "11/03/2006", **HOME)
    )
    assert not together(outcome, "t:1", "sampling:2")


def test_two_dates_that_stand_in_two_systems_each_are_two_peoples() -> None:
    rows = [
        record(f"{system}:{born}", "Phan Thị Mĩ", born, **HOME)
        for system in ("tokhaiyte", "sampling")
        for born in ("17/02/1997", "23/07/1989")
    ]
    outcome = linked(*rows)
    assert together(outcome, "tokhaiyte:17/02/1997", "sampling:17/02/1997")
    assert not together(outcome, "tokhaiyte:17/02/1997", "tokhaiyte:23/07/1989")


def test_a_longer_name_on_a_phone_may_be_the_child_of_who_is_known_there() -> None:
    known = record("vneid:1", "Ngô Văn Kiên", "21/02/1980", personal_id="066080149502", phone=PHONE, sex="male")
    assert not together(linked(known, record("qr:1", "Ngô Văn Minh Kiên", phone=PHONE)), "vneid:1", "qr:1")
    assert together(linked(known, record("qr:1", "Ngô Kiên", phone=PHONE)), "vneid:1", "qr:1")


def test_the_very_spelling_tells_brothers_on_one_phone_apart() -> None:
    outcome = linked(
        record("vneid:ha", "Phan Thị Hà", "13/05/1983", personal_id="082183111111", phone=PHONE, sex="female"),
        record("vneid:ho", "Phan Thị Họ", "13/05/1985", personal_id="082185222222", phone=PHONE, sex="female"),
        record("bluezone:1", "Phan Thị Hà", phone=PHONE),
    )
    assert together(outcome, "vneid:ha", "bluezone:1")


def test_doses_of_an_account_with_a_damaged_name_reach_the_person_of_its_phone() -> None:
    rows = (
        record("vneid:1", "Phạm Văn Thành", "03/09/1982", personal_id="033082437364", phone=PHONE, sex="male"),
        record("dose:1", "Phạm Văn Thành", "03/09/1982", personal_id="033082437364", account="sskdt:7"),
        record("dose:2", account="sskdt:7"),
    )
    of_one_phone = linked(*rows, record("sskdt:7", "Nguyen ???", phone=PHONE))
    assert together(of_one_phone, "vneid:1", "dose:1", "dose:2")
    of_another = linked(*rows, record("sskdt:7", "Nguyen ???", phone=OTHER_PHONE))
    assert not together(of_another, "vneid:1", "dose:2")


def test_a_sex_that_is_simply_wrong_does_not_part_a_person() -> None:
    her = {"name": "Hồ Thị Thơm", "phone": PHONE}
    known = record("sskdt:1", **her, born="17/02/1971", sex="female", old_id="021633943")
    for born in ("17/02/1971", "1971"):
        assert together(linked(known, record("dose:1", **her, born=born, sex="male")), "sskdt:1", "dose:1"), born
    assert not together(linked(known, record("dose:1", **her, born="17/02/1981", sex="male")), "sskdt:1", "dose:1")
    twin = record("dose:1", "Hồ Thị Thớm", "17/02/1971", sex="male", phone=PHONE)
    assert not together(linked(known, twin), "sskdt:1", "dose:1")


def test_initials_before_the_given_name_join_under_the_same_number() -> None:
    her = {"sex": "female", "old_id": "147194549", "phone": PHONE}
    known = record("t:1", "Nguyễn Thị Kim Xuân", "23/05/1995", **her)
    assert together(linked(known, record("t:2", "N. T. Xuân", "1995", **her)), "t:1", "t:2")
    assert together(
        linked(known, record("t:2", "N T XUÂN", "23/05/1995", **{**her, "phone": OTHER_PHONE})), "t:1", "t:2"
    )
    assert not together(linked(known, record("t:2", "N. T. Xuân", "2015", **her)), "t:1", "t:2")
    assert not together(linked(known, record("t:2", "N. T. Thu", "1995", **her)), "t:1", "t:2")


def test_a_day_that_universal_time_put_before_joins_over_the_end_of_a_month() -> None:
    known = record("t:1", "Nguyễn Mỹ Oanh", "01/05/2001", phone=PHONE)
    assert together(linked(known, record("t:2", "Nguyễn Mỹ Oanh", "30/04/2001", phone=PHONE)), "t:1", "t:2")
    assert not together(linked(known, record("t:2", "Nguyễn Mỹ Oanh", "28/04/2002", phone=PHONE)), "t:1", "t:2")


def test_two_slips_of_one_number_stand_beside_the_number_itself() -> None:
    him = {"name": "Nguyễn Thanh Phúc", "born": "10/11/1990", "sex": "male", "phone": PHONE}
    outcome = linked(
        record("vneid:1", **him, personal_id="079090040759", id_verified=True),
        record("sskdt:1", **him, personal_id="079090048759"),
        record("sampling:1", **him, personal_id="079020040759"),
    )
    assert together(outcome, "vneid:1", "sskdt:1", "sampling:1")


def test_ten_digits_out_of_an_identifier_column_find_their_holder_and_contradict_nobody() -> None:
    card = record("sskdt:card", **NAM, phone=PHONE, old_id="172422523", insurance_no="3822012345")
    mistyped = record("sampling:1", **NAM, phone=PHONE, insurance_no="1724225233", flags=("insurance_unsure",))
    copied = record("sampling:2", **NAM, phone=PHONE, insurance_no="1724225239", flags=("insurance_unsure",))
    right = record("qr:1", insurance_no="3822012345", flags=("insurance_unsure",))
    another = record("sampling:3", **NAM, phone=PHONE, insurance_no="1724225233")

    assert together(linked(card, mistyped, copied, right), "sskdt:card", "sampling:1", "sampling:2", "qr:1")
    assert not together(linked(card, another), "sskdt:card", "sampling:3")


def test_a_passport_that_is_a_sign_short_parts_nobody() -> None:
    whole = record("vneid:1", **NAM, phone=PHONE, passport="P1450974")
    short = record("sskdt:1", **NAM, phone=PHONE, passport="P145097", flags=("passport_unsure",))

    assert together(linked(whole, short), "vneid:1", "sskdt:1")
    assert not together(linked(whole, {**short, "flags": ()}), "vneid:1", "sskdt:1")


def test_a_name_of_an_old_reading_without_marks_but_for_its_first_letter_contradicts_no_marks() -> None:
    marked = record("vneid:1", "Vũ Văn Đức", "1998", phone=PHONE, sex="male")
    careless = record("tokhaiyte:1", "VU VAN DUC", "1998", phone=PHONE, sex="male")

    assert together(linked(marked, {**careless, "name_full": "vu van đuc"}), "vneid:1", "tokhaiyte:1")


def test_a_number_that_lost_a_digit_and_was_given_a_zero_is_a_slip_of_the_whole_one() -> None:
    him = {"name": "Trần Đình Thành", "born": "11/06/1982", "sex": "male"}
    first = record("vneid:1", **him, phone=PHONE, old_id="284463947")
    outcome = linked(first, record("sskdt:1", **him, phone=OTHER_PHONE, old_id="028446394"))
    assert together(outcome, "vneid:1", "sskdt:1")
    other = linked(first, record("sskdt:1", **him, phone=OTHER_PHONE, old_id="028446321"))
    assert not together(other, "vneid:1", "sskdt:1")


def test_a_bare_spelling_is_unsure_where_its_birthday_leads_to_twins() -> None:
    home = {**COMMUNE, "sex": "female", "phone": PHONE}
    outcome = linked(
        record("sskdt:quí", "Trần Thị Quí", "17/03/2009", **home),
        record("sskdt:quì", "Trần Thị Quì", "17/03/2009", **home),
        record("qr:1", "TRAN THI QUI", "17/03/2009", sex="female"),
    )
    assert held(outcome) == {"qr:1": "ambiguous"}


def test_a_name_and_a_phone_may_be_the_fathers_whose_son_of_that_name_is_known_there() -> None:
    son = {"name": "Trần Công Kiên", "born": "16/06/2007", "sex": "male"}
    father = {"name": "Trần Công Kiên", "born": "03/10/1971", "sex": "male"}
    known = [
        record("vneid:son", **son, personal_id="001207529020", phone=PHONE),
        record("dose:son", **son, personal_id="001207529020", phone=OTHER_PHONE),
        record("qr:1", "Trần Công Kiên", phone=PHONE),
    ]
    assert together(linked(*known), "vneid:son", "qr:1")
    assert held(linked(*known, record("vneid:father", **father, phone=OTHER_PHONE))) == {"qr:1": "ambiguous"}


def test_a_name_and_a_phone_may_be_the_childs_of_that_name_in_the_house() -> None:
    house = {**COMMUNE, "address": "Tổ 5"}
    known = [
        record("vneid:1", "Nguyễn Văn Nhân", "17/07/1983", personal_id="079083487214", phone=PHONE, **house),
        record("qr:1", "Nguyễn Văn Nhân", phone=PHONE),
    ]
    assert together(linked(*known), "vneid:1", "qr:1")
    child = record("tokhaiyte:1", "Nguyễn Văn Nhân", "2013", phone=OTHER_PHONE, **house)
    assert held(linked(*known, child)) == {"qr:1": "ambiguous"}


def test_a_scanned_number_that_two_people_of_one_year_and_sex_carry_is_held() -> None:
    number = {"sex": "male", "personal_id": "079078186141"}
    verified = record("vneid:1", "Dương Văn Hòa", "25/07/1978", id_verified=True, **number)
    assert together(linked(verified, record("qr:1", personal_id="079078186141")), "vneid:1", "qr:1")
    other = record("sskdt:1", "Hồ Công Thuận", "20/10/1978", **number)
    assert held(linked(verified, other, record("qr:1", personal_id="079078186141"))) == {"qr:1": "ambiguous"}


def test_a_name_and_birthday_in_two_provinces_is_two_people_and_in_one_commune_a_rare_name_is_one() -> None:
    elsewhere = {"commune_code": "00001", "district_code": "001", "province_code": "01"}

    def is_one(name: str, **there: str) -> bool:
        her = {"name": name, "born": "05/03/1990", "sex": "female"}
        outcome = linked(record("a:1", **her, phone=PHONE, **COMMUNE), record("b:1", **her, **there))
        return together(outcome, "a:1", "b:1")

    assert not is_one("Lê Thị Mai", **elsewhere)
    assert not is_one("Tạ Minh Ngọc", **elsewhere)
    assert is_one("Tạ Minh Ngọc", **COMMUNE)


def test_a_name_and_a_phone_join_nobody_who_lives_in_another_province() -> None:
    elsewhere = {"commune_code": "00001", "district_code": "001", "province_code": "01"}
    known = [
        record("sskdt:1", **NAM, phone=PHONE, old_id="012345678"),
        record("tokhaiyte:1", **NAM, old_id="012345678", **COMMUNE),
    ]
    assert together(linked(*known, record("bluezone:1", NAM["name"], phone=PHONE)), "sskdt:1", "bluezone:1")
    account = record("bluezone:1", NAM["name"], phone=PHONE, **elsewhere)
    assert not together(linked(*known, account), "sskdt:1", "bluezone:1")


def test_a_childs_bare_spelling_under_another_account_of_the_app_may_be_the_twins() -> None:
    boy = {"born": "15/06/2008", "sex": "male", "phone": PHONE}
    twin = record("sskdt:sskdt_people:1", "Phan Văn Tuân", **boy)
    dose = record("sskdt:dose:1", "Phan Văn Tuân", **boy, account="sskdt:sskdt_people:1")
    bare = record("sskdt:dose:2", "PHAN VAN TUAN", **boy)
    assert together(linked(twin, dose, bare), "sskdt:dose:1", "sskdt:dose:2")
    elsewhere = bare | {"account": "sskdt:sskdt_people:2"}
    assert not together(linked(twin, dose, elsewhere), "sskdt:dose:1", "sskdt:dose:2")


def test_a_childs_bare_name_joins_by_year_and_phone_where_its_letters_are_one_name_alone() -> None:
    def joined(marked: str, bare: str, year: str) -> bool:
        rows = (record("tokhaiyte:1", marked, year, phone=PHONE), record("qr:1", bare, f"31/08/{year}", phone=PHONE))
        return together(linked(*rows), "tokhaiyte:1", "qr:1")

    assert joined("Nguyễn Văn Quân", "NGUYEN VAN QUAN", "2017")
    assert not joined("Nguyễn Văn Tuân", "NGUYEN VAN TUAN", "2017")
    assert joined("Nguyễn Văn Tuân", "NGUYEN VAN TUAN", "1977")
    assert joined("Nguyễn Văn Tuân", "Nguyễn Văn Tuân", "2017")


def test_a_scanned_number_of_a_woman_registered_under_two_names_is_hers() -> None:
    her = {"born": "08/05/1985", "sex": "female", "personal_id": "001185012345"}
    outcome = linked(
        record("a:1", "Nguyễn Thị Lan", **her), record("b:1", "Nguyễn Thị Mai", **her),
        record("qr:1", personal_id="001185012345"),
    )  # fmt: skip
    assert together(outcome, "a:1", "b:1", "qr:1")


def test_a_row_that_names_nobody_is_held_under_an_account_whose_number_stands_in_a_childs_row() -> None:
    account = "sskdt:sskdt_people:1"
    rows = [
        record(account, **NAM, phone=PHONE, personal_id="001090012345"),
        record("sskdt:dose:2", account=account),
    ]
    assert held(linked(*rows)) == {}
    child = record("sskdt:dose:1", "Nguyễn Thị Út", "07/07/2010", sex="female", personal_id="001090012345")
    assert held(linked(*rows, child)) == {"sskdt:dose:2": "ambiguous"}


def test_so_is_one_under_another_account_of_the_parents_which_knows_no_number() -> None:
    account = "sskdt:sskdt_people:2"
    known = {**NAM, "phone": PHONE}
    rows = [
        record("sskdt:sskdt_people:1", **known, personal_id="001090012345"),
        record(account, **known, old_id="012345678"),
        record("sskdt:dose:2", account=account),
    ]
    assert together(linked(*rows), "sskdt:sskdt_people:1", account, "sskdt:dose:2")
    child = record("sskdt:dose:1", "Nguyễn Thị Út", "07/07/2010", sex="female", personal_id="001090012345")
    assert held(linked(*rows, child)) == {"sskdt:dose:2": "ambiguous"}


def test_a_twins_name_written_as_one_word_is_a_spelling_too() -> None:
    girls = {"sex": "female", "phone": PHONE}
    rows = [
        record("vneid:1", "Nguyễn Ngọc Hùng", "16/09/2007", personal_id="001307861918", **girls),
        record("dose:1", "NGUYEN NGOC HUNG", "09/09/2007", **girls),
    ]
    assert held(linked(*rows)) == {}
    assert held(linked(*rows, record("t:1", "Nguyễn NgọcHưng", "2007", **girls))) == {"dose:1": "ambiguous"}


def test_a_date_stands_in_two_systems_where_one_of_them_knows_no_phone() -> None:
    girl = {"name": "Nguyễn Thị Trâm", "sex": "female", **COMMUNE}
    rows = [
        record("sampling:1", **girl, born="30/08/2014", phone=PHONE, address="Thôn 10"),
        record("tokhaiyte:1", **girl, born="2014", phone=PHONE, address="Thôn 10"),
        record("tokhaiyte:2", **girl, born="2013", phone=PHONE, address="Thôn 10"),
    ]
    assert together(linked(*rows), "tokhaiyte:1", "tokhaiyte:2")
    assert not together(linked(*rows, record("sampling:2", **girl, born="03/03/2013")), "tokhaiyte:1", "tokhaiyte:2")


def _two_sisters(row: dict[str, object], *, has_others: bool = True) -> list[Row]:
    """Twins with a phone and a number each; `row` is one's dose with the other's number."""
    of_chau = {"name": "Nguyễn Thị Châu", "born": "25/11/1988", "sex": "female", "phone": PHONE}
    of_hau = {"name": "Nguyễn Thị Hậu", "born": "25/11/1988", "sex": "female", "phone": OTHER_PHONE}
    others = [record("ncovi:c", **of_chau), record("bluezone:c", **(of_chau | {"born": ""}))] if has_others else []
    return [
        *others,
        record("vneid:h", **of_hau, personal_id="077188018280", id_verified=True),
        record("ncovi:h", **of_hau, personal_id="077188018280"),
        record("sskdt:dose:1", **(of_chau | row), personal_id="077188018280"),
    ]


def test_a_sisters_number_does_not_win_against_the_name_and_phone_of_others() -> None:
    for born in ("25/11/1988", "1988"):
        outcome = linked(*_two_sisters({"born": born, **HOME}))
        assert together(outcome, "sskdt:dose:1", "ncovi:c", "bluezone:c")
        assert together(outcome, "vneid:h", "ncovi:h")
        assert not together(outcome, "sskdt:dose:1", "vneid:h")


def test_a_given_name_one_letter_off_follows_the_number_where_nobody_else_is_called_so_there() -> None:
    assert together(linked(*_two_sisters({}, has_others=False)), "sskdt:dose:1", "vneid:h", "ncovi:h")
