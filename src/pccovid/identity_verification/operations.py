"""Starting a campaign or going on with it. As the jobs role; may be killed at any moment and called again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

import psycopg

from pccovid.foundation.outbox import Delivered, deliver_side_by_side, replay
from pccovid.identity_verification.asking import TOPIC, Around, ask_range
from pccovid.identity_verification.ports import Changes
from pccovid.identity_verification.rules import VERDICTS
from pccovid.people.numbers import findable

BATCH = 200
"""Tasks in one message: what is lost at most when a process is killed is asked again."""


_MOST_PAGES = 100
"""Of changes, in one campaign: what is left over is followed the next time."""


class CampaignRuns(RuntimeError):
    """One campaign of a source runs at a time."""


@dataclass(frozen=True)
class Progress:
    """How far a campaign is."""

    persons: int
    settled: int

    @property
    def is_done(self) -> bool:
        return self.settled >= self.persons


@dataclass(frozen=True)
class Waiting:
    """What of a campaign's messages is not delivered: due by and by, and given up."""

    waiting: int
    dead: int
    next_at: datetime | None
    """When the next may be tried, its endpoint's closing counted in; None where nothing waits."""


def start(
    connection: psycopg.Connection, *, source: str, endpoint: str, per_second: float, by: str, batch: int = BATCH
) -> int:
    """The campaign of the source that runs, from now on at this rate; or a new one over everybody unverified."""
    row = connection.execute(
        "SELECT access.start_verification(%s, %s, %s::real, %s, %s)", [source, endpoint, per_second, batch, by]
    ).fetchone()
    assert row is not None
    return int(row[0])


def follow_changes(
    connection: psycopg.Connection, changes: Changes, *, source: str, endpoint: str, per_second: float, by: str
) -> int | None:
    """A campaign over whoever has a number that changed at the source since the last time; None where nobody has.

    Campaign and mark are written in one transaction. Raises CampaignRuns while another campaign of the source does,
    and Unanswered where the source does not answer: then the changes are followed the next time.
    """
    if _value(connection, "SELECT access.verification_runs(%s)", source):
        raise CampaignRuns("a campaign runs; follow the changes when it has ended")
    since = int(_value(connection, "SELECT access.verification_mark_of(%s)", source))
    numbers: set[str] = set()
    for _ in range(_MOST_PAGES):
        page, _exchanged = changes.changes_since(since)
        numbers.update(change.personal_id for change in page.changes)
        since = page.next_since
        if not page.has_more:
            break
    hashes = [hashed for number in numbers for hashed in findable("personal_id", number)]
    with connection.transaction():
        connection.execute("SELECT access.note_verification_mark(%s, %s)", [source, since])
        if not hashes:
            return None
        campaign = _value(
            connection, "SELECT access.start_verification(%s, %s, %s::real, %s, %s, %s)",
            source, endpoint, per_second, BATCH, by, hashes,
        )  # fmt: skip
    return int(campaign) if progress(connection, int(campaign)).persons else None


def _value(connection: psycopg.Connection, query: str, *values: object) -> Any:
    row = connection.execute(query, list(values)).fetchone()
    return row[0] if row else None


def go_on(
    connection: psycopg.Connection, around: Around, *, now: Callable[[], datetime], most: int = 1000
) -> Delivered:
    """Ask what is due now; returns once nothing is, or after `most` ranges."""
    return deliver_side_by_side(
        connection, partial(ask_range, around), topics=[TOPIC], now=now, chance=Random(), most=most
    )


def progress(connection: psycopg.Connection, campaign: int) -> Progress:
    """How far it is."""
    row = connection.execute("SELECT persons, settled FROM access.verification_progress(%s)", [campaign]).fetchone()
    return Progress(*row) if row and row[0] is not None else Progress(0, 0)


def counts(connection: psycopg.Connection, campaign: int) -> dict[str, int]:
    """Verdict → persons."""
    rows = connection.execute("SELECT verdict, persons FROM access.verification_totals(%s)", [campaign]).fetchall()
    return {**dict.fromkeys(VERDICTS, 0), **dict(rows)}


def waiting(connection: psycopg.Connection, endpoint: str) -> Waiting:
    """What waits at an endpoint, and from when."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE o.state = 'waiting'), count(*) FILTER (WHERE o.state = 'dead'),"
        " greatest(min(o.next_at) FILTER (WHERE o.state = 'waiting'), max(e.closed_until))"
        " FROM foundation_outbox o LEFT JOIN foundation_outboxendpoint e ON e.endpoint = o.endpoint"
        " WHERE o.endpoint = %s AND o.topic = %s AND o.state <> 'delivered'",
        [endpoint, TOPIC],
    ).fetchone()
    return Waiting(row[0], row[1], row[2] if row[0] else None) if row else Waiting(0, 0, None)


def try_again(connection: psycopg.Connection, endpoint: str, *, now: datetime) -> int:
    """Let what was given up of the source's campaign be tried again, one range a second; returns how many."""
    row = connection.execute(
        "SELECT min(id), max(id) FROM foundation_outbox WHERE endpoint = %s AND topic = %s AND state = 'dead'",
        [endpoint, TOPIC],
    ).fetchone()
    if row is None or row[0] is None:
        return 0
    return replay(connection, first=row[0], last=row[1], per_minute=60, now=now, endpoint=endpoint)
