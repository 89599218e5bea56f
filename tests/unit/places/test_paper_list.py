"""A paper list is read line by line, into what the visitors' own cards would have said."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pccovid.people.qr_codes import read_personal_qr
from pccovid.places.paper_list import IN, MOST_LINES, OUT, read_list

PLACE, DAY, HERE = UUID(int=3), date(2026, 11, 27), ZoneInfo("Asia/Ho_Chi_Minh")


def test_a_line_with_both_times_is_a_coming_and_a_going() -> None:
    read = read_list("001090000001; Nguyễn Văn An; 1990; 8:05; 9h30", place=PLACE, on=DAY)
    assert [(one.way, one.happened_at) for one in read.scans] == [
        (IN, datetime(2026, 11, 27, 8, 5, tzinfo=HERE)), (OUT, datetime(2026, 11, 27, 9, 30, tzinfo=HERE)),
    ]  # fmt: skip
    code = read_personal_qr(read.scans[0].code)
    assert (code.personal_id, code.name, code.birth_precision) == ("001090000001", "Nguyễn Văn An", "year")


@pytest.mark.parametrize(
    ("number", "field", "value"),
    [
        ("025123456", "old_id", "025123456"), ("C7654321", "passport", "C7654321"),
        ("GD4797936012345", "insurance_no", "7936012345"), ("7936012345", "insurance_no", "7936012345"),
        ("001 090 000 001", "personal_id", "001090000001"),
    ],
)  # fmt: skip
def test_every_kind_of_number_becomes_its_own_kind_of_code(number: str, field: str, value: str) -> None:
    (scan,) = read_list(f"{number};Trần Thị B;1990;8:05", place=PLACE, on=DAY).scans
    code = read_personal_qr(scan.code)
    assert (getattr(code, field), code.name) == (value, "Trần Thị B")
    assert code.birth_date == date(1990, 1, 1)


@pytest.mark.parametrize("number", ["ĐT 0912000001", "dt: 0912 000 001", "Đ.T. +84912000001"])
def test_who_has_no_document_is_found_by_phone_name_and_year(number: str) -> None:
    (scan,) = read_list(f"{number}; Trần Thị B; 1990; 8:05", place=PLACE, on=DAY).scans
    code = read_personal_qr(scan.code)
    assert (code.phone, code.name, code.declared_by_other) == ("0912000001", "Trần Thị B", True)


@pytest.mark.parametrize(
    "line",
    ["", "x", "001090000001; An", "001090000001; Nguyễn Văn An; 1990", "001090000001; ; 1990; 8:05",
     "001090000001; Nguyễn Văn An; 90; 8:05", "001090000001; Nguyễn Văn An; 1990; 25:00",
     "001090000001; Nguyễn Văn An; 1990; 9:30; 8:05", "0010; Nguyễn Văn An; 1990; 8:05",
     "001090000001; A|B; 1990; 8:05", "ĐT 12; Nguyễn Văn An; 1990; 8:05", "ĐT 0912000001; A<B; 1990; 8:05"],
)  # fmt: skip
def test_what_cannot_be_read_comes_back_as_it_was_typed(line: str) -> None:
    read = read_list(line, place=PLACE, on=DAY)
    assert read.scans == ()
    assert read.unread == ((line,) if line else ())


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60), max_size=8))
def test_no_line_is_lost_whatever_is_typed(lines: list[str]) -> None:
    typed = [one.strip() for line in lines for one in line.splitlines() if one.strip()]
    read = read_list("\n".join(lines), place=PLACE, on=DAY)
    assert len(read.unread) + len({one.code for one in read.scans}) >= len(set(typed))


def test_the_same_list_typed_in_again_has_the_same_numbers_and_a_long_one_is_cut() -> None:
    text = "\n".join(f"001090{n:06d}; Nguyễn Văn An; 1990; 8:05" for n in range(MOST_LINES + 5))
    first, again = (read_list(text, place=PLACE, on=DAY) for _ in range(2))
    assert first == again
    assert (len(first.scans), len(first.unread)) == (MOST_LINES, 5)
