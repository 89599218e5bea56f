"""From the communes of before to those of 1 July 2025, and back."""

from __future__ import annotations

from datetime import date

import pytest

from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021, LISTED_2025_03

EVE_OF_REFORM = date(2025, 6, 30)
AFTER_REFORM = date(2025, 9, 1)


def test_every_commune_of_the_last_list_has_a_successor():
    without = [unit.name for unit in registry().communes(EVE_OF_REFORM) if not registry().successors(unit.code)]
    assert without == []


def test_shares_of_every_divided_commune_add_up_to_one():
    divided = 0
    for unit in registry().communes(EVE_OF_REFORM):
        parts = registry().successors(unit.code, on=EVE_OF_REFORM)
        assert sum(part.share for part in parts) == pytest.approx(1)
        assert [part.is_default for part in parts] == [True] + [False] * (len(parts) - 1)
        assert all(part.share_is_estimate == (len(parts) > 1) for part in parts)
        divided += len(parts) > 1
    assert divided == 471


def test_a_whole_commune_passes_with_all_of_it_to_one_successor():
    (ba_dinh,) = registry().successors("00004", on=LISTED_2021)
    assert (ba_dinh.code, ba_dinh.share, ba_dinh.share_is_estimate) == ("00004", 1.0, False)


def test_an_island_district_becomes_a_special_zone():
    (successor,) = registry().successors("755")
    assert registry().unit(successor.code, on=AFTER_REFORM).name == "Đặc khu Côn Đảo"


def test_every_commune_of_2025_knows_what_it_was_made_of():
    for unit in registry().communes(AFTER_REFORM):
        former = registry().predecessors(unit.code)
        assert former
        assert all(unit.code in {part.code for part in registry().successors(old.code)} for old in former)


def test_successors_lie_in_the_province_that_took_over_the_old_one():
    long_an, tay_ninh = "80", "80"
    assert registry().province_of_2025(long_an) == tay_ninh
    assert registry().unit(tay_ninh, on=AFTER_REFORM).name == "Tỉnh Tây Ninh"
    assert {registry().province_of_2025(unit.code) for unit in registry().provinces(on=LISTED_2021)} == {
        unit.code for unit in registry().provinces(on=AFTER_REFORM)
    }


def test_communes_merged_without_a_record_have_no_successor_rather_than_a_guess():
    merged = [u.code for u in registry().communes(LISTED_2021) if not registry().unit(u.code, on=LISTED_2025_03)]
    assert len(merged) == 568
    assert all(registry().successors(code) == () for code in merged)


def test_a_commune_of_2025_succeeds_itself():
    (itself,) = registry().successors("00008", on=AFTER_REFORM)
    assert (itself.code, itself.share) == ("00008", 1.0)
    assert registry().successors("00010", on=AFTER_REFORM) == ()
