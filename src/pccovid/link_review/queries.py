"""Reading the review: the queue by harm and age, what was said of a pair, how the work goes.

Everything needs an opened access to everybody; without it there is nothing to see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from pccovid.link_review.rules import CONTROL_SHARE, HEALTH_SYSTEMS, Agreement, agreement

HARMS = ("no_fact", "split_person", "fact_missing")
"""What is at stake, least first: a record that waits, or a sample of what was joined · one person perhaps in two
halves · a dose or test that waits."""


@dataclass(frozen=True)
class QueueLine:
    """A pair that waits for this officer; `harm` one of HARMS."""

    pair: UUID
    harm: str
    reason: str
    weight: float | None
    asked_at: datetime | None
    opinions: int


@dataclass(frozen=True)
class OpinionLine:
    """What somebody said of a pair."""

    officer: int
    office: str
    opinion: str
    reason: str
    given_at: datetime


@dataclass(frozen=True)
class RulingLine:
    """What the opinions of a pair came to."""

    standing: str
    ruled_at: datetime
    merge: int | None
    note: str


@dataclass(frozen=True)
class ReviewProgress:
    """How the work goes: pairs that wait, by harm; pairs ruled; this officer's opinions today; agreement of two."""

    waiting: tuple[tuple[str, int], ...]
    ruled: int
    given_today: int
    agreement: Agreement


_NEWEST = """newest AS (
    SELECT DISTINCT ON (pair_id, officer_id) pair_id, officer_id, opinion FROM link_review_opinion
    ORDER BY pair_id, officer_id, id DESC)"""
# A pair waits for an officer who has not judged it: while nothing was ruled and it is not settled otherwise, or, one in
# CONTROL_SHARE, until a second officer has judged it as well.
_WAITING = f"""
    {_NEWEST},
    waiting AS (
        SELECT v.id, v.reason, v.weight, m.published_at,
            CASE WHEN v.reason = 'sample' THEN 1
                WHEN a.person_id IS NOT NULL AND b.person_id IS NOT NULL THEN 2
                WHEN CASE WHEN a.person_id IS NULL THEN a.system ELSE b.system END = ANY (%(health)s) THEN 3
                ELSE 1 END AS harm,
            (SELECT count(*) FROM newest n WHERE n.pair_id = v.id) AS opinions
        FROM people_reviewpair v JOIN people_importrun m ON m.id = v.run_id
            JOIN people_recordclaim a ON a.record_id = v.record_id
            JOIN people_recordclaim b ON b.record_id = v.other_record_id
            LEFT JOIN link_review_ruling r ON r.pair_id = v.id
        WHERE NOT EXISTS (SELECT 1 FROM newest n WHERE n.pair_id = v.id AND n.officer_id = %(officer)s)
          AND CASE WHEN (SELECT count(*) FROM newest n WHERE n.pair_id = v.id) = 1
                        AND ('x' || left(md5(v.id::text), 8))::bit(32)::bigint %% {CONTROL_SHARE} = 0 THEN true
                   WHEN r.standing IN ('same', 'different') THEN false
                   WHEN v.reason = 'sample' THEN NOT EXISTS (
                       SELECT 1 FROM newest n WHERE n.pair_id = v.id AND n.opinion <> 'unsure')
                   ELSE a.person_id IS NULL OR a.person_id IS DISTINCT FROM b.person_id END)"""  # noqa: S608
_ORDER = "ORDER BY harm DESC, published_at NULLS LAST, weight DESC NULLS LAST, id"


def queue(officer: int, *, limit: int) -> tuple[QueueLine, ...]:
    """The pairs that wait for the officer, most harm first, then oldest, then heaviest."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {_WAITING} SELECT id, harm, reason, weight, published_at, opinions FROM waiting {_ORDER}"  # noqa: S608
            " LIMIT %(limit)s",
            {"officer": officer, "limit": limit, "health": list(HEALTH_SYSTEMS)},
        )
        rows = cursor.fetchall()
    return tuple(QueueLine(row[0], HARMS[row[1] - 1], *row[2:]) for row in rows)


def progress(officer: int, *, today: datetime) -> ReviewProgress:
    """Counts for the officer; `today` is the moment the day began."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {_WAITING} SELECT harm, count(*) FROM waiting GROUP BY harm ORDER BY harm DESC",  # noqa: S608
            {"officer": officer, "health": list(HEALTH_SYSTEMS)},
        )
        waiting = tuple((HARMS[harm - 1], pairs) for harm, pairs in cursor.fetchall())
        cursor.execute(
            "SELECT (SELECT count(*) FROM link_review_ruling WHERE standing IN ('same', 'different')),"
            " (SELECT count(*) FROM link_review_opinion WHERE officer_id = %s AND given_at >= %s)",
            [officer, today],
        )
        ruled, given = cursor.fetchone()
        cursor.execute(
            f"WITH {_NEWEST} SELECT a.opinion, b.opinion FROM newest a JOIN newest b USING (pair_id)"  # noqa: S608
            " WHERE a.officer_id < b.officer_id"
        )
        judged = agreement(cursor.fetchall())
    return ReviewProgress(waiting, ruled, given, judged)


def opinions_of(pair: UUID) -> tuple[OpinionLine, ...]:
    """Everything said of a pair, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT officer_id, office, opinion, reason, given_at FROM link_review_opinion WHERE pair_id = %s"
            " ORDER BY id",
            [pair],
        )
        return tuple(OpinionLine(*row) for row in cursor.fetchall())


def ruling_of(pair: UUID) -> RulingLine | None:
    """What the opinions came to, once they have been taken up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT standing, ruled_at, merge_id, note FROM link_review_ruling WHERE pair_id = %s", [pair])
        row = cursor.fetchone()
    return RulingLine(*row) if row else None
