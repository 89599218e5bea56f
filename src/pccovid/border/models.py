"""Tables of border crossings. Private to this module."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from pccovid.foundation.carried_model import CarriedFact, carried_indexes, provenance_check


class Entry(CarriedFact):
    """One crossing of the border as the traveller declared it."""

    gate = models.TextField(null=True)
    vehicle_kind = models.TextField(null=True)
    vehicle_number = models.TextField(null=True)
    seat = models.TextField(null=True)
    departed_on = models.DateField(null=True)
    entered_on = models.DateField(null=True)
    departure_country = models.TextField(null=True)
    departure_province = models.TextField(null=True)
    destination_province = models.TextField(null=True)
    places_passed = ArrayField(models.TextField(), default=list)
    vaccines_used = models.TextField(null=True)

    class Meta:
        indexes = [*carried_indexes("entry")]
        constraints = [provenance_check("entry")]
