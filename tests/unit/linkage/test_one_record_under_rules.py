"""Rules that look at several records at once: however varied, one arriving record gets the batch's answer."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from pccovid.linkage.one_record.answer import Match
from pccovid.linkage.one_record.matching import QUICK, Matcher
from pccovid.linkage.one_record.nodes import Row
from unit.linkage.made_neighbours import ARRIVING, CROWDS, HOME, PHONE, Crowd, row

MATCHER = Matcher()


def answer(match: Match) -> tuple[object, ...]:
    return (match.decision, match.person, match.cluster, match.reason, match.weight, match.evidence)


def both(arriving: Row, *others: Row) -> Match:
    """The answer, which quick way and batch agree about."""
    quick = MATCHER.match_quickly(arriving, others)
    assert answer(quick) == answer(MATCHER.match_by_batch(arriving, others))
    return quick


def mi(system: str, born: str, person: str | None = None) -> Row:
    return row(f"{system}:{born}", "Phan Thị Mĩ", born, person, **HOME)


def test_a_wrong_date_joins_while_it_stands_in_one_system_and_not_where_both_stand_in_two() -> None:
    known = [mi(system, "17/02/1997", "p1") for system in ("tokhaiyte", "sampling")]
    assert both(mi("ncovi", "23/07/1989"), *known).person == "p1"
    match = both(mi("ncovi", "23/07/1989"), *known, mi("bluezone", "23/07/1989", "p2"))
    assert match.person == "p2"
    apart = both(mi("ncovi", "23/07/1989"), *known, mi("bluezone", "23/07/1989"))
    assert (apart.person, {candidate.reason for candidate in apart.candidates}) == (None, {"birth_differs"})


def test_a_wrong_sex_joins_behind_one_phone_and_a_twin_of_nearly_the_name_does_not() -> None:
    known = row("sskdt:1", "Hồ Thị Thơm", "17/02/1971", "p1", phone=PHONE, sex="female")
    for born in ("17/02/1971", "1971"):
        assert both(row(ARRIVING, "Hồ Thị Thơm", born, phone=PHONE, sex="male"), known).person == "p1"
    assert both(row(ARRIVING, "Hồ Thị Thớm", "17/02/1971", phone=PHONE, sex="male"), known).decision == "new"


def test_a_row_that_names_nobody_is_held_under_an_account_used_for_somebody_else() -> None:
    account = "sskdt:sskdt_people:1"
    owner = row(account, "Nguyễn Văn Nam", "05/03/1990", "p1", phone=PHONE)
    child = row("sskdt:dose:0", "Nguyễn Thị Út", "07/07/2010", "p2", account=account, phone=PHONE)
    assert both(row(ARRIVING, account=account), owner).person == "p1"
    held = both(row(ARRIVING, account=account), owner, child)
    assert (held.decision, held.reason) == ("held", "ambiguous")
    assert [candidate.person for candidate in held.candidates] == ["p1"]


def test_a_dose_that_nobody_can_have_beside_the_account_holders_own_is_held() -> None:
    account = "sskdt:sskdt_people:1"
    owner = row(account, "Nguyễn Văn Nam", "05/03/1990", "p1", phone=PHONE)
    first = row("sskdt:dose:0", person="p1", account=account, dose="1 2021-07-20")
    second = row("sskdt:dose:9", "Nguyễn Văn Nam", "05/03/1990", "p1", phone=PHONE, dose="2 2021-08-18")
    for dose in ("3 2022-01-05", "1 2021-07-21", " 2021-08-18"):
        assert both(row(ARRIVING, account=account, dose=dose), owner, first, second).person == "p1", dose
    for dose in ("1 2021-09-30", "2 2021-11-02", "3 2021-08-01", " 2021-08-28"):
        held = both(row(ARRIVING, account=account, dose=dose), owner, first, second)
        assert (held.decision, held.reason) == ("held", "ambiguous"), dose


def test_doses_without_a_name_that_contradict_each_other_are_held_together() -> None:
    account = "sskdt:sskdt_people:1"
    owner = row(account, "Nguyễn Văn Nam", "05/03/1990", "p1", phone=PHONE)
    other = row("sskdt:dose:0", account=account, dose="1 2021-07-20")
    assert both(row(ARRIVING, account=account, dose="2 2021-08-18"), owner, other).person == "p1"
    assert both(row(ARRIVING, account=account, dose="1 2021-08-18"), owner, other).decision == "held"


def test_a_childs_bare_spelling_is_held_where_its_birthday_alone_leads_to_twins() -> None:
    twins = [
        row(f"sskdt:{name[-1]}", f"Trần Thị {name}", "17/03/2009", f"p:{name}", **HOME, sex="female")
        for name in ("Quí", "Quì")
    ]
    bare = row("qr:1", "TRAN THI QUI", "17/03/2009", sex="female")
    assert both(bare, *twins).reason == "ambiguous"
    assert both(bare, twins[0]).reason is None


def disagreements(seeds: range) -> tuple[list[tuple[str, int]], Counter[str]]:
    wrong, ways = [], Counter[str]()
    for seed in seeds:
        for crowd in CROWDS:
            way, agrees = _judged(crowd(random.Random(seed)))
            ways[way] += 1
            wrong += [] if agrees else [(crowd.__name__, seed)]
    return wrong, ways


def _judged(crowd: Crowd) -> tuple[str, bool]:
    match = MATCHER.match(*crowd)
    return match.by, match.by != QUICK or answer(match) == answer(MATCHER.match_by_batch(*crowd))


def test_a_crowd_of_each_kind_gets_the_batchs_answer() -> None:
    wrong, ways = disagreements(range(1))
    assert wrong == []
    assert ways[QUICK] == len(CROWDS)


@pytest.mark.slow
def test_hundreds_of_varied_crowds_get_the_batchs_answer() -> None:
    wrong, ways = disagreements(range(1, 61))
    assert wrong == []
    assert ways[QUICK] > 0.9 * ways.total()
