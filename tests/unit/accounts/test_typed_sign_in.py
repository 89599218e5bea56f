"""What is typed while signing in: read as people write it, refused without guessing."""

from __future__ import annotations

from datetime import date

import django
import pytest
from django.utils import timezone

django.setup()

from pccovid.web.citizen.sign_in_forms import CodeForm, PhoneForm, WhoForm  # noqa: E402


def typed(day: str, month: str, year: str) -> WhoForm:
    return WhoForm({"name": "Nguyễn Thị Lan", "day": day, "month": month, "year": year})


@pytest.mark.parametrize("phone", ["0912 345 678", "+84912345678", "01698765432"])
def test_usual_ways_of_writing_a_phone_are_read(phone: str) -> None:
    assert PhoneForm({"phone": phone}).is_valid()


@pytest.mark.parametrize("phone", ["", "12", "abc", "+1 202 555 0100", "0" * 39])
def test_what_is_no_vietnamese_phone_is_refused_with_an_example(phone: str) -> None:
    form = PhoneForm({"phone": phone})
    assert "0912 345 678" in form.errors["phone"][0]


@pytest.mark.parametrize("code", ["123456", " 123 456 ", "123-456"])
def test_a_code_may_be_typed_with_blanks(code: str) -> None:
    form = CodeForm({"code": code})
    assert form.is_valid()
    assert form.cleaned_data["code"] == "123456"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦"])
def test_what_is_not_six_digits_is_no_code(code: str) -> None:
    assert not CodeForm({"code": code}).is_valid()


def test_a_whole_birth_date_is_read_to_the_day() -> None:
    form = typed("5", "7", "1990")
    assert form.is_valid()
    assert (form.cleaned_data["birth"].date, form.cleaned_data["birth"].precision) == (date(1990, 7, 5), "day")


def test_a_year_alone_is_read_as_a_year() -> None:
    form = typed("", "", "1941")
    assert form.is_valid()
    assert form.cleaned_data["birth"].precision == "year"


@pytest.mark.parametrize(
    "parts",
    [("31", "2", "1990"), ("17", "13", "1990"), ("5", "", "1990"), ("", "5", "1990"), ("1", "1", "90"), ("", "", ""),
     ("x", "1", "1990"), ("1", "1", "1800")],
)  # fmt: skip
def test_a_birth_date_that_cannot_be_is_asked_again_and_never_repaired(parts: tuple[str, str, str]) -> None:
    form = typed(*parts)
    assert not form.is_valid()
    assert list(form.errors) == ["day"]


def test_a_birth_date_to_come_is_refused() -> None:
    assert not typed("1", "1", str(timezone.localdate().year + 1)).is_valid()
