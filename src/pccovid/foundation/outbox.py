"""The outbox: messages to other systems, put in the transaction of what they tell of, delivered at least once.

    put(connection, Message(url, "feed", key, {...}), now=now)        # inside the writer's own transaction
    deliver_due(connection, send, now=clock, chance=random)           # in a worker, outside any

    deliver_side_by_side(connection, send, …)                         # the same, each endpoint in a thread of its own

A message that is not taken comes again after a growing, scattered wait; an endpoint that fails again and again is left
alone for a while, and others are served meanwhile; what was tried often enough is dead until somebody replays it, at a
rate. The receiver knows a message that comes twice by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

MOST_ATTEMPTS = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(hours=1)
FAILURES_THAT_CLOSE = 5
FIRST_CLOSING, LONGEST_CLOSING = timedelta(seconds=30), timedelta(minutes=15)
LEASE = timedelta(seconds=60)
"""For so long a message that is being sent is nobody else's; then its sender counts as dead."""
_RENEWED_EVERY_SECONDS = 20.0


@dataclass(frozen=True)
class Message:
    """What is to be told, and to whom; equal endpoint and key are one message."""

    endpoint: str
    topic: str
    key: str
    body: Mapping[str, Any]
    """Says nothing about anybody: the table has no row security."""


@dataclass(frozen=True)
class Claimed:
    """A message in the hands of one sender."""

    id: int
    message: Message
    attempts: int
    """How often it was tried, this time included."""


@dataclass
class Delivered:
    """What a round of deliveries did."""

    taken: int = 0
    failed: int = 0
    dead: int = 0
    unfinished: int = 0


class NotTaken(RuntimeError):
    """The endpoint did not take the message; the words say why, never what it held."""


class Unfinished(RuntimeError):
    """The endpoint is well and took a part; the rest comes again soon, its tries counted anew."""


Send = Callable[[Claimed], None]
"""Raises NotTaken where the message was not taken, Unfinished where it was in part."""


def wait_after(attempts: int, chance: Random) -> timedelta:
    """How long to wait after so many tries: doubling up to an hour, scattered over its upper half."""
    whole: timedelta = min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)
    return whole * chance.uniform(0.5, 1.0)


def closed_for(failures: int) -> timedelta | None:
    """How long an endpoint is left alone after so many failures in a row; None while it is not."""
    if failures < FAILURES_THAT_CLOSE:
        return None
    closing: timedelta = min(FIRST_CLOSING * 2 ** min(failures - FAILURES_THAT_CLOSE, 10), LONGEST_CLOSING)
    return closing


def put(connection: psycopg.Connection, message: Message, *, now: datetime) -> bool:
    """Put a message out, in the caller's transaction; False where it was put out before."""
    row = connection.execute(
        "INSERT INTO foundation_outbox (endpoint, topic, key, body, created_at, next_at)"
        " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (endpoint, key) DO NOTHING RETURNING id",
        [message.endpoint, message.topic, message.key, Jsonb(dict(message.body)), now, now],
    ).fetchone()
    return row is not None


# One message of each endpoint that is not closed: whoever is slow or sick holds up nobody but itself.
_CLAIM = """
WITH due AS (
    SELECT DISTINCT ON (o.endpoint) o.id FROM foundation_outbox o
    LEFT JOIN foundation_outboxendpoint e ON e.endpoint = o.endpoint
    WHERE o.state = 'waiting' AND o.next_at <= %(now)s AND (e.closed_until IS NULL OR e.closed_until <= %(now)s)
      AND (%(topics)s::text[] IS NULL OR o.topic = ANY (%(topics)s)) AND o.endpoint <> ALL (%(without)s)
    ORDER BY o.endpoint, o.next_at, o.id
), held AS (
    SELECT o.id FROM foundation_outbox o JOIN due USING (id)
    WHERE o.state = 'waiting' AND o.next_at <= %(now)s FOR UPDATE OF o SKIP LOCKED
)
UPDATE foundation_outbox o SET attempts = attempts + 1, next_at = %(lease)s FROM held WHERE o.id = held.id
RETURNING o.id, o.endpoint, o.topic, o.key, o.body, o.attempts
"""


def claim_due(
    connection: psycopg.Connection, *, now: datetime, topics: Sequence[str] | None = None, without: Collection[str] = ()
) -> list[Claimed]:
    """Take one due message of each endpoint that may be sent to, of these topics (None: all),
    none of the endpoints `without`.
    """
    asked = {"now": now, "lease": now + LEASE, "topics": topics and list(topics), "without": list(without)}
    with connection.transaction():
        rows = connection.execute(_CLAIM, asked).fetchall()
    return [Claimed(number, Message(*message), attempts) for number, *message, attempts in sorted(rows)]


def deliver_due(
    connection: psycopg.Connection, send: Send, *, now: Callable[[], datetime], chance: Random, rounds: int = 100,
    topics: Sequence[str] | None = None,
) -> Delivered:  # fmt: skip
    """Deliver what is due, one message of each endpoint a round, until nothing is; outside any transaction."""
    done = Delivered()
    for _ in range(rounds):
        claimed = claim_due(connection, topics=topics, now=now())
        if not claimed:
            break
        for one in claimed:
            _note(connection, one, _sent(send, one), now=now(), chance=chance, done=done)
    return done


def deliver_side_by_side(
    connection: psycopg.Connection, send: Send, *, now: Callable[[], datetime], chance: Random, width: int = 8,
    most: int = 1000, topics: Sequence[str] | None = None, gather: Callable[[], object] = lambda: None,
    looks_every: float = _RENEWED_EVERY_SECONDS,
) -> Delivered:  # fmt: skip
    """Deliver what is due, at most `most` messages, each endpoint in a thread: one that is slow holds up no other.

    What takes long stays its sender's. `send` may not use `connection`. `gather` puts out what is new, now and every
    `looks_every` seconds: news for those who are well does not wait for one that is slow.
    """
    done, begun = Delivered(), 0
    with ThreadPoolExecutor(width) as threads:
        running: dict[Future[Exception | None], Claimed] = {}
        while True:
            if begun < most and len(running) < width:
                gather()
                busy = {one.message.endpoint for one in running.values()}
                for one in claim_due(connection, topics=topics, now=now(), without=busy):
                    running[threads.submit(_sent_or_broken, send, one)] = one
                    begun += 1
            if not running:
                return done
            ended, _ = wait(running, looks_every, FIRST_COMPLETED)
            for future in ended:
                _note(connection, running.pop(future), future.result(), now=now(), chance=chance, done=done)
            _renew(connection, [one.id for one in running.values()], now=now())


def _renew(connection: psycopg.Connection, ids: list[int], *, now: datetime) -> None:
    with connection.transaction():
        connection.execute(
            "UPDATE foundation_outbox SET next_at = %s WHERE id = ANY (%s) AND state = 'waiting'", [now + LEASE, ids]
        )


def _sent(send: Send, one: Claimed) -> Exception | None:
    try:
        send(one)
    except (NotTaken, Unfinished) as why:
        return why
    return None


def _sent_or_broken(send: Send, one: Claimed) -> Exception | None:
    """What a fault of our own spoils is one message, not the delivery of the others."""
    try:
        return _sent(send, one)
    except Exception as fault:  # named in the message's last error, and dead after its tries
        return NotTaken(f"fault: {type(fault).__name__}")


def _note(
    connection: psycopg.Connection, one: Claimed, why: Exception | None, *, now: datetime, chance: Random,
    done: Delivered,
) -> None:  # fmt: skip
    if isinstance(why, Unfinished):
        note_unfinished(connection, one, str(why), now=now, chance=chance)
        done.unfinished += 1
    elif why is not None:
        done.failed += 1
        done.dead += note_failure(connection, one, str(why), now=now, chance=chance)
    else:
        note_taken(connection, one, now=now)
        done.taken += 1


def note_taken(connection: psycopg.Connection, one: Claimed, *, now: datetime) -> None:
    """The message was taken: its endpoint is well."""
    with connection.transaction():
        connection.execute(
            "UPDATE foundation_outbox SET state = 'delivered', ended_at = %s, last_error = '' WHERE id = %s",
            [now, one.id],
        )
        _note_well(connection, one)


def note_unfinished(connection: psycopg.Connection, one: Claimed, why: str, *, now: datetime, chance: Random) -> None:
    """The message was taken in part: its endpoint is well, the rest comes again soon."""
    with connection.transaction():
        connection.execute(
            "UPDATE foundation_outbox SET attempts = 0, next_at = %s, last_error = %s WHERE id = %s",
            [now + wait_after(1, chance), why[:200], one.id],
        )
        _note_well(connection, one)


def _note_well(connection: psycopg.Connection, one: Claimed) -> None:
    connection.execute(
        "UPDATE foundation_outboxendpoint SET failures = 0, closed_until = NULL WHERE endpoint = %s",
        [one.message.endpoint],
    )


def note_failure(connection: psycopg.Connection, one: Claimed, why: str, *, now: datetime, chance: Random) -> bool:
    """The message was not taken: it waits, or is dead (True); its endpoint is closed after several failures."""
    is_dead = one.attempts >= MOST_ATTEMPTS
    with connection.transaction():
        connection.execute(
            "UPDATE foundation_outbox SET next_at = %s, last_error = %s, state = %s, ended_at = %s WHERE id = %s",
            [now + wait_after(one.attempts, chance), why[:200], "dead" if is_dead else "waiting",
             now if is_dead else None, one.id],
        )  # fmt: skip
        row = connection.execute(
            "INSERT INTO foundation_outboxendpoint AS e (endpoint, failures) VALUES (%s, 1)"
            " ON CONFLICT (endpoint) DO UPDATE SET failures = e.failures + 1 RETURNING failures",
            [one.message.endpoint],
        ).fetchone()
        closing = closed_for(row[0]) if row else None
        if closing is not None:
            connection.execute(
                "UPDATE foundation_outboxendpoint SET closed_until = %s WHERE endpoint = %s",
                [now + closing, one.message.endpoint],
            )
    return is_dead


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up."""

    id: int
    endpoint: str
    topic: str
    created_at: datetime
    attempts: int
    last_error: str


def dead_letters(connection: psycopg.Connection, endpoint: str | None = None) -> tuple[DeadLetter, ...]:
    """What was given up, of one endpoint or all, oldest first."""
    rows = connection.execute(
        "SELECT id, endpoint, topic, created_at, attempts, last_error FROM foundation_outbox"
        " WHERE state = 'dead' AND (%(of)s::text IS NULL OR endpoint = %(of)s) ORDER BY id",
        {"of": endpoint},
    )
    return tuple(DeadLetter(*row) for row in rows)


def replay(
    connection: psycopg.Connection, *, first: int, last: int, per_minute: float, now: datetime,
    endpoint: str | None = None,
) -> int:  # fmt: skip
    """Let the dead letters of a range of ids be tried again, no faster than so many a minute; returns how many."""
    gap = timedelta(minutes=1) / per_minute
    with connection.transaction():
        dead = connection.execute(
            "SELECT id FROM foundation_outbox WHERE state = 'dead' AND id BETWEEN %(first)s AND %(last)s"
            " AND (%(of)s::text IS NULL OR endpoint = %(of)s) ORDER BY id FOR UPDATE",
            {"first": first, "last": last, "of": endpoint},
        ).fetchall()
        for place, (number,) in enumerate(dead):
            connection.execute(
                "UPDATE foundation_outbox SET state = 'waiting', ended_at = NULL, attempts = 0, next_at = %s"
                " WHERE id = %s",
                [now + gap * place, number],
            )
    return len(dead)
