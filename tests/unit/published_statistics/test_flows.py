"""Flows in one table: everybody in exactly one line, small pairs together, and no small number to be worked out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pccovid.areas.registry import registry
from pccovid.bulk_export.suppression import TOTAL, Cell, is_safe, suppressed
from pccovid.published_statistics.flows import LEAST_OF_A_LINE, flow_table
from pccovid.published_statistics.rules import COUNTRY, UNKNOWN, days_of

DAYS = days_of(date(2021, 10, 25))
NEAR, OTHER, FAR = "00001", "00004", "27259"


def test_pairs_nest_and_those_of_few_people_have_no_line_of_their_own() -> None:
    counts = {
        (f"{NEAR}>{FAR}", DAYS[0]): 30, (f"{OTHER}>{FAR}", DAYS[0]): 3, (f"{NEAR}>{OTHER}", DAYS[1]): 25,
        ("001?>27262", DAYS[2]): 4, ("?>27259", DAYS[2]): 6,
    }  # fmt: skip
    table = flow_table(DAYS, counts, registry())
    assert table.inside == {
        COUNTRY: None, UNKNOWN: COUNTRY, "01>79": COUNTRY, "001>773": "01>79", "01>79?": "01>79",
        f"{NEAR}>{FAR}": "001>773", "001>773?": "001>773", "01>01": COUNTRY, "001>001": "01>01", "01>01?": "01>01",
        f"{NEAR}>{OTHER}": "001>001", "001>001?": "001>001",
    }  # fmt: skip
    assert table.values[Cell(COUNTRY, TOTAL)] == sum(counts.values())
    assert table.values[Cell("001>773", TOTAL)] == 37
    assert table.values[Cell("001>773?", TOTAL)] == 7
    assert table.values[Cell(UNKNOWN, DAYS[2])] == 6


AREAS = st.sampled_from(["00001", "00004", "00006", "001?", "27259", "27262", "?", "no such"])


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.tuples(AREAS, AREAS, st.sampled_from(DAYS[:3])), st.integers(1, 40), max_size=14))
def test_nobody_is_lost_and_no_small_number_can_be_worked_out(counts: dict[tuple[str, str, str], int]) -> None:
    table = flow_table(DAYS, {(f"{one}>{other}", day): n for (one, other, day), n in counts.items()}, registry())
    assert table.values[Cell(COUNTRY, TOTAL)] == sum(counts.values())
    pairs = [area for area in table.inside if ">" in area and UNKNOWN not in area]
    assert all(table.values[Cell(pair, TOTAL)] >= LEAST_OF_A_LINE for pair in pairs)
    blank = suppressed(table, threshold=5)
    assert is_safe(table, blank, threshold=5)


@pytest.mark.parametrize("flows", [[], [("01", "79", 30), ("79", "01", 10), ("01", "01", 1)]])
def test_the_picture_has_a_line_for_each_flow_and_thicker_ones_for_more(flows: list[tuple[str, str, int]]) -> None:
    from pccovid.web.console.flow_picture import picture_of

    picture = picture_of(flows)
    if not flows:
        assert picture is None
        return
    assert picture is not None
    assert len(picture.ribbons) == 3
    widths = [one.width for one in picture.ribbons]
    assert widths == sorted(widths, reverse=True)
    assert {one.code for one in picture.labels} == {"01", "79"}
