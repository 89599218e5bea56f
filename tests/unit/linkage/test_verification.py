"""A verification answer says of each attribute how far it agrees, and of all together what the insurer's code says."""

from __future__ import annotations

import pytest

from pccovid.linkage.claim import Claim
from pccovid.linkage.verification import ATTRIBUTES, CODES, GRADES, grade
from unit.linkage.made_claims import record


def said(name: str = "", born: str = "", **claimed: object) -> Claim:
    made = record("x:1", name, born, **claimed)
    return Claim(**{field: made[field] for field in Claim._fields})  # type: ignore[arg-type]


NUMBER = "0123456789"
HELD = said("Nguyễn Thị Hòa", "05/03/1990", insurance_no=NUMBER, sex="female", phone="0901234567")


@pytest.mark.parametrize(
    ("asked", "code", "name", "birth"),
    [
        (said("Nguyễn Thị Hòa", "05/03/1990", insurance_no=NUMBER), "000", "agree", "agree"),
        (said("NGUYEN THI HOA", "05/03/1990", insurance_no=NUMBER), "000", "agree", "agree"),
        (said("Nguyễn Thị Hoà", "1990", insurance_no=NUMBER), "000", "agree", "agree"),
        (said("Trần Văn Bình", "05/03/1990", insurance_no=NUMBER), "060", "differs", "agree"),
        (said("Ngô Thị Hạnh", "05/03/1990", insurance_no=NUMBER), "061", "initials_agree", "agree"),
        (said("Nguyễn Thị Hóa", "05/03/1990", insurance_no=NUMBER), "061", "initials_agree", "agree"),
        (said("Nguyễn Thị Hòa", "06/03/1990", insurance_no=NUMBER), "070", "agree", "differs"),
        (said("Nguyễn Thị Hòa", "1991", insurance_no=NUMBER), "070", "agree", "differs"),
        (said("Trần Văn Bình", "06/03/1990", insurance_no=NUMBER), "060", "differs", "differs"),
        (said("Nguyễn Thị Hòa", insurance_no=NUMBER), "incomplete", "agree", "missing"),
    ],
)
def test_code_follows_the_insurers_order_of_name_before_birth_date(
    asked: Claim, code: str, name: str, birth: str
) -> None:
    answer = grade(asked, HELD)
    assert (answer.code, answer.grades["name"], answer.grades["birth_date"]) == (code, name, birth)
    assert set(answer.grades) == set(ATTRIBUTES)
    assert set(answer.grades.values()) <= set(GRADES)
    assert answer.code in CODES


def test_other_attributes_are_graded_beside_and_do_not_change_the_code() -> None:
    asked = said("Nguyễn Thị Hòa", "05/03/1990", insurance_no=NUMBER, sex="male", phone="0901234567")
    answer = grade(asked, HELD)
    assert answer.code == "000"
    assert {name: answer.grades[name] for name in ("sex", "phone", "insurance_no", "old_id")} == {
        "sex": "differs", "phone": "agree", "insurance_no": "agree", "old_id": "missing",
    }  # fmt: skip


def test_nobody_of_that_number_is_not_found_and_a_question_without_a_key_is_bad() -> None:
    assert grade(said("Nguyễn Thị Hòa", insurance_no=NUMBER), None).code == "050"
    assert grade(said("Nguyễn Thị Hòa", "05/03/1990"), None).code == "050"
    assert grade(said("Nguyễn Thị Hòa"), HELD).code == "205"
    assert grade(said(born="05/03/1990"), HELD).grades == {}
