"""Tables of the review. Private to this module."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from pccovid.link_review.rules import OPINIONS, STANDINGS


class Opinion(models.Model):
    """What one officer said about one pair. Append-only; an officer's newest counts."""

    pair_id = models.UUIDField()
    officer_id = models.IntegerField()
    office = models.TextField()
    opinion = models.TextField()
    reason = models.TextField()
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(opinion__in=OPINIONS), name="opinion_is_known_word"),
            models.CheckConstraint(condition=~Q(reason=""), name="opinion_has_reason"),
        ]
        indexes = [
            models.Index(fields=["pair_id", "officer_id", "id"], name="opinion_by_pair"),
            models.Index(fields=["officer_id", "given_at"], name="opinion_by_officer"),
        ]


class Ruling(models.Model):
    """What the opinions about one pair come to now, and what was done for it."""

    pair_id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField(db_index=True)
    other_record_id = models.UUIDField(db_index=True)
    standing = models.TextField()
    ruled_at = models.DateTimeField()
    merge_id = models.BigIntegerField(null=True, help_text="the merge it made, while that stands")
    note = models.TextField(default="", help_text="why what it asks for could not be done")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(standing__in=STANDINGS), name="ruling_is_known_word")]
