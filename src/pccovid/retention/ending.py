"""Declaring the end of the epidemic, and taking it back: by the owner's connection. Officers approve on the page.

Nothing counts until two different officers of data protection have approved, and nothing is erased before its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import psycopg


class EndRefused(ValueError):
    """The declaration cannot be made or withdrawn: the message says why."""


@dataclass(frozen=True)
class DeclaredEnd:
    """The declaration that stands; `approvals` are the offices that approved."""

    number: int
    ends_on: date
    decision: str
    proposed_by: str
    approvals: tuple[str, ...]

    @property
    def is_approved(self) -> bool:
        return len(self.approvals) >= 2


def declare_end(connection: psycopg.Connection, *, ends_on: date, decision: str, by: str) -> int:
    """Propose the day from which everything of the epidemic is erased; returns its number. Raises EndRefused."""
    try:
        with connection.transaction():
            row = connection.execute(
                "INSERT INTO access.epidemic_end (ends_on, decision, proposed_by) VALUES (%s, %s, %s) RETURNING id",
                [ends_on, decision.strip(), by.strip()],
            ).fetchone()
    except psycopg.errors.UniqueViolation as taken:
        raise EndRefused("an end is declared already: withdraw it first") from taken
    except psycopg.errors.CheckViolation as refused:
        raise EndRefused(
            "the day must lie in the future, and the decision and who enters it must be named"
        ) from refused
    assert row is not None
    return int(row[0])


def withdraw_end(connection: psycopg.Connection, *, why: str, by: str) -> int:
    """Take the standing declaration back, before its day; returns its number. Raises EndRefused."""
    try:
        with connection.transaction():
            row = connection.execute(
                "UPDATE access.epidemic_end SET withdrawn_by = %s, withdrawn_at = clock_timestamp(), withdrawn_why = %s"
                " WHERE withdrawn_at IS NULL RETURNING id",
                [by, why],
            ).fetchone()
    except psycopg.DatabaseError as refused:
        if refused.sqlstate != "PC421":
            raise
        raise EndRefused("the declared day has come: erasure has begun") from refused
    if row is None:
        raise EndRefused("no end is declared")
    return int(row[0])


def standing_end(connection: psycopg.Connection) -> DeclaredEnd | None:
    """The declaration that stands, approved or not. As the owner."""
    row = connection.execute(
        "SELECT e.id, e.ends_on, e.decision, e.proposed_by, ARRAY(SELECT a.office FROM access.epidemic_end_approval a"
        " WHERE a.end_id = e.id ORDER BY a.approved_at) FROM access.epidemic_end e WHERE e.withdrawn_at IS NULL"
    ).fetchone()
    return DeclaredEnd(row[0], row[1], row[2], row[3], tuple(row[4])) if row else None
