"""Tables of tests. Private to this module."""

from __future__ import annotations

from django.db import models

from pccovid.foundation.carried_model import CarriedFact, carried_indexes, provenance_check


class Test(CarriedFact):
    """One specimen of the person with its result, if there is one yet."""

    tube_barcode = models.TextField(null=True)
    is_pooled = models.BooleanField(default=False)
    collected_at = models.DateTimeField(null=True)
    site_name = models.TextField(null=True)
    method = models.TextField(null=True)
    result = models.TextField(null=True)
    ct_value = models.FloatField(null=True)
    resulted_at = models.DateTimeField(null=True)
    laboratory = models.TextField(null=True)
    received_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [*carried_indexes("test"), models.Index(fields=["tube_barcode"], name="test_by_tube")]
        constraints = [provenance_check("test")]
