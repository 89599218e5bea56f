"""How cases are shared out among lanes: each case once, and no two lanes that wait for one another."""

from __future__ import annotations

import psycopg
from hypothesis import given
from hypothesis import strategies as st

from pccovid.contact_tracing.in_lanes import CASES_WORTH_A_LANE, Lanes

_SLOTS = 64  # of access.trace_contacts


def nobody() -> psycopg.Connection:
    raise AssertionError("no connection is made to share cases out")


@given(cases=st.sets(st.integers(1, 10**12), max_size=900), most=st.integers(1, 8))
def test_each_case_goes_to_one_lane_and_lanes_share_no_slot(cases: set[int], most: int) -> None:
    parts = Lanes(nobody, most).parts_of(sorted(cases))
    assert sorted(case for part in parts for case in part) == sorted(cases)
    assert len(parts) <= max(1, min(most, len(cases) // CASES_WORTH_A_LANE))
    slots = [{case % _SLOTS for case in part} for part in parts]
    assert sum(map(len, slots)) == len(set().union(*slots))


def test_few_cases_are_traced_on_one_connection_and_a_thousand_in_even_parts() -> None:
    lanes = Lanes(nobody, 4)
    assert lanes.parts_of([]) == []
    assert lanes.parts_of(range(1, 200)) == [list(range(1, 200))]
    assert [len(part) for part in lanes.parts_of(range(1, 1_001))] == [250, 250, 250, 250]
