"""Asking other systems: the rate kept on our side, and the log of what was asked and answered.

An endpoint's health is the outbox's (outbox.py); here is its rate, shared by all processes through the database, and
what passed: each question with keyed hashes, counted by the hour.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import psycopg

from pccovid.foundation.sealing import Sealer

ANSWERED, NOT_REACHED, REFUSED, DRIFTED = OUTCOMES = ("answered", "not_reached", "refused", "drifted")


class Passed(NamedTuple):
    """One question that was asked, and what came. `question` and `answer` are hashed here and go no further."""

    reference: str
    case: str
    asked_at: datetime
    answered_at: datetime
    outcome: str
    question: bytes
    answer: bytes | None
    their_hash: str = ""


# Nobody waits in vain: a turn that passed unused is lost, and the next is now.
_TAKE_TURNS = """
INSERT INTO foundation_outboxendpoint AS e (endpoint, next_turn_at) VALUES (%(endpoint)s, %(now)s + %(takes)s)
ON CONFLICT (endpoint) DO UPDATE SET next_turn_at = greatest(e.next_turn_at, %(now)s) + %(takes)s
RETURNING next_turn_at - %(takes)s
"""


def take_turns(
    connection: psycopg.Connection, endpoint: str, count: int, *, per_second: float, now: datetime
) -> datetime:
    """Take the next `count` turns at an endpoint; returns when the first may be asked. Outside any transaction."""
    takes = timedelta(seconds=count / per_second)
    with connection.transaction():
        row = connection.execute(_TAKE_TURNS, {"endpoint": endpoint, "now": now, "takes": takes}).fetchone()
    assert row is not None
    first: datetime = row[0]
    return first


def log_passed(
    connection: psycopg.Connection, keys: Sealer, *, endpoint: str, topic: str, passed: Sequence[Passed]
) -> None:
    """Write down what passed, in the caller's transaction, and count it."""
    note_passed(connection, keys, endpoint=endpoint, topic=topic, passed=passed)
    for hour in sorted({_hour(one.answered_at) for one in passed}):
        _count(connection, endpoint, hour, [one for one in passed if _hour(one.answered_at) == hour])


def note_passed(
    connection: psycopg.Connection, keys: Sealer, *, endpoint: str, topic: str, passed: Sequence[Passed]
) -> None:
    """Write down what passed, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO foundation_messagelog (endpoint, topic, reference, case_reference, asked_at, answered_at,"
            " outcome, question_mark, answer_mark, their_hash) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                (endpoint, topic, one.reference, one.case, one.asked_at, one.answered_at, one.outcome,
                 _mark(keys, one.question), None if one.answer is None else _mark(keys, one.answer), one.their_hash)
                for one in passed
            ],
        )  # fmt: skip


def _count(connection: psycopg.Connection, endpoint: str, hour: datetime, passed: Sequence[Passed]) -> None:
    counts = {outcome: sum(one.outcome == outcome for one in passed) for outcome in OUTCOMES}
    took = sum(round((one.answered_at - one.asked_at).total_seconds() * 1000) for one in passed)
    last = max((one.answered_at for one in passed if one.outcome == ANSWERED), default=None)
    connection.execute(
        "INSERT INTO foundation_endpointhour AS h (endpoint, hour, answered, not_reached, refused, drifted,"
        " milliseconds, last_answer_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (endpoint, hour) DO UPDATE SET"
        " answered = h.answered + excluded.answered, not_reached = h.not_reached + excluded.not_reached,"
        " refused = h.refused + excluded.refused, drifted = h.drifted + excluded.drifted,"
        " milliseconds = h.milliseconds + excluded.milliseconds,"
        " last_answer_at = greatest(h.last_answer_at, excluded.last_answer_at)",
        [endpoint, hour, *counts.values(), took, last],
    )


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _mark(keys: Sealer, content: bytes) -> bytes:
    return keys.mark(hashlib.sha256(content).digest()[:16])
