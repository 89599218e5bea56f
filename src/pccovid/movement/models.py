"""Tables of places, visits, trips and scans. Private to this module."""

from __future__ import annotations

from django.db import models

from pccovid.foundation.carried_model import CarriedFact, carried_indexes, provenance_check


class DatedFact(CarriedFact):
    """A fact in the partition of its day; the first of January of the year 1 where its date is no use.

    The database's key is (id, day), since a partitioned table needs the day in every unique key.
    """

    day = models.DateField(db_default=models.Value("0001-01-01"))

    class Meta:
        abstract = True


class Visit(DatedFact):
    """One stay of the person at a place."""

    place_key = models.TextField(null=True)
    entered_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    via = models.TextField(null=True)

    class Meta:
        indexes = [
            *carried_indexes("visit"),
            models.Index(fields=["place_key", "entered_at"], name="visit_by_place"),
        ]
        constraints = [provenance_check("visit")]


class Trip(DatedFact):
    """A journey the person declared or was permitted."""

    trip_key = models.TextField(null=True)
    departure_place = models.TextField(null=True)
    destination_place = models.TextField(null=True)
    departure_commune = models.TextField(null=True)
    destination_commune = models.TextField(null=True)
    transport = models.TextField(null=True)
    vehicle_number = models.TextField(null=True)
    seat = models.TextField(null=True)
    departed_at = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [*carried_indexes("trip")]
        constraints = [provenance_check("trip")]


class Scan(DatedFact):
    """A checkpoint's scan of a trip's movement code."""

    trip_key = models.TextField(null=True)
    scanned_at = models.DateTimeField(null=True)
    checkpoint = models.TextField(null=True)

    class Meta:
        indexes = [*carried_indexes("scan")]
        constraints = [provenance_check("scan")]


class Place(models.Model):
    """A registered place. It is about nobody; the registrant is contact data of the place."""

    id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField(unique=True)
    source_record_id = models.UUIDField()
    place_key = models.TextField()
    name = models.TextField(null=True)
    kind = models.TextField(null=True)
    commune_code = models.TextField(null=True)
    address = models.TextField(null=True)
    registrant_name = models.TextField(null=True)
    registrant_phone = models.TextField(null=True)
    registered_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["place_key"], name="place_by_key")]
