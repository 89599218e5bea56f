"""Tables of sign-in. Private to this module."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class SignInCode(models.Model):
    """One code that was sent: to whom and from where only as keyed hashes, and what is left of it."""

    id = models.UUIDField(primary_key=True)
    phone_hash = models.TextField()
    network_hash = models.TextField()
    code_hash = models.TextField()
    asked_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    tries_left = models.SmallIntegerField()
    proven_at = models.DateTimeField(null=True)
    names_left = models.SmallIntegerField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["phone_hash", "asked_at"], name="signincode_by_phone"),
            models.Index(fields=["network_hash", "asked_at"], name="signincode_by_network"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(tries_left__gte=0, names_left__gte=0), name="signincode_tries"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("asked_at")), name="signincode_expires"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(proven_at__isnull=False), name="signincode_proven_before_used"
            ),
        ]


class SandboxMessage(models.Model):
    """A message that the sandbox shows on a page instead of handing it to a telecom. Empty in production."""

    phone = models.TextField()
    text = models.TextField()
    sent_at = models.DateTimeField()
