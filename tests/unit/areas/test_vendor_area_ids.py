"""The 24-digit area ids of tokhaiyte.vn, read by the vendor's own table."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from pccovid.areas.place_names import without_marks
from pccovid.areas.registry import registry
from pccovid.areas.vendor import VendorArea, VendorAreas

AUTUMN_2021 = date(2021, 9, 13)


def vendor_id(number):
    return f"{number:024x}"


HCM, GO_VAP, WARD_5, LONG_AN, DUC_HOA, TAN_PHU, ORPHAN, NOWHERE, WARD_OF_NOWHERE = map(vendor_id, range(1, 10))
TABLE = [
    VendorArea(WARD_5, "ward", "P.05", GO_VAP),
    VendorArea(HCM, "province", "TP. Ho Chi Minh", ""),
    VendorArea(GO_VAP, "district", "Quan Go Vap", HCM),
    VendorArea(LONG_AN, "province", "LONG AN", ""),
    VendorArea(DUC_HOA, "district", "H. Đức Hoà", LONG_AN),
    VendorArea(TAN_PHU, "ward", "Tân Phú", DUC_HOA),
    VendorArea(ORPHAN, "ward", "Phường 5", ""),
    VendorArea(NOWHERE, "district", "Quận Không Có", HCM),
    VendorArea(WARD_OF_NOWHERE, "ward", "Phường Bến Nghé", NOWHERE),
]


@pytest.fixture(scope="module")
def areas():
    return VendorAreas(TABLE, on=AUTUMN_2021)


def test_a_ward_is_found_inside_its_district_only(areas):
    assert areas.commune_of(TAN_PHU).code == "27961"
    assert areas.commune_of(WARD_5).code == "26887"


def test_three_ids_give_the_residence_in_codes_of_2021(areas):
    assert areas.residence(HCM, GO_VAP, WARD_5) == ("79", "764", "26887")


def test_a_missing_upper_id_is_filled_from_the_ward(areas):
    assert areas.residence(None, None, TAN_PHU) == ("80", "802", "27961")


def test_a_ward_of_another_district_is_left_out(areas):
    assert areas.residence(HCM, GO_VAP, TAN_PHU) == ("79", "764", None)


def test_a_ward_without_parent_is_placed_by_the_declared_district(areas):
    assert areas.commune_of(ORPHAN) is None
    assert areas.residence(HCM, GO_VAP, ORPHAN) == ("79", "764", "26887")


def test_unknown_ids_leave_their_part_of_the_residence_empty(areas):
    assert areas.residence(HCM, vendor_id(77), vendor_id(78)) == ("79", None, None)
    assert areas.residence(vendor_id(77), "", None) is None


def test_rows_that_name_no_unit_are_listed_for_whoever_loads_the_table(areas):
    assert {area.id for area in areas.unmatched} == {ORPHAN, NOWHERE, WARD_OF_NOWHERE}


def test_ids_are_read_in_any_letter_case_and_a_ward_is_no_district(areas):
    upper = VendorAreas([VendorArea("ABCDEF" * 4, "Province", "Hà Nội", "")], on=AUTUMN_2021)
    assert upper.unit_of(" " + "abcdef" * 4).code == "01"
    assert areas.commune_of(GO_VAP) is None


def test_a_whole_table_without_diacritics_maps_every_unit_or_lists_it():
    rows = [
        VendorArea(unit.code, level, without_marks(unit.name), unit.parent or "")
        for level, units in units_by_level().items()
        for unit in units
    ]
    areas = VendorAreas(rows, on=AUTUMN_2021)
    mapped = [row for row in rows if areas.unit_of(row.id)]
    assert all(areas.unit_of(row.id).code == row.id for row in mapped)
    assert len(mapped) + len(areas.unmatched) == len(rows)
    plain = Counter((row.parent_id, row.name) for row in rows)
    assert all(plain[row.parent_id, row.name] > 1 for row in areas.unmatched)


def units_by_level():
    provinces = registry().provinces(on=AUTUMN_2021)
    districts = [unit for above in provinces for unit in registry().children(above.code, on=AUTUMN_2021)]
    return {"province": provinces, "district": districts, "ward": registry().communes(AUTUMN_2021)}
