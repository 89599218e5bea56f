"""Tables of treatment. Private to this module."""

from __future__ import annotations

from django.db import models

from pccovid.foundation.carried_model import CarriedFact, carried_indexes, provenance_check


class Stay(CarriedFact):
    """A stay or visit at a facility, and how it ended."""

    stay_key = models.TextField(null=True)
    stay_class = models.TextField(null=True)
    state = models.TextField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    facility = models.TextField(null=True)
    discharge = models.TextField(null=True)

    class Meta:
        indexes = [*carried_indexes("stay")]
        constraints = [provenance_check("stay")]


class Condition(CarriedFact):
    """A diagnosis."""

    stay_key = models.TextField(null=True)
    code_system = models.TextField(null=True)
    code = models.TextField(null=True)
    diagnosis = models.TextField(null=True)
    certainty = models.TextField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [*carried_indexes("condition")]
        constraints = [provenance_check("condition")]


class VitalSign(CarriedFact):
    """One measured value."""

    stay_key = models.TextField(null=True)
    sign = models.TextField(null=True)
    measured = models.FloatField(null=True)
    unit = models.TextField(null=True)
    measured_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [*carried_indexes("vitalsign")]
        constraints = [provenance_check("vitalsign")]


class Procedure(CarriedFact):
    """Something done to treat."""

    stay_key = models.TextField(null=True)
    code_system = models.TextField(null=True)
    code = models.TextField(null=True)
    procedure = models.TextField(null=True)
    is_done = models.BooleanField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [*carried_indexes("procedure")]
        constraints = [provenance_check("procedure")]


class Medication(CarriedFact):
    """A drug given."""

    stay_key = models.TextField(null=True)
    code_system = models.TextField(null=True)
    code = models.TextField(null=True)
    drug = models.TextField(null=True)
    dose = models.FloatField(null=True)
    dose_unit = models.TextField(null=True)
    route = models.TextField(null=True)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [*carried_indexes("medication")]
        constraints = [provenance_check("medication")]
