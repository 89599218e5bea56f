"""Tables of the review. Private to this module."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from pccovid.link_review.rules import OPINIONS, OUTCOMES, STANDINGS


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
    told_apart_at = models.DateTimeField(
        null=True, help_text="when a split told these apart; older opinions count no more"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(standing__in=STANDINGS), name="ruling_is_known_word")]


class Split(models.Model):
    """What a steward asked to be split off a person, what a second one said to it, and what became of it."""

    person_id = models.UUIDField()
    record_ids = ArrayField(models.UUIDField(), help_text="what is to stand on a person of its own")
    reason = models.TextField()
    asked_by = models.IntegerField()
    asked_office = models.TextField()
    asked_at = models.DateTimeField()
    answered_by = models.IntegerField(null=True)
    answered_office = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)
    agrees = models.BooleanField(null=True)
    answer = models.TextField(default="", help_text="why somebody declined")
    done_at = models.DateTimeField(null=True, help_text="when it was over, whatever became of it")
    outcome = models.TextField(default="")
    note = models.TextField(default="", help_text="why it could not be done")
    opened_id = models.UUIDField(null=True, help_text="the person opened for the records")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id"], condition=Q(done_at=None), name="split_open_once"),
            models.CheckConstraint(condition=Q(outcome__in=("", *OUTCOMES)), name="split_outcome_is_known_word"),
            models.CheckConstraint(
                condition=Q(done_at=None, outcome="") | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="split_ends_with_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(agrees=True) | ~Q(answered_by=F("asked_by")), name="split_agreed_by_another"
            ),
        ]
        indexes = [models.Index(fields=["person_id"], name="split_by_person")]
