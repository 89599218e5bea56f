"""One number under two dates, a home written in two ways, a dose with a wrong number: what is one person's or not."""

from __future__ import annotations

import pytest

from pccovid.linkage.doses import contradict, read_dose
from unit.linkage.made_claims import linked, record, together

PHONE, OTHER_PHONE = "0901234567", "0987654321"
COMMUNE = {"commune_code": "06541", "district_code": "193", "province_code": "22"}
UNCONVINCING = ("id_province_unknown", "id_birth_conflict")
ID, CARD = "022169001234", "101234567"


@pytest.mark.parametrize("number", [{"personal_id": ID}, {"old_id": CARD}])
def test_a_birth_year_a_generation_off_is_a_slip_where_name_number_and_phone_are_one(number: dict[str, str]) -> None:
    her = {"sex": "female", "phone": PHONE, **number}
    known = record("sskdt:1", "Trần Thị Hường", "29/11/1969", **her)
    assert together(linked(known, record("tokhai:1", "TRẦN THỊ HƯỜNG", "1990", **her)), "sskdt:1", "tokhai:1")
    elsewhere = record("tokhai:1", "TRẦN THỊ HƯỜNG", "1990", **{**her, "phone": OTHER_PHONE})
    assert not together(linked(known, elsewhere), "sskdt:1", "tokhai:1")


def test_a_childs_row_with_the_parents_name_and_number_is_not_the_parents() -> None:
    hers = {"sex": "female", "phone": PHONE, "personal_id": ID}
    known = record("sskdt:1", "Trần Thị Hường", "29/11/1969", **hers)
    assert not together(linked(known, record("tokhai:1", "Trần Thị Hường", "2011", **hers)), "sskdt:1", "tokhai:1")


def test_what_contradicts_the_wrong_date_alone_still_comes_to_its_person() -> None:
    her = {"sex": "female", "phone": PHONE}
    rows = [
        record("sskdt:1", "Trần Thị Hường", "29/11/1969", **her, personal_id=ID),
        record("tokhai:1", "TRẦN THỊ HƯỜNG", "1990", **her, personal_id=ID),
        record("ncovi:1", "Trần Thị Hường", "29/11/1969", **her),
    ]
    assert together(linked(*rows), "sskdt:1", "tokhai:1", "ncovi:1")


def test_the_next_year_under_the_very_name_and_number_is_a_guess_whatever_the_phones() -> None:
    known = record("sskdt:1", "Nguyễn Ánh Linh", "05/03/1989", sex="female", old_id=CARD, phone=PHONE)
    for year, joined in (("1988", True), ("1980", False)):
        row = record("tokhai:1", "Nguyễn Ánh Linh", year, sex="female", old_id=CARD, phone=OTHER_PHONE)
        assert together(linked(known, row), "sskdt:1", "tokhai:1") == joined, year


def test_a_middle_name_and_the_year_wrong_at_once_are_a_grown_persons_where_number_and_phone_are_one() -> None:
    for born, row_born, joined in (("05/03/1989", "1992", True), ("05/03/2010", "2012", False)):
        known = record("sskdt:1", "Nguyễn Minh Anh", born, sex="female", old_id=CARD, phone=PHONE)
        row = record("tokhai:1", "Nguyễn Bảo Anh", row_born, sex="female", old_id=CARD, phone=PHONE)
        assert together(linked(known, row), "sskdt:1", "tokhai:1") == joined, born


def test_a_name_and_a_home_behind_somebody_elses_phone_may_be_theirs_who_wrote_it() -> None:
    xuyen = {"sex": "female", "address": "Số 50 Nguyễn Trãi", **COMMUNE}
    known = record("sskdt:1", "Trương Thùy Xuyến", "29/03/1977", phone=PHONE, old_id=CARD, **xuyen)
    thin = record("bluezone:1", "Trương Thùy Xuyến", phone=OTHER_PHONE, address="Số 50 Nguyễn Trãi", **COMMUNE)
    other = record("sskdt:2", "Lê Văn Bình", "01/02/1975", sex="male", phone=OTHER_PHONE, **COMMUNE)
    assert together(linked(known, thin), "sskdt:1", "bluezone:1")
    assert not together(linked(known, thin, other), "sskdt:1", "bluezone:1")


def test_a_number_that_nobody_can_have_neither_parts_nor_joins() -> None:
    hanh = {"name": "Huỳnh Thị Hạnh", "sex": "female", "phone": PHONE, "address": "Xóm 9", **COMMUNE}
    rows = [
        record("tokhai:1", **hanh, born="1989", personal_id="022189440522"),
        record("tokhai:2", **hanh, born="1989", old_id=CARD),
        # No province has 295, and nobody born in 1989 the digits of 2176: typed for want of a number.
        record("ncovi:1", **hanh, born="05/03/1989", personal_id="295076227894", flags=UNCONVINCING),
    ]
    assert together(linked(*rows), "tokhai:1", "tokhai:2", "ncovi:1")
    rows[2] = record("ncovi:1", **hanh, born="05/03/1989", personal_id="022189440999")
    assert not together(linked(*rows), "tokhai:1", "ncovi:1")


@pytest.mark.parametrize("home", ["122 Phan Chu Trinh - Lái Hiếu", "Số nhà 122 đường Phan Chu Trinh; Phường Lái Hiếu"])
def test_a_house_is_the_same_however_its_line_is_written(home: str) -> None:
    son = {"name": "Nguyễn Xuân Sơn", "born": "11/06/2011", "sex": "male", **COMMUNE}
    known = record("ncovi:1", **son, address="Số 122 Phan Chu Trinh, Phường Lái Hiếu")
    assert together(linked(known, record("sskdt:1", **son, phone=PHONE, address=home)), "ncovi:1", "sskdt:1")
    other = record("sskdt:1", **son, phone=PHONE, address=home.replace("122", "128"))
    assert not together(linked(known, other), "ncovi:1", "sskdt:1")


@pytest.mark.parametrize(
    ("doses", "are_apart"),
    [
        (["1 2021-04-16", "1 2021-06-09", "3 2021-09-29"], False),
        (["2 2021-08-14", "2 2021-09-07", "3 2021-12-21"], False),
        (["1 2021-10-20", "1 2021-12-09"], True),
        (["1 2021-08-08", "2 2021-08-29", "2 2022-01-30"], True),
        (["1 2021-04-16", "1 2021-04-26", "3 2021-09-29"], True),
        (["3 2021-04-16", "2 2021-06-09", "1 2021-09-29"], True),
    ],
)
def test_a_dose_with_a_wrong_number_fills_the_gap_that_it_leaves(doses: list[str], are_apart: bool) -> None:
    first, *others = map(read_dose, doses)
    assert contradict(others, [first]) == are_apart
    assert contradict([first, *others], []) == are_apart


def test_a_dose_with_a_wrong_number_is_no_childs_before_children_were_vaccinated_nor_if_it_is_a_third() -> None:
    known = [read_dose("1 2021-04-16")]
    assert not contradict([read_dose("1 2021-06-09")], known)
    # A child's first, or the parent's second.
    assert contradict([read_dose("1 2021-11-09")], known)
    # Two doses are another's, as likely.
    assert contradict([read_dose("1 2021-06-09"), read_dose("2 2021-08-20")], known)
    assert contradict([read_dose("1 2021-06-09")], known, come_alone=False)
    # Too near, and a third when there was none yet.
    assert contradict([read_dose("1 2021-04-28")], known)
    assert contradict([read_dose("2 2021-08-20")], [*known, read_dose("2 2021-06-09")])
    assert not contradict([read_dose("4 2021-12-20")], [*known, read_dose("2 2021-06-09")])
