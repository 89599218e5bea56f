"""Reading insurance numbers: only inside an opened access, which the database holds to its scope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import by_queryset
from pccovid.insurance.carried import CARD, CarriedCard
from pccovid.insurance.models import Card
from pccovid.people.origin import ORIGIN_COLUMNS, Origin

_COLUMNS = CarriedCard._fields


@dataclass(frozen=True)
class OwnCard:
    """An insurance number that sources reported. Without a state the insurer has not told of it yet."""

    insurance_no: str | None
    card_number: str | None
    origins: tuple[Origin, ...]
    """Every report of the same number, newest first."""
    state: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    registered_at: str | None = None
    look_ups: tuple[str, ...] = ()
    """Who looked it up at the insurer before, newest first."""

    @property
    def origin(self) -> Origin:
        """The newest report: who says that this one is wrong means them all."""
        return self.origins[0]


def _cards(_: UUID, rows: Rows) -> tuple[OwnCard, ...]:
    reports: dict[str, list[tuple[CarriedCard, Origin]]] = {}
    for row in rows:
        card = CarriedCard(*CARD.opened(tuple(row[: len(_COLUMNS)])))
        reports.setdefault(card.insurance_no or card.card_number or "", []).append(
            (card, Origin(*row[len(_COLUMNS) :]))
        )
    return tuple(_card(same) for same in reports.values())


def _card(same: Sequence[tuple[CarriedCard, Origin]]) -> OwnCard:
    """One number: what the insurer told of it, newest, before what others only wrote down."""
    cards = sorted((card for card, _ in same), key=lambda card: card.state is None)
    told = cards[0]
    return OwnCard(
        next((card.insurance_no for card in cards if card.insurance_no), None),
        next((card.card_number for card in cards if card.card_number), None),
        tuple(origin for _, origin in same), told.state, told.valid_from, told.valid_to, told.registered_at,
        tuple(told.look_ups)[::-1],
    )  # fmt: skip


OWN_CARDS = by_queryset(
    lambda person: (
        Card.objects.filter(person_id=person, superseded_at=None)
        .order_by("-recorded_at", "id")
        .values_list(*_COLUMNS, *ORIGIN_COLUMNS)
    ),
    _cards,
)
"""The person's insurance numbers, each once, the most recently reported first."""


def own_cards(person: UUID) -> tuple[OwnCard, ...]:
    """The same, in the access that is open."""
    return OWN_CARDS.of(person)
