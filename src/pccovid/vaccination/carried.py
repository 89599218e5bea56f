"""Dose as earlier systems hand it over."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from pccovid.foundation.facts import StagedFact


class CarriedDose(NamedTuple):
    """One dose as entered by a facility. `product` is the glossary name, `product_text` what was written."""

    product: str | None
    product_text: str | None
    lot_number: str | None
    occurred_on: date | None
    dose_number: int | None
    """As claimed; no upper limit."""
    site_code: str | None
    site_name: str | None
    reaction_note: str | None
    entered_at: datetime | None


DOSE = StagedFact("dose", "vaccination_dose", CarriedDose)
