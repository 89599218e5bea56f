"""Reading what is to be taken apart: requests, and persons of whom officers said that they are two.

Everything needs an opened access to everybody; without it there is nothing to see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from pccovid.link_review.operations import NEEDS_SPLIT


@dataclass(frozen=True)
class SplitRequest:
    """One request; `outcome` '' while it is open, `opened` the person that the records then were given to.

    `pair`: the pair by which stewards may say that the two are one after all, as the officers of `says_one` do.
    """

    number: int
    person: UUID
    records: tuple[UUID, ...]
    reason: str
    asked_by: int
    asked_office: str
    asked_at: datetime
    answered_office: str
    answered_at: datetime | None
    agrees: bool | None
    answer: str
    outcome: str
    note: str
    opened: UUID | None
    needs_second: bool
    pair: UUID | None
    says_one: list[int]

    @property
    def is_open(self) -> bool:
        return self.outcome == ""


@dataclass(frozen=True)
class ToSplit:
    """A person of whom an officer said that two of their records are two people; `record` is the one to tick."""

    person: UUID
    record: UUID
    pair: UUID
    office: str
    reason: str
    said_at: datetime


_REQUESTS = """
    SELECT s.id, s.person_id, s.record_ids, s.reason, s.asked_by, s.asked_office, s.asked_at, s.answered_office,
           s.answered_at, s.agrees, s.answer, s.outcome, s.note, s.opened_id,
           coalesce(p.is_identity_verified, false) AND s.agrees IS NULL AND s.done_at IS NULL, parted.pair,
           ARRAY(SELECT n.officer_id FROM (
               SELECT DISTINCT ON (o.officer_id) o.officer_id, o.opinion FROM link_review_opinion o
               WHERE o.pair_id = parted.pair AND o.given_at > s.done_at ORDER BY o.officer_id, o.id DESC) n
               WHERE n.opinion = 'same')
    FROM link_review_split s LEFT JOIN people_person p ON p.id = s.person_id
        LEFT JOIN LATERAL (
            SELECT v.id AS pair FROM people_reviewpair v JOIN link_review_ruling r ON r.pair_id = v.id
                JOIN people_recordclaim a ON a.record_id = v.record_id
                JOIN people_recordclaim b ON b.record_id = v.other_record_id
            WHERE r.told_apart_at = s.done_at AND s.opened_id IS NOT NULL
              AND s.opened_id IN (a.person_id, b.person_id) AND a.person_id <> b.person_id
              AND (r.record_id = ANY (s.record_ids) OR r.other_record_id = ANY (s.record_ids))
            ORDER BY v.reason <> 'split', v.id LIMIT 1) parted ON true
"""


def open_requests(*, most: int) -> tuple[SplitRequest, ...]:
    """What nobody has settled yet, oldest first; `most` at once."""
    return _requests(f"{_REQUESTS} WHERE s.done_at IS NULL ORDER BY s.id LIMIT %s", [most])


def requests_of(person: UUID) -> tuple[SplitRequest, ...]:
    """Everything asked about a person, or that a person was opened by, newest first."""
    return _requests(f"{_REQUESTS} WHERE s.person_id = %s OR s.opened_id = %s ORDER BY s.id DESC", [person, person])


def to_split(*, most: int) -> tuple[ToSplit, ...]:
    """Persons whom a ruling holds to be two and nobody has asked to take apart, the `most` that wait longest."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.person_id, r.record_id, r.pair_id, o.office, o.reason, o.given_at FROM link_review_ruling r"
            " JOIN people_recordclaim a ON a.record_id = r.record_id"
            " JOIN people_recordclaim b ON b.record_id = r.other_record_id AND b.person_id = a.person_id"
            " CROSS JOIN LATERAL (SELECT o.office, o.reason, o.given_at FROM link_review_opinion o"
            " WHERE o.pair_id = r.pair_id AND o.opinion = 'different' ORDER BY o.id DESC LIMIT 1) o"
            " WHERE r.standing = 'different' AND r.note = %s AND NOT EXISTS (SELECT 1 FROM link_review_split s"
            " WHERE s.person_id = a.person_id AND s.done_at IS NULL) ORDER BY o.given_at, r.pair_id"
            " LIMIT %s",
            [NEEDS_SPLIT, most],
        )
        return tuple(ToSplit(*row) for row in cursor.fetchall())


def _requests(query: str, values: Sequence[UUID | int]) -> tuple[SplitRequest, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return tuple(map(_request, cursor.fetchall()))


def _request(row: Sequence[Any]) -> SplitRequest:
    number, person, records, *rest = row
    return SplitRequest(number, person, tuple(records), *rest)
