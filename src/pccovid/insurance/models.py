"""Tables of insurance cards. Private to this module."""

from __future__ import annotations

from django.db import models

from pccovid.foundation.carried_model import CarriedFact, carried_indexes, provenance_check


class Card(CarriedFact):
    """An insurance number that a source reported for the person."""

    insurance_no = models.TextField(null=True)
    card_number = models.TextField(null=True)

    class Meta:
        indexes = [*carried_indexes("card")]
        constraints = [provenance_check("card")]
