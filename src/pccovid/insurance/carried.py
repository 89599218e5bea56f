"""Insurance number as earlier systems hand it over."""

from __future__ import annotations

from typing import NamedTuple

from pccovid.foundation.facts import StagedFact


class CarriedCard(NamedTuple):
    """A card or number that a source reported; not yet checked with the insurer."""

    insurance_no: str | None
    """Ten digits."""
    card_number: str | None
    """Fifteen characters, where given."""


CARD = StagedFact("card", "insurance_card", CarriedCard, sealed=("insurance_no", "card_number"))
