"""Kinds of places are dated data, and two entries look alike only where nothing tells them apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.places.rules import AIR, CROWD, KINDS, look_alike, print_of


def test_every_kind_is_dated_told_in_both_languages_and_says_what_it_rests_on() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS) >= 10
    for kind in KINDS:
        assert kind.air in AIR
        assert kind.crowd in CROWD
        assert kind.title
        assert kind.title_en
        assert kind.is_verified is False
        assert "Our own reading" in kind.document


@pytest.mark.parametrize(
    ("one", "other", "is_alike"),
    [
        (("Quán Phở Bà Tư", "12 Hàng Bún"), ("QUAN PHO BA TU", "số 12, đường Hàng Bún"), True),
        (("Chợ Đồng Xuân", "Phố Đồng Xuân"), ("Đồng Xuân chợ", "đồng xuân"), True),
        (("Quán Phở Bà Tư", "12 Hàng Bún"), ("Quán Phở Bà Tư", "21 Hàng Bún"), False),
        (("Trường Tiểu học A", "5 Lê Lợi"), ("Trường Tiểu học B", "5 Lê Lợi"), False),
        (("", ""), ("", ""), False),
    ],
)
def test_entries_of_one_place_are_told_from_neighbours(
    one: tuple[str, str], other: tuple[str, str], is_alike: bool
) -> None:
    assert look_alike(print_of(*one), print_of(*other)) is is_alike


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_looking_alike_is_the_same_from_both_sides(name: str, address: str, other: str, where: str) -> None:
    first, second = print_of(name, address), print_of(other, where)
    assert look_alike(first, second) == look_alike(second, first)
