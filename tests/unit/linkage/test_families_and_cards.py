"""Twins behind a mother's account, two cards of one man, one card of two women: who is one person, and who is not."""

from __future__ import annotations

import pytest

from unit.linkage.made_claims import Row, groups, held, linked, record, together

PHONE, OTHER_PHONE = "0901234567", "0987654321"
ACCOUNT = "sskdt:sskdt_people:1"
MOTHER = {"name": "Lê Thị Mai", "born": "01/02/1980", "sex": "female", "phone": PHONE}


def _dose(number: int, name: str, **said: object) -> Row:
    """A schoolboy's dose, entered under his mother's account."""
    boy = {"born": "20/06/2009", "sex": "male", "phone": PHONE, "account": ACCOUNT}
    return record(f"sskdt:dose:{number}", name, **(boy | said))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trần Văn Phong", "Trần Văn Tuấn"),
        ("Trần Văn Phong", "Trần Văn Hùng"),
        ("Trần Văn Long", "Trần Văn Lộc"),
        ("Trần Văn Trúc", "Trần Văn Trực"),
    ],
)
def test_twins_whose_doses_stand_under_their_mothers_account_are_two_boys(one: str, other: str) -> None:
    outcome = linked(record(ACCOUNT, **MOTHER), _dose(1, one), _dose(2, other), _dose(3, one))
    assert groups(outcome) == {
        frozenset({ACCOUNT}), frozenset({"sskdt:dose:1", "sskdt:dose:3"}), frozenset({"sskdt:dose:2"}),
    }  # fmt: skip


def test_a_dose_without_diacritics_under_the_mothers_account_does_not_make_the_twins_one() -> None:
    outcome = linked(
        record(ACCOUNT, **MOTHER), _dose(1, "Trần Văn Trúc"), _dose(2, "Trần Văn Trực"), _dose(3, "TRAN VAN TRUC")
    )
    assert not together(outcome, "sskdt:dose:1", "sskdt:dose:2")
    assert held(outcome) == {"sskdt:dose:3": "ambiguous"}


def test_the_mothers_old_card_typed_for_both_twins_makes_them_one_neither() -> None:
    outcome = linked(
        _dose(1, "Trần Văn Phong", account=None, old_id="012345678"),
        _dose(2, "Trần Văn Hùng", account=None, old_id="012345678"),
    )
    assert not together(outcome, "sskdt:dose:1", "sskdt:dose:2")


def test_under_his_own_account_a_boys_name_with_another_mark_is_a_slip() -> None:
    outcome = linked(record(ACCOUNT, "Trần Văn Trúc", "20/06/2009", sex="male", phone=PHONE), _dose(1, "Trần Văn Trực"))
    assert together(outcome, ACCOUNT, "sskdt:dose:1")


def test_a_man_who_moved_to_another_province_has_two_old_cards() -> None:
    tri = {"name": "Phạm Văn Trí", "born": "16/09/1983", "sex": "male"}
    verified = record(
        "vneid:1", **tri, personal_id="045083016697", old_id="047923109", id_verified=True, phone=PHONE
    )  # fmt: skip
    first_card = record("sskdt:dose:1", **tri, old_id="228754040", phone=PHONE)
    assert together(linked(verified, first_card), "vneid:1", "sskdt:dose:1")
    elsewhere = record("sskdt:dose:1", **tri, old_id="228754040", phone=OTHER_PHONE)
    assert not together(linked(verified, elsewhere), "vneid:1", "sskdt:dose:1")


def test_two_men_of_one_hamlet_year_and_name_behind_the_villages_phone_keep_a_card_each() -> None:
    pua = {"name": "Thào A Pủa", "sex": "male", "phone": PHONE, "address": "ban pu nhung", "commune_code": "03859"}
    outcome = linked(
        record("sskdt:1", **pua, born="24/01/1992", old_id="054156621"),
        record("sskdt:2", **pua, born="05/04/1992", old_id="369810746"),
        record("tokhaiyte:1", **pua, born="1992", old_id="369810746"),
    )
    assert groups(outcome) == {frozenset({"sskdt:1"}), frozenset({"sskdt:2", "tokhaiyte:1"})}


def _diem(key: str, born: str, **said: object) -> Row:
    """A woman of a household in which two have this name."""
    return record(key, "Nguyễn Thanh Diễm", born, sex="female", phone=PHONE, address="to 5", **said)


@pytest.mark.parametrize(
    ("born", "is_one"),
    [("26/04/1978", False), ("26/09/1978", True), ("01/01/1978", True), ("09/06/1980", True), ("26/04/1979", True)],
)
def test_two_women_of_one_house_and_name_are_told_apart_by_dates_that_share_nothing(born: str, is_one: bool) -> None:
    """The one's old card was typed for the other; a day or month that is the same, or a year beside, is a slip."""
    outcome = linked(
        _diem("ncovi:1", "06/09/1980", old_id="084043664"), _diem("sskdt:dose:1", born, old_id="084043664")
    )
    assert together(outcome, "ncovi:1", "sskdt:dose:1") is is_one


def test_a_namesakes_number_under_another_date_phone_and_province_draws_nobody_over_by_a_scan() -> None:
    """Neither scan nor declaration alone would tell: the one knows no phone, the other is not compared."""
    nga = {"name": "Nguyễn Mĩ Nga", "sex": "female", "personal_id": "066186000139"}
    scan = record("qr:1", **nga, born="31/03/1986")
    declared = record("ncovi:1", **nga, born="31/03/1986", phone=PHONE, commune_code="24000", province_code="66")
    tested = record("sampling:1", **nga, born="07/07/1994", phone=OTHER_PHONE, commune_code="02032", province_code="06")
    outcome = linked(scan, declared, tested)
    assert groups(outcome) == {frozenset({"qr:1", "ncovi:1"}), frozenset({"sampling:1"})}


def test_a_wifes_number_in_her_husbands_test_or_dose_does_not_hold_the_doses_under_her_account() -> None:
    rows = [
        record(ACCOUNT, **MOTHER, personal_id="001180011111"),
        record("sskdt:dose:1", account=ACCOUNT),
    ]
    husband = {"name": "Trần Văn Hải", "born": "05/03/1978", "sex": "male", "phone": PHONE}
    for elsewhere in ("sampling:1", "sskdt:dose:2"):
        assert together(
            linked(*rows, record(elsewhere, **husband, personal_id="001180011111")), ACCOUNT, "sskdt:dose:1"
        )


def test_a_mothers_number_in_her_childs_dose_holds_the_doses_under_her_account_and_in_another_app_it_does_not() -> None:
    rows = [
        record(ACCOUNT, **MOTHER, personal_id="001180011111"),
        record("sskdt:dose:1", account=ACCOUNT),
    ]
    child = {"name": "Trần Văn Hải", "born": "05/03/2008", "sex": "male", "phone": PHONE}
    declared = record("tokhaiyte:1", **child, personal_id="001180011111")
    assert together(linked(*rows, declared), ACCOUNT, "sskdt:dose:1")
    vaccinated = record("sskdt:dose:2", **child, personal_id="001180011111")
    assert held(linked(*rows, vaccinated)) == {"sskdt:dose:1": "ambiguous"}
    # An equal row of an app that comes first in the alphabet hides it not.
    assert held(linked(*rows, vaccinated, vaccinated | {"record": "ncovi:9"})) == {"sskdt:dose:1": "ambiguous"}


def test_a_twins_card_number_typed_in_her_sisters_dose_leaves_the_dose_with_the_sister() -> None:
    twins = {"born": "31/07/2001", "sex": "female"}
    outcome = linked(
        record("vneid:chi", "Nguyễn Thị Chi", **twins, personal_id="067301000144", id_verified=True, phone=PHONE),
        record("ncovi:hà", "Nguyễn Thị Hà", **twins, personal_id="067301000199", phone=OTHER_PHONE),
        record("sskdt:dose:hà", "Nguyễn Thị Hà", **twins, personal_id="067301000144", phone=OTHER_PHONE),
    )
    assert groups(outcome) == {frozenset({"vneid:chi"}), frozenset({"ncovi:hà", "sskdt:dose:hà"})}
