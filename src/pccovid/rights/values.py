"""A corrected value as people type it, brought into the form that people/correcting.py reads."""

from __future__ import annotations

import contextlib
from datetime import date
from functools import cache

from babel import Locale

from pccovid.areas.free_text import resolve
from pccovid.areas.place_names import COMMUNE
from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021
from pccovid.linkage.birth_dates import read_birth_date
from pccovid.people.correcting import ValueUnreadable, read_value, written_residence

_SEXES = {"nam": "male", "male": "male", "nữ": "female", "nu": "female", "female": "female"}


def normal_value(attribute: str, typed: str, *, today: date) -> str:
    """'17/05/1990' → '1990-05-17', 'Nữ' → 'female', 'Việt Nam' → 'VN', an address → written_residence.

    Others are as typed. Raises ValueUnreadable.
    """
    text = " ".join(typed.split())
    value = text
    if attribute == "birth_date":
        reading = read_birth_date(text, order="dmy", today=today)
        if reading.date is None or reading.precision != "day":
            raise ValueUnreadable(attribute)
        value = reading.date.isoformat()
    elif attribute == "sex":
        value = _SEXES.get(text.casefold(), "")
    elif attribute == "nationality":
        value = _nations().get(text.casefold(), "")
    elif attribute == "residence":
        value = _residence(text)
    read_value(attribute, value)
    return value


def _residence(text: str) -> str:
    """'Số 5 Hàng Than, phường Phúc Xá, quận Ba Đình, Hà Nội' → the line, the commune in words, its code."""
    with contextlib.suppress(ValueUnreadable):
        read_value("residence", text)
        return text
    found = resolve(text, on=LISTED_2021).unit
    if found is None or found.level != COMMUNE:
        raise ValueUnreadable("residence")
    # The line is what stands before the commune's own words: its first comma-separated parts.
    parts = [part.strip() for part in text.split(",")]
    units = len(registry().path(found.code, on=LISTED_2021))
    return written_residence(", ".join(parts[:-units]), found.code)


@cache
def _nations() -> dict[str, str]:
    """Names of countries in both languages, and their codes, to codes."""
    named = {
        str(name).casefold(): code
        for language in ("en", "vi")
        for code, name in Locale(language).territories.items()
        if len(code) == 2 and code.isalpha()
    }
    return {**named, **{code.casefold(): code for code in named.values()}}
