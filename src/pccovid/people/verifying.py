"""What a verification confirmed, in the golden record: a source record of its own that bears the number as verified.

It claims the number and nothing else: name and birth date stay those of whoever told them best. The record is of the
system `population`, goes with its person through merge and split, and linkage does not compare it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg

from pccovid.foundation.sealing import Sealer, sealer
from pccovid.linkage.claim import Claim
from pccovid.people.golden import refresh_touched
from pccovid.people.numbers import hidden, sealed_payload
from pccovid.people.operations import take_index
from pccovid.people.own_ledger import enter

SYSTEM, KIND = "population", "verification"


class Confirmed(NamedTuple):
    """A person whose number, name and birth date the population database has confirmed together."""

    person: UUID
    system: str
    """personal_id or old_id."""
    number: str


def confirm_identities(
    connection: psycopg.Connection, confirmed: Sequence[Confirmed], *, case: str, by: str, now: datetime
) -> None:
    """Write what was confirmed and derive the golden records anew. Raises IndexIsBusy.

    As the jobs role, inside an access that may write identity, contact and source records of everybody. A person
    confirmed again keeps one record, of a new version.
    """
    if not confirmed:
        return
    take_index(connection)
    keys, run = sealer(), enter(
        connection, folder="verification", name=f"{SYSTEM}/{case}", system=SYSTEM, kind=KIND, records=len(confirmed),
        now=now,
    )  # fmt: skip
    versions = _versions(connection, confirmed)
    rows = [_Row(one, versions.get(_record_id(one), 0) + 1, case, keys) for one in confirmed]
    with connection.cursor() as cursor:
        cursor.executemany(_ADD_SOURCE_RECORD, [row.source_record(run, now) for row in rows])
        cursor.executemany(_ADD_CLAIM, [row.claim() for row in rows])
        cursor.executemany(_ADD_LINK, [(row.record_id, row.confirmed.person, by, now) for row in rows])
        cursor.execute("CREATE TEMP TABLE touched (person_id uuid PRIMARY KEY) ON COMMIT DROP")
        cursor.execute("INSERT INTO touched SELECT DISTINCT unnest(%s::uuid[])", [[one.person for one in confirmed]])
    refresh_touched(connection)


class _Row:
    """A confirmation as it is written."""

    def __init__(self, confirmed: Confirmed, version: int, case: str, keys: Sealer) -> None:
        self.confirmed, self.version = confirmed, version
        self.key = str(confirmed.person)
        self.record_id = _record_id(confirmed)
        self.id = _derived(f"{self.record_id}/{version}")
        payload = json.dumps({"case": case, confirmed.system: confirmed.number}, sort_keys=True)
        self._mark = keys.mark(hashlib.md5(payload.encode(), usedforsecurity=False).digest())
        self._payload = sealed_payload(payload, self.record_id, keys)
        values, self._seals = hidden(_claimed(confirmed), keys)
        self._hash = values[Claim._fields.index(confirmed.system)]

    def source_record(self, run: int, now: datetime) -> tuple[object, ...]:
        return (self.id, self.record_id, SYSTEM, KIND, self.key, self.version, self._payload, self._mark, now, run)

    def claim(self) -> dict[str, object]:
        return {
            "record_id": self.record_id, "record": f"{SYSTEM}:{KIND}:{self.key}", "system": SYSTEM, "kind": KIND,
            "id": self.id, "mark": self._mark, "version": self.version, "person": self.confirmed.person,
            "personal_id": self._hash if self.confirmed.system == "personal_id" else None,
            "old_id": self._hash if self.confirmed.system == "old_id" else None, "sealed": self._seals,
        }  # fmt: skip


_ADD_SOURCE_RECORD = """
INSERT INTO people_sourcerecord (id, record_id, system, kind, key, version, payload, content_hash, received_at, run_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_ADD_CLAIM = """
INSERT INTO people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version, person_id,
    is_about_nobody, personal_id, old_id, id_verified, phone_is_own, flags, sealed)
VALUES (%(record_id)s, %(record)s, %(system)s, %(kind)s, %(id)s, %(mark)s, %(version)s, %(person)s, false,
    %(personal_id)s, %(old_id)s, true, false, '{}', %(sealed)s)
ON CONFLICT (record_id) DO UPDATE SET source_record_id = excluded.source_record_id, version = excluded.version,
    content_hash = excluded.content_hash, person_id = excluded.person_id, personal_id = excluded.personal_id,
    old_id = excluded.old_id, sealed = excluded.sealed
"""
_ADD_LINK = """
INSERT INTO people_link (record_id, person_id, decision, evidence, reason, model_version, decided_by, decided_at)
VALUES (%s, %s, 'manual', '{}', 'verification', '', %s, %s)
"""


def _versions(connection: psycopg.Connection, confirmed: Sequence[Confirmed]) -> dict[UUID, int]:
    rows = connection.execute(
        "SELECT record_id, max(version) FROM people_sourcerecord WHERE record_id = ANY (%s) GROUP BY 1",
        [[_record_id(one) for one in confirmed]],
    )
    return {record: version for record, version in rows}  # noqa: C416 (rows are tuples of any length to mypy)


def _claimed(one: Confirmed) -> Claim:
    if one.system == "old_id":
        return Claim(old_id=one.number, id_verified=True)
    return Claim(personal_id=one.number, id_verified=True)


def _record_id(one: Confirmed) -> UUID:
    return _derived(f"{SYSTEM}:{KIND}:{one.person}")


def _derived(text: str) -> UUID:
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
