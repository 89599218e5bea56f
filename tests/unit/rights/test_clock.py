"""The clock of requests: working days of Viet Nam, deadlines on working days, one longer time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pccovid.rights.rules import ESCALATION, KINDS, PERIODS, RESTRICTING, deadlines, extended, period_of
from pccovid.rights.working_days import (
    FIRST_YEAR,
    LAST_YEAR,
    VIET_NAM,
    after_working_days,
    end_of,
    is_working_day,
    local_day,
    specials,
    working_day_from,
)

DAYS = st.dates(date(2021, 1, 1), date(2028, 12, 31))
MOMENTS = st.builds(
    lambda day, minutes: datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes),
    st.dates(date(2026, 1, 2), date(2028, 12, 31)), st.integers(0, 24 * 60 - 1),
)  # fmt: skip
INSTANT = timedelta(microseconds=1)
calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the clock."""


@calmly
@given(DAYS, st.integers(0, 30))
def test_counting_working_days_never_ends_on_a_day_off(day: date, count: int) -> None:
    found = after_working_days(day, count)
    assert count == 0 or is_working_day(found)
    assert sum(is_working_day(day + timedelta(days=n)) for n in range(1, (found - day).days + 1)) == count


@calmly
@given(DAYS, DAYS, st.integers(0, 20))
def test_who_asks_later_is_never_answered_earlier(one: date, other: date, count: int) -> None:
    earlier, later = sorted((one, other))
    assert after_working_days(earlier, count) <= after_working_days(later, count)


@calmly
@given(MOMENTS, st.sampled_from(KINDS))
def test_no_deadline_falls_on_a_day_off_and_none_comes_before_its_days_are_over(moment: datetime, kind: str) -> None:
    rule, due = period_of(kind, local_day(moment)), deadlines(kind, moment)
    for last in (local_day(due.acknowledge - INSTANT), local_day(due.finish - INSTANT)):
        assert is_working_day(last)
    assert local_day(due.finish - INSTANT) >= local_day(moment) + timedelta(days=rule.finish_days)
    assert moment < due.acknowledge <= due.finish


@calmly
@given(MOMENTS, MOMENTS, st.sampled_from(KINDS))
def test_deadlines_never_run_backwards(one: datetime, other: datetime, kind: str) -> None:
    earlier, later = sorted((one, other))
    assert deadlines(kind, earlier) <= deadlines(kind, later)


@calmly
@given(MOMENTS, st.sampled_from(KINDS), st.integers(1, 15))
def test_the_longer_time_ends_on_a_working_day_and_gives_at_least_the_days_it_says(
    moment: datetime, kind: str, days: int
) -> None:
    due = deadlines(kind, moment).finish
    later = extended(due, days)
    assert is_working_day(local_day(later - INSTANT))
    assert later - due >= timedelta(days=days)


@pytest.mark.parametrize(
    ("received", "acknowledge", "finish"),
    [
        # A Friday evening: Monday and Tuesday; fifteen days later is a Saturday, so Monday.
        (datetime(2026, 11, 27, 20, tzinfo=VIET_NAM), date(2026, 12, 1), date(2026, 12, 14)),
        # Just before Tết 2026: the week is off.
        (datetime(2026, 2, 13, 9, tzinfo=VIET_NAM), date(2026, 2, 24), date(2026, 3, 2)),
        # Half past midnight in Viet Nam is the day before in Greenwich.
        (datetime(2026, 11, 29, 17, 30, tzinfo=UTC), date(2026, 12, 2), date(2026, 12, 15)),
    ],
)
def test_deadlines_of_an_objection_on_named_days(received: datetime, acknowledge: date, finish: date) -> None:
    due = deadlines("objection", received)
    assert (due.acknowledge, due.finish) == (end_of(acknowledge), end_of(finish))


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2021, 2, 12), False), (date(2021, 5, 3), False), (date(2022, 4, 11), False), (date(2023, 9, 4), False),
        (date(2024, 4, 29), False), (date(2024, 5, 4), True), (date(2025, 4, 26), True), (date(2026, 4, 27), False),
        (date(2026, 9, 1), False), (date(2026, 9, 3), True), (date(2027, 2, 11), False), (date(2026, 11, 28), False),
    ],
)  # fmt: skip
def test_holidays_days_in_their_stead_and_saturdays_worked(day: date, is_open: bool) -> None:
    assert is_working_day(day) is is_open


def test_every_year_has_eleven_holidays_and_only_what_was_compared_is_called_verified() -> None:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        of_year = [one for one in specials() if one.day.year == year]
        named = [one for one in of_year if one.is_off and one.occasion not in ("substitute", "swapped")]
        assert len(named) == 11, year
        assert all(one.is_verified == (year == 2025) for one in of_year)
    assert len({one.day for one in specials()}) == len(specials())


def test_a_holiday_on_a_weekend_is_made_up_for_and_a_swapped_day_is_worked() -> None:
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        of_year = [one for one in specials() if one.day.year == year]
        weekend = [one for one in of_year if one.is_off and one.day.weekday() >= 5]
        assert len(weekend) == len([one for one in of_year if one.occasion == "substitute"]), year
        swapped = [one for one in of_year if one.occasion == "swapped"]
        assert sum(one.is_off for one in swapped) == sum(not one.is_off for one in swapped), year


def test_a_working_day_stays_and_a_day_off_moves_on() -> None:
    assert working_day_from(date(2026, 11, 27)) == date(2026, 11, 27)
    assert working_day_from(date(2026, 11, 28)) == date(2026, 11, 30)


def test_rules_of_one_kind_never_overlap_and_none_takes_more_than_the_decree_allows() -> None:
    for kind in (*KINDS, ESCALATION):
        of_kind = sorted((one for one in PERIODS if one.kind == kind), key=lambda one: one.valid_from)
        for before, after in zip(of_kind, of_kind[1:], strict=False):
            assert before.valid_to is not None
            assert before.valid_to < after.valid_from
        assert of_kind[-1].valid_to is None
    now = [period_of(kind, date(2026, 11, 28)) for kind in KINDS]
    assert all(one.acknowledge_working_days == 2 and one.longest_extension_days == 15 for one in now)
    assert all(10 <= one.finish_days <= 20 for one in now)
    assert {one.finish_days for one in now if one.kind in RESTRICTING} == {15}


def test_before_the_first_decree_there_is_no_rule() -> None:
    with pytest.raises(LookupError):
        period_of("correction", date(2023, 6, 30))
