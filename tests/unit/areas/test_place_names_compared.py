"""Two writings of one name compare equal; two names do not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.areas.place_names import comparable_words, name_key, official, spelled, split_kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Bình", "Hòa Bình"),
        ("Thuỷ Nguyên", "Thủy Nguyên"),
        ("Quý Hoà", "quý hòa"),
        (unicodedata.normalize("NFD", "Đức Huệ"), "đức huệ"),
    ],
)
def test_tone_marks_and_encodings_of_one_spelling_are_equal(one, other):
    assert spelled(one) == spelled(other)


@pytest.mark.parametrize(("one", "other"), [("quý", "qúy"), ("Sa Pa", "Sa Pả"), ("Minh Quân", "Minh Quán")])
def test_different_marks_remain_different_spellings(one, other):
    assert spelled(one) != spelled(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mỹ Lý", "Mĩ Lí"), ("Ea H'leo", "Ea H’ Leo"), ("Phường 05", "phuong 5"), ("An Quy", "An Qui"), ("Đ", "d")],
)
def test_usual_variants_of_a_name_share_one_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("Thủy", "Thùi"), ("Đông Hải", "Đông Hay"), ("Phường 10", "Phường 1")])
def test_different_names_have_different_keys(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Thị trấn Sa Pa", ("Thị trấn", "Sa Pa")),
        ("Xã Xá Tổng", ("Xã", "Xá Tổng")),
        ("Phường 5", ("Phường", "5")),
        ("Sa Pa", ("", "Sa Pa")),
        ("Thị xã", ("", "Thị xã")),
        ("", ("", "")),
    ],
)
def test_the_kind_word_is_divided_from_the_name(name, parts):
    assert split_kind(name) == parts


def test_listed_names_are_made_tidy_without_changing_their_spelling():
    assert official("Phường  Hải Châu  I ") == "Phường Hải Châu I"
    assert official("Thị Trấn Phú Hoà") == "Thị trấn Phú Hoà"
    assert official("Phường 09") == "Phường 9"


@given(st.text(max_size=40))
def test_spelling_and_words_do_not_change_when_applied_again(text):
    assert spelled(spelled(text)) == spelled(text)
    assert comparable_words(comparable_words(text)) == comparable_words(text)
