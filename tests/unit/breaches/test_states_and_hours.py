"""The states of a breach as data, and the seventy-two hours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pccovid.breaches.rules import (
    CLOSED,
    DISCOVERED,
    MOVES,
    PERIODS,
    RUNNING,
    STATES,
    VIET_NAM,
    Facts,
    due_at,
    missing,
    period_on,
    steps_from,
    timer,
)

FRIDAY_EVENING = datetime(2026, 2, 13, 18, 30, tzinfo=VIET_NAM)
"""Before the weekend that begins the Tết of 2026."""


def test_every_state_is_reached_from_discovery_and_only_closed_is_left_by_nothing() -> None:
    reached, frontier = {DISCOVERED}, {DISCOVERED}
    while frontier:
        frontier = {move.to_state for move in MOVES if move.from_state in frontier} - reached
        reached |= frontier
    assert reached == set(STATES)
    assert {state for state in STATES if not any(move.from_state == state for move in MOVES)} == {CLOSED}


def test_no_step_leads_two_ways_from_one_state() -> None:
    assert len({(move.step, move.from_state) for move in MOVES}) == len(MOVES)


def test_two_persons_and_a_reason_are_needed_for_not_notifiable_and_for_closing_and_nothing_else() -> None:
    assert {move.step for move in MOVES if move.needs_two} == {"not_notifiable", "close"}
    assert all(move.needs_words for move in MOVES if move.needs_two)
    assert all(move.needs_two for move in MOVES if move.to_state == CLOSED)


def test_no_office_takes_the_programs_step_and_no_other_office_takes_any() -> None:
    offices = {role for move in MOVES for role in move.roles}
    assert offices == {"data_protection", "inspector"}
    assert all("overdue" not in [move.step for move in steps_from(state, one)] for state in STATES for one in offices)
    assert steps_from(DISCOVERED, "data_steward") == ()


def test_seventy_two_hours_run_through_weekend_and_holidays() -> None:
    assert due_at(FRIDAY_EVENING) == datetime(2026, 2, 16, 18, 30, tzinfo=VIET_NAM)


def test_the_day_that_chooses_the_law_is_the_day_in_viet_nam() -> None:
    last_evening = datetime(2025, 12, 31, 16, 59, tzinfo=UTC)
    before, after = period_on(last_evening), period_on(last_evening + timedelta(minutes=1))
    assert before is not None
    assert after is not None
    assert "13/2023" in before.document
    assert "91/2025" in after.document


def test_there_is_no_period_before_the_first_rule_and_no_two_at_once() -> None:
    assert due_at(datetime(2022, 1, 1, tzinfo=VIET_NAM)) is None
    ordered = sorted(PERIODS, key=lambda one: one.valid_from)
    assert all(one.valid_to == then.valid_from for one, then in zip(ordered, ordered[1:], strict=False))
    assert not any(one.verified for one in PERIODS)


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(0), ("running", 72, 0)),
        (timedelta(hours=59, minutes=59), ("running", 12, 1)),
        (timedelta(hours=60, minutes=1), ("soon", 11, 59)),
        (timedelta(hours=72), ("soon", 0, 0)),
        (timedelta(hours=72, seconds=1), ("overdue", 0, 0)),
        (timedelta(hours=100, minutes=5), ("overdue", 28, 5)),
    ],
)
def test_the_timer_tells_hours_left_and_then_hours_passed(passed: timedelta, told: tuple[str, int, int]) -> None:
    due = due_at(FRIDAY_EVENING)
    assert due is not None
    for state in RUNNING:
        assert timer(state, due, FRIDAY_EVENING + passed) == told


def test_the_timer_stops_once_the_authority_is_told_or_need_not_be() -> None:
    due = due_at(FRIDAY_EVENING)
    assert due is not None
    for state in set(STATES) - set(RUNNING):
        assert timer(state, due, FRIDAY_EVENING + timedelta(days=30)).look == "stopped"


def test_what_is_not_known_yet_is_named_and_what_is_known_is_not() -> None:
    assert missing(Facts(kinds=("integrity",)), None) == ("when", "categories", "persons", "consequences", "measures")
    whole = Facts(("integrity",), ("identity",), 3, "known", "hậu quả", "biện pháp", "lời khuyên")
    assert missing(whole, FRIDAY_EVENING) == ()
    assert missing(whole._replace(persons=None, persons_basis="unknown"), FRIDAY_EVENING) == ("persons",)
