"""Reading insurance numbers: only inside an opened access, which the database holds to its scope."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import by_queryset
from pccovid.insurance.carried import CARD
from pccovid.insurance.models import Card
from pccovid.people.origin import ORIGIN_COLUMNS, Origin


@dataclass(frozen=True)
class OwnCard:
    """An insurance number that sources reported; not yet checked with the insurer."""

    insurance_no: str | None
    card_number: str | None
    origins: tuple[Origin, ...]
    """Every report of the same number, newest first."""

    @property
    def origin(self) -> Origin:
        """The newest report: who says that this one is wrong means them all."""
        return self.origins[0]


def _cards(_: UUID, rows: Rows) -> tuple[OwnCard, ...]:
    reports: dict[str, list[tuple[str | None, str | None, Origin]]] = {}
    for sealed_no, sealed_card, *origin in rows:
        insurance_no, card_number = CARD.opened((sealed_no, sealed_card))
        reports.setdefault(insurance_no or card_number or "", []).append((insurance_no, card_number, Origin(*origin)))
    return tuple(
        OwnCard(
            next((no for no, _, _ in same if no), None),
            next((card for _, card, _ in same if card), None),
            tuple(origin for _, _, origin in same),
        )
        for same in reports.values()
    )


OWN_CARDS = by_queryset(
    lambda person: (
        Card.objects.filter(person_id=person, superseded_at=None)
        .order_by("-recorded_at", "id")
        .values_list("insurance_no", "card_number", *ORIGIN_COLUMNS)
    ),
    _cards,
)
"""The person's insurance numbers, each once, the most recently reported first."""


def own_cards(person: UUID) -> tuple[OwnCard, ...]:
    """The same, in the access that is open."""
    return OWN_CARDS.of(person)
