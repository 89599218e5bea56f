"""What counts as one home, and when the same words are the same name: the stories of a fifth generator."""

from __future__ import annotations

import pytest

from unit.linkage.made_claims import linked, record, together

PHONE, OTHER_PHONE, MOTHERS = "0901234567", "0987654321", "0911101601"
COMMUNE = {"commune_code": "06541", "district_code": "193", "province_code": "22"}
HAMLET = "Tổ dân phố 7"


def test_a_childs_house_and_the_hamlet_it_stands_in_are_no_two_homes() -> None:
    bao = {"name": "Lê Đức Bảo", "born": "2017", "sex": "male", "phone": MOTHERS, "phone_is_own": False, **COMMUNE}
    here = record("tokhaiyte:1", **bao, address=f"Số 95 đường Lê Lợi, {HAMLET}", personal_id="025217502527")
    for line, joined in ((HAMLET, True), ("TO DAN PHO 7", True), ("Tổ dân phố 8", False)):
        assert (
            together(linked(here, record("tokhaiyte:2", **bao, address=line)), "tokhaiyte:1", "tokhaiyte:2") == joined
        )


def test_a_house_number_is_one_home_only_with_its_hamlet() -> None:
    app = record("bluezone:1", "Lò Thị Hặc", phone=PHONE, address="Số 71, Tổ dân phố 1", **COMMUNE)
    for line, joined in (("Số 71, Tổ dân phố Đoài", False), ("Số 71, Tổ dân phố 1", True)):
        known = record("sskdt:1", "Lò Thị Hặc", "1942", phone=OTHER_PHONE, address=line, **COMMUNE)
        assert together(linked(app, known), "bluezone:1", "sskdt:1") == joined, line


def test_a_group_of_houses_of_a_town_is_a_hamlet() -> None:
    name = {"name": "Tạ Hoàng Thiên Lý", "sex": "female", **COMMUNE}
    for line, joined in ((HAMLET, False), ("TDP 7", False), ("Số 4 Lê Lợi", True)):
        app = record("tokhaiyte:1", born="2000", address=line, phone=PHONE, **name)
        listed = record("ncovi:1", born="04/05/2000", address=line, phone=OTHER_PHONE, **name)
        assert together(linked(app, listed), "tokhaiyte:1", "ncovi:1") == joined, line


def test_an_insurance_card_that_names_a_commune_alone_names_no_other_home() -> None:
    ha = {"name": "Phạm Quỳnh Hà", "born": "25/06/2011", "sex": "female"}
    child = record("sskdt:1", **ha, phone=PHONE, address="Tổ dân phố Thượng", **COMMUNE)
    for line, joined in (("Xã Yên Thắng", True), ("Thôn Hạ", False)):
        card = record("qr:1", **ha, insurance_no="3823853072", address=line)
        assert together(linked(child, card), "sskdt:1", "qr:1") == joined, line


def test_sisters_whose_two_given_names_change_places_are_two_and_a_family_name_written_last_is_none_else() -> None:
    home = {"phone": MOTHERS, "address": "Số 120 đường Hùng Vương", "sex": "female", **COMMUNE}
    elder = record("sskdt:1", "Nguyễn Ngọc Quỳnh", "20/05/2014", **home)
    for name, joined in (("Nguyễn Quỳnh Ngọc", False), ("Ngọc Quỳnh Nguyễn", True)):
        for year in ("2014", "2015"):
            other = record("tokhaiyte:1", name, year, **home, phone_is_own=False)
            assert together(linked(elder, other), "sskdt:1", "tokhaiyte:1") == joined, (name, year)


def test_a_slip_of_the_birthday_joins_without_a_phone_in_one_house() -> None:
    tai = {"name": "Lê Văn Tài", "sex": "male", **COMMUNE}
    listed = record("ncovi:1", born="28/12/1962", **tai, address="Số 186 đường Lý Thường Kiệt")
    for house, joined in (("186", True), ("168", False)):
        account = record("sskdt:1", born="18/12/1962", **tai, phone=PHONE, address=f"Số {house} đường Lý Thường Kiệt")
        assert together(linked(listed, account), "ncovi:1", "sskdt:1") == joined, house


def test_two_paper_codes_of_one_number_are_one_persons() -> None:
    code = {"name": "NGUYEN THI HUONG", "born": "15/05/1954", "sex": "female"}
    with_card = record("qr:1", **code, old_id="268483092", qid="162979388586171100")
    for qid, joined in (("162979388586171100", True), ("162979388586171101", False)):
        assert together(linked(with_card, record("qr:2", **code, qid=qid)), "qr:1", "qr:2") == joined


@pytest.mark.parametrize(("province", "joined"), [("22", True), ("48", False)])
def test_a_birthday_and_a_hamlet_said_by_two_records_each_join_over_two_phones(province: str, joined: bool) -> None:
    tuan = {"sex": "male", "personal_id": "025093658727", "phone": PHONE}
    code = record("qr:1", "TRAN VAN TUAN", "05/03/1993", **tuan)
    form = record(
        "tokhaiyte:1", "Trần Văn Tuấn", "1993", **tuan, address=HAMLET, **(COMMUNE | {"province_code": province})
    )
    dose = record("dose:1", "Trần Văn Tuấn", "05/03/1993", sex="male", old_id="265510674", phone=OTHER_PHONE)
    account = record(
        "sskdt:1", "Trần Văn Tuấn", "1993", sex="male", old_id="265510674", phone=OTHER_PHONE, address=HAMLET, **COMMUNE
    )
    assert together(linked(code, form, dose, account), "qr:1", "tokhaiyte:1", "dose:1", "sskdt:1") == joined


def test_a_grown_name_without_marks_joins_over_another_phone_where_its_letters_are_one_name() -> None:
    said = {"born": "11/07/1981", "sex": "male", "address": "Số 92, Xóm Trung", **COMMUNE}
    for marked, bare, joined in (("Đặng Trí", "DANG TRI", True), ("Đặng Thủy", "DANG THUY", False)):
        listed = record("ncovi:1", marked, **said, personal_id="001081199053", phone=PHONE)
        account = record("sskdt:1", bare, **said, old_id="022166252", phone=OTHER_PHONE)
        assert together(linked(listed, account), "ncovi:1", "sskdt:1") == joined, marked


def test_a_date_that_is_simply_wrong_joins_in_one_house_and_not_in_one_hamlet() -> None:
    him = {"name": "Trần Văn Hùng", "sex": "male", **COMMUNE}
    for line, joined in (("Ấp 6", False), ("Số 4 Lê Lợi", True)):
        listed = record("ncovi:1", born="29/06/1973", **him, address=line)
        account = record("sskdt:1", born="16/04/1983", **him, phone=PHONE, address=line)
        assert together(linked(listed, account), "ncovi:1", "sskdt:1") == joined, line


def test_name_and_birthday_alone_join_nobody_who_is_known_in_another_province() -> None:
    born = "08/02/1964"
    listed = record("ncovi:1", "Lê Thị Phương", born, sex="female", address="Thôn Hạ", **COMMUNE)
    dose = record("dose:1", "Lê Thị Phương", born, sex="female", personal_id="079164213975", phone=PHONE)
    for province, joined in (("22", True), ("79", False)):
        form = record(
            "tokhaiyte:1", "Lê Thị Phương", "1964", sex="female", personal_id="079164213975", phone=PHONE,
            province_code=province,
        )  # fmt: skip
        assert together(linked(listed, dose, form), "ncovi:1", "dose:1") == joined, province
