"""What earlier systems say about people beyond the claim itself: addresses and relationships."""

from __future__ import annotations

from typing import NamedTuple

from pccovid.foundation.facts import StagedFact


class CarriedAddress(NamedTuple):
    """An address of the person."""

    kind: str
    """'permanent', 'temporary', 'stay' or 'residence' (the form did not say which)."""
    commune_code: str | None
    district_code: str | None
    province_code: str | None
    line: str | None


class CarriedRelationship(NamedTuple):
    """This record's person stands in a relation to the person of another record of the same delivery or index."""

    kind: str
    """'household' (member → account holder), 'declared_by' (person → declarant)."""
    role: str | None
    """As written: con, vợ, mẹ …"""
    other_system: str
    other_kind: str
    other_key: str


ADDRESS = StagedFact("address", "people_address", CarriedAddress)
RELATIONSHIP = StagedFact("relationship", "people_relationship", CarriedRelationship)
