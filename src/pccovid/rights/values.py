"""A corrected value as people type it, brought into the form that people/correcting.py reads."""

from __future__ import annotations

from datetime import date
from functools import cache

from babel import Locale

from pccovid.linkage.birth_dates import read_birth_date
from pccovid.people.correcting import ValueUnreadable, read_value

_SEXES = {"nam": "male", "male": "male", "nữ": "female", "nu": "female", "female": "female"}


def normal_value(attribute: str, typed: str, *, today: date) -> str:
    """'17/05/1990' → '1990-05-17', 'Nữ' → 'female', 'Việt Nam' → 'VN'; others as typed. Raises ValueUnreadable."""
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
    read_value(attribute, value)
    return value


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
