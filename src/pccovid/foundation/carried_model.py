"""The columns that every carried fact has: whose it is, where it came from, and whether it still stands."""

from __future__ import annotations

from django.db import models

from pccovid.foundation.provenance import FACILITY, OFFICIAL, PENDING, SELF_DECLARED


class CarriedFact(models.Model):
    """A fact about one person, hanging on the source record it came in.

    Facts are never overwritten: a newer version of the source record supersedes the facts of the older one.
    `id` is derived from source record, kind and position, so that a repeated import writes the same rows.
    """

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField()
    record_id = models.UUIDField(help_text="the source key, whatever its version")
    source_record_id = models.UUIDField(help_text="the version of the source record this fact came in")
    source_system = models.TextField()
    provenance = models.TextField()
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def carried_indexes(label: str) -> list[models.Index]:
    """The two ways every fact is found: by its person, and by its source key."""
    return [
        models.Index(fields=["person_id"], name=f"{label}_by_person"),
        models.Index(fields=["record_id"], name=f"{label}_by_record"),
    ]


def provenance_check(label: str) -> models.CheckConstraint:
    """Provenance is one of the four words a citizen is shown."""
    return models.CheckConstraint(
        condition=models.Q(provenance__in=[OFFICIAL, FACILITY, SELF_DECLARED, PENDING]),
        name=f"{label}_provenance",
    )
