"""Tables of doses. Private to this module."""

from __future__ import annotations

from django.db import models

from pccovid.foundation.carried_model import CarriedFact, carried_indexes, provenance_check


class Dose(CarriedFact):
    """One dose given to the person, as a source entered it; duplicates of one injection are marked, not removed."""

    product = models.TextField(null=True)
    product_text = models.TextField(null=True)
    lot_number = models.TextField(null=True)
    occurred_on = models.DateField(null=True)
    dose_number = models.IntegerField(null=True)
    site_code = models.TextField(null=True)
    site_name = models.TextField(null=True)
    reaction_note = models.TextField(null=True)
    entered_at = models.DateTimeField(null=True)
    duplicate_of = models.UUIDField(null=True, help_text="the dose this one repeats: same injection, entered again")

    class Meta:
        indexes = [*carried_indexes("dose")]
        constraints = [provenance_check("dose")]
