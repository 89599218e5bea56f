"""What officers' opinions about a pair come to, and how far they agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.link_review.rules import (
    DIFFERENT,
    DISPUTED,
    OPEN,
    OPINIONS,
    SAME,
    SECOND_NEEDED,
    STANDINGS,
    UNSURE,
    agreement,
    may_split,
    standing,
)

ANY = st.dictionaries(st.integers(1, 6), st.sampled_from(OPINIONS), max_size=6)


def test_one_officer_joins_people_whom_nobody_verified() -> None:
    assert standing({1: SAME}, is_verified=False) == SAME


def test_a_verified_person_is_joined_by_two_officers_only() -> None:
    assert standing({1: SAME}, is_verified=True) == SECOND_NEEDED
    assert standing({1: SAME, 2: SAME}, is_verified=True) == SAME


def test_a_verified_person_is_taken_apart_by_two_officers_only() -> None:
    assert may_split(is_verified=False, is_agreed=False)
    assert may_split(is_verified=True, is_agreed=True)
    assert not may_split(is_verified=True, is_agreed=False)


def test_one_officer_tells_apart_whoever_it_is() -> None:
    assert standing({1: DIFFERENT}, is_verified=True) == DIFFERENT


def test_officers_who_contradict_each_other_decide_nothing_until_a_third_speaks() -> None:
    assert standing({1: SAME, 2: DIFFERENT}, is_verified=False) == DISPUTED
    assert standing({1: SAME, 2: DIFFERENT, 3: DIFFERENT}, is_verified=False) == DIFFERENT
    assert standing({1: SAME, 2: DIFFERENT, 3: SAME}, is_verified=True) == DISPUTED


def test_who_does_not_know_leaves_the_pair_open() -> None:
    assert standing({1: UNSURE, 2: UNSURE}, is_verified=False) == OPEN


@given(ANY, st.booleans())
def test_officers_who_do_not_know_change_nothing(opinions: dict[int, str], is_verified: bool) -> None:
    sure = {officer: opinion for officer, opinion in opinions.items() if opinion != UNSURE}
    assert standing(opinions, is_verified=is_verified) == standing(sure, is_verified=is_verified)


@given(ANY, st.booleans())
def test_more_voices_for_two_people_never_make_them_one(opinions: dict[int, str], is_verified: bool) -> None:
    found = standing({**opinions, 9: DIFFERENT}, is_verified=is_verified)
    assert found in STANDINGS
    if standing(opinions, is_verified=is_verified) != SAME:
        assert found != SAME


def test_agreement_is_measured_beyond_chance() -> None:
    judged = [(SAME, SAME)] * 20 + [(DIFFERENT, DIFFERENT)] * 15 + [(SAME, DIFFERENT)] * 5 + [(DIFFERENT, SAME)] * 10
    found = agreement(judged)
    assert found.pairs == 50
    assert found.share == pytest.approx(0.7)
    # The textbook's table of 20, 5, 10 and 15: kappa 0.4.
    assert found.kappa == pytest.approx(0.4)


def test_agreement_of_nobody_is_no_figure() -> None:
    assert agreement([(SAME, UNSURE)]) == (0, None, None)
