"""Opening cases, tracing their contacts, and what tracers write. The database's functions check and refuse."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection as django_connection

from pccovid.contact_tracing.in_lanes import Lanes, trace_beside, trace_these
from pccovid.contact_tracing.on_cluster import Lane, trace_on_cluster
from pccovid.contact_tracing.rules import (
    CASE_DEFINITIONS,
    CONTACT_RULES,
    INFECTIOUS_RULES,
    PLACE_CLASSES,
    CaseDefinition,
    ContactRule,
    InfectiousRule,
    PlaceClass,
)
from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.officers.database import call

REFUSALS = {
    "PC471": "not_held", "PC472": "not_in_sight", "PC473": "words_missing", "PC474": "impossible_time",
    "PC477": "too_often", "PC478": "cannot_go_there",
}  # fmt: skip
_JOB, _PURPOSE = "contact_tracing", "contact_tracing"
_MOST = 1_000
_ROUNDS = 5
"""An antigen positive of an F1 is a case, whose F1 may be positive too: so often a pass looks again."""


@dataclass
class Traced:
    """What a pass came to."""

    opened: int = 0
    traced: int = 0
    contacts: int = 0
    contacts_of_contacts: int = 0
    tasks: int = 0


def write_rules() -> None:
    """Write the dated rules to where the database's functions read them; as the owner, through Django."""
    _rewrite("case_definition", CaseDefinition._fields, CASE_DEFINITIONS)
    _rewrite("infectious_rule", InfectiousRule._fields, INFECTIOUS_RULES)
    _rewrite("contact_rule", ContactRule._fields, CONTACT_RULES)
    _rewrite("place_class", PlaceClass._fields, PLACE_CLASSES)


def _rewrite(table: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    places = ", ".join(["%s"] * len(columns))
    with django_connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM access.{table}")  # noqa: S608 - our own names
        cursor.executemany(f"INSERT INTO access.{table} ({', '.join(columns)}) VALUES ({places})", rows)  # noqa: S608
        cursor.execute(f"ANALYZE access.{table}")  # so few rows that joining them costs nothing, once that is known


def trace(
    connection: psycopg.Connection, *, most: int = _MOST, second: bool = True, lane: Lane | None = None,
    lanes: Lanes | None = None,
) -> Traced:  # fmt: skip
    """Open cases from new positives and trace those that are due, until nothing new comes. On autocommit, as jobs.

    Not `second`: whom contacts met is left out. Where many cases are due, `lane`: the cluster that finds meetings, or
    `lanes`: the connections that trace beside this one.
    """
    done = Traced()
    for _ in range(_ROUNDS):
        with _opened(connection):
            opened = int(_one(connection, "SELECT access.open_cases()"))
            due = _one(connection, "SELECT access.cases_to_trace(%s)", most)
            is_afar = lane is not None and len(due) >= lane.least_cases
            is_beside = not is_afar and lanes is not None and len(lanes.parts_of(due)) > 1
            counts = trace_these(connection, due, second=second) if due and not is_afar and not is_beside else (0, 0)
        if lane is not None and is_afar:
            counts = trace_on_cluster(connection, due, lane, partial(_opened, connection), second=second)
        elif lanes is not None and is_beside:
            counts = trace_beside(connection, due, lanes, _opened, second=second)
        done.opened, done.traced = done.opened + opened, done.traced + len(due)
        done.contacts, done.contacts_of_contacts = done.contacts + counts[0], done.contacts_of_contacts + counts[1]
        if not due:
            break
    with _opened(connection):
        done.tasks = int(_one(connection, "SELECT access.settle_tasks()"))
    return done


@contextlib.contextmanager
def _opened(connection: psycopg.Connection) -> Iterator[None]:
    with connection.transaction():
        open_for_job(connection, _JOB, purpose=_PURPOSE, legal_basis=EPIDEMIC_LAW)
        yield


def _one(connection: psycopg.Connection, statement: str, *values: Any) -> Any:
    row = connection.execute(statement, values).fetchone()
    assert row is not None
    return row[0]


def edit_period(*, case: int, starts_at: datetime, ends_at: datetime, onset_on: date | None, reason: str) -> None:
    """Set when a case was infectious, with a reason. Inside a tracer's opened access. Raises Refused (PC47x)."""
    call("edit_trace_period", case, starts_at, ends_at, onset_on, reason)


def accept_foreseen(*, case: int, starts_at: datetime, ends_at: datetime, persons: Sequence[UUID], reason: str) -> None:
    """Widen the period just so far that these persons were met in it. In a tracer's access. Raises Refused (PC47x)."""
    call("accept_foreseen", case, starts_at, ends_at, list(persons), reason)


def declare_contact(*, case: int, person: UUID, first_on: date, last_on: date, words: str) -> None:
    """Write down whom a case says they met, and on which days. Inside a tracer's opened access. Raises Refused."""
    call("declare_contact", case, person, first_on, last_on, words)


def say_suspected(person: UUID, *, is_suspected: bool, onset_on: date | None, words: str) -> None:
    """A clinician's word on somebody. Inside a health station's access for care. Raises Refused (PC47x)."""
    call("say_suspected", person, is_suspected, onset_on, words)


def handle_contact(*, contact: int, outcome: str, words: str) -> None:
    """Write what came of a contact. Inside a tracer's opened access. Raises Refused (PC47x)."""
    call("handle_trace_contact", contact, outcome, words)


def dispute_exposure(person: UUID, *, words: str) -> None:
    """The person, or a guardian for a child, says that they met nobody. Inside their own access.

    Raises Refused (PC472, PC473, PC477).
    """
    call("dispute_exposure", person, words)


def step_task(*, number: int, step: str, to_area: str | None, words: str) -> None:
    """Hand over, take on, decline or finish a task. Inside a tracer's opened access. Raises Refused (PC47x)."""
    call("step_trace_task", number, step, to_area, words)
