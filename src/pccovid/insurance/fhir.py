"""An insurance number as a FHIR R4 Coverage. Pure.

Status is draft where the number was only reported: nothing is said about being in force. What the insurer told is
active or cancelled, with its period.
"""

from __future__ import annotations

from datetime import date

from pccovid.foundation.fhir import (
    HL7,
    OWN_NUMBERS,
    About,
    Resource,
    coding,
    concept,
    reference,
    resource,
    without_empty,
)
from pccovid.insurance.carried import CarriedCard
from pccovid.insurance.rules import IN_FORCE, OVER

INSURER = "Bảo hiểm xã hội Việt Nam"


def coverage(card: CarriedCard, about: About) -> Resource:
    """The card or the number, as its source gave it."""
    number = card.insurance_no
    return resource(
        "Coverage", about,
        identifier=[{"system": f"{OWN_NUMBERS}insurance-no", "value": number}] if number else None,
        status=_status(card.state) if about.is_standing else "entered-in-error",
        type=concept(coding(f"{HL7}v3-ActCode", "PUBLICPOL")),
        subscriberId=card.card_number or number,
        beneficiary=reference(about.person),
        period=without_empty({"start": _day(card.valid_from), "end": _day(card.valid_to)}),
        payor=[{"display": INSURER}],
    )  # fmt: skip


def _status(state: str | None) -> str:
    return "active" if state in IN_FORCE else "cancelled" if state == OVER else "draft"


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
