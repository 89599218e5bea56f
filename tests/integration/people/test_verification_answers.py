"""Answers of sources about a person: added with their time, seen within scope, changed by nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from conftest import MadeDatabase
from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.linkage.verification import GradedAnswer
from pccovid.people.verification_answers import (
    OWN_INDEX,
    RecordedAnswer,
    record_verification_answer,
    verification_answers,
)

NOW = datetime(2021, 11, 20, 8, 0, tzinfo=UTC)
ANSWER = GradedAnswer("061", {"name": "initials_agree", "birth_date": "agree"})


@pytest.fixture
def jobs(database: MadeDatabase) -> psycopg.Connection:
    connection = database.connect("jobs")
    open_for_job(connection, "carry_over", purpose="carry_over", legal_basis=EPIDEMIC_LAW)
    return connection


def test_answers_are_kept_with_source_and_time_newest_first(jobs: psycopg.Connection) -> None:
    person, record = uuid4(), uuid4()
    older = RecordedAnswer(person, record, "insurer", NOW - timedelta(days=2), ANSWER)
    newer = RecordedAnswer(person, None, OWN_INDEX, NOW - timedelta(days=1), GradedAnswer("000", {}))
    for given in (older, newer):
        record_verification_answer(jobs, given, by="test", now=NOW)
    assert verification_answers(jobs, person) == (newer, older)
    assert verification_answers(jobs, uuid4()) == ()


@pytest.mark.parametrize(
    "given",
    [
        RecordedAnswer(uuid4(), None, "insurer", NOW, GradedAnswer("999", {})),
        RecordedAnswer(uuid4(), None, "insurer", NOW + timedelta(seconds=1), ANSWER),
    ],
)
def test_code_that_is_none_and_answer_before_its_question_are_refused(
    jobs: psycopg.Connection, given: RecordedAnswer
) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        record_verification_answer(jobs, given, by="test", now=NOW)


@pytest.mark.parametrize("change", ["UPDATE people_verificationanswer SET code = '000'",
                                    "DELETE FROM people_verificationanswer"])  # fmt: skip
def test_an_answer_once_given_can_be_neither_changed_nor_taken_away(jobs: psycopg.Connection, change: str) -> None:
    record_verification_answer(jobs, RecordedAnswer(uuid4(), None, "insurer", NOW, ANSWER), by="test", now=NOW)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        jobs.execute(change)


def test_answers_are_out_of_sight_without_an_opened_access(jobs: psycopg.Connection) -> None:
    person = uuid4()
    record_verification_answer(jobs, RecordedAnswer(person, None, "insurer", NOW, ANSWER), by="test", now=NOW)
    jobs.commit()
    assert verification_answers(jobs, person) == ()
    jobs.rollback()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        record_verification_answer(jobs, RecordedAnswer(person, None, "insurer", NOW, ANSWER), by="test", now=NOW)
