"""What the card is decided from: one's own doses and tests, inside one's opened access."""

from __future__ import annotations

from collections.abc import Sequence

from pccovid.covid_card.rules import Injection, Known, Result
from pccovid.lab_tests.queries import OwnTest
from pccovid.vaccination.queries import OwnDose


def known_from(doses: Sequence[OwnDose], tests: Sequence[OwnTest]) -> Known:
    """Doses and tests as colours ask for them; a dose entered twice counts once."""
    return Known(
        [Injection(one.product, one.occurred_on, one.origin.provenance) for one in doses],
        [Result(one.method, one.result, one.collected_at, one.origin.provenance) for one in tests],
    )
