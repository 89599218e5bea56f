"""Phone fields: today's national form, or the reason why there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.linkage.phones import SHORTENED_PREFIXES, PhoneReading, read_phone


@pytest.mark.parametrize(
    "written",
    ["0912345679", "+84912345679", "84912345679", "0084912345679", "912345679", "+84 (0)912 345 679", "0912.345.679"]
    + ["091-234-5679", " 0912 345 679 ", "912345679.0", "9.12345679E+08", "'0912345679", "đt: 0912.345.679 (mẹ)"]
    + ["0912345679 / 0987123456", "0912345679 0987123456", "０９１２３４５６７９", "0912\u200b345679"],
)
def test_every_way_of_writing_a_mobile_number_is_one_number(written: str) -> None:
    assert read_phone(written) == PhoneReading("0912345679")


@pytest.mark.parametrize(("old", "new"), sorted(SHORTENED_PREFIXES.items()))
def test_an_eleven_digit_number_becomes_todays_with_its_last_seven_digits(old: str, new: str) -> None:
    for written in (f"{old}2345678", f"+84{old[1:]}2345678", f"{old[1:]}2345678"):
        assert read_phone(written) == PhoneReading(f"{new}2345678")


def test_nine_digits_from_84_lost_their_zero_not_their_country() -> None:
    assert read_phone("841234567") == PhoneReading("0841234567")


def test_a_landline_is_kept_in_its_form_of_today() -> None:
    assert read_phone("024 3825 1234") == PhoneReading("02438251234")
    assert read_phone("+84 24 3825 1234") == PhoneReading("02438251234")


@pytest.mark.parametrize("written", ["+8201012345678", "+1 202 555 0101", "0085620551234"])
def test_a_foreign_number_is_named_as_foreign(written: str) -> None:
    assert read_phone(written) == PhoneReading(problem="phone_foreign")


@pytest.mark.parametrize(
    "written", ["0000000000", "0123456789", "0987654321", "0999999999", "0900000000", "1111111111"]
)
def test_numbers_typed_to_get_past_the_form_are_placeholders(written: str) -> None:
    assert read_phone(written) == PhoneReading(problem="phone_placeholder")


@pytest.mark.parametrize("written", ["113", "abc", "09123", "0412345678", "0112345678", "9" * 100_000, "\ud800"])
def test_what_is_no_vietnamese_number_is_malformed(written: str) -> None:
    assert read_phone(written) == PhoneReading(problem="phone_malformed")


def test_digits_lost_in_scientific_notation_make_no_phone() -> None:
    assert read_phone("9.12E+08") == PhoneReading(problem="phone_truncated_by_spreadsheet")


@pytest.mark.parametrize("written", [None, "", "không có", "-", "null"])
def test_an_empty_phone_field_is_no_problem(written: str | None) -> None:
    assert read_phone(written) == PhoneReading()


@given(st.text(st.characters(exclude_categories=())) | st.text("0123456789+ .-/E", max_size=30))
def test_any_text_gives_a_number_of_today_or_none(text: str) -> None:
    reading = read_phone(text)

    if reading.phone is not None:
        assert reading.phone[0] == "0"
        assert reading.phone.isdigit()
        assert read_phone(reading.phone) == reading
