"""Consents as their own person sees them: what may be decided, and what was. Needs the person's own opened access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from pccovid.foundation.reads import Read, by_sql


@dataclass(frozen=True)
class Offer:
    """A text in force with what the person decided about its purpose; `decided_at` None where they never did."""

    purpose: str
    version: int
    language: str
    title: str
    body: str
    digest: str
    valid_from: datetime
    issuer: str
    document: str
    is_verified: bool
    stands: bool
    decided_at: datetime | None

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.body.split("\n"))


@dataclass(frozen=True)
class Decision:
    """One giving or withdrawing: of which text, when, the hash of what was shown, the log's entry it was made in."""

    number: int
    purpose: str
    version: int
    language: str
    title: str
    gives: bool
    at: datetime
    shown_digest: str
    log_entry: int


def offers_in(language: str) -> Read[tuple[Offer, ...]]:
    """What the person may agree to or not, in that language."""
    return Read(
        lambda person: (("SELECT * FROM access.consents_of(%s, %s)", [person, language]),),
        lambda _, rows: tuple(Offer(*row) for row in rows),
    )


def own_consents(person: UUID, *, language: str) -> tuple[Offer, ...]:
    """The same, in the access that is open."""
    return offers_in(language).of(person)


OWN_CONSENT_HISTORY = by_sql(
    "SELECT * FROM access.consent_history_of(%(person)s)", lambda _, rows: tuple(Decision(*row) for row in rows)
)
"""Every decision of the person, newest first."""


def has_consent(person: UUID, purpose: str) -> bool:
    """Whether the person agrees at this moment; no where no opened access reaches them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.has_consent(%s, %s)", [person, purpose])
        return bool(cursor.fetchone()[0])
