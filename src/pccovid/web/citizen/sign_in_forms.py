"""What is typed while signing in, and what is said when it cannot be read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from pccovid.linkage.birth_dates import BirthReading, read_birth_date
from pccovid.linkage.phones import read_phone


class PhoneForm(forms.Form):
    """The number to send the code to."""

    first_field = "id_phone"
    phone = forms.CharField(max_length=40, required=False)

    def clean_phone(self) -> str:
        number = read_phone(self.cleaned_data["phone"]).phone
        if number is None:
            raise forms.ValidationError(_("Nhập số điện thoại di động có 10 chữ số, ví dụ 0912 345 678."))
        return number


class CodeForm(forms.Form):
    """The six digits of the message."""

    first_field = "id_code"
    code = forms.CharField(max_length=20, required=False)

    def clean_code(self) -> str:
        digits = "".join(character for character in self.cleaned_data["code"] if character in "0123456789")
        if len(digits) != 6:
            raise forms.ValidationError(_("Nhập đủ 6 chữ số trong tin nhắn."))
        return digits


class WhoForm(forms.Form):
    """Full name, and the birth date or, where the papers show no more, its year."""

    first_field = "id_name"
    name = forms.CharField(max_length=200, required=False)
    day = forms.CharField(max_length=4, required=False)
    month = forms.CharField(max_length=4, required=False)
    year = forms.CharField(max_length=6, required=False)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if not name:
            raise forms.ValidationError(_("Nhập họ và tên đầy đủ."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        parts = [cleaned.get(part, "").strip() for part in ("day", "month", "year")]
        reading = _birth_of(*parts, today=timezone.localdate())
        if reading is None:
            self.add_error("day", _("Nhập ngày, tháng, năm sinh; giấy tờ chỉ có năm thì chỉ nhập năm."))
        cleaned["birth"] = reading
        return cleaned


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) == 4


def _birth_of(day: str, month: str, year: str, *, today: date) -> BirthReading | None:
    """The typed parts as a birth date; None where they make none. Nothing is guessed or turned round."""
    if not _is_year(year) or bool(day) != bool(month):
        return None
    if not day:
        reading = read_birth_date(year, order="year", today=today)
    elif day.isdigit() and month.isdigit() and int(month) <= 12:
        reading = read_birth_date(f"{int(day):02d}/{int(month):02d}/{year}", order="dmy", today=today)
    else:
        return None
    wanted = "day" if day else "year"
    return reading if reading.precision == wanted else None
