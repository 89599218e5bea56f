"""An insurance number as a FHIR R4 Coverage. Pure.

Status is draft: the number was reported and not yet checked with the insurer, so nothing is said about being in force.
"""

from __future__ import annotations

from pccovid.foundation.fhir import HL7, OWN_NUMBERS, About, Resource, coding, concept, reference, resource
from pccovid.insurance.carried import CarriedCard

INSURER = "Bảo hiểm xã hội Việt Nam"


def coverage(card: CarriedCard, about: About) -> Resource:
    """The card or the number, as its source gave it."""
    number = card.insurance_no
    return resource(
        "Coverage", about,
        identifier=[{"system": f"{OWN_NUMBERS}insurance-no", "value": number}] if number else None,
        status="draft" if about.is_standing else "entered-in-error",
        type=concept(coding(f"{HL7}v3-ActCode", "PUBLICPOL")),
        subscriberId=card.card_number or number,
        beneficiary=reference(about.person),
        payor=[{"display": INSURER}],
    )  # fmt: skip
