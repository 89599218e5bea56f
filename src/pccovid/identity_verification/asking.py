"""One range of a campaign's tasks: read whom it is about, ask within the rate, store what came.

Outside any transaction. Nothing is held in memory beyond the range. Whoever is killed in the middle loses only
answers that were not stored yet: those are asked again.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import psycopg

from pccovid.connectors.calling import Drifted, NotReached, Refused, Unanswered
from pccovid.connectors.population_database.payloads import Citizen, Question, Verified
from pccovid.foundation import asking
from pccovid.foundation.access import open_for_job
from pccovid.foundation.asking import Passed, take_turns
from pccovid.foundation.outbox import Claimed, NotTaken, Unfinished
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.identity_verification.ports import Verifier
from pccovid.identity_verification.rules import REFUSED, WITHHELD, is_followed, written_birth
from pccovid.identity_verification.storing import Settled, store
from pccovid.people.numbers import shown_one
from pccovid.people.operations import IndexIsBusy
from pccovid.people.verifying import Held

JOB = PURPOSE = TOPIC = "identity_verification"
AT_ONCE, STORED_TOGETHER, FIRST = 8, 40, 4
"""Questions that are under way together; whose answers are stored in one transaction; and those that a range begins
with, so that a sick source is not asked for forty at a time."""
_OUTCOMES = {NotReached: asking.NOT_REACHED, Refused: asking.REFUSED, Drifted: asking.DRIFTED}
_TRIES, _FIRST_PAUSE = 3, 0.2

_PERSONS = """
SELECT p.id, p.name, p.birth_date, p.birth_precision, p.sex, n.system, n.value, n.sealed, n.is_verified
FROM people_person p CROSS JOIN LATERAL (
    SELECT i.system, i.value, i.sealed, i.is_verified FROM people_identifier i
    WHERE i.person_id = p.id AND i.system IN ('personal_id', 'old_id')
    ORDER BY i.system = 'personal_id' DESC, i.is_verified DESC, cardinality(i.sources) DESC, i.value LIMIT 1) n
WHERE p.id = ANY (%s) AND p.name IS NOT NULL AND p.birth_date IS NOT NULL AND p.merged_into_id IS NULL
  -- What was confirmed could not be written where any of what it is derived from is restricted.
  AND (p.id = ANY (access.persons_restricted('contact') || access.persons_restricted('source_record'))) IS NOT TRUE
"""


@dataclass(frozen=True)
class Task:
    """A person to be asked about. `question` is None where they are out of sight, merged, or nameless by now."""

    id: int
    person: UUID
    system: str = ""
    question: Question | None = None
    was_verified: bool = False
    """Whether the source had confirmed the number for this person before."""


@dataclass(frozen=True)
class Came:
    """What asking about a task came to; `code` is '' while it has to be asked again."""

    task: Task
    passed: tuple[Passed, ...]
    code: str = ""
    verified: Verified | None = None
    why: str = ""
    """Why nothing of the last answer was taken, where that was so."""
    held: Citizen | None = None
    """What the source holds of somebody it had confirmed before, where it differs now."""

    @property
    def may_be_asked(self) -> bool:
        """Whether asking now may help: nobody has answered, and nothing of another shape."""
        return not self.code and not any(one.outcome == asking.DRIFTED for one in self.passed)


@dataclass(frozen=True)
class Around:
    """What a range is asked with. `connect` opens a connection of the jobs role, in autocommit."""

    connect: Callable[[], psycopg.Connection]
    source: str
    verifier: Verifier
    now: Callable[[], datetime]
    sleep: Callable[[float], None] = time.sleep
    chance: Random = field(default_factory=Random)


def ask_range(around: Around, claimed: Claimed) -> None:
    """Ask about the tasks of a message's range that still wait.

    Raises NotTaken where the source answers nothing of it, Unfinished where it answered a part.
    """
    body, endpoint = claimed.message.body, claimed.message.endpoint
    campaign, first, last = (int(body[name]) for name in ("campaign", "first", "last"))
    tally = _Tally()
    with around.connect() as connection, ThreadPoolExecutor(AT_ONCE) as threads:
        # Who was killed after the last answer and before the message was noted as taken has nothing left to ask.
        if _is_over(connection, campaign):
            return
        tasks = _tasks(connection, campaign, first, last)
        for few in _by(tasks):
            came = _asked(around, connection, threads, endpoint, campaign, few)
            try:
                store(
                    connection, [_settled(one) for one in came], [one for each in came for one in each.passed],
                    campaign=campaign, source=around.source, endpoint=endpoint, now=around.now(),
                )  # fmt: skip
            except IndexIsBusy as busy:
                raise Unfinished("an import links") from busy
            if not tally.count(came):
                break
        _is_over(connection, campaign)
    tally.settle(len(tasks))


@dataclass
class _Tally:
    """How many tasks were answered, and why others were not."""

    answered: int = 0
    why: Counter[str] = field(default_factory=Counter)

    def count(self, came: Sequence[Came]) -> int:
        """Take these in; returns how many of them were answered."""
        of_these = sum(bool(one.code) for one in came)
        self.answered += of_these
        self.why.update(one.why for one in came if one.why and not one.code)
        return of_these

    def settle(self, asked: int) -> None:
        """Raises NotTaken where none of those asked about was answered, Unfinished where some were not."""
        left = asked - self.answered
        if left and self.answered:
            raise Unfinished(f"{left} of {asked} left")
        if left:
            raise NotTaken(f"no answer to any of {left}" + "".join(f": {one}" for one, _ in self.why.most_common(1)))


def _is_over(connection: psycopg.Connection, campaign: int) -> bool:
    """Whether nobody of the campaign waits any more; if so it ends with this."""
    return connection.execute("SELECT access.end_verification(%s)", [campaign]).fetchone() == (True,)


def _tasks(connection: psycopg.Connection, campaign: int, first: int, last: int) -> list[Task]:
    with connection.transaction():
        open_for_job(connection, JOB, purpose=PURPOSE, legal_basis=EPIDEMIC_LAW, case=f"XM-{campaign}")
        rows = connection.execute(
            "SELECT task, person FROM access.verification_tasks(%s, %s, %s)", [campaign, first, last]
        ).fetchall()
        persons = [person for _, person in rows]
        found = {row[0]: row[1:] for row in connection.execute(_PERSONS, [persons])}
        connection.execute("SELECT access.disclose(%s::uuid[], %s)", [list(found), ["identity"]])
    return [Task(task, person, *_question(found.get(person))) for task, person in rows]


def _question(row: tuple | None) -> tuple[str, Question | None, bool]:  # type: ignore[type-arg]
    if row is None:
        return "", None, False
    name, birth, precision, sex, system, value, sealed, was_verified = row
    question = Question(shown_one(system, value, sealed), name, written_birth(birth, precision), sex)
    return system, question, was_verified


def _asked(
    around: Around, connection: psycopg.Connection, threads: ThreadPoolExecutor, endpoint: str, campaign: int,
    tasks: Sequence[Task],
) -> list[Came]:  # fmt: skip
    """What came of each: asked in rounds, since who got no answer is asked again shortly, in turns of its own."""
    pace = _pace(connection, campaign)
    came = {task.id: Came(task, (), "" if task.question else WITHHELD) for task in tasks}
    for attempt in range(_TRIES):
        about = [one.task for one in came.values() if one.may_be_asked]
        if not about:
            break
        if attempt:
            around.sleep(_FIRST_PAUSE * 2**attempt * around.chance.uniform(0.5, 1.5))
        first = take_turns(connection, endpoint, len(about), per_second=1 / pace, now=around.now())
        turns = [first + timedelta(seconds=pace * place) for place in range(len(about))]
        for one in threads.map(lambda task, turn: _ask(around, task, f"XM-{campaign}", turn), about, turns):
            came[one.task.id] = replace(one, passed=(*came[one.task.id].passed, *one.passed))
    return list(came.values())


def _pace(connection: psycopg.Connection, campaign: int) -> float:
    """Seconds from one question of the campaign to the next."""
    row = connection.execute("SELECT per_second FROM access.verification_progress(%s)", [campaign]).fetchone()
    return 1 / float(row[0]) if row else 1.0


def _ask(around: Around, task: Task, case: str, turn: datetime) -> Came:
    """Ask once, when it is its turn."""
    assert task.question is not None
    around.sleep(max(0.0, (turn - around.now()).total_seconds()))
    asked_at, question = around.now(), json.dumps(task.question).encode()
    try:
        verified, exchanged = around.verifier.verify(task.question, case=case)
    except Unanswered as why:
        outcome = _outcome(why)
        unanswered = Passed(str(uuid4()), case, asked_at, max(asked_at, around.now()), outcome, question, None)
        return Came(task, (unanswered,), REFUSED if outcome == asking.REFUSED else "", why=str(why))
    before = tuple(Passed(one, case, asked_at, max(asked_at, around.now()), asking.REFUSED, question, None)
                   for one in exchanged.refused)  # fmt: skip
    answered = Passed(exchanged.id, case, asked_at, max(asked_at, around.now()), asking.ANSWERED, question,
                      exchanged.body, exchanged.request_hash)  # fmt: skip
    came = Came(task, (*before, answered), verified.code, verified)
    is_theirs = is_followed(was_verified=task.was_verified, code=verified.code, grades=verified.grades)
    return _looked_up(around, came, case) if is_theirs else came


def _outcome(why: Unanswered) -> str:
    return next((word for kind, word in _OUTCOMES.items() if isinstance(why, kind)), asking.NOT_REACHED)


def _looked_up(around: Around, came: Came, case: str) -> Came:
    """The same with what the source holds now; without an answer the whole is asked again later."""
    assert came.task.question is not None
    number, asked_at = came.task.question.number, around.now()
    try:
        held, exchanged = around.verifier.look_up(number, case=case, user_id=JOB)
    except Unanswered as why:
        outcome = _outcome(why)
        failed = Passed(str(uuid4()), case, asked_at, max(asked_at, around.now()), outcome, number.encode(), None)
        return Came(came.task, (*came.passed, failed), REFUSED if outcome == asking.REFUSED else "", why=str(why))
    told = Passed(exchanged.id, case, asked_at, max(asked_at, around.now()), asking.ANSWERED, number.encode(),
                  exchanged.body, exchanged.request_hash)  # fmt: skip
    return replace(came, passed=(*came.passed, told), held=held)


def _settled(came: Came) -> Settled:
    question, told = came.task.question, came.verified
    asked_at = came.passed[-1].asked_at if came.passed else None
    held = came.held and Held(came.held.name, came.held.birth, came.held.sex)
    return Settled(came.task.id, came.task.person, came.code, told.grades if told else None, asked_at,
                   came.task.system, question.number if question else "", held)  # fmt: skip


def _by(tasks: Sequence[Task]) -> Iterator[Sequence[Task]]:
    if tasks:
        yield tasks[:FIRST]
    for start in range(FIRST, len(tasks), STORED_TOGETHER):
        yield tasks[start : start + STORED_TOGETHER]
