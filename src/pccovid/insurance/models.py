"""Tables of insurance cards. Private to this module."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from pccovid.foundation.carried_model import CarriedFact, carried_indexes, provenance_check


class Card(CarriedFact):
    """An insurance number that a source reported for the person, or what the insurer says of it."""

    insurance_no = models.TextField(null=True)
    card_number = models.TextField(null=True)
    state = models.TextField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    registered_at = models.TextField(null=True)
    look_ups = ArrayField(models.TextField(), default=list, db_default=[])

    class Meta:
        indexes = [*carried_indexes("card")]
        constraints = [provenance_check("card")]
