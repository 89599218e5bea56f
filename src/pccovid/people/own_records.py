"""Records of our own app: what facts hang on that no earlier system sent, so that they go with their person.

One record for each person and kind of fact (`pccovid:check_in:…`), without any attribute: linkage does not compare it,
and it goes with its person through merge and split, and with its last fact where that is erased.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg

from pccovid.foundation.sealing import sealer
from pccovid.people.numbers import sealed_payload
from pccovid.people.own_ledger import enter

SYSTEM = "pccovid"
_FOLDER = "own app"


class OwnRecord(NamedTuple):
    """What a fact of the person refers to."""

    record_id: UUID
    source_record_id: UUID


def own_records(
    connection: psycopg.Connection, persons: Collection[UUID], *, kind: str, by: str, now: datetime
) -> dict[UUID, OwnRecord]:
    """Each person's record of this kind, made where there is none. As a job that may write both."""
    found = {
        person: OwnRecord(record, source)
        for person, record, source in connection.execute(
            "SELECT DISTINCT ON (person_id) person_id, record_id, source_record_id FROM people_recordclaim"
            " WHERE system = %s AND kind = %s AND person_id = ANY (%s) ORDER BY person_id, record_id",
            [SYSTEM, kind, list(persons)],
        )
    }
    missing = [person for person in persons if person not in found]
    if missing:
        run = enter(connection, folder=_FOLDER, name=kind, system=SYSTEM, kind=kind, records=len(missing), now=now)
        found |= {person: _made(connection, person, kind, run, by, now) for person in missing}
    return found


def standing(connection: psycopg.Connection, persons: Collection[UUID]) -> dict[UUID, UUID]:
    """Each known person → who they are by now: themselves, or whom they were merged into."""
    return dict(
        connection.execute(
            "WITH RECURSIVE one AS (SELECT id AS asked, id, merged_into_id FROM people_person WHERE id = ANY (%s)"
            " UNION SELECT one.asked, p.id, p.merged_into_id FROM people_person p"
            " JOIN one ON p.id = one.merged_into_id)"
            " SELECT asked, id FROM one WHERE merged_into_id IS NULL",
            [list(persons)],
        ).fetchall()
    )


def _made(connection: psycopg.Connection, person: UUID, kind: str, run: int, by: str, now: datetime) -> OwnRecord:
    # The first may have gone to somebody else by a split; then the person gets a further one.
    (number,) = connection.execute(
        "SELECT count(*) FROM people_recordclaim WHERE starts_with(record, %s)", [f"{SYSTEM}:{kind}:{person}"]
    ).fetchone() or (0,)
    key = f"{person}/{number}" if number else str(person)
    record = f"{SYSTEM}:{kind}:{key}"
    own = OwnRecord(_derived(record), _derived(f"{record}/1"))
    payload = "{}"
    mark = sealer().mark(hashlib.md5(payload.encode(), usedforsecurity=False).digest())
    connection.execute(
        "INSERT INTO people_sourcerecord (id, record_id, system, kind, key, version, payload, content_hash,"
        " received_at, run_id) VALUES (%s, %s, %s, %s, %s, 1, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [own.source_record_id, own.record_id, SYSTEM, kind, key, sealed_payload(payload, own.record_id, sealer()), mark,
         now, run],
    )  # fmt: skip
    connection.execute(
        "INSERT INTO people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version,"
        " person_id, is_about_nobody, id_verified, phone_is_own, flags)"
        " VALUES (%s, %s, %s, %s, %s, %s, 1, %s, false, false, true, '{}')",
        [own.record_id, record, SYSTEM, kind, own.source_record_id, mark, person],
    )
    connection.execute(
        "INSERT INTO people_link (record_id, person_id, decision, evidence, reason, model_version, decided_by,"
        " decided_at) VALUES (%s, %s, 'exact', '{}', 'own_code', '', %s, %s)",
        [own.record_id, person, by, now],
    )
    return own


def _derived(text: str) -> UUID:
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
