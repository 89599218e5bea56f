"""What of the insurer's answer is written into a person's record. Pure."""

from __future__ import annotations

from pccovid.connectors.social_insurance.payloads import Answer, Card, LookUp, Officer
from pccovid.insurance.carried import CarriedCard
from pccovid.insurance.rules import NONE, REPLACED
from pccovid.linkage.verification import FOUND

MOST_LOOK_UPS = 20
"""Our own choice: the newest look-ups that are kept."""


def told_card(answer: Answer, *, officer: Officer) -> CarriedCard | None:
    """The card as the insurer tells of it, a new one in place of one it replaced; None where it says nothing of one.

    Look-ups that our own officer made are left out: the person reads of those in the log of access.
    """
    card = answer.card
    if card is None or answer.result.about_person != FOUND or answer.result.card == NONE:
        return None
    number, begins, ends, registered = card.number, card.valid_from, card.valid_to, card.registered_at
    if answer.result.card == REPLACED and card.number_now:
        number, begins, ends = card.number_now, card.valid_from_now, card.valid_to_now
        registered = card.registered_name_now or card.registered_at_now or registered
    return CarriedCard(
        _insurance_no(card, number), number if len(number) == 15 else None, answer.result.card, begins, ends,
        registered or None, _told(answer.look_ups, officer),
    )  # fmt: skip


def _insurance_no(card: Card, number: str) -> str | None:
    return card.insurance_no or number[-10:] or None


def _told(look_ups: tuple[LookUp, ...], officer: Officer) -> tuple[str, ...]:
    others = [one for one in look_ups if one.user != officer.name]
    newest = sorted(others, key=lambda one: one.at)[-MOST_LOOK_UPS:]
    return tuple(f"{one.at:%Y-%m-%d %H:%M} · {one.user} · {one.told or one.code}" for one in newest)
