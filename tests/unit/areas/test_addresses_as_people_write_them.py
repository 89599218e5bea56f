"""Free text to unit: found, or honestly ambiguous."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.areas.free_text import resolve
from pccovid.areas.place_names import split_kind, without_marks
from pccovid.areas.registry import registry

AUTUMN_2021 = date(2021, 9, 13)
AFTER_REFORM = date(2025, 9, 1)
PATHS = [registry().path(unit.code, on=AUTUMN_2021) for unit in registry().communes(AUTUMN_2021)]
SHORT_KINDS = {
    "Tỉnh": "T.",
    "Thành phố": "TP.",
    "Quận": "Q.",
    "Huyện": "H.",
    "Thị xã": "TX.",
    "Phường": "P.",
    "Thị trấn": "TT.",
    "Xã": "X.",
}


def written(path, *, by=", ", short=False):
    names = [unit.name for unit in reversed(path)]
    if short:
        names = [SHORT_KINDS[kind] + name for kind, name in map(split_kind, names)]
    return by.join(names)


def namesakes(path):
    """Communes of the same district whose names differ in their marks only."""
    plain = without_marks(path[-1].name)
    return {u.code for u in registry().children(path[1].code, on=AUTUMN_2021) if without_marks(u.name) == plain}


def test_every_commune_is_found_by_its_full_address():
    for path in PATHS:
        found = resolve(written(path), on=AUTUMN_2021)
        assert (found.unit, found.certainty) == (path[-1], "exact"), written(path)


def test_every_commune_without_diacritics_is_found_or_shares_its_plain_name():
    for path in PATHS:
        found = resolve(without_marks(written(path)), on=AUTUMN_2021)
        if found.unit is None:
            assert {unit.code for unit in found.candidates} == namesakes(path), written(path)
            assert found.within == path[1]
        else:
            assert found.unit == path[-1], written(path)


@given(st.sampled_from(PATHS), st.sampled_from([", ", " ", " - ", ","]), st.booleans(), st.booleans())
def test_an_abbreviated_or_reversed_address_names_the_same_commune(path, by, short, reverse):
    text = written(path[::-1] if reverse else path, by=by, short=short)
    assert resolve(text, on=AUTUMN_2021).unit == path[-1]


@given(
    st.sampled_from(PATHS),
    st.sampled_from(["12/3 Nguyễn Trãi", "Ấp Bình Thuận", "tổ 5, thôn Tân Phú", "Số 9 đường Hà Nội"]),
)
def test_a_street_or_hamlet_in_front_changes_nothing(path, front):
    assert resolve(f"{front}, {written(path)}", on=AUTUMN_2021).unit == path[-1]


@given(st.sampled_from(PATHS))
def test_without_its_district_a_commune_is_found_or_among_the_candidates(path):
    found = resolve(f"{path[2].name}, {path[0].name}", on=AUTUMN_2021)
    assert path[2] in found.candidates
    assert found.within in (path if found.unit else (path[0], path[1]))


@given(st.sampled_from(PATHS))
def test_an_address_of_a_district_alone_gives_that_district(path):
    assert resolve(f"{path[1].name}, {path[0].name}", on=AUTUMN_2021).unit == path[1]


def test_one_wrong_letter_in_a_long_name_never_leads_to_another_commune():
    chance = random.Random(2021)
    right = 0
    long_named = [path for path in PATHS if len(split_kind(path[2].name)[1].replace(" ", "")) >= 8]
    sample = chance.sample(long_named, 500)
    for path in sample:
        kind, name = split_kind(path[2].name)
        at = chance.randrange(1, len(name) - 1)
        slip = f"{kind} {name[:at]}{chance.choice('bcdghklmnt')}{name[at + 1 :]}"
        found = resolve(f"{slip}, {path[1].name}, {path[0].name}", on=AUTUMN_2021)
        assert path[2] in found.candidates or found.unit == path[1] or found.unit is None, slip
        right += found.unit == path[2]
    assert right >= 350


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("p5 q gò vấp tphcm", "26887"),
        ("P.12, Q. Bình Thạnh, TP.HCM", "26917"),
        ("TP.HCM, quận Gò Vấp, phường 05", "26887"),
        ("F5 Q3 TP HCM", "27151"),
        ("Q.Tân Bình P.13", "26974"),
        ("phường Thảo Điền, Quận 2, TPHCM", "27088"),
        ("xa lộ Hà Nội, p. Thảo Điền, TP Thủ Đức", "27088"),
        ("12 Điện Biên Phủ, phường 15, Bình Thạnh", "26938"),
        ("xa Tan Phu huyen Duc Hoa Long An", "27961"),
        ("Tan Phu Duc Hoa Long An", "27961"),
        ("p hải châu ii quận hải châu đà nẵng", "20239"),
        ("Hải Châu 1, Hải Châu, ĐN", "20236"),
        ("Phường Phú Hội, TP Huế, TT Huế", "19786"),
        ("phường trãng dài biên hoà", "25993"),
        ("Phường Sa Pả, Sa Pa, Lào Cai", "03002"),
        ("tổ 5 ấp 3 xã Vĩnh Lộc A huyện Bình Chánh TP Hồ Chí Minh Việt Nam", "27601"),
        ("Ba Đình, HN", "001"),
        ("Côn Đảo, BRVT", "755"),
        ("t.x tân uyên", "723"),
        ("quận Bình Thạhn, HCM", "765"),
        ("tp Hà Giang, Hà Giang", "024"),
        ("Sài Gòn", "79"),
    ],
)
def test_addresses_from_real_habits_are_understood(text, code):
    assert resolve(text, on=AUTUMN_2021).unit.code == code


@pytest.mark.parametrize(
    ("text", "codes", "within"),
    [
        ("xa minh quan tran yen", {"04516", "04567"}, "138"),
        ("Tân Phú", {"734", "767"}, None),
        ("dn", {"48", "75"}, None),
        ("phường Bến Nghé, Quận Gò Vấp, TPHCM", {"26740", "764"}, "79"),
        ("xa Tan Phu huyen Duc Hue Long An", {"27961", "801"}, "80"),
    ],
)
def test_what_could_be_several_units_is_given_as_all_of_them(text, codes, within):
    found = resolve(text, on=AUTUMN_2021)
    assert (found.unit, found.certainty) == (None, "ambiguous")
    assert {unit.code for unit in found.candidates} == codes
    assert (found.within.code if found.within else None) == within


def test_a_numbered_ward_without_district_is_every_such_ward_of_the_city():
    found = resolve("phường 5, TP.HCM", on=AUTUMN_2021)
    assert found.certainty == "ambiguous"
    assert list(found.candidates) == [path[2] for path in PATHS if path[0].code == "79" and path[2].name == "Phường 5"]
    assert found.within.code == "79"


@pytest.mark.parametrize("text", ["", "abc xyz", "việt nam", ",,;;", "💥", "12/5", "xã Nhơn Trach"])
def test_what_names_no_unit_stays_unknown(text):
    assert resolve(text, on=AUTUMN_2021).certainty == "unknown"


@pytest.mark.parametrize("text", ["Nguyễn Trãi, Hà Nội", "xã Xyzzy, Hà Nội"])
def test_what_is_named_beside_the_province_and_not_known_makes_it_only_likely(text):
    found = resolve(text, on=AUTUMN_2021)
    assert (found.unit.code, found.certainty) == ("01", "likely")


def test_a_known_district_completes_a_bare_ward():
    assert resolve("phường 5", on=AUTUMN_2021, district_code="764").unit.code == "26887"


def test_a_text_that_contradicts_the_known_district_is_ambiguous():
    found = resolve("p 5, quận Bình Thạnh", on=AUTUMN_2021, district_code="764")
    assert found.certainty == "ambiguous"
    assert {unit.parent for unit in found.candidates} == {"764", "765"}


def test_after_the_reform_an_old_province_word_leads_to_the_new_province():
    assert resolve("Xã Đức Huệ, Long An", on=AFTER_REFORM).unit.parent == "80"
    assert resolve("Long An", on=AFTER_REFORM).unit.name == "Tỉnh Tây Ninh"


def test_after_the_reform_a_former_district_is_not_taken_for_the_commune_of_its_name():
    found = resolve("Thủ Đức, HCM", on=AFTER_REFORM)
    assert (found.unit.code, found.certainty) == ("79", "likely")
    assert resolve("phường Thủ Đức, HCM", on=AFTER_REFORM).unit.level == "commune"


def test_every_commune_of_2025_is_found_by_its_address():
    for unit in registry().communes(AFTER_REFORM):
        province = registry().unit(unit.parent, on=AFTER_REFORM)
        assert resolve(f"{unit.name}, {province.name}", on=AFTER_REFORM).unit == unit


@given(st.text(max_size=200))
def test_any_text_is_answered_with_a_consistent_resolution(text):
    found = resolve(text, on=AUTUMN_2021)
    assert found.certainty in {"exact", "likely", "ambiguous", "unknown"}
    assert (found.unit is not None) == (found.certainty in {"exact", "likely"})
    assert (len(found.candidates) > 1) == (found.certainty == "ambiguous")
