"""What a registration leaves out: the family name, marks, commas; and dates wrong by a year at home."""

from __future__ import annotations

from itertools import product

import pytest

from unit.linkage.made_claims import Row, held, linked, record, together

PHONE, OTHER_PHONE = "0914365933", "0351321143"
QUANG_NGAI = {"commune_code": "21034", "district_code": "524", "province_code": "51"}
HER = record("sskdt:1", "Bùi Hoài Thúy", "03/01/1971", sex="female", old_id="026156926", phone=PHONE)


def visit(name: str, **said: object) -> Row:
    """An undated visit behind her phone."""
    return record("bluezone:1", name, phone=PHONE, **said)


def is_hers(name: str, *others: Row, known: Row = HER) -> bool:
    return together(linked(known, visit(name), *others), "bluezone:1", known["record"])


@pytest.mark.parametrize("name", ["Thúy", "Hoài Thúy", "thuy", "HOAI THUY"])
def test_the_end_of_a_name_is_the_grown_persons_whom_it_ends_behind_that_phone(name: str) -> None:
    assert is_hers(name)


@pytest.mark.parametrize("name", ["Thủy", "Hoài", "Hoàng Thúy", "Bùi Hoài"])
def test_what_is_not_the_end_of_her_name_is_not_hers(name: str) -> None:
    assert not is_hers(name)


def test_a_name_is_longer_than_what_was_known() -> None:
    known = record("sskdt:1", "Hoài Thúy", "03/01/1971", sex="female", old_id="026156926", phone=PHONE)
    assert is_hers("Bùi Hoài Thúy", known=known)
    # 'Hoàng Tuấn' is a family's and a given name, and so may be another's whole name.
    his = record("sskdt:1", "Nguyễn Hoàng Tuấn", "03/01/1971", sex="male", old_id="026156926", phone=PHONE)
    assert not is_hers("Hoàng Tuấn", known=his)


def test_a_given_name_that_two_behind_the_phone_have_is_neithers() -> None:
    cousin = record("ncovi:2", "Trần Minh Thúy", "09/09/1985", sex="female", old_id="215160123", phone=PHONE)
    assert not is_hers("Thúy", cousin)
    assert is_hers("Hoài Thúy", cousin | {"phone": OTHER_PHONE})
    # Whose brother is called otherwise casts no doubt.
    brother = record("ncovi:2", "Bùi Hoài Nam", "09/09/1975", sex="male", old_id="215160123", phone=PHONE)
    assert is_hers("Thúy", brother)


def test_a_childs_given_name_or_one_in_another_province_is_not_joined() -> None:
    child = HER | {"birth_date": record("x", "An", "03/01/2014")["birth_date"]}
    assert not is_hers("Thúy", known=child)
    there = HER | QUANG_NGAI
    elsewhere = visit("Thúy", commune_code="09325", district_code="272", province_code="01")
    assert not together(linked(there, elsewhere), "sskdt:1", "bluezone:1")


def test_the_clan_at_the_end_of_a_highland_name_is_no_given_name() -> None:
    known = record("sskdt:1", "Y Blơm Mlô", "03/01/1971", sex="male", old_id="240123456", phone=PHONE)
    assert not is_hers("Mlô", known=known)


def test_a_name_that_lost_some_marks_is_hers_and_one_with_other_marks_is_not() -> None:
    known = record("sskdt:1", "Lê Văn Anh", "09/01/1989", sex="male", old_id="021658565", phone=PHONE)
    assert is_hers("Lê Van Anh", known=known)
    assert not is_hers("Lê Vân Anh", known=known)
    # 'Thanh' is a name as Thành is.
    brother = record("sskdt:1", "Lê Thành Anh", "09/01/1989", sex="male", old_id="021658565", phone=PHONE)
    assert not is_hers("Lê Thanh Anh", known=brother)
    sister = record("ncovi:2", "Lê Vân Anh", "02/03/1992", sex="female", old_id="021658999", phone=PHONE)
    assert not is_hers("Lê Van Anh", sister, known=known)


def test_behind_a_clerks_phone_a_part_of_a_name_or_a_common_name_is_anybodys() -> None:
    syllables = ("An", "Bình", "Cường", "Dũng", "Hải", "Khánh", "Long", "Minh")
    others = [
        record(f"ncovi:{middle}{given}", f"Trần {middle} {given}", "1980", phone=PHONE, phone_is_own=False)
        for middle, given in product(syllables, syllables)
    ]
    assert is_hers("Thúy", *others[:6])
    assert not is_hers("Thúy", *others[:9])
    his = record("sskdt:1", "Nguyễn Văn Tuấn", "03/01/1971", sex="male", old_id="026156926", phone=PHONE)
    assert not is_hers("Nguyễn Văn Tuấn", *others, known=his)


def test_a_name_declared_for_another_is_not_the_phones_owners() -> None:
    declared = visit("Thúy", phone_is_own=False)
    assert not together(linked(HER, declared), "sskdt:1", "bluezone:1")
    assert together(linked(HER | {"phone_is_own": False}, declared), "sskdt:1", "bluezone:1")


def test_what_waits_draws_nobody_to_it_and_what_people_bound_is_left() -> None:
    waits = [
        record("ncovi:1", "Lê Văn Tuấn", "1990", sex="male", **QUANG_NGAI),
        record("ncovi:2", "Lê Văn Tuân", "1990", sex="male", **QUANG_NGAI),
        record("ncovi:3", "LE VAN TUAN", "1990", sex="male", phone=PHONE, **QUANG_NGAI),
    ]
    outcome = linked(*waits, visit("Tuấn"))
    assert "ncovi:3" in held(outcome)
    assert not together(outcome, "ncovi:3", "bluezone:1")
    elsewhere = record("bluezone:2", "Thúy", phone=OTHER_PHONE)
    said = linked(HER, visit("Thúy"), elsewhere, decided=[("bluezone:1", "bluezone:2", True)])
    assert together(said, "bluezone:1", "bluezone:2")
    assert not together(said, "bluezone:1", "sskdt:1")


def test_such_a_join_is_told_as_one_by_name_and_phone() -> None:
    (told,) = [row for row in linked(HER, visit("Thúy")).assignments.to_pylist() if row["record"] == "sskdt:1"]
    assert told["decision"] == "probabilistic"
    assert '"level":"part_shared"' in told["evidence"]


def test_sisters_of_turned_names_are_two_under_one_number() -> None:
    born = {"born": "25/11/1988", "sex": "female"}
    number = {"personal_id": "077188018280"}
    rows = [
        record("ncovi:1", "Nguyễn Ngọc Quỳnh", phone=PHONE, **born),
        record("sskdt:1", "Nguyễn Ngọc Quỳnh", phone=PHONE, **born, **number),
        record("vneid:2", "Nguyễn Quỳnh Ngọc", phone=OTHER_PHONE, **born, **number, id_verified=True),
        record("sskdt:2", "Nguyễn Quỳnh Ngọc", phone=OTHER_PHONE, **born, **number),
    ]
    assert not together(linked(*rows), "sskdt:1", "sskdt:2")


def test_a_family_name_last_is_no_other_persons_with_the_same_number() -> None:
    his = {"sex": "male", "old_id": "425993642"}
    here = record("sampling:1", "Vũ Ngọc Hậu", "15/03/1996", **his, phone=PHONE, **QUANG_NGAI)
    account = record("bluezone:1", "Vũ Ngọc Hậu", phone=PHONE)
    turned = record("ncovi:1", "Ngọc Hậu Vũ", "15/03/1996", **his)
    assert together(linked(here, account, turned), "sampling:1", "bluezone:1", "ncovi:1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("thôn 2 xã Hàng Vịnh", "thôn 2, X. Hàng Vịnh, H. Năm Căn, Cà Mau"),
        ("158/15 đường lạc long quân phường tân phú", "158/15 đường Lạc Long Quân, Phường Tân Phú, Quận 7"),
        ("xom ha xa hoang phu", "xóm Hạ, Xã Hoằng Phú"),
        ("125/12 30/4", "125/12 đường 30/4, Phường 05, Quận 10"),
        ("335, H. Quế Phong, Nghệ An", "Số 335, Xã Quang Phong, Huyện Quế Phong"),
    ],
)  # fmt: skip
def test_an_address_is_the_same_with_commas_or_without(one: str, other: str) -> None:
    # Children of two houses are two, though name, year and phone agree.
    said = {"sex": "female", "phone": PHONE, **QUANG_NGAI}
    rows = [
        record("ncovi:1", "Tô Phương Uyên", "04/08/2013", address=one, **said),
        record("sskdt:1", "Tô Phương Uyên", "2013", address=other, **said | {"phone_is_own": False}),
    ]
    assert together(linked(*rows), "ncovi:1", "sskdt:1")


def test_two_houses_of_one_street_are_two_whether_the_ward_follows_or_not() -> None:
    said = {"sex": "female", "phone": PHONE, "phone_is_own": False, **QUANG_NGAI}
    rows = [
        record("ncovi:1", "Tô Phương Uyên", "04/08/2013", address="158/15 đường 30/4 phường tân phú", **said),
        record("sskdt:1", "Tô Phương Uyên", "2013", address="160/2 đường 30/4, Phường Tân Phú", **said),
    ]
    assert not together(linked(*rows), "ncovi:1", "sskdt:1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("120, Quan Nhân", "120, Phương Mai"),
        ("120, Tỉnh lộ 10", "120, Phường 5"),
        ("Hợp tác xã Tân Lập", "Hợp tác xã Bình Minh"),
        ("120 Xã Đàn", "120 Xã Tân Lập"),
        ("120 xa lo ha noi", "120 xa tan lap"),
    ],
)
def test_streets_that_sound_like_wards_are_streets(one: str, other: str) -> None:
    said = {"sex": "female", "phone": PHONE, "phone_is_own": False, **QUANG_NGAI}
    rows = [
        record("ncovi:1", "Tô Phương Uyên", "04/08/2013", address=one, **said),
        record("sskdt:1", "Tô Phương Uyên", "2013", address=other, **said),
    ]
    assert not together(linked(*rows), "ncovi:1", "sskdt:1")


def test_a_house_number_alone_is_no_home_outside_its_commune() -> None:
    her = {"born": "05/03/1990", "sex": "female"}
    here = record("sskdt:1", "Nguyễn Thị Lan", phone=PHONE, address="335, Phường 5, Quận 3", **her, **QUANG_NGAI)
    there = {"address": "335, Xã Quang Phong, Quế Phong", "province_code": "40"}
    assert not together(linked(here, record("ncovi:1", "Nguyễn Thị Lan", **her, **there)), "sskdt:1", "ncovi:1")


def test_a_year_wrong_by_one_or_by_a_digit_without_marks_is_theirs_at_home() -> None:
    home = {"sex": "male", "phone": PHONE, "address": "xóm Thượng 4", **QUANG_NGAI}
    known = record("sskdt:1", "Ngô Văn Tuấn", "23/10/1990", old_id="121473940", **home)

    def is_his(year: str, **otherwise: object) -> bool:
        typed = record("tokhaiyte:1", "ngo van tuan", year, **home | otherwise)
        return together(linked(known, typed), "sskdt:1", "tokhaiyte:1")

    assert is_his("1991")
    assert is_his("1980")
    assert not is_his("1986")
    # A brother's day and month; the same, and a digit of the year, are a slip.
    assert not is_his("05/03/1980")
    assert is_his("23/10/1980")
    assert not is_his("1991", address="xóm Hạ 9")
    assert not is_his("1991", phone=OTHER_PHONE)


def test_a_family_name_with_other_marks_is_the_same_family() -> None:
    known = record("sskdt:1", "Nguyễn Vân Thường", "2016", sex="female", phone=PHONE, **QUANG_NGAI)
    typed = record("tokhaiyte:1", "Nguyển Vân Thường", "2016", sex="female", phone=PHONE, **QUANG_NGAI)
    assert together(linked(known, typed), "sskdt:1", "tokhaiyte:1")
    # In another word the mark may be a twin's.
    twin = record("tokhaiyte:1", "Nguyễn Vân Thương", "2016", sex="female", phone=PHONE, **QUANG_NGAI)
    assert not together(linked(known, twin), "sskdt:1", "tokhaiyte:1")


def test_twins_under_a_parents_number_are_two() -> None:
    twins = {"sex": "female", "personal_id": "079173385727", "flags": ["id_birth_conflict"]}
    rows = [
        record("sampling:1", "Phan Phương Nguyệt", "15/11/2017", **twins, phone=PHONE, **QUANG_NGAI),
        record("ncovi:1", "Phan Hương Giang", "15/11/2017", **twins, **QUANG_NGAI),
    ]
    assert not together(linked(*rows), "sampling:1", "ncovi:1")
    # Under a number of her own it is one girl, who was entered with a relative's name.
    own = {"sex": "female", "personal_id": "051317385727"}
    rows = [row | own | {"flags": []} for row in rows]
    assert together(linked(*rows), "sampling:1", "ncovi:1")


def test_a_grown_twins_number_in_the_others_row_joins_nobody() -> None:
    born = {"sex": "male", **QUANG_NGAI}
    rows = [
        record("vneid:1", "Võ Bá Vinh", "14/09/1998", personal_id="066098740433", phone=PHONE, **born),
        record("sampling:1", "Võ Bá Vinh", "14/09/1998", personal_id="066098740434", phone=PHONE, **born),
        record("sskdt:2", "Võ Trọng Khang", "14/09/1998", personal_id="066098740434", phone=OTHER_PHONE, **born),
        record("qr:2", "Võ Trọng Khang", phone=OTHER_PHONE),
    ]
    outcome = linked(*rows)
    assert together(outcome, "vneid:1", "sampling:1")
    assert not together(outcome, "sampling:1", "sskdt:2")


def test_a_second_dose_again_is_the_holders_unless_a_child_is_named_under_the_account() -> None:
    account = {"account": "sskdt:p:1"}
    rows = [
        HER | {"record": "sskdt:p:1", **account},
        HER | {"record": "sskdt:d:1", **account, "dose": "1 2021-07-01"},
        HER | {"record": "sskdt:d:2", **account, "dose": "2 2021-08-10"},
        record("sskdt:d:3", dose="2 2021-12-20", **account),
    ]
    assert together(linked(*rows), "sskdt:p:1", "sskdt:d:3")
    child = record("sskdt:d:4", "Trần Minh Khôi", "04/05/2009", sex="male", dose="1 2021-11-25", **account)
    assert held(linked(*rows, child)) == {"sskdt:d:3": "ambiguous"}
