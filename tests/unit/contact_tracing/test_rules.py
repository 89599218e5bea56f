"""Meetings are the same from both sides, lie where the case was infectious, and lose nothing in merging."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pccovid.contact_tracing import rules
from pccovid.contact_tracing.rules import Span, meetings, merged, presence, score_of, score_together, together

START = datetime(2021, 10, 1, tzinfo=UTC)
minutes = st.integers(0, 20_000)
moments = minutes.map(lambda number: START + timedelta(minutes=number))
spans = st.tuples(moments, st.integers(1, 600)).map(lambda one: (one[0], one[0] + timedelta(minutes=one[1])))
stays = st.lists(spans, max_size=8)


def minutes_of(some: list[Span]) -> set[int]:
    """Every minute that is covered: what spans say, written out."""
    return {
        number
        for start, end in some
        for number in range(int((start - START).total_seconds() // 60), int((end - START).total_seconds() // 60))
    }


@given(spans, spans)
def test_the_time_together_is_the_same_from_both_sides(one: Span, other: Span) -> None:
    assert together(one, other) == together(other, one)


@given(stays, stays, spans)
def test_meetings_are_the_same_from_both_sides(one: list[Span], other: list[Span], infectious: Span) -> None:
    assert meetings(one, other, infectious) == meetings(other, one, infectious)


@given(stays, stays, spans)
def test_no_meeting_lies_outside_the_infectious_period_or_where_one_was_not(
    case: list[Span], other: list[Span], infectious: Span
) -> None:
    met = minutes_of(meetings(case, other, infectious))
    assert met == minutes_of(case) & minutes_of(other) & minutes_of([infectious])


@given(stays)
def test_merging_stays_loses_no_minute_and_counts_none_twice(some: list[Span]) -> None:
    whole = merged(some)
    assert minutes_of(whole) == minutes_of(some)
    assert all(one[1] < other[0] for one, other in zip(whole, whole[1:], strict=False))
    assert all(any(start >= a and end <= b for a, b in whole) for start, end in some)


@given(st.none() | moments, st.none() | moments)
def test_a_presence_ends_when_somebody_left_and_lasts_at_most_a_day(
    entered: datetime | None, left: datetime | None
) -> None:
    there = presence(entered, left)
    assert (there is None) == (entered is None and left is None)
    if there is not None:
        assert timedelta() <= there[1] - there[0] <= timedelta(hours=24)
        assert left is None or there[1] == left


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_more_exposures_never_make_a_contact_less_sure(scores: list[float]) -> None:
    whole = score_together(scores)
    assert max(scores) - 1e-5 <= whole <= 1
    assert abs(score_together(list(reversed(scores))) - whole) < 1e-9


@given(st.integers(0, 500), st.integers(0, 500), st.booleans())
def test_longer_together_never_counts_less(one: int, other: int, guessed: bool) -> None:
    place = rules.CONTACT_RULES[0]
    short, long = (score_of(place, number, is_guessed=guessed) or 0 for number in sorted((one, other)))
    assert short <= long


def test_under_a_mask_a_quarter_of_an_hour_is_needed_and_without_one_a_minute() -> None:
    by_kind = {rule.kind: rule for rule in rules.CONTACT_RULES}
    assert score_of(by_kind["place"], 14, is_guessed=False) is None
    assert score_of(by_kind["place"], 15, is_guessed=False) is not None
    assert score_of(by_kind["unmasked_place"], 1, is_guessed=False) is not None


def test_every_day_since_2020_has_one_rule_and_nothing_unsure_is_called_verified() -> None:
    for number in range(2_000):
        on = date(2020, 1, 1) + timedelta(days=number)
        assert [r.valid_from <= on and (r.valid_to is None or on < r.valid_to) for r in rules.INFECTIOUS_RULES].count(
            True
        ) == 1
    unsure = [*rules.CONTACT_RULES, *rules.INFECTIOUS_RULES, *rules.CASE_DEFINITIONS]
    assert all(not row.verified for row in unsure if "chúng tôi" in row.document)
