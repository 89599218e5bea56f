"""One arriving record gets the batch's answer: decision, person, reason, weight and evidence, and no other."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from pccovid.linkage.one_record.answer import Match
from pccovid.linkage.one_record.matching import BATCH, MOST_ROWS_OF_A_QUICK_MATCH, QUICK, Matcher
from pccovid.linkage.one_record.nodes import Row
from unit.linkage.made_neighbours import ARRIVING, row
from unit.linkage.small_index import SmallIndex, claims_of_a_nation, linked_by_batch

MATCHER = Matcher()


def answer(match: Match) -> tuple[object, ...]:
    return (match.decision, match.person, match.cluster, match.reason, match.weight, match.evidence, match.candidates)


def both(arriving: Row, others: list[Row], decisions: tuple[tuple[str, str, bool], ...] = ()) -> Match:
    """The answer, which quick way and batch agree about."""
    quick = MATCHER.match_quickly(arriving, others, decisions)
    batch = MATCHER.match_by_batch(arriving, others, decisions)
    assert answer(quick)[:-1] == answer(batch)[:-1]
    return quick


NAM = {"name": "Nguyễn Văn Nam", "born": "05/03/1990", "sex": "male"}


def test_record_with_a_known_number_and_name_is_that_persons() -> None:
    known = row("vneid:1", **NAM, person="p1", personal_id="001090012345")
    match = both(row(ARRIVING, **NAM, personal_id="001090012345"), [known])
    assert (match.decision, match.person, match.by) == ("exact", "p1", QUICK)


def test_record_that_may_be_either_twin_is_held_with_both_as_candidates() -> None:
    twins = [
        row("vneid:an", "Nguyễn Văn An", "01/02/2010", "p1", personal_id="001210012345", phone="0901234567"),
        row("vneid:ân", "Nguyễn Văn Ân", "01/02/2010", "p2", personal_id="001210012346", phone="0901234567"),
    ]
    match = both(row(ARRIVING, "NGUYEN VAN AN", "01/02/2010", phone="0901234567"), twins)
    assert (match.decision, match.reason, match.person) == ("held", "ambiguous", None)
    assert {candidate.person for candidate in match.candidates} == {"p1", "p2"}


def test_record_whose_verified_id_is_anothers_does_not_join_whatever_agrees() -> None:
    known = row("vneid:1", **NAM, person="p1", personal_id="001090012345", id_verified=True, phone="0901234567")
    arriving = row(ARRIVING, **NAM, personal_id="001090054321", id_verified=True, phone="0901234567")
    match = both(arriving, [known])
    assert (match.decision, match.person) == ("new", None)
    assert [candidate.reason for candidate in match.candidates] == ["two_verified_ids"]


def test_what_officers_told_apart_stays_apart_and_what_they_joined_joins() -> None:
    known = row("vneid:1", **NAM, person="p1", personal_id="001090012345")
    same_number = row(ARRIVING, **NAM, personal_id="001090012345")
    assert both(same_number, [known], ((ARRIVING, "vneid:1", False),)).decision == "new"
    stranger = row(ARRIVING, "Trần Thị Lan", "01/02/1950", phone="0911111111")
    assert both(stranger, [known], ((ARRIVING, "vneid:1", True),)).person == "p1"


def test_scan_of_a_number_alone_goes_to_its_one_holder_and_is_held_between_two() -> None:
    known = row("vneid:1", **NAM, person="p1", old_id="012345678")
    assert both(row(ARRIVING, old_id="012345678"), [known]).person == "p1"
    other = row("ncovi:1", "Trần Thị Lan", "01/02/1950", "p2", old_id="012345678")
    assert both(row(ARRIVING, old_id="012345678"), [known, other]).reason == "ambiguous"


def test_owner_of_a_number_does_not_draw_over_who_was_scanned_under_it_before() -> None:
    number = "045176069206"
    person = [
        row("vneid:1", "Nguyễn Thị Đan", "05/11/1992", "p1", sex="female", personal_id=number),
        row("ncovi:1", "Nguyễn Thị Đan", "05/11/1992", "p1", sex="female", old_id="116975972"),
        row("qr:1", "", "", "p1", personal_id=number),
    ]
    owner = row(ARRIVING, "Phan Thị Di", "02/03/1976", sex="female", personal_id=number, id_verified=True)
    match = both(owner, person)
    assert (match.decision, match.person) == ("new", None)
    assert [candidate.person for candidate in match.candidates] == ["p1"]


def test_scan_of_a_number_whose_digits_contradict_its_holder_is_held() -> None:
    for sex, decision in (("female", "held"), ("male", "exact")):
        known = row("vneid:1", "Bùi Gia Hân", "23/04/1990", "p1", sex=sex, personal_id="026090681308")
        assert both(row(ARRIVING, personal_id="026090681308"), [known]).decision == decision


def test_record_with_a_sisters_number_is_whose_name_and_phone_it_says() -> None:
    chau = {"name": "Nguyễn Thị Châu", "born": "25/11/1988", "sex": "female", "phone": "0901234567"}
    hau = {"name": "Nguyễn Thị Hậu", "born": "25/11/1988", "sex": "female", "phone": "0987654321"}
    number = "077188018280"
    known = [
        row("ncovi:c", **chau, person="p1"),
        row("vneid:h", **hau, person="p2", personal_id=number, id_verified=True),
        row("ncovi:h", **hau, person="p2", personal_id=number),
    ]
    assert both(row(ARRIVING, **chau, personal_id=number), known).person == "p1"
    assert both(row(ARRIVING, **chau, personal_id=number), known[1:]).person == "p2"


def test_record_joins_somebody_who_is_nobodys_yet_and_names_them() -> None:
    held = row("bluezone:1", "Nguyễn Văn Nam", phone="0901234567")
    match = both(row(ARRIVING, **NAM, phone="0901234567"), [held])
    assert (match.decision, match.person, match.cluster) == ("probabilistic", None, "bluezone:1")


def test_account_of_a_damaged_name_is_left_to_the_batch() -> None:
    owner = row("sskdt:account:1", "A", person="p1", phone="0901234567")
    named = row("sskdt:dose:7", **NAM, person="p2", account="sskdt:account:1", phone="0901234567")
    match = MATCHER.match(row(ARRIVING, **NAM, phone="0901234567"), [owner, named])
    assert match.by == BATCH


def test_somebody_who_went_to_hundreds_of_places_is_found_as_quickly_as_the_batch_would_have_it() -> None:
    lan = {"name": "Trần Thị Lan", "born": "01/02/1950", "sex": "female", "phone": "0901234567"}
    visits = [row(f"qr_visits:{n}", NAM["name"], person="p1", phone="0901234567") for n in range(500)]
    registered = [row(f"ncovi:{n}", **NAM, person="p1", phone="0901234567", household=f"h{n}") for n in range(20)]
    neighbours = [row(f"tokhaiyte:{n}", **lan, person="p2", address=f"{n} phố Huế") for n in range(80)]
    assert both(row(ARRIVING, **NAM, phone="0901234567"), visits + registered + neighbours).person == "p1"
    assert both(row(ARRIVING, **lan | {"sex": ""}), visits + registered + neighbours).person == "p2"


def test_many_records_are_left_to_the_batch() -> None:
    crowd = [row(f"ncovi:{n}", **NAM, person=f"p{n}", phone="0901234567") for n in range(MOST_ROWS_OF_A_QUICK_MATCH)]
    assert MATCHER.match(row(ARRIVING, **NAM, phone="0901234567"), crowd).by == BATCH


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    rows = claims_of_a_nation(250, 4, tmp_path_factory.mktemp("nation"))
    random.Random(4).shuffle(rows)
    return rows


def disagreements(rows: list[Row], asked: int) -> tuple[list[str], Counter[str]]:
    """Records kept out of an index of the others to which batch and quick way give different answers."""
    index, wrong, decisions = SmallIndex(linked_by_batch(rows[asked:])), [], Counter[str]()
    for arriving in rows[:asked]:
        around = index.around(arriving)
        match = MATCHER.match(arriving, around)
        decisions[f"{match.by} {match.decision}"] += 1
        if match.by == QUICK and answer(match)[:-1] != answer(MATCHER.match_by_batch(arriving, around))[:-1]:
            wrong.append(arriving.record)
    return wrong, decisions


def test_records_kept_out_of_a_made_nation_get_the_batchs_answer(nation: list[Row]) -> None:
    wrong, decisions = disagreements(nation, 5)
    assert wrong == []
    assert decisions["quick exact"] + decisions["quick probabilistic"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hundreds_of_records_kept_out_of_made_nations_get_the_batchs_answer(seed: int, tmp_path: Path) -> None:
    rows = claims_of_a_nation(800, seed, tmp_path)
    random.Random(seed).shuffle(rows)
    wrong, decisions = disagreements(rows, 300)
    assert wrong == []
    assert decisions["quick held"] > 0
    assert decisions["quick new"] > 0


def nasty(dice: random.Random) -> tuple[Row, list[Row]]:
    """A few records that share far more than real ones do: twins, one phone, slips in numbers and dates."""
    names = ("Nguyễn Văn An", "Nguyễn Văn Ân", "NGUYEN VAN AN", "Nguyễn Thị An", "Nguyễn An", "Văn An Nguyễn",
             "Nguyễn Vănn An", "Trần Thị Lan", "A", "")  # fmt: skip
    births = ("01/02/2010", "02/01/2010", "01/02/1980", "1980", "2010", "01/02/1981", "01/01/1980", "")
    ids, olds = ("001210012345", "001210012346", "001210012354", "001080099999"), ("012345678", "012345687")
    phones, accounts = ("0901234567", "0987654321"), ("sskdt:account:0", "sskdt:account:1")
    area = {"province_code": "01", "district_code": "001", "commune_code": "00001"}

    def one(key: str, person: str | None) -> Row:
        said: dict[str, object] = {}
        for field, values, share in (
            ("personal_id", ids, 0.4), ("old_id", olds, 0.2), ("phone", phones, 0.6), ("sex", ("male", "female"), 0.4),
            ("account", accounts, 0.15), ("household", ("ncovi:h1",), 0.1), ("address", ("Thôn 1", "Thôn 2"), 0.3),
            ("id_tail", ("012345", "345"), 0.1), ("qid", ("Q1",), 0.1), ("phone_is_own", (False,), 0.2),
        ):  # fmt: skip
            if dice.random() < share:
                said[field] = dice.choice(values)
        said |= area if dice.random() < 0.5 else {}
        said["id_verified"] = "personal_id" in said and dice.random() < 0.2
        return row(key, dice.choice(names), dice.choice(births), person, **said)

    keys = [*accounts, *(f"app:row:{number}" for number in range(8))]
    others = [one(key, dice.choice(("p1", "p2", "p3", None))) for key in dice.sample(keys, dice.randint(1, 8))]
    return one(ARRIVING, None), others


def nasty_disagreements(seeds: range) -> tuple[list[int], Counter[str]]:
    wrong, decisions = [], Counter[str]()
    for seed in seeds:
        arriving, others = nasty(random.Random(seed))
        match = MATCHER.match(arriving, others)
        decisions[f"{match.by} {match.decision}"] += 1
        if match.by == QUICK and answer(match)[:-1] != answer(MATCHER.match_by_batch(arriving, others))[:-1]:
            wrong.append(seed)
    return wrong, decisions


def test_records_that_share_far_too_much_get_the_batchs_answer() -> None:
    wrong, decisions = nasty_disagreements(range(100, 105))
    assert wrong == []
    assert decisions["quick held"] > 0


@pytest.mark.slow
def test_hundreds_of_records_that_share_far_too_much_get_the_batchs_answer() -> None:
    wrong, decisions = nasty_disagreements(range(105, 405))
    assert wrong == []
    assert sum(count for way, count in decisions.items() if way.startswith(BATCH)) < 200
