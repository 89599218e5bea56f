"""Asking the insurer about who is due, and writing down what it says; and the person's own wish to be asked about."""

from __future__ import annotations

import hashlib
import json
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import psycopg

from pccovid.carry_over.arriving import ArrivingIndex
from pccovid.connectors.calling import Drifted, NotReached, Refused, Unanswered
from pccovid.connectors.context import ReadingContext
from pccovid.connectors.rows import ACCEPTED, Fact, ParsedRow
from pccovid.connectors.social_insurance.payloads import Answer, Officer, Question, written_birth
from pccovid.foundation import asking
from pccovid.foundation.access import open_for_job
from pccovid.foundation.asking import Passed, log_passed, take_turns
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.foundation.sealing import sealer
from pccovid.insurance.carried import CARD, CarriedCard
from pccovid.insurance_checks.ports import Insurer
from pccovid.insurance_checks.reading_answers import told_card
from pccovid.linkage.claim import Claim
from pccovid.officers.database import call
from pccovid.people.numbers import shown_one
from pccovid.people.operations import IndexIsBusy
from pccovid.people.own_ledger import enter

JOB = PURPOSE = "insurance_check"
SYSTEM, KIND, ENDPOINT = "insurer", "card_look_up", "https:VN/VSS/card"
UNANSWERED_IN_A_ROW = 3
"""So many questions without an answer, and the insurer is left alone until the next round."""
AT_ONCE = 4
"""Questions under way at once, all within the rate."""
_LOOKS, _SECONDS = 120, 0.5
_OUTCOMES = {NotReached: asking.NOT_REACHED, Refused: asking.REFUSED, Drifted: asking.DRIFTED}
_PERSONS = """
SELECT p.id, p.name, p.birth_date, p.birth_precision, n.value, n.sealed, r.record
FROM people_person p CROSS JOIN LATERAL (
    SELECT i.value, i.sealed FROM people_identifier i WHERE i.person_id = p.id AND i.system = 'insurance_no'
    ORDER BY cardinality(i.sources) DESC, i.value LIMIT 1) n
CROSS JOIN LATERAL (
    SELECT min(c.record) AS record FROM people_recordclaim c
    WHERE c.person_id = p.id AND c.account IS NULL AND c.system NOT IN ('correction', 'insurer')) r
WHERE p.id = ANY (%s) AND r.record IS NOT NULL
"""


@dataclass(frozen=True)
class Insured:
    """A person to be asked about; `record`: one of theirs, on which the answer hangs."""

    person: UUID
    question: Question
    record: str


class _Came(NamedTuple):
    """What a question came to: an answer or none, and what passed."""

    about: Insured
    answer: Answer | None
    passed: Passed


@dataclass
class Checked:
    """What a round came to."""

    answered: int = 0
    written: int = 0
    unanswered: int = 0


@dataclass(frozen=True)
class Asking:
    """How the insurer is asked: by whom, in whose name, how fast."""

    insurer: Insurer
    officer: Officer
    per_second: float
    now: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep


@dataclass
class _Pace:
    """How many are asked about at once: one more after each answer, one alone after a question without."""

    window: int = 1
    unanswered_in_a_row: int = 0

    @property
    def goes_on(self) -> bool:
        return self.unanswered_in_a_row < UNANSWERED_IN_A_ROW

    def note(self, *, is_answered: bool) -> None:
        if is_answered:
            self.window, self.unanswered_in_a_row = min(self.window + 1, AT_ONCE), 0
        else:
            self.window, self.unanswered_in_a_row = 1, self.unanswered_in_a_row + 1


def wish_check(*, person: UUID) -> bool:
    """The person wishes to be asked about; False where they just did. Needs their own opened access. Raises Refused."""
    return bool(call("wish_insurance_check", person))


def check_due(
    connection: psycopg.Connection, around: Asking, *, older_than: timedelta, most: int, only_wished: bool = False
) -> Checked:
    """Ask about at most `most` persons who are due, a few at a time, each in its turn. As the jobs role, in autocommit.

    One alone is asked about first, and again after a question without an answer: an insurer that is down is not asked
    by several at once. Ends early where the insurer does not answer. Raises IndexIsBusy where an import links for more
    than a minute.
    """
    done, pace = Checked(), _Pace()
    due = deque(_due(connection, older_than, only_wished, most))
    under_way: set[Future[_Came]] = set()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        while under_way or (due and pace.goes_on):
            while due and pace.goes_on and len(under_way) < pace.window:
                turn = take_turns(connection, ENDPOINT, 1, per_second=around.per_second, now=around.now())
                under_way.add(threads.submit(_asked, around, due.popleft(), turn))
            finished, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for one, answer, passed in (each.result() for each in finished):
                done.written += _stored(connection, around, one, answer, passed)
                done.answered, done.unanswered = done.answered + bool(answer), done.unanswered + (not answer)
                pace.note(is_answered=answer is not None)
    _put_back(connection, [left.person for left in due])
    return done


def _put_back(connection: psycopg.Connection, persons: list[UUID]) -> None:
    if not persons:
        return
    with connection.transaction():
        open_for_job(connection, JOB, purpose=PURPOSE, legal_basis=EPIDEMIC_LAW)
        connection.execute("SELECT access.put_back_insurance_checks(%s)", [persons])


def _due(connection: psycopg.Connection, older_than: timedelta, only_wished: bool, most: int) -> list[Insured]:
    with connection.transaction():
        open_for_job(connection, JOB, purpose=PURPOSE, legal_basis=EPIDEMIC_LAW)
        taken = connection.execute(
            "SELECT person FROM access.take_insurance_checks(%s, %s, %s)", [older_than, only_wished, most]
        ).fetchall()
        persons = [person for (person,) in taken]
        rows = connection.execute(_PERSONS, [persons]).fetchall()
        connection.execute("SELECT access.disclose(%s::uuid[], %s)", [[row[0] for row in rows], ["identity"]])
    found = {row[0]: _insured(*row) for row in rows}
    return [found[person] for person in persons if person in found]


def _insured(
    person: UUID, name: str, birth: date, precision: str, value: str, sealed: str | None, record: str
) -> Insured:
    iso = birth.isoformat() if precision == "day" else birth.isoformat()[:4]
    return Insured(person, Question(shown_one("insurance_no", value, sealed), name, written_birth(iso)), record)


def _asked(around: Asking, one: Insured, turn: datetime) -> _Came:
    """Ask once, when it is its turn."""
    around.sleep(max(0.0, (turn - around.now()).total_seconds()))
    asked_at, question = around.now(), json.dumps(one.question).encode()
    passed = Passed(str(uuid4()), "", asked_at, asked_at, asking.ANSWERED, question, None)
    try:
        answer, body = around.insurer.look_up(one.question, officer=around.officer)
    except Unanswered as why:
        outcome = next((_OUTCOMES[kind] for kind in type(why).__mro__ if kind in _OUTCOMES), asking.NOT_REACHED)
        return _Came(one, None, passed._replace(answered_at=max(asked_at, around.now()), outcome=outcome))
    return _Came(one, answer, passed._replace(answered_at=max(asked_at, around.now()), answer=body))


def _stored(
    connection: psycopg.Connection, around: Asking, one: Insured, answer: Answer | None, passed: Passed
) -> bool:
    """Write one answer, or that there was none; whether the person's record says something new.

    Waits while an import, or a verification, holds the index. Raises IndexIsBusy where one does for a minute.
    """
    for look in range(_LOOKS):
        try:
            return _stored_now(connection, around, one, answer, passed)
        except IndexIsBusy:
            if look == _LOOKS - 1:
                raise
            time.sleep(_SECONDS)
    raise AssertionError("unreachable")


def _stored_now(
    connection: psycopg.Connection, around: Asking, one: Insured, answer: Answer | None, passed: Passed
) -> bool:
    card = told_card(answer, officer=around.officer) if answer else None
    with connection.transaction():
        open_for_job(connection, JOB, purpose=PURPOSE, legal_basis=EPIDEMIC_LAW)
        log_passed(connection, sealer(), endpoint=ENDPOINT, topic=PURPOSE, passed=[passed])
        is_new = bool(answer and card and _written(connection, one, answer.result.code, card, around.now()))
        if answer:
            connection.execute("SELECT access.note_insurance_check(%s, %s)", [one.person, answer.result.code])
    return is_new


def _written(connection: psycopg.Connection, one: Insured, code: str, card: CarriedCard, now: datetime) -> bool:
    """The answer as a record of the insurer's, in place of the one before; False where it says the same."""
    run = enter(connection, folder=JOB, name=f"{SYSTEM}/{now:%Y-%m-%d}", system=SYSTEM, kind=KIND, records=1, now=now)
    index = ArrivingIndex(connection, run, ReadingContext(today=now.date(), spill=Path()), by=JOB, now=now)
    row = _row(one, code, card)
    index.hold([row])
    placed = index.place(row)
    index.settle()
    connection.execute("SELECT access.disclose(%s::uuid[], %s)", [sorted(index.told_of), ["insurance"]])
    return not placed.is_unchanged


def _row(one: Insured, code: str, card: CarriedCard) -> ParsedRow:
    told: dict[str, Any] = {"code": code, **card._asdict()}
    payload = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    digest = hashlib.md5(payload.encode(), usedforsecurity=False).digest()
    facts = (Fact(CARD.name, card),)
    row = ParsedRow(SYSTEM, KIND, str(one.person), 1, payload, digest, ACCEPTED, "")
    return row._replace(claim=Claim(account=one.record), facts=facts)
