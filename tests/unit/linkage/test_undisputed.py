"""Settled as sets or record by record, everybody becomes the same person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from pccovid.linkage import undisputed
from pccovid.linkage.engine import Limits, link
from pccovid.relinking.deliveries import claims_of_delivery
from pccovid.sandbox.nation import create
from unit.linkage.made_claims import groups, held, linked, record, table

AN = {"name": "Nguyễn Văn An", "born": "01/02/1990", "sex": "male", "phone": "0901234567"}


@pytest.fixture
def nothing_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every group is left for the tiers."""
    asked = "NOT bool_or(is_doubtful)"
    assert asked in undisputed._GROUPS
    monkeypatch.setattr(undisputed, "_GROUPS", undisputed._GROUPS.replace(asked, f"FALSE AND {asked}"))


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation")
    create(people=600, seed=41, out=folder)
    return claims_of_delivery(folder, folder / "work", today=date(2021, 11, 20), memory="500MB")


def settled(claims: Path | pa.Table, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many nodes needed no decision."""
    counted: list[int] = []

    def counting(db: object) -> None:
        undisputed.settle_undisputed(db)  # type: ignore[arg-type]
        counted.append(db.execute("SELECT count(*) FROM clustered").fetchone()[0])  # type: ignore[attr-defined]

    monkeypatch.setattr("pccovid.linkage.engine.settle_undisputed", counting)
    link(claims, limits=Limits(threads=1))
    return counted[0]


def test_most_of_a_nation_is_settled_as_sets_and_none_of_the_answers_changes(
    claims: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    quick = link(claims, limits=Limits(threads=1))
    assert settled(claims, monkeypatch) > quick.counts["nodes"] // 2
    monkeypatch.undo()
    request.getfixturevalue("nothing_settled")
    assert settled(claims, monkeypatch) == 0
    slow = link(claims, limits=Limits(threads=1))
    assert quick.assignments == slow.assignments
    assert quick.review == slow.review
    assert quick.counts == slow.counts


def test_a_bare_row_of_a_person_nobody_disputes_goes_along_unless_its_dose_contradicts() -> None:
    account = record("sskdt:people:1", **AN, personal_id="001090012345", account="sskdt:people:1")
    first = record("sskdt:doses:1", account="sskdt:people:1") | {"dose": "1 2021-08-01"}
    second = record("sskdt:doses:2", account="sskdt:people:1") | {"dose": "2 2021-09-01"}
    too_early = record("sskdt:doses:3", account="sskdt:people:1") | {"dose": "1 2021-09-20"}
    assert groups(linked(account, first, second)) == {frozenset({"sskdt:people:1", "sskdt:doses:1", "sskdt:doses:2"})}
    doses = ("sskdt:doses:1", "sskdt:doses:2", "sskdt:doses:3")
    assert held(linked(account, first, second, too_early)) == dict.fromkeys(doses, "ambiguous")


def test_a_number_alone_under_an_account_that_never_came_stays_for_the_tiers() -> None:
    assert held(linked(record("sskdt:doses:1", account="sskdt:people:9"))) == {"sskdt:doses:1": "account_not_found"}


def test_a_weak_record_between_two_strong_ones_is_not_settled_as_a_set() -> None:
    outcome = linked(
        record("a:1", "Nguyễn Văn An", "01/02/1990", sex="male", phone="0901234567"),
        record("b:1", "Nguyễn Văn An", "1990", sex="male", phone="0901234567", address="Tổ 5", commune_code="06541"),
        record("c:1", "Nguyễn Văn An", "1990", sex="male", address="Tổ 5", commune_code="06541",
               personal_id="001090012345"),
    )  # fmt: skip
    assert len(groups(outcome)) > 1


def test_a_weak_record_beside_one_of_two_strong_ones_that_belong_together_needs_no_decision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = {"address": "Tổ 5", "commune_code": "06541"}
    claims = [
        record("a:1", "Nguyễn Văn An", "01/02/1990", sex="male", phone="0901234567", **home),
        record("b:1", "Nguyễn Văn An", "1990", sex="male", phone="0901234567"),
        record("c:1", "Nguyễn Văn An", "1990", sex="male", personal_id="001090012345", **home),
    ]
    assert groups(linked(*claims)) == {frozenset({"a:1", "b:1", "c:1"})}
    assert settled(table(claims), monkeypatch) == 3


def test_an_account_that_says_nothing_and_under_which_nothing_stands_is_held_without_a_decision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    account = record("sskdt:people:1", "Nguyễn Văn An", account="sskdt:people:1")
    row = (
        record("sskdt:people:2", "Nguyễn Văn An", account="sskdt:people:2"),
        record("sskdt:doses:1", account="sskdt:people:2"),
    )
    assert held(linked(account)) == {"sskdt:people:1": "not_enough_to_identify"}
    assert settled(table([account]), monkeypatch) == 1
    monkeypatch.undo()
    assert settled(table(row), monkeypatch) == 0
