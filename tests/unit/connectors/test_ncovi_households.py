"""Given an NCOVI line, the account and each household member are records of their own."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from pccovid.connectors.context import ReadingContext
from pccovid.connectors.reading import read_payload
from pccovid.connectors.rows import HELD, REJECTED
from unit.connectors.delivered_rows import Read, facts_of

ACCOUNT: dict[str, Any] = {
    "accountId": "acc1",
    "createdAt": "2021-08-01T09:00:00+07:00",
    "fullName": "Trần Văn Bình",
    "dob": "05/06/1975",
    "sex": "1",
    "idNumber": "012345671",
    "phone": "0903111222",
    "provinceCode": "01",
    "districtCode": "001",
    "communeCode": "00001",
    "address": "Tổ 3",
    "household": [
        {
            "memberId": "mem1",
            "fullName": "Trần Thị Lan",
            "relation": "con",
            "socialInsuranceNo": "0198765431",
            "nationality": "Việt Nam",
            "sex": "2",
            "dob": "2005",
            "phone": "0903 111 222",
        },
        {"memberId": "mem2", "fullName": "Lê Thị Mai", "relation": "vợ", "dob": "1978", "phone": "0904000999"},
    ],
    "declarations": [
        {"declarationId": "d1", "at": "2021-08-02T08:00:00+07:00", "memberId": None, "symptoms": [],
         "contactHistory": "Không", "chronicDiseases": ["hen suyễn"]},
        {"declarationId": "d2", "at": "2021-08-03T08:00:00+07:00", "memberId": "mem1",
         "symptoms": ["sốt", "Ho", "đau đầu gối"], "contactHistory": "Có", "chronicDiseases": []},
    ],
}  # fmt: skip


@pytest.fixture
def read_account(read_bytes: Callable[[str, bytes], Read]) -> Callable[[dict[str, Any]], Read]:
    return lambda account: read_bytes("ncovi.jsonl", json.dumps(account, ensure_ascii=False).encode())


def _changed(**changes: Any) -> dict[str, Any]:
    return copy.deepcopy(ACCOUNT) | changes


def test_account_and_members_stand_under_keys_of_their_own(read_account: Callable) -> None:
    read = read_account(ACCOUNT)
    assert read.keys() == ["acc1", "mem1", "mem2"]
    assert [row.row_no for row in read.rows] == [1, 2, 3]
    assert {(row.system, row.kind, row.verdict) for row in read.rows} == {("ncovi", "ncovi", "accepted")}


def test_everybody_of_one_list_stands_in_the_same_household(read_account: Callable) -> None:
    assert {row.claim.household for row in read_account(ACCOUNT).rows} == {"ncovi:acc1"}


def test_members_relate_to_the_account_holder_as_written(read_account: Callable) -> None:
    holder, daughter, wife = read_account(ACCOUNT).rows
    assert facts_of(holder, "relationship") == []
    (relation,) = facts_of(daughter, "relationship")
    assert (relation.kind, relation.role) == ("household", "con")
    assert (relation.other_system, relation.other_kind, relation.other_key) == ("ncovi", "ncovi", "acc1")


def test_a_member_with_the_accounts_phone_has_no_phone_of_their_own(read_account: Callable) -> None:
    holder, daughter, wife = read_account(ACCOUNT).rows
    assert [row.claim.phone_is_own for row in (holder, daughter, wife)] == [True, False, True]


def test_members_live_where_the_account_lives(read_account: Callable) -> None:
    _, daughter, _ = read_account(ACCOUNT).rows
    assert daughter.claim.commune_code == "00001"
    assert facts_of(daughter, "address")[0].line == "Tổ 3"
    assert facts_of(daughter, "card")[0].insurance_no == "0198765431"


def test_each_declaration_hangs_on_the_person_it_is_about(read_account: Callable) -> None:
    holder, daughter, wife = read_account(ACCOUNT).rows
    (own,) = facts_of(holder, "declaration")
    (daughters,) = facts_of(daughter, "declaration")
    assert (own.source_key, own.answers, own.chronic_diseases) == ("d1", {"contact_case": "no"}, ("hen suyễn",))
    assert (daughters.source_key, daughters.symptoms) == ("d2", ("fever", "cough"))
    assert (daughters.symptom_note, daughters.answers) == ("đau đầu gối", {"contact_case": "yes"})
    assert facts_of(wife, "declaration") == []


def test_a_declaration_about_an_unknown_member_is_nobodys(read_account: Callable) -> None:
    strange = {"declarationId": "d9", "at": "2021-08-04T08:00:00+07:00", "memberId": "somebody"}
    holder, *members = read_account(_changed(declarations=[strange])).rows
    assert all(facts_of(row, "declaration") == [] for row in (holder, *members))
    assert ("declarations[].memberId", "unknown_member") in holder.problems
    assert "d9" in holder.payload


def test_a_change_of_one_member_leaves_the_other_records_unchanged(read_account: Callable) -> None:
    before = {row.key: row.content_hash for row in read_account(ACCOUNT).rows}
    changed = _changed()
    changed["household"][1]["dob"] = "1979"
    after = {row.key: row.content_hash for row in read_account(changed).rows}
    assert [key for key in before if before[key] != after[key]] == ["mem2"]


def test_a_new_declaration_of_a_member_changes_that_members_record_alone(read_account: Callable) -> None:
    before = {row.key: row.content_hash for row in read_account(ACCOUNT).rows}
    changed = _changed()
    changed["declarations"].append({"declarationId": "d3", "at": "2021-08-05T08:00:00+07:00", "memberId": "mem2"})
    after = {row.key: row.content_hash for row in read_account(changed).rows}
    assert [key for key in before if before[key] != after[key]] == ["mem2"]


def test_a_member_row_of_the_declarant_points_to_the_account_instead(read_account: Callable) -> None:
    myself = {"memberId": "mem3", "fullName": "Trần Văn Bình", "relation": "Bản thân"}
    _, again = read_account(_changed(household=[myself], declarations=[])).rows
    assert (again.claim.account, again.claim.household) == ("ncovi:ncovi:acc1", None)
    assert facts_of(again, "relationship") == []


@pytest.mark.parametrize("household", ["none", 5, {"memberId": "m"}])
def test_a_household_that_is_no_list_is_noted_and_kept(read_account: Callable, household: object) -> None:
    row = read_account(_changed(household=household, declarations=[])).only
    assert ("household", "wrong_type") in row.problems
    assert json.loads(row.payload)["household"] == household


def test_bad_members_stay_with_the_account_and_good_ones_are_kept(read_account: Callable) -> None:
    bad: list[object] = ["x", {"fullName": "Không Mã"}, None]
    account, member = read_account(_changed(household=[*bad, {"memberId": "m9", "fullName": "Lê An"}])).rows
    assert member.key == "m9"
    assert json.loads(account.payload)["household"] == bad
    noted = [problem for problem in account.problems if problem.field.startswith("household")]
    assert sorted(noted) == [
        ("household[]", "wrong_type"),
        ("household[]", "wrong_type"),
        ("household[].memberId", "no_key"),
    ]


def test_an_account_without_key_is_rejected_but_its_members_are_not(read_account: Callable) -> None:
    account, *members = read_account(_changed(accountId="")).rows
    assert (account.verdict, account.reason) == (REJECTED, "no_key")
    assert [row.verdict for row in members] == ["accepted", "accepted"]
    assert members[0].claim.household is None


def test_two_values_under_one_name_hold_the_whole_line_as_written(read_bytes: Callable) -> None:
    line = '{"accountId": "a1", "phone": "0912000111", "phone": "0912000112", "household": [{"memberId": "m1"}]}'
    row = read_bytes("ncovi.jsonl", line.encode()).only
    assert (row.verdict, row.reason, row.payload) == (HELD, "duplicate_member", line)


def test_a_members_record_can_be_read_again_by_itself(read_account: Callable, context: ReadingContext) -> None:
    for row in read_account(ACCOUNT).rows:
        (again,) = read_payload("ncovi", "ncovi", row.key, row.payload, context=context)
        assert again._replace(row_no=row.row_no) == row


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        (True, "yes"),
        (False, "no"),
        (1, "yes"),
        ("0", "no"),
        ("Có", "yes"),
        (["F1", "F2"], "F1; F2"),
        ("gặp F0", "gặp F0"),
    ],
)
def test_a_contact_history_is_an_answer_or_a_text(read_account: Callable, written: object, meaning: str) -> None:
    declaration = {"declarationId": "d1", "at": "2021-08-01T08:00:00", "memberId": None, "contactHistory": written}
    row = read_account(_changed(household=[], declarations=[declaration])).only
    (declared,) = facts_of(row, "declaration")
    assert (declared.answers, row.problems) == ({"contact_case": meaning}, ())
