"""Sex as the sources code it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.linkage.sexes import read_sex


@pytest.mark.parametrize("written", ["Nam", "NAM", "nam ", "1", 1, "1.0", "M", "male", "Trai", "Nam giới"])
def test_every_word_for_male_is_male(written: str | int) -> None:
    assert read_sex(written) == "male"


@pytest.mark.parametrize("written", ["Nu", "Nữ", "nữ", "Nu\u031b\u0303", "2", 2, "F", "female", "Gái", "N÷", "Nöõ"])
def test_every_word_for_female_is_female(written: str | int) -> None:
    assert read_sex(written) == "female"


@pytest.mark.parametrize("written", [None, "", "0", 0, "Khac", "Khác", "3", "x", True, 10**500])
def test_other_and_unknown_are_left_open(written: str | int | None) -> None:
    assert read_sex(written) is None


def test_a_source_that_codes_women_as_zero_is_read_by_its_own_coding() -> None:
    assert [read_sex(code, coding="one_zero") for code in ("0", "1", "2", "Nữ")] == ["female", "male", None, "female"]


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_a_known_sex_or_none(text: str) -> None:
    assert read_sex(text) in {"male", "female", None}
