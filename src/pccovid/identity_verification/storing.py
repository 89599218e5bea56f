"""Storing what came of a few questions at once: tasks, answers, golden records, cases, the log of messages."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg

from pccovid.corrections.carrying_out import open_identity_cases
from pccovid.foundation.access import open_for_job
from pccovid.foundation.asking import Passed, log_passed
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.foundation.sealing import sealer
from pccovid.identity_verification.rules import AGREE, DISAGREE, verdict_of
from pccovid.linkage.verification import CODES, GradedAnswer
from pccovid.people.operations import IndexIsBusy
from pccovid.people.verification_answers import RecordedAnswer, record_verification_answers
from pccovid.people.verifying import Confirmed, Held, confirm_identities

JOB = PURPOSE = "identity_verification"
_LOOKS, _SECONDS = 120, 0.5


class Settled(NamedTuple):
    """What asking about a task came to; `code` '' where it is still to be asked. `system`, `number`: asked by which."""

    task: int
    person: UUID
    code: str
    grades: Mapping[str, str] | None
    asked_at: datetime | None
    system: str
    number: str
    held: Held | None = None
    """What the source holds of somebody it had confirmed before: taken over, and nobody has to look."""

    @property
    def verdict(self) -> str:
        return AGREE if self.held else verdict_of(self.code)


def store(
    connection: psycopg.Connection, came: Sequence[Settled], passed: Sequence[Passed], *, campaign: int, source: str,
    endpoint: str, now: datetime,
) -> int:  # fmt: skip
    """Store all of it, or nothing; returns how many tasks it settled: none that another process had settled meanwhile.

    Waits for an import that links. Raises IndexIsBusy where one links for more than a minute: what came is then asked
    again.
    """
    for look in range(_LOOKS):
        try:
            return _store(connection, came, passed, campaign=campaign, source=source, endpoint=endpoint, now=now)
        except IndexIsBusy:
            if look == _LOOKS - 1:
                raise
            time.sleep(_SECONDS)
    raise AssertionError("unreachable")


def _store(
    connection: psycopg.Connection, came: Sequence[Settled], passed: Sequence[Passed], *, campaign: int, source: str,
    endpoint: str, now: datetime,
) -> int:  # fmt: skip
    case = f"XM-{campaign}"
    with connection.transaction():
        open_for_job(connection, JOB, purpose=PURPOSE, legal_basis=EPIDEMIC_LAW, case=case)
        fresh = _settle(connection, campaign, [one for one in came if one.code])
        record_verification_answers(connection, _answers(fresh, source), by=JOB, now=now)
        agreeing = [Confirmed(one.person, one.system, one.number, one.held) for one in fresh if one.verdict == AGREE]
        confirm_identities(connection, agreeing, case=case, by=JOB, now=now)
        disagreeing = [(one.person, one.code) for one in fresh if one.verdict == DISAGREE]
        open_identity_cases(connection, disagreeing, system=source)
        log_passed(connection, sealer(), endpoint=endpoint, topic=PURPOSE, passed=passed)
    return len(fresh)


def _settle(connection: psycopg.Connection, campaign: int, came: Sequence[Settled]) -> list[Settled]:
    codes = [one.code for one in came]
    rows = connection.execute(
        "SELECT task FROM access.settle_verification(%s, %s::bigint[], %s::text[], %s::text[])",
        [campaign, [one.task for one in came], codes, [one.verdict for one in came]],
    ).fetchall()
    settled = {task for (task,) in rows}
    return [one for one in came if one.task in settled]


def _answers(fresh: Sequence[Settled], source: str) -> list[RecordedAnswer]:
    return [
        RecordedAnswer(one.person, None, source, one.asked_at, GradedAnswer(one.code, one.grades or {}))
        for one in fresh
        if one.asked_at is not None and one.code in CODES
    ]
