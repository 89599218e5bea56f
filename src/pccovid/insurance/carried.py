"""Insurance number as earlier systems hand it over."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pccovid.foundation.facts import StagedFact


class CarriedCard(NamedTuple):
    """A card or number that a source reported; all that follows the number is told by the insurer alone."""

    insurance_no: str | None
    """Ten digits."""
    card_number: str | None
    """Fifteen characters, where given."""
    state: str | None = None
    """valid, elsewhere (run by another authority), replaced (this is the new one), over, or none."""
    valid_from: date | None = None
    valid_to: date | None = None
    registered_at: str | None = None
    """Where the card's holder is registered for care."""
    look_ups: tuple[str, ...] = ()
    """Who looked the card up at the insurer before, as it tells: `2021-11-01 09:00 · name · what was answered`."""


CARD = StagedFact("card", "insurance_card", CarriedCard, sealed=("insurance_no", "card_number"))
