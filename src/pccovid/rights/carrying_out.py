"""Carrying out what was granted, and handing on what is late. As the jobs role; each request is one transaction.

A run that broke off is simply begun again: a request stays granted until all of it was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from pccovid.foundation.access import open_for_job
from pccovid.foundation.classification import category_of
from pccovid.foundation.facts import registered
from pccovid.foundation.purposes import OWN_RIGHT
from pccovid.foundation.sealing import sealer
from pccovid.people.correcting import NumberIsAnothers, correct_attribute, same_addresses, standing_person
from pccovid.people.operations import derive_anew, take_index
from pccovid.retention.operations import anchor_erasures, salt_of
from pccovid.rights.operations import ABOUT_VALUE

JOB = PURPOSE = "rights"


@dataclass(frozen=True)
class Granted:
    """A request that was decided for the person."""

    number: int
    kind: str
    about: str
    person: UUID
    attribute: str | None
    fact_table: str | None
    fact: UUID | None
    decided: str | None
    granted: tuple[str, ...]
    refusal: str | None

    @property
    def categories(self) -> list[str]:
        """What the program sees of the person while it works."""
        if self.about == "identity":
            return ["contact" if self.attribute in ("phone", "email") else "identity"]
        return [category_of(self.fact_table)] if self.fact_table else list(self.granted)


@dataclass(frozen=True)
class CarriedOut:
    """What one run did: requests carried out, rows erased, and requests handed to the inspectorate."""

    requests: int
    erased: int
    escalated: int


def carry_out(connection: psycopg.Connection, *, key: bytes, now: datetime) -> CarriedOut:
    """Carry out everything granted, then hand on what is late. `key` salts proofs. Raises IndexIsBusy.

    `connection` is the jobs role's, in autocommit.
    """
    waiting = [_granted(row) for row in connection.execute("SELECT * FROM access.granted_rights()").fetchall()]
    erased = sum(_carry_out_one(connection, one, key, now) for one in waiting)
    if any(one.kind == "erasure" for one in waiting):
        anchor_erasures(connection)
    late = connection.execute("SELECT access.escalate_overdue_rights()").fetchone()
    return CarriedOut(len(waiting), erased, late[0] if late else 0)


def _granted(row: tuple[Any, ...]) -> Granted:
    *values, granted, refusal = row
    return Granted(*[*values, tuple(granted or ()), refusal])


def _carry_out_one(connection: psycopg.Connection, one: Granted, key: bytes, now: datetime) -> int:
    """Rows erased by carrying the request out."""
    with connection.transaction():
        take_index(connection)
        open_for_job(connection, JOB, purpose=PURPOSE, legal_basis=OWN_RIGHT, case=f"YC-{one.number}")
        connection.execute("SELECT access.disclose(%s::uuid[], %s)", [[one.person], one.categories])
        if one.kind == "erasure":
            return _erase(connection, one, key)
        if one.about == "identity":
            try:
                _correct(connection, one, now)
            except NumberIsAnothers:
                connection.execute(
                    "SELECT access.refuse_granted_right(%s, 'identity', 'rights_of_others')", [one.number]
                )
                return 0
        else:
            _supersede(connection, one, now)
        connection.execute("SELECT access.finish_right(%s, 'carry_out')", [one.number])
    return 0


def _correct(connection: psycopg.Connection, one: Granted, now: datetime) -> None:
    assert one.attribute is not None
    assert one.decided is not None
    correct_attribute(
        connection, person=one.person, attribute=one.attribute, value=sealer().unseal(one.decided, ABOUT_VALUE),
        case=f"YC-{one.number}", by=JOB, now=now,
    )  # fmt: skip


def _supersede(connection: psycopg.Connection, one: Granted, now: datetime) -> None:
    """The fact stands no more; it stays in the record's history. An address goes with all reports of the same one."""
    (table,) = {fact.table for fact in registered() if fact.table == one.fact_table}
    person = standing_person(connection, one.person)
    assert one.fact is not None
    wrong = same_addresses(connection, person, one.fact) if table == "people_address" else (one.fact,)
    connection.execute(
        sql.SQL("UPDATE {} SET superseded_at = %s WHERE id = ANY (%s) AND superseded_at IS NULL").format(
            sql.Identifier(table)
        ),
        [now, list(wrong)],
    )
    derive_anew(connection, person)


def _erase(connection: psycopg.Connection, one: Granted, key: bytes) -> int:
    run = uuid4()
    row = connection.execute(
        "SELECT access.erase_for_right(%s, %s, %s)", [one.number, run, salt_of(key, run, 0)]
    ).fetchone()
    derive_anew(connection, standing_person(connection, one.person))
    return row[0] if row else 0
