"""What counts as unusual: the limit is robust, has a floor, and every number has its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.inspection.rules import KINDS, NEEDS_MORE, OUTCOMES, WITHHOLDINGS, limit

VOLUME = KINDS["volume"]
GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guides" / "inspector.md"


@given(st.lists(st.integers(0, 500), min_size=4), st.integers(4, 50))
def test_the_limit_is_never_below_the_floor_nor_below_the_middle_of_peers(peers: list[int], officers: int) -> None:
    found = limit(VOLUME, peers, officers)
    assert found is not None
    assert found >= VOLUME.floor  # type: ignore[operator]
    assert found >= sorted(peers)[(len(peers) - 1) // 2]


@given(st.lists(st.integers(0, 60), min_size=9, max_size=60), st.integers(1_000, 10**6))
def test_one_officer_who_reads_everybody_hardly_moves_the_limit(peers: list[int], outlier: int) -> None:
    with_outlier = limit(VOLUME, [*peers, outlier], 5)
    assert with_outlier is not None
    assert with_outlier < 1_000


def test_with_too_few_officers_to_compare_the_limit_stands_alone() -> None:
    assert limit(VOLUME, [1, 2, 3], 3) == VOLUME.alone_floor


@pytest.mark.parametrize("kind", ["out_of_area", "own_name", "own_household", "no_case", "much_read"])
def test_kinds_that_compare_with_nobody_have_their_floor_as_limit(kind: str) -> None:
    assert limit(KINDS[kind], [], 0) == KINDS[kind].floor


def test_complaints_and_emergencies_are_cases_without_any_limit() -> None:
    assert limit(KINDS["complaint"], [], 0) is None
    assert limit(KINDS["break_glass"], [], 0) is None


def test_every_kind_gives_the_reason_for_its_numbers_and_a_time_to_decide() -> None:
    for kind in KINDS.values():
        assert len(kind.reason) > 60, kind.kind
        assert kind.due_hours > 0
    assert NEEDS_MORE in OUTCOMES


def test_nothing_is_withheld_while_no_law_is_known_that_allows_it() -> None:
    assert WITHHOLDINGS == ()


def test_the_inspectors_guide_names_every_kind_with_its_numbers() -> None:
    page = GUIDE.read_text(encoding="utf-8")
    for kind in KINDS.values():
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{kind.kind}` |")]
        for number in (kind.floor, kind.alone_floor, kind.due_hours):
            assert number is None or f" {number} " in line, (kind.kind, number)
