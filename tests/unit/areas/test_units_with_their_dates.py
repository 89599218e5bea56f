"""Which unit a code stands for on which day, and how units lie in one another."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.areas import build_facts
from pccovid.areas.registry import population_2020, registry
from pccovid.areas.units import LISTED_2021, LISTED_2025_03, REFORM_2025, Residence

AUTUMN_2021 = date(2021, 9, 13)
AFTER_REFORM = date(2025, 9, 1)
DAYS = [AUTUMN_2021, LISTED_2025_03, AFTER_REFORM]
SHARED = Path(os.environ.get("PCCOVID_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data"))

codes_of_2021 = st.sampled_from([unit.code for unit in registry().communes(AUTUMN_2021)])


@pytest.mark.parametrize(
    ("day", "provinces", "communes"), [(AUTUMN_2021, 63, 10599), (LISTED_2025_03, 63, 10035), (AFTER_REFORM, 34, 3321)]
)
def test_each_list_has_its_official_number_of_units(day, provinces, communes):
    assert len(registry().provinces(on=day)) == provinces
    assert len(registry().communes(day)) == communes


def test_autumn_2021_has_705_districts_and_five_without_communes():
    districts = [d for p in registry().provinces(on=AUTUMN_2021) for d in registry().children(p.code, on=AUTUMN_2021)]
    islands = {d.name for d in districts if not registry().children(d.code, on=AUTUMN_2021)}
    assert len(districts) == 705
    assert islands == {"Huyện Bạch Long Vĩ", "Huyện Cồn Cỏ", "Huyện Hoàng Sa", "Huyện Lý Sơn", "Huyện Côn Đảo"}


def test_one_code_names_another_territory_after_the_reform():
    before = registry().unit("00004", on=AUTUMN_2021)
    after = registry().unit("00004", on=AFTER_REFORM)
    assert (before.name, before.parent, before.scheme) == ("Phường Trúc Bạch", "001", "2021")
    assert (after.name, after.parent, after.scheme) == ("Phường Ba Đình", "01", "2025")


def test_a_unit_holds_until_the_day_before_its_end():
    last_day = date(2025, 6, 30)
    assert registry().unit("00004", on=last_day).valid_to == REFORM_2025
    assert registry().unit("00004", on=REFORM_2025).valid_from == REFORM_2025


def test_no_unit_is_known_before_the_first_list():
    assert registry().unit("00004", on=date(2020, 12, 31)) is None
    assert registry().provinces(on=date(2020, 12, 31)) == ()


def test_a_commune_merged_before_the_last_list_ends_with_it():
    assert registry().unit("00010", on=AUTUMN_2021).valid_to == LISTED_2025_03
    assert registry().unit("00010", on=LISTED_2025_03) is None


def test_a_level_that_does_not_fit_finds_no_unit():
    assert registry().unit("79", on=AUTUMN_2021, level="district") is None
    assert registry().unit("79", on=AUTUMN_2021, level="province").name == "Thành phố Hồ Chí Minh"


def test_numbered_wards_have_no_leading_zero_in_their_name():
    path = registry().path("26887", on=AUTUMN_2021)
    assert [unit.name for unit in path] == ["Thành phố Hồ Chí Minh", "Quận Gò Vấp", "Phường 5"]


@pytest.mark.parametrize("day", DAYS)
def test_every_path_leads_from_a_province_through_its_children(day):
    for commune in registry().communes(day):
        path = registry().path(commune.code, on=day)
        assert (path[0].level, path[0].parent, path[-1]) == ("province", None, commune)
        assert all(low.parent == up.code for up, low in zip(path, path[1:], strict=False))
        assert commune in registry().children(commune.parent, on=day)


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [("1", "province", "01"), ("4.0", "commune", "00004"), (" 001 ", "district", "001"), ("26887", "commune", "26887")],
)
def test_a_code_that_lost_its_zeros_in_a_spreadsheet_is_restored(text, level, code):
    assert registry().restore_code(text, level, AUTUMN_2021) == code


@pytest.mark.parametrize("text", ["", "abc", "99999", "0", "1e5", "²", "123456"])
def test_a_text_that_is_no_code_is_not_restored(text):
    assert registry().restore_code(text, "commune", AUTUMN_2021) is None


@given(codes_of_2021)
def test_a_commune_code_of_2021_resides_where_its_path_says(code):
    expected = Residence(*(unit.code for unit in registry().path(code, on=AUTUMN_2021)))
    assert registry().residence(code, on=AUTUMN_2021) == expected
    assert registry().residence(code, on=date(2020, 2, 1)) == expected


def test_a_code_from_a_later_list_resides_as_precisely_as_its_name_allows():
    cau_dat, moc_ly = "11344", "03980"
    assert registry().residence(cau_dat, on=AUTUMN_2021) == ("31", "304", "11353")
    assert registry().residence(moc_ly, on=AUTUMN_2021) == ("14", "123", None)


def test_a_merged_commune_of_2025_resides_where_all_its_parts_lie():
    quarters = registry().predecessors("00004")
    assert {unit.parent for unit in quarters} == {"001", "002", "003"}
    assert registry().residence("00004", on=AFTER_REFORM) == ("01", None, None)


def test_a_code_that_no_list_knows_has_no_residence():
    assert registry().residence("00002", on=AUTUMN_2021) is None
    assert registry().residence("", on=AUTUMN_2021) is None


@given(st.text(max_size=8), st.sampled_from([LISTED_2021, *DAYS]))
def test_any_text_as_a_code_gives_a_unit_or_nothing(code, day):
    unit = registry().unit(code, on=day)
    assert unit is None or unit.code == code


def test_every_province_of_2021_has_its_population():
    thousands = [population_2020(unit.code) for unit in registry().provinces(on=AUTUMN_2021)]
    assert sum(thousands) == pytest.approx(97582.7, rel=0.001)
    assert population_2020("79") == 9227.6
    assert population_2020("99") is None


@pytest.mark.skipif(not (SHARED / "areas").is_dir(), reason="the source lists are not on this machine")
def test_the_compact_files_are_what_the_source_lists_give(tmp_path, monkeypatch):
    kept = build_facts.FACTS
    monkeypatch.setattr(build_facts, "FACTS", tmp_path)
    build_facts.build(SHARED / "areas")
    built = sorted(path.name for path in tmp_path.iterdir())
    assert len(built) == 5
    for name in built:
        assert (tmp_path / name).read_text(encoding="utf-8") == (kept / name).read_text(encoding="utf-8"), name
