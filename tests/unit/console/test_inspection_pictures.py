"""The two drawings of a case show every reading and place the officer's day among those of peers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pccovid.web.console.inspection_pictures import HEIGHT, WIDTH, histogram, timeline

MORNING = datetime(2021, 10, 1, 1, tzinfo=UTC)
PEERS = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 40)), min_size=1, max_size=60)


@given(PEERS, st.integers(1, 400), st.floats(1, 400))
def test_bars_lie_inside_the_drawing_and_one_is_the_officers(
    peers: list[tuple[int, int]], own: int, limit: float
) -> None:
    drawn = histogram(peers, own, limit)
    assert drawn is not None
    assert [bar.is_own for bar in drawn.bars].count(True) == 1
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH + 0.2 for bar in drawn.bars)
    assert all(bar.y >= 0 and abs(bar.y + bar.height - HEIGHT) < 0.2 and bar.height > 0 for bar in drawn.bars)
    assert 0 <= drawn.limit_x <= WIDTH
    assert drawn.peers_below == sum(days for measured, days in peers if measured < own)


def test_with_nobody_to_compare_there_is_no_histogram() -> None:
    assert histogram([], 5, 4.0) is None


@given(
    st.lists(st.tuples(st.integers(0, 24 * 60), st.integers(1, 9)), min_size=2, max_size=40, unique_by=lambda h: h[0])
)
def test_the_timeline_counts_every_reading_and_ends_after_the_last(hours: list[tuple[int, int]]) -> None:
    read = sorted((MORNING + timedelta(hours=hour), count) for hour, count in hours)
    drawn = timeline(read, MORNING, MORNING + timedelta(days=1))
    assert drawn is not None
    assert drawn.readings == sum(count for _, count in hours)
    assert drawn.begins <= read[0][0] < read[-1][0] < drawn.ends
    assert drawn.begins <= drawn.busiest < drawn.ends
    assert drawn.most >= max(count for _, count in hours)


def test_a_day_is_drawn_by_the_hour_and_a_month_by_the_day() -> None:
    day = timeline([(MORNING, 3), (MORNING + timedelta(hours=5), 1)], MORNING, MORNING + timedelta(days=1))
    month = timeline([(MORNING, 3), (MORNING + timedelta(days=29), 1)], MORNING, MORNING)
    assert day is not None
    assert month is not None
    assert (day.is_hourly, month.is_hourly) == (True, False)


def test_a_single_reading_needs_no_timeline() -> None:
    assert timeline([(MORNING, 1)], MORNING, MORNING) is None
