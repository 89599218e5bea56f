"""The one untyped identifier field of the old forms, and insurance numbers."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.linkage.id_structure import PROVINCE_CODES, read_digits
from pccovid.linkage.identifiers import IdReading, compare_ids, read_identifier, read_insurance

SHARED = Path(os.environ.get("PCCOVID_SHARED_DATA", Path(__file__).resolve().parents[3].parent / "shared" / "data"))
AREAS = SHARED / "areas" / "areas_2021-11-06.csv"
CITIZEN = "079087012345"
"""Hồ Chí Minh City, male, born 1987."""


@pytest.mark.parametrize(
    "written",
    [CITIZEN, "079 087 012 345", "079.087.012.345", "079-087-012345", "CCCD: 079087012345", '="079087012345"'],
)
def test_a_citizen_number_is_read_however_it_is_spaced(written: str) -> None:
    assert read_identifier(written, birth_year=1987, sex="male") == IdReading(personal_id=CITIZEN)


@pytest.mark.parametrize("written", ["79087012345", "79087012345.0", "7.9087012345E+10"])
def test_the_zero_a_spreadsheet_dropped_is_put_back(written: str) -> None:
    assert read_identifier(written) == IdReading(personal_id=CITIZEN, flags=("id_zero_restored",))


def test_two_dropped_zeros_are_put_back_where_the_birth_year_agrees() -> None:
    reading = read_identifier("1087012345", birth_year=1987)

    assert reading == IdReading(personal_id="001087012345", flags=("id_zero_restored",))


def test_two_dropped_zeros_without_a_birth_year_stay_doubtful() -> None:
    reading = read_identifier("1087012345")

    assert reading == IdReading(personal_id="001087012345", flags=("id_zero_restored", "id_ambiguous"))


def test_ten_digits_of_another_birth_year_are_an_insurance_number() -> None:
    reading = read_identifier("1087012345", birth_year=1950)

    assert reading == IdReading(insurance_no="1087012345", flags=("insurance_unsure", "id_ambiguous"))


@pytest.mark.parametrize("written", ["7936012345", "154 718 7456", "1724225233"])
def test_ten_digits_where_no_insurance_number_was_asked_for_may_be_another_number_mistyped(written: str) -> None:
    reading = read_identifier(written, birth_year=1998)

    assert reading == IdReading(insurance_no=written.replace(" ", ""), flags=("insurance_unsure",))


def test_a_passport_that_is_a_sign_short_is_kept_as_unsure() -> None:
    assert read_identifier("P145097") == IdReading(passport="P145097", flags=("passport_unsure",))
    assert read_identifier("AB12345") == IdReading(passport="AB12345")


@pytest.mark.parametrize("written", ["1.09302E+11", "1,09302E+11", "2.5E+8", "1e+11"])
def test_digits_lost_in_scientific_notation_are_not_invented(written: str) -> None:
    assert read_identifier(written) == IdReading(problem="id_truncated_by_spreadsheet")


def test_an_old_identity_card_number_has_nine_digits() -> None:
    assert read_identifier("025 123 456") == IdReading(old_id="025123456")
    assert read_identifier("25123456") == IdReading(old_id="025123456", flags=("id_zero_restored",))
    assert read_identifier("925123456") == IdReading(old_id="925123456", flags=("id_series_unknown",))


@pytest.mark.parametrize("passport", ["B1234567", "C7654321", "N12345678", "AB123456", "E1234567X", "c7654321"])
def test_letters_with_digits_are_a_passport(passport: str) -> None:
    assert read_identifier(passport) == IdReading(passport=passport.upper())


def test_an_insurance_card_in_the_identifier_field_is_recognised() -> None:
    reading = read_identifier("GD 4 79 7936012345")

    assert reading == IdReading(insurance_no="7936012345", insurance_card="GD4797936012345")


def test_two_identifiers_in_one_field_are_both_read() -> None:
    assert read_identifier(f"025123456 / {CITIZEN}") == IdReading(personal_id=CITIZEN, old_id="025123456")


def test_digits_that_contradict_the_person_raise_flags_and_are_kept() -> None:
    reading = read_identifier("001093029317", birth_year=1987, sex="female")

    assert reading == IdReading(personal_id="001093029317", flags=("id_birth_conflict", "id_sex_conflict"))


def test_an_unknown_province_raises_a_flag_and_is_kept() -> None:
    assert read_identifier("079087012345".replace("079", "099")).flags == ("id_province_unknown",)


def test_a_letter_o_typed_for_zero_is_repaired() -> None:
    assert read_identifier("O79O87O12345") == IdReading(personal_id=CITIZEN, flags=("id_letter_repaired",))


@pytest.mark.parametrize(
    "written", ["000000000", "111111111111", "123456789", "123456789012", "012345678912", "A0000000"]
)
def test_made_up_numbers_are_refused_as_placeholders(written: str) -> None:
    assert read_identifier(written) == IdReading(problem="id_placeholder")


@pytest.mark.parametrize("written", ["Nguyễn Văn A", "5431", "92345678901234567", "!?%", "x" * 100_000, "1a2b3"])
def test_garbage_in_the_identifier_field_is_malformed(written: str) -> None:
    assert read_identifier(written) == IdReading(problem="id_malformed")


def test_a_phone_in_the_identifier_field_is_named_as_such() -> None:
    assert read_identifier("0912345678") == IdReading(problem="id_is_phone")


@pytest.mark.parametrize("written", [None, "", "  ", "không có", "KHONG", "n/a", "-", "0"])
def test_an_empty_identifier_field_is_no_problem(written: str | None) -> None:
    assert read_identifier(written) == IdReading()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("GD4797936012345", ("7936012345", "GD4797936012345", None)),
        ("gd-4-79-79 3601 2345", ("7936012345", "GD4797936012345", None)),
        ("7936012345", ("7936012345", None, None)),
        ("136012345", ("0136012345", None, None)),
        ("không", (None, None, None)),
        (None, (None, None, None)),
        ("0000000000", (None, None, "insurance_placeholder")),
        ("ABC", (None, None, "insurance_malformed")),
        ("7.936E+9", (None, None, "insurance_truncated_by_spreadsheet")),
    ],
)
def test_an_insurance_field_holds_a_card_or_its_number(written: str | None, expected: tuple[str | None, ...]) -> None:
    assert read_insurance(written) == expected


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (CITIZEN, "same"),
        ("079087012346", "typo"),
        ("079078012345", "typo"),
        ("07908712345", "typo"),
        ("0790870123445", "typo"),
        ("079087012300", "different"),
        ("970087012354", "different"),
        ("", "different"),
    ],
)
def test_two_numbers_are_the_same_one_slip_apart_or_different(other: str, verdict: str) -> None:
    assert compare_ids(CITIZEN, other) == verdict


def test_the_digits_of_a_personal_id_tell_century_and_sex() -> None:
    assert read_digits("001305000001") == ("01", 2005, "female")


@pytest.mark.skipif(not AREAS.exists(), reason="the shared list of areas is not on this machine")
def test_province_codes_are_those_of_the_official_list() -> None:
    with AREAS.open(encoding="utf-8-sig") as lines:
        assert {row["province_code"] for row in csv.DictReader(lines)} == PROVINCE_CODES


PERSONAL_IDS = st.builds(
    "0{}{}{:02}{:06}".format,
    st.sampled_from(sorted(PROVINCE_CODES)),
    st.integers(0, 3),
    st.integers(0, 99),
    st.integers(0, 999_999),
)


@given(PERSONAL_IDS)
def test_a_lost_zero_is_restored_for_every_province(personal_id: str) -> None:
    born = read_digits(personal_id).birth_year
    reading = read_identifier(personal_id.lstrip("0"), birth_year=born)

    assert reading.personal_id == personal_id
    assert "id_zero_restored" in reading.flags


@given(PERSONAL_IDS, st.data())
def test_one_slip_in_a_number_is_seen_from_both_sides(personal_id: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(personal_id) - 1))
    slipped = personal_id[:place] + personal_id[place + 1 :]

    assert compare_ids(personal_id, slipped) == compare_ids(slipped, personal_id) == "typo"


@given(st.text(st.characters(exclude_categories=())) | st.text("0123456789 .-/EeO+", max_size=30))
def test_any_identifier_text_gives_only_well_formed_values(text: str) -> None:
    reading = read_identifier(text, birth_year=1987, sex="male")

    assert reading.personal_id is None or (len(reading.personal_id) == 12 and reading.personal_id.isdigit())
    assert reading.old_id is None or (len(reading.old_id) == 9 and reading.old_id.isdigit())
    assert reading.passport is None or reading.passport.isascii()
    for value in (reading.personal_id, reading.old_id):
        assert value is None or value in read_identifier(value)
    read_insurance(text)
