"""What sources answered when they were asked about a person: kept with the time, added to and never changed.

The campaign of verification records here what the population database answered; questions to our own index do too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from pccovid.linkage.verification import GradedAnswer

OWN_INDEX = ""
"""The source where nobody outside was asked."""


@dataclass(frozen=True)
class RecordedAnswer:
    """One answer as it was recorded."""

    person: UUID
    record: UUID | None
    source: str
    asked_at: datetime
    answer: GradedAnswer


def record_verification_answer(connection: psycopg.Connection, given: RecordedAnswer, *, by: str, now: datetime) -> int:
    """Add the answer, in a transaction of the jobs role with access to write identities; returns its number.

    `record`: the source record that was checked, where it was one. Raises psycopg.errors.CheckViolation for a code
    that is none, and for an answer that was given before it was asked.
    """
    row = connection.execute(
        "INSERT INTO people_verificationanswer"
        " (person_id, record_id, source, code, grades, asked_at, recorded_at, recorded_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        [given.person, given.record, given.source, given.answer.code, Jsonb(dict(given.answer.grades)),
         given.asked_at, now, by],
    ).fetchone()  # fmt: skip
    assert row is not None
    return int(row[0])


def record_verification_answers(
    connection: psycopg.Connection, given: Iterable[RecordedAnswer], *, by: str, now: datetime
) -> None:
    """The same for many answers at once, without their numbers."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO people_verificationanswer"
            " (person_id, record_id, source, code, grades, asked_at, recorded_at, recorded_by)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (one.person, one.record, one.source, one.answer.code, Jsonb(dict(one.answer.grades)), one.asked_at, now,
                 by)
                for one in given
            ],
        )  # fmt: skip


def verification_answers(connection: psycopg.Connection, person: UUID) -> tuple[RecordedAnswer, ...]:
    """All answers about a person in sight, newest first."""
    rows = connection.execute(
        "SELECT person_id, record_id, source, asked_at, code, grades FROM people_verificationanswer"
        " WHERE person_id = %s ORDER BY asked_at DESC, id DESC",
        [person],
    )
    return tuple(
        RecordedAnswer(person, record, source, asked_at, GradedAnswer(code, grades))
        for person, record, source, asked_at, code, grades in rows
    )
