"""The table of a week: every person in exactly one leaf, whatever is known of their home, and no weeks overlap."""

from __future__ import annotations

from datetime import date

import pytest

from pccovid.areas.registry import registry
from pccovid.bulk_export.suppression import TOTAL, Cell
from pccovid.published_statistics.rules import (
    COUNTRY,
    THEMES,
    UNKNOWN,
    WeekIsWrong,
    days_of,
    table_of,
    threshold_of,
    tree_of,
    weeks_to_tell,
)

WEEK = date(2021, 10, 25)
MONDAY = WEEK.isoformat()


def test_a_week_is_seven_days_from_a_monday_and_no_other() -> None:
    assert days_of(WEEK)[0] == MONDAY
    assert len(days_of(WEEK)) == 7
    for other in range(26, 32):
        with pytest.raises(WeekIsWrong):
            days_of(date(2021, 10, other))


def test_a_tree_has_every_province_and_the_communes_of_those_that_are_opened() -> None:
    inside = tree_of(registry(), ["01"])
    assert sum(outer == COUNTRY for outer in inside.values()) == 64, "63 provinces, and people of an unknown one"
    assert inside["00001"] == "001"
    assert inside["001"] == "01"
    assert inside["001" + UNKNOWN] == "001"
    assert "27259" not in inside
    with pytest.raises(LookupError):
        tree_of(registry(), ["99"])


def test_everybody_is_counted_once_whatever_is_known_of_where_they_live() -> None:
    counts = {
        ("00001", MONDAY): 8, ("001?", MONDAY): 3, ("01?", MONDAY): 2, ("27259", MONDAY): 40, ("79?", MONDAY): 5,
        ("?", MONDAY): 7, ("no such unit", MONDAY): 1,
    }  # fmt: skip
    units = registry()
    table = table_of(tree_of(units, ["01"]), days_of(WEEK), counts, units)
    assert table.values[Cell(COUNTRY, TOTAL)] == sum(counts.values())
    assert table.values[Cell("01", TOTAL)] == 13
    assert table.values[Cell("001", MONDAY)] == 11
    assert table.values[Cell("79", MONDAY)] == 45
    assert table.values[Cell(UNKNOWN, MONDAY)] == 8


def test_the_same_people_are_counted_alike_in_a_coarse_and_in_a_fine_table() -> None:
    counts = {("00001", MONDAY): 8, ("001?", MONDAY): 3, ("27259", MONDAY): 40}
    units = registry()
    coarse, fine = (table_of(tree_of(units, opened), days_of(WEEK), counts, units) for opened in ([], ["01", "79"]))
    assert all(fine.values[cell] == people for cell, people in coarse.values.items())


def test_every_theme_counts_another_table_so_that_none_is_part_of_another() -> None:
    assert len({theme.table_name for theme in THEMES.values()}) == len(THEMES)
    assert threshold_of(WEEK).people >= 3


def test_weeks_are_told_when_they_are_over_and_while_all_of_them_is_kept() -> None:
    monday = date(2021, 11, 29)
    weeks = weeks_to_tell(monday, wait_days=7, kept_days=30)
    assert weeks == (date(2021, 11, 1), date(2021, 11, 8), date(2021, 11, 15))
    assert date(2021, 11, 15) not in weeks_to_tell(date(2021, 11, 28), wait_days=7, kept_days=30)
    assert weeks_to_tell(date(2021, 12, 1), wait_days=7, kept_days=30)[0] == date(2021, 11, 8)
