"""Addresses written out in one text: which unit they name."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from pccovid.areas.address_words import read_words
from pccovid.areas.free_text import resolve
from pccovid.areas.registry import registry
from pccovid.areas.units import Residence

ADDRESS_LIMIT = 300
"""Characters; what is longer is no address, and searching it for names would take its time."""


def residence_in(line: str | None, on: date) -> Residence | None:
    """2021 codes of the unit that an address in free text names; None where it names none or several.

    A street or hamlet alone names none, though a province may be called so.
    """
    return _residence_in(line, on) if line and len(line) <= ADDRESS_LIMIT else None


@lru_cache(maxsize=1 << 14)
def _residence_in(line: str, on: date) -> Residence | None:
    if read_words(line).is_street_alone:
        return None
    unit = resolve(line, on=on).unit
    return registry().residence(unit.code, on=on) if unit else None
