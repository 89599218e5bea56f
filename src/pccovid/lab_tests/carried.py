"""Specimen and result as the sampling system hands them over."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pccovid.foundation.facts import StagedFact


class CarriedTest(NamedTuple):
    """One person's specimen; a pooled tube stands on several rows with one barcode."""

    tube_barcode: str | None
    is_pooled: bool
    collected_at: datetime | None
    site_name: str | None
    method: str | None
    """'pcr' or 'antigen'."""
    result: str | None
    """'positive', 'negative', 'inconclusive' or None while pending."""
    ct_value: float | None
    resulted_at: datetime | None
    laboratory: str | None
    received_at: datetime | None = None
    """When the laboratory received the specimen."""


TEST = StagedFact("test", "lab_tests_test", CarriedTest)
