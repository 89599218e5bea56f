"""Intervals, bands and drift: known values, and what must hold whatever is counted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.relinking.rules import BANDS, DriftLimit, band_of, critical, drift, wilson

COUNTS = st.dictionaries(st.sampled_from(["same", "typo", "different", "missing"]), st.integers(0, 5_000), max_size=4)


@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    # Computed independently: (p + z²/2n ± z·sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n) with z = 1.96.
    [(10, 10, 0.7225, 1.0), (0, 10, 0.0, 0.2775), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)
def test_wilsons_interval_has_its_known_values(right: int, judged: int, low: float, high: float) -> None:
    assert wilson(right, judged) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda judged: st.tuples(st.integers(0, judged), st.just(judged))))
def test_the_share_that_was_seen_lies_within_its_interval(counted: tuple[int, int]) -> None:
    right, judged = counted
    low, high = wilson(right, judged)
    assert 0 <= low <= right / judged + 1e-12
    assert right / judged - 1e-12 <= high <= 1


@given(st.floats(-200, 200))
def test_every_weight_lies_in_exactly_one_band(weight: float) -> None:
    low, high = band_of(weight)
    assert low is None or weight >= low
    assert high is None or weight < high
    assert low is None or low in BANDS


@pytest.mark.parametrize(("degrees", "expected"), [(1, 10.828), (2, 13.816), (3, 16.266), (5, 20.515), (10, 29.588)])
def test_the_critical_values_are_those_of_the_printed_table_for_one_in_a_thousand(
    degrees: int, expected: float
) -> None:
    assert critical(degrees, 3.0902) == pytest.approx(expected, rel=0.035)


@given(COUNTS)
def test_the_same_shares_have_never_drifted(counts: dict[str, int]) -> None:
    doubled = {level: 2 * rows for level, rows in counts.items()}
    found = drift(counts, doubled)
    assert found.effect == pytest.approx(0, abs=1e-9)
    assert not found.has_drifted


@given(COUNTS, COUNTS)
def test_which_span_comes_first_makes_no_difference_to_the_statistic(
    one: dict[str, int], other: dict[str, int]
) -> None:
    assert drift(one, other).chi_squared == pytest.approx(drift(other, one).chi_squared)


def test_pearsons_statistic_of_a_two_by_two_table_is_that_of_the_textbook() -> None:
    # N(ad - bc)² / ((a+b)(c+d)(a+c)(b+d)) for 90, 10 against 60, 40.
    found = drift({"same": 90, "different": 10}, {"same": 60, "different": 40})
    assert found.chi_squared == pytest.approx(200 * (90 * 40 - 10 * 60) ** 2 / (100 * 100 * 150 * 50))
    assert found.effect == pytest.approx((found.chi_squared / 200) ** 0.5)
    assert found.has_drifted is None, "a hundred rows are too few to say"


def test_a_change_of_pattern_is_told_and_a_small_one_is_not() -> None:
    assert drift({"same": 900, "different": 100}, {"same": 700, "different": 300}).has_drifted is True
    assert drift({"same": 90_000, "different": 10_000}, {"same": 89_000, "different": 11_000}).has_drifted is False
    strict = DriftLimit(fewest_rows=200, least_effect=0.001, quantile=3.0902)
    assert (
        drift({"same": 90_000, "different": 10_000}, {"same": 89_000, "different": 11_000}, strict).has_drifted is True
    )


def test_a_source_that_stopped_altogether_is_not_called_drifted() -> None:
    assert drift({"same": 900, "different": 100}, {}).has_drifted is None
