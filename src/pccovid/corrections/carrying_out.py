"""Putting signed corrections in place and handing notices on. As the jobs role; each correction is one transaction."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from pccovid.corrections.operations import ABOUT_VALUE, hash_of
from pccovid.corrections.ports import Notice, ToldSource
from pccovid.corrections.rules import OF_PERSON
from pccovid.foundation.access import open_for_job
from pccovid.foundation.classification import category_of
from pccovid.foundation.purposes import OWN_RIGHT
from pccovid.foundation.sealing import sealer
from pccovid.linkage.verification import WRONG_BIRTH, WRONG_NAME, WRONG_NAME_RIGHT_INITIALS
from pccovid.people.correcting import NumberIsAnothers, correct_attribute, standing_person
from pccovid.people.numbers import sealed_payload
from pccovid.people.operations import derive_anew, take_index

JOB, PURPOSE = "corrections", "correction"
_SOURCE = "repair"


WHY = {
    WRONG_NAME: "họ tên khác", WRONG_NAME_RIGHT_INITIALS: "họ tên khác, chữ cái đầu khớp",
    WRONG_BIRTH: "ngày sinh khác",
}  # fmt: skip


def open_identity_cases(connection: psycopg.Connection, persons: Sequence[tuple[UUID, str]], *, system: str) -> int:
    """Open a case for each (person, code of the answer) whose number is another's, or whose name or birth date differs.

    In the caller's transaction, inside its access to verify identities. Returns how many were opened: who has an open
    case keeps that one, and who lives nobody knows where gets none.
    """
    words = [f"Cơ sở dữ liệu quốc gia về dân cư trả lời mã {code}: {WHY[code]}." for _, code in persons]
    row = connection.execute(
        "SELECT access.open_identity_cases(%s::uuid[], %s::text[], %s)",
        [[person for person, _ in persons], words, system],
    ).fetchone()
    return int(row[0]) if row else 0


def carry_out(connection: psycopg.Connection, *, now: datetime) -> int:
    """Carry out every signed correction; returns how many. `connection` is in autocommit. Raises IndexIsBusy.

    A run that broke off is begun again: a correction stays signed until its fact is in place.
    """
    waiting = connection.execute("SELECT * FROM access.signed_corrections()").fetchall()
    for number, person, table, _outcome, decided in waiting:
        with connection.transaction():
            if table == OF_PERSON:
                _carry_out_identity(connection, number, person, decided, now)
            else:
                _carry_out_one(connection, number, person, table, decided)
    return len(waiting)


def hand_on(connection: psycopg.Connection, source: ToldSource, *, most: int = 100) -> int:
    """Hand waiting notices to the sources, oldest first; what raises stays waiting. Returns how many went."""
    rows = connection.execute("SELECT * FROM access.correction_notices(%s)", [most]).fetchall()
    for row in rows:
        notice = Notice(*row)
        source.tell(notice)
        connection.execute("SELECT access.hand_on_notice(%s)", [notice.number])
    return len(rows)


def _carry_out_identity(
    connection: psycopg.Connection, number: int, person: UUID, decided: str | None, now: datetime
) -> None:
    """Each value signed becomes the person's attribute. A number that is verified as another's stays that one's."""
    open_for_job(connection, JOB, purpose=PURPOSE, legal_basis=OWN_RIGHT, case=f"SS-{number}")
    connection.execute("SELECT access.disclose(%s::uuid[], %s)", [[person], [category_of(OF_PERSON)]])
    values = json.loads(sealer().unseal(decided, ABOUT_VALUE)) if decided else {}
    for attribute, value in values.items():
        with contextlib.suppress(NumberIsAnothers):
            correct_attribute(connection, person=person, attribute=attribute, value=value, case=f"SS-{number}", by=JOB,
                              now=now)  # fmt: skip
    connection.execute("SELECT access.finish_identity_case(%s)", [number])


def _carry_out_one(connection: psycopg.Connection, number: int, person: UUID, table: str, decided: str | None) -> None:
    take_index(connection)
    open_for_job(connection, JOB, purpose=PURPOSE, legal_basis=OWN_RIGHT, case=f"SS-{number}")
    connection.execute("SELECT access.disclose(%s::uuid[], %s)", [[person], [category_of(table)]])
    values = json.loads(sealer().unseal(decided, ABOUT_VALUE)) if decided else {}
    payload = json.dumps({"case": f"SS-{number}", **values}, ensure_ascii=False, sort_keys=True)
    key = f"{_SOURCE}:{table}:SS-{number}"
    record = UUID(hashlib.md5(key.encode(), usedforsecurity=False).hexdigest())
    row = connection.execute(
        "SELECT access.carry_out_correction(%s, %s, %s, %s)",
        [number, sealed_payload(payload, record, sealer()), hash_of(payload), Jsonb(values)],
    ).fetchone()
    assert row is not None
    derive_anew(connection, standing_person(connection, row[0]))
