"""Tables of declarations. Private to this module."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from pccovid.foundation.carried_model import CarriedFact, carried_indexes, provenance_check


class Declaration(CarriedFact):
    """What the person, or somebody on their behalf, declared about their health."""

    form = models.TextField(null=True)
    source_key = models.TextField(null=True)
    declared_at = models.DateTimeField(null=True)
    is_for_other = models.BooleanField(default=False)
    symptoms = ArrayField(models.TextField(), default=list)
    symptom_note = models.TextField(null=True)
    travel_note = models.TextField(null=True)
    chronic_diseases = ArrayField(models.TextField(), default=list)
    answers = models.JSONField(default=dict)

    class Meta:
        indexes = [*carried_indexes("declaration")]
        constraints = [provenance_check("declaration")]
