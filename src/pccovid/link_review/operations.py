"""Giving an opinion, and doing what the opinions come to: one named verb each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from django.db import connection as django_connection
from django.db.utils import DataError

from pccovid.link_review.rules import OPINIONS, SAME, standing
from pccovid.link_review.splits_bind import follow_where_records_stand
from pccovid.people.operations import IndexIsBusy, MergeRefused, merge_people, undo_merge

NEEDS_SPLIT = "needs_split"
"""Note of a ruling that tells apart what stands on one person for other reasons: somebody must split that person."""

WAITS_FOR_LINKING = "waits_for_linking"
"""Note of a ruling about a record that is held: the next linking places it."""


class OpinionRefused(ValueError):
    """Not one of the known words, no reason given, or no such pair."""


@dataclass(frozen=True)
class _Case:
    """One pair whose opinions have changed, and where its records stand."""

    pair: UUID
    record: UUID
    other_record: UUID
    person: UUID | None
    other_person: UUID | None
    is_verified: bool
    merge: int | None
    opinions: Mapping[str, str]
    """Account → newest opinion."""


def give_opinion(*, pair: UUID, opinion: str, reason: str) -> None:
    """Take down what the officer whose access is open says about a pair. Raises OpinionRefused."""
    if opinion not in OPINIONS or not reason.strip():
        raise OpinionRefused("an opinion is one of the known words, with its reason")
    with django_connection.cursor() as cursor:
        try:
            cursor.execute("SELECT access.give_link_opinion(%s, %s, %s)", [pair, opinion, reason.strip()])
        except DataError as refused:
            raise OpinionRefused(str(refused).splitlines()[0]) from refused


def apply_rulings(connection: psycopg.Connection, *, by: str, now: datetime) -> tuple[UUID, ...]:
    """Do what newly given opinions come to; returns the held records that the next linking is to place.

    Works as the jobs role in a transaction opened for link_repair. Raises IndexIsBusy; then nothing was done.
    """
    for case in _changed(connection):
        come_to = standing(case.opinions, is_verified=case.is_verified)
        merge, note = _carry_out(connection, case, come_to, by=by, now=now)
        _write(connection, case, come_to, merge, note, now)
    return _held_but_ruled(connection)


def _held_but_ruled(connection: psycopg.Connection) -> tuple[UUID, ...]:
    """Held records that officers have said to be somebody's, also those a stopped worker left behind."""
    rows = connection.execute(
        "SELECT c.record_id FROM link_review_ruling r JOIN people_recordclaim c"
        " ON c.record_id IN (r.record_id, r.other_record_id) WHERE r.standing = 'same' AND r.note = %s"
        " AND c.person_id IS NULL ORDER BY 1",
        [WAITS_FOR_LINKING],
    )
    return tuple(record for (record,) in rows)


def _changed(connection: psycopg.Connection) -> list[_Case]:
    """Pairs with an opinion newer than their ruling, oldest first. What was said before a split is past."""
    rows = connection.execute("""
        WITH newest AS (
            SELECT DISTINCT ON (o.pair_id, o.officer_id) o.pair_id, o.officer_id, o.opinion, o.id, o.given_at
            FROM link_review_opinion o LEFT JOIN link_review_ruling t ON t.pair_id = o.pair_id
            WHERE t.told_apart_at IS NULL OR o.given_at > t.told_apart_at
            ORDER BY o.pair_id, o.officer_id, o.id DESC),
        said AS (
            SELECT pair_id, jsonb_object_agg(officer_id::text, opinion) AS opinions, max(id) AS last,
                   max(given_at) AS last_at
            FROM newest GROUP BY pair_id)
        SELECT v.id, v.record_id, v.other_record_id, a.person_id, b.person_id,
               coalesce(p.is_identity_verified, false) OR coalesce(q.is_identity_verified, false), r.merge_id,
               s.opinions
        FROM said s JOIN people_reviewpair v ON v.id = s.pair_id
            LEFT JOIN people_recordclaim a ON a.record_id = v.record_id
            LEFT JOIN people_recordclaim b ON b.record_id = v.other_record_id
            LEFT JOIN people_person p ON p.id = a.person_id LEFT JOIN people_person q ON q.id = b.person_id
            LEFT JOIN link_review_ruling r ON r.pair_id = s.pair_id
        WHERE r.pair_id IS NULL OR r.ruled_at < s.last_at
        ORDER BY s.last""").fetchall()
    return [_Case(*row) for row in rows]


def _carry_out(
    connection: psycopg.Connection, case: _Case, come_to: str, *, by: str, now: datetime
) -> tuple[int | None, str]:
    """Merge, or undo the merge this pair made; returns (the merge that stands, a note)."""
    if come_to == SAME:
        return _join(connection, case, by=by, now=now)
    if case.merge is not None:
        try:
            with connection.transaction():
                undo_merge(connection, merge=case.merge, by=by, now=now)
                follow_where_records_stand(connection, case.record, case.other_record, now=now)
        except MergeRefused as refused:
            return case.merge, type(refused).__name__
    elif come_to == "different" and case.person is not None and case.person == case.other_person:
        return None, NEEDS_SPLIT
    return None, ""


def _join(connection: psycopg.Connection, case: _Case, *, by: str, now: datetime) -> tuple[int | None, str]:
    if case.merge is not None or (case.person is not None and case.person == case.other_person):
        return case.merge, ""
    if case.person is None or case.other_person is None:
        return None, WAITS_FOR_LINKING
    kept, absorbed = _order(connection, case.person, case.other_person)
    try:
        with connection.transaction():
            merge = merge_people(connection, kept=kept, absorbed=absorbed, reason="review", by=by, now=now)
            follow_where_records_stand(connection, case.record, case.other_record, now=now)
    except MergeRefused as refused:
        return None, type(refused).__name__
    return merge, ""


def _order(connection: psycopg.Connection, one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """(kept, absorbed): the verified person is kept, else the one with more records, else the older."""
    first, second = connection.execute(
        "SELECT p.id FROM people_person p WHERE p.id = ANY (%s) ORDER BY p.is_identity_verified DESC,"
        " (SELECT count(*) FROM people_recordclaim c WHERE c.person_id = p.id) DESC, p.created_at, p.id",
        [[one, other]],
    ).fetchall()
    return first[0], second[0]


def _write(
    connection: psycopg.Connection, case: _Case, come_to: str, merge: int | None, note: str, now: datetime
) -> None:
    connection.execute(
        "INSERT INTO link_review_ruling (pair_id, record_id, other_record_id, standing, ruled_at, merge_id, note)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (pair_id) DO UPDATE SET standing = excluded.standing,"
        " ruled_at = excluded.ruled_at, merge_id = excluded.merge_id, note = excluded.note",
        [case.pair, case.record, case.other_record, come_to, now, merge, note],
    )


__all__ = ["IndexIsBusy", "OpinionRefused", "apply_rulings", "give_opinion"]
