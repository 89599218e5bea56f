"""Ordering, changing and settling quarantine; the person's check and objection. The database's functions refuse."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

import psycopg
from django.db import connection as django_connection

from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.officers.database import call
from pccovid.quarantine.rules import RULES, QuarantineRule

REFUSALS = {
    "PC471": "not_held", "PC472": "not_in_sight", "PC473": "words_missing", "PC474": "impossible_time",
    "PC475": "open_already", "PC476": "no_rule", "PC477": "too_often",
    "PC479": "no_bed",
}  # fmt: skip


class Settled(NamedTuple):
    """What a pass came to: contacts who became cases, who may go home, who were released."""

    became_case: int
    went_home: int
    released: int


def write_rules() -> None:
    """Write the dated table to where the database's functions read it; as the owner, through Django."""
    columns = QuarantineRule._fields
    with django_connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.quarantine_rule")
        cursor.executemany(
            f"INSERT INTO access.quarantine_rule ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})",  # noqa: S608
            RULES,
        )


def settle(connection: psycopg.Connection) -> Settled:
    """Release who has done their days and tests, and the like. As the jobs role, on a connection in autocommit."""
    with connection.transaction():
        open_for_job(connection, "contact_tracing", purpose="contact_tracing", legal_basis=EPIDEMIC_LAW)
        row = connection.execute("SELECT * FROM access.settle_quarantine()").fetchone()
    assert row is not None
    return Settled(*row)


def order(*, contact: int) -> int:
    """Order quarantine for a contact; returns the order's number. Inside a tracer's access. Raises Refused (PC47x)."""
    return int(call("order_quarantine", contact))


def order_case(*, case: int) -> int:
    """Order a case to stay at home; returns the order's number. In a tracer's access. Raises Refused (PC47x)."""
    return int(call("order_case", case))


def order_arrival(person: UUID) -> int:
    """Order quarantine for an arrival, by the table of that day. In an access for `quarantine`. Raises Refused."""
    return int(call("order_arrival", person))


def change(*, number: int, step: str, words: str, new_end: date | None = None) -> None:
    """Extend, cancel, send home or answer an objection. In a tracer's or quarantine access. Raises Refused."""
    call("change_quarantine", number, step, words, new_end)


def note_check(*, number: int, via: str, has_symptoms: bool) -> None:
    """Write a check by call or visit. Inside a tracer's or quarantine access. Raises Refused (PC47x)."""
    call("note_quarantine_check", number, via, has_symptoms)


def check_in(person: UUID, *, has_symptoms: bool) -> None:
    """The person's own daily check. Inside their own access. Raises Refused (PC472)."""
    call("check_in_quarantine", person, has_symptoms)


def object_to(person: UUID, *, words: str) -> None:
    """The person's objection to their open order. Inside their own access. Raises Refused (PC472, PC473, PC477)."""
    call("object_to_quarantine", person, words)
