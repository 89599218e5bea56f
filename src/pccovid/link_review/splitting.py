"""Taking a wrongly joined person apart: a steward asks, a second one agrees where needed, the worker does it once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError, transaction
from django.db import connection as django_connection

from pccovid.link_review.operations import give_opinion
from pccovid.link_review.rules import LEAST_REASON, REFUSED, SAME, SPLIT, may_split
from pccovid.link_review.split_queries import requests_of
from pccovid.link_review.splits_bind import tell_apart
from pccovid.people.operations import MergeRefused, SplitRefused, split_person

_REFUSALS = {
    "PC491": "reason_too_short", "PC492": "not_their_records", "PC493": "none_or_all", "PC494": "asked_already",
    "PC495": "answered_already", "PC496": "own_request", "P0002": "no_such_person",
}  # fmt: skip


class SplitRequestRefused(ValueError):
    """This cannot be asked, or answered so; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ask_for_split(*, person: UUID, records: Collection[UUID], reason: str) -> int:
    """Ask, as the steward whose access is open, that these records stand on a person of their own.

    Returns the number of the request. Raises SplitRequestRefused.
    """
    return int(_call("SELECT access.ask_for_split(%s, %s::uuid[], %s)", [person, list(records), reason]))


def answer_split(*, person: UUID, request: int, agrees: bool, words: str) -> None:
    """Agree as a second steward, or decline in words, which who asked may do as well. Raises SplitRequestRefused."""
    _call("SELECT access.answer_split(%s, %s, %s, %s)", [person, request, agrees, words])


def take_back_split(*, person: UUID, request: int, reason: str) -> None:
    """Say, as the steward whose access is open, that what a split parted is one person after all.

    It is an opinion on the pair that the split left to stewards, and comes to what opinions come to: where one of the
    two is verified, another steward says so too. Raises SplitRequestRefused.
    """
    parted = next((one for one in requests_of(person) if one.number == request), None)
    if parted is None or parted.pair is None:
        raise SplitRequestRefused("nothing_parted")
    if len(reason.strip()) < LEAST_REASON:
        raise SplitRequestRefused("reason_too_short")
    give_opinion(pair=parted.pair, opinion=SAME, reason=reason)


def _call(statement: str, values: list[Any]) -> Any:
    try:
        # Within a savepoint: what was refused is refused alone, and the log of the opening stays.
        with transaction.atomic(), django_connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()[0]
    except DatabaseError as refused:
        code = _REFUSALS.get(getattr(refused.__cause__, "sqlstate", None) or "")
        if code is None:
            raise
        raise SplitRequestRefused(code) from refused


def carry_out_splits(connection: psycopg.Connection, *, by: str, now: datetime) -> int:
    """Take apart whom stewards have agreed to take apart; returns how many persons.

    Works as the jobs role in a transaction opened for link_repair, in which everything about them happens. A request
    whose person has become another by now is closed as refused, and nothing of that person is touched. What restricts
    a person restricts both. Raises IndexIsBusy; then nothing was done.
    """
    waiting = connection.execute(
        "SELECT s.id, s.person_id, s.record_ids, coalesce(p.is_identity_verified, false), coalesce(s.agrees, false)"
        " FROM link_review_split s LEFT JOIN people_person p ON p.id = s.person_id"
        " WHERE s.done_at IS NULL ORDER BY s.id FOR UPDATE OF s"
    ).fetchall()
    return sum(
        _carry_out(connection, request, person, records, by=by, now=now)
        for request, person, records, is_verified, is_agreed in waiting
        if may_split(is_verified=is_verified, is_agreed=is_agreed)
    )


def _carry_out(
    connection: psycopg.Connection, request: int, person: UUID, records: list[UUID], *, by: str, now: datetime
) -> bool:
    opened, note = None, ""
    try:
        with connection.transaction():
            opened = split_person(connection, person=person, records=records, reason="split", by=by, now=now)
            connection.execute("SELECT access.restrict_both(%s, %s)", [person, opened])
            tell_apart(connection, records=records, stayed=person, now=now)
    except (SplitRefused, MergeRefused) as refused:
        note = type(refused).__name__
    connection.execute(
        "UPDATE link_review_split SET done_at = %s, outcome = %s, note = %s, opened_id = %s WHERE id = %s",
        [now, SPLIT if opened else REFUSED, note, opened, request],
    )
    return opened is not None
