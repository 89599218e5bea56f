"""Check-ins and check-outs become stays, and nothing that came in is lost, whatever the order it came in."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from pccovid.movement.rules import ASSUMED_STAY, LONGEST_STAY, Passage, Stay, merge_stays, overlap, pair_up, span_of

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
moments = st.integers(0, 4_000).map(lambda minutes: NOON + timedelta(minutes=minutes))
passages = st.lists(st.builds(Passage, st.uuids(), moments, st.booleans()), max_size=25, unique_by=lambda one: one.key)
halves = st.tuples(st.none() | moments, st.none() | moments)
stays = st.lists(
    st.builds(
        lambda key, times: Stay(key, *sorted(times)) if None not in times else Stay(key, *times), st.uuids(), halves
    ),
    max_size=12, unique_by=lambda one: one.key,
)  # fmt: skip
spans = st.tuples(moments, moments).map(lambda two: (min(two), max(two)))


def folded(*batches: list[Passage]) -> dict[UUID, Stay]:
    known: dict[UUID, Stay] = {}
    for batch in batches:
        known |= {stay.key: stay for stay in pair_up(known.values(), batch)}
    return known


@given(passages, st.integers(0, 25))
def test_every_scan_begins_or_ends_exactly_one_stay_in_whatever_batches_it_came(
    given_passages: list[Passage], cut: int
) -> None:
    for batches in ((given_passages,), (given_passages[:cut], given_passages[cut:])):
        known = folded(*batches)
        begun = Counter(stay.entered_at for stay in known.values() if stay.entered_at)
        ended = Counter(stay.left_at for stay in known.values() if stay.left_at)
        assert begun == Counter(one.at for one in given_passages if not one.is_exit)
        assert ended == Counter(one.at for one in given_passages if one.is_exit)


@given(passages)
def test_no_stay_ends_before_it_begins_or_lasts_longer_than_a_day(given_passages: list[Passage]) -> None:
    for stay in folded(given_passages).values():
        if stay.entered_at and stay.left_at:
            assert timedelta() <= stay.left_at - stay.entered_at <= LONGEST_STAY


def test_a_check_out_that_came_first_is_joined_by_its_check_in() -> None:
    entry, leaving = Passage(UUID(int=1), NOON, False), Passage(UUID(int=2), NOON + timedelta(hours=1), True)
    assert list(folded([leaving], [entry]).values()) == [Stay(UUID(int=2), NOON, NOON + timedelta(hours=1))]
    assert list(folded([entry], [leaving]).values()) == [Stay(UUID(int=1), NOON, NOON + timedelta(hours=1))]


def test_who_leaves_closes_the_last_visit_and_an_older_one_stays_open() -> None:
    early, late = Passage(UUID(int=1), NOON, False), Passage(UUID(int=2), NOON + timedelta(hours=5), False)
    out = Passage(UUID(int=3), NOON + timedelta(hours=6), True)
    known = folded([early, late, out])
    assert known[UUID(int=1)].left_at is None
    assert known[UUID(int=2)].left_at == out.at


@given(stays)
def test_merging_loses_no_visit_and_invents_no_time(given_stays: list[Stay]) -> None:
    merged = merge_stays(given_stays)
    dated = [stay for stay in given_stays if span_of(stay) is not None]
    assert sorted(one.key for span in merged for one in span.stays) == sorted(stay.key for stay in dated)
    for span in merged:
        own = [known for stay in span.stays if (known := span_of(stay))]
        assert (span.start, span.end) == (min(s for s, _ in own), max(e for _, e in own))
    assert all(one.end < other.start for one, other in zip(merged, merged[1:], strict=False))


@given(spans, spans)
def test_overlaps_are_the_same_from_both_sides_and_no_longer_than_either(
    one: tuple[datetime, datetime], other: tuple[datetime, datetime]
) -> None:
    together = overlap(one, other)
    assert together == overlap(other, one)
    if together is None:
        assert one[1] < other[0] or other[1] < one[0]
    else:
        assert timedelta() <= together <= min(one[1] - one[0], other[1] - other[0])


def test_who_did_not_check_out_is_taken_to_have_stayed_for_two_hours() -> None:
    assert span_of(Stay(UUID(int=1), NOON, None)) == (NOON, NOON + ASSUMED_STAY)
    assert span_of(Stay(UUID(int=1), None, NOON)) == (NOON - ASSUMED_STAY, NOON)
    assert span_of(Stay(UUID(int=1), None, None)) is None
