"""Doses as witnesses: what no one person can have had."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pccovid.linkage.claim import Claim
from pccovid.linkage.doses import Dose, are_of_several, are_of_two, contradict, dose_text, read_dose

JULY = date(2021, 7, 20)
DOSES = st.builds(Dose, st.none() | st.integers(1, 9), st.dates(date(2021, 3, 8), date(2024, 1, 1)))


def after(days: int, number: int | None) -> Dose:
    return Dose(number, JULY + timedelta(days))


def test_a_first_dose_a_month_after_the_first_is_somebody_elses() -> None:
    assert are_of_two(after(0, 1), after(30, 1))


def test_one_dose_entered_by_two_facilities_some_days_apart_is_one_persons() -> None:
    assert not are_of_two(after(0, 1), after(6, 1))


def test_a_second_dose_before_the_first_is_somebody_elses() -> None:
    assert are_of_two(after(0, 1), after(-40, 2))


def test_two_doses_in_ten_days_are_two_peoples_whatever_their_numbers() -> None:
    assert are_of_two(after(0, 1), after(10, 2))
    assert are_of_two(after(0, None), after(10, 2))


def test_one_dose_entered_under_two_numbers_on_one_day_is_one_persons() -> None:
    assert not are_of_two(after(0, 1), after(0, 2))


def test_doses_two_weeks_apart_are_one_persons_and_nearer_ones_are_of_several() -> None:
    assert not are_of_several([after(60, 1), after(74, 2), after(88, 3)])
    assert are_of_two(after(0, 1), after(12, 2))
    assert not are_of_two(after(0, 1), after(14, 2))


def test_newcomers_are_held_against_what_is_known_and_against_each_other() -> None:
    known = [after(0, 1), after(28, 2)]
    assert not contradict([after(180, 3)], known)
    assert contradict([after(60, 2)], known)
    assert contradict([after(180, 3), after(220, 3)], known)
    assert not contradict([], [after(0, 1), after(60, 1)])


def test_a_booster_with_the_number_of_the_dose_before_it_is_a_grown_persons() -> None:
    known = [after(0, 1), after(35, 2)]
    assert not contradict([after(150, 2)], known, of_grown=True)
    # A child's second, or too soon for a booster.
    assert contradict([after(150, 2)], known)
    assert contradict([after(100, 2)], known, of_grown=True)
    # Of one dose before it, another's first is as likely.
    assert contradict([after(150, 1)], [after(0, 1)], of_grown=True)
    # Beside other rows that name nobody, theirs as likely.
    assert contradict([after(150, 2)], known, of_grown=True, come_alone=False)
    # A fourth on a screen that stops at three.
    assert not contradict([after(330, 3)], [*known, after(200, 3)], of_grown=True)


def test_of_two_entries_of_one_day_one_has_the_wrong_number() -> None:
    booster_twice = [after(200, 2), after(200, 3)]
    assert not contradict([after(0, 1), after(35, 2)], booster_twice)
    assert not contradict([after(35, 2)], [after(0, 1), after(200, 3), after(201, 2)])
    assert contradict([after(0, 2), after(35, 3)], booster_twice)
    # A husband's first, on the day of her second.
    assert contradict([after(35, 1)], [after(0, 1), after(35, 2)])


@given(DOSES)
def test_what_a_claim_carries_of_a_dose_is_read_back(dose: Dose) -> None:
    text = dose_text(*dose)
    assert text is not None
    assert read_dose(text) == dose


@given(DOSES, DOSES)
def test_it_does_not_matter_which_dose_is_looked_at_first(one: Dose, other: Dose) -> None:
    assert are_of_two(one, other) == are_of_two(other, one)


@given(DOSES)
def test_no_dose_contradicts_itself(dose: Dose) -> None:
    assert not are_of_two(dose, dose)


def test_an_unknown_day_says_nothing() -> None:
    assert dose_text(2, None) is None
    assert Claim().dose is None
