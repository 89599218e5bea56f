"""Random rounding: near, right on average, the same in every release."""

from __future__ import annotations

from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.bulk_export.rounding import rounded, rounded_table

KEY = b"a key for tests"


@given(count=st.integers(0, 10_000), base=st.integers(2, 20), cell=st.text())
def test_a_rounded_count_is_a_multiple_and_less_than_one_base_away(count: int, base: int, cell: str) -> None:
    found = rounded(count, cell=cell, base=base, key=KEY)
    assert found % base == 0
    assert abs(found - count) < base
    assert found == rounded(count, cell=cell, base=base, key=KEY)


@pytest.mark.parametrize("count", range(6))
def test_rounded_counts_are_right_on_average(count: int) -> None:
    assert mean(rounded(count, cell=str(n), base=5, key=KEY) for n in range(4000)) == pytest.approx(count, abs=0.2)


def test_the_same_count_of_another_cell_is_rounded_by_its_own_chance() -> None:
    assert {rounded(7, cell=str(n), base=5, key=KEY) for n in range(30)} == {5, 10}


def test_differencing_two_overlapping_releases_does_not_give_the_difference() -> None:
    """A district with and without one commune of 2 people: the difference of what is published is not always 2."""
    differences = set()
    for district in range(40):
        first = rounded(40 + district, cell="district", base=5, key=KEY)
        without = rounded(38 + district, cell="district without one", base=5, key=KEY)
        differences.add(first - without)
    assert {0, 5} <= differences <= {-5, 0, 5, 10}


def test_a_table_is_rounded_cell_by_cell() -> None:
    found = rounded_table({("a", "x"): 3, ("a", "*"): 10}, base=5, key=KEY)
    assert found[("a", "*")] == 10
    assert found[("a", "x")] in {0, 5}
