"""How far two written names agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.linkage.names import NAME_LEVELS, compare_names, read_name, same_initials


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Nguyễn Thị Ánh", "NGUYEN THI ANH", "exact"),
        ("Nguyễn Thị Hoà", "nguyễn thị hòa", "exact"),
        ("Văn An Nguyễn", "Nguyễn Văn An", "exact"),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Anh", "diacritics_differ"),
        ("Lê Thúy", "Lê Thùy", "diacritics_differ"),
        ("Hoàng Văn Mai", "Mai Hoàng Văn", "reordered"),
        ("HOANG VAN MAI", "Mai Hoàng Văn", "reordered"),
        ("Nguyễn Văn Hùng", "Nguyen Van Hungg", "typo"),
        ("NGUYEN VAN HUNG", "NGUYNE VAN HUNG", "typo"),
        ("Trần Thanh Nhàn", "Trần Thanhnhàn", "typo"),
        ("Trần Thị Thanh Nhàn", "Trần Nhàn", "middle_missing"),
        ("Trần Thị Thanh Nhàn", "TRAN THANH NHAN", "middle_missing"),
        ("Nguyễn Văn An", "N. V. An", "initials"),
        ("Nguyễn Văn An", "Ng. Văn An", "initials"),
        ("Nguyễn Văn An", "Trần Quốc An", "given_only"),
        ("Nguyễn Văn An", "Trần Thị Bình", "different"),
        ("Nguyễn Văn Nam", "Nguyễn Văn Lam", "different"),
    ],
)
def test_two_names_agree_to_one_level(one: str, other: str, level: str) -> None:
    assert compare_names(read_name(one), read_name(other)) == level


def test_a_different_given_name_one_letter_away_is_no_typo() -> None:
    lan, lam = read_name("Nguyễn Thị Lan"), read_name("Nguyễn Thị Lam")

    assert compare_names(lan, lam) == "different"


def test_an_absent_name_agrees_with_nothing() -> None:
    assert compare_names(read_name(None), read_name("Nguyễn Văn An")) == "different"


def test_the_insurers_initials_rule_looks_at_first_letters_only() -> None:
    assert same_initials(read_name("Nguyễn Văn Hùng"), read_name("NGO VIET HAI"))
    assert not same_initials(read_name("Nguyễn Văn Hùng"), read_name("Nguyễn Hùng"))
    assert not same_initials(read_name(None), read_name(None))


NAMES = st.lists(
    st.sampled_from(["Nguyễn", "Nguyen", "Trần", "Văn", "Van", "Thị", "Ánh", "Anh", "Lan", "N", "Hoà", "Hòa", "Lann"]),
    min_size=1,
    max_size=5,
).map(" ".join)


@given(NAMES, NAMES)
def test_comparison_is_a_known_level_and_symmetric(one: str, other: str) -> None:
    a, b = read_name(one), read_name(other)

    assert compare_names(a, b) == compare_names(b, a)
    assert compare_names(a, b) in NAME_LEVELS


@given(NAMES)
def test_every_name_agrees_exactly_with_itself(name: str) -> None:
    assert compare_names(read_name(name), read_name(name.lower())) == "exact"
