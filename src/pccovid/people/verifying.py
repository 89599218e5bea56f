"""What a verification confirmed, in the golden record: a source record of its own that bears the number as verified.

It claims the number, and name and birth date only where the population database itself told what it holds of somebody
it had confirmed before; else these stay those of whoever told them best. The record is of the system `population`,
goes with its person through merge and split, and linkage does not compare it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import psycopg

from pccovid.foundation.sealing import Sealer, sealer
from pccovid.linkage.claim import Claim
from pccovid.linkage.names import read_name
from pccovid.people.golden import refresh_touched
from pccovid.people.numbers import hidden, sealed_payload
from pccovid.people.operations import take_index
from pccovid.people.own_ledger import enter

SYSTEM, KIND = "population", "verification"
_HELD = ("name", "name_full", "name_key", "name_sorted", "birth_date", "birth_precision", "sex")


class Held(NamedTuple):
    """What the population database holds of a person. `birth`: ISO day or year."""

    name: str
    birth: str
    sex: str | None


class Confirmed(NamedTuple):
    """A person whose number, name and birth date the population database has confirmed together."""

    person: UUID
    system: str
    """personal_id or old_id."""
    number: str
    held: Held | None = None


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
    connection.execute(_OPEN_REVIEW, {"persons": [one.person for one in confirmed], "run": run})


class _Row:
    """A confirmation as it is written."""

    def __init__(self, confirmed: Confirmed, version: int, case: str, keys: Sealer) -> None:
        self.confirmed, self.version = confirmed, version
        self.key = str(confirmed.person)
        self.record_id = _record_id(confirmed)
        self.id = _derived(f"{self.record_id}/{version}")
        told = {"held": confirmed.held._asdict()} if confirmed.held else {}
        payload = json.dumps({"case": case, confirmed.system: confirmed.number, **told}, sort_keys=True)
        self._mark = keys.mark(hashlib.md5(payload.encode(), usedforsecurity=False).digest())
        self._payload = sealed_payload(payload, self.record_id, keys)
        claimed = _claimed(confirmed)
        values, self._seals = hidden(claimed, keys)
        self._hash = values[Claim._fields.index(confirmed.system)]
        self._held = {name: getattr(claimed, name) for name in _HELD}

    def source_record(self, run: int, now: datetime) -> tuple[object, ...]:
        return (self.id, self.record_id, SYSTEM, KIND, self.key, self.version, self._payload, self._mark, now, run)

    def claim(self) -> dict[str, object]:
        return {
            "record_id": self.record_id, "record": f"{SYSTEM}:{KIND}:{self.key}", "system": SYSTEM, "kind": KIND,
            "id": self.id, "mark": self._mark, "version": self.version, "person": self.confirmed.person,
            "personal_id": self._hash if self.confirmed.system == "personal_id" else None,
            "old_id": self._hash if self.confirmed.system == "old_id" else None, "sealed": self._seals, **self._held,
        }  # fmt: skip


_ADD_SOURCE_RECORD = """
INSERT INTO people_sourcerecord (id, record_id, system, kind, key, version, payload, content_hash, received_at, run_id)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_ADD_CLAIM = """
INSERT INTO people_recordclaim (record_id, record, system, kind, source_record_id, content_hash, version, person_id,
    is_about_nobody, personal_id, old_id, id_verified, phone_is_own, flags, sealed, name, name_full, name_key,
    name_sorted, birth_date, birth_precision, sex)
VALUES (%(record_id)s, %(record)s, %(system)s, %(kind)s, %(id)s, %(mark)s, %(version)s, %(person)s, false,
    %(personal_id)s, %(old_id)s, true, false, '{}', %(sealed)s, %(name)s, %(name_full)s, %(name_key)s, %(name_sorted)s,
    %(birth_date)s, %(birth_precision)s, %(sex)s)
ON CONFLICT (record_id) DO UPDATE SET source_record_id = excluded.source_record_id, version = excluded.version,
    content_hash = excluded.content_hash, person_id = excluded.person_id, personal_id = excluded.personal_id,
    old_id = excluded.old_id, sealed = excluded.sealed,
    -- What was told of name and birth date stands until something else is told.
    name = coalesce(excluded.name, people_recordclaim.name),
    name_full = coalesce(excluded.name_full, people_recordclaim.name_full),
    name_key = coalesce(excluded.name_key, people_recordclaim.name_key),
    name_sorted = coalesce(excluded.name_sorted, people_recordclaim.name_sorted),
    birth_date = coalesce(excluded.birth_date, people_recordclaim.birth_date),
    birth_precision = coalesce(excluded.birth_precision, people_recordclaim.birth_precision),
    sex = coalesce(excluded.sex, people_recordclaim.sex)
"""
_ADD_LINK = """
INSERT INTO people_link (record_id, person_id, decision, evidence, reason, model_version, decided_by, decided_at)
VALUES (%s, %s, 'manual', '{}', 'verification', '', %s, %s)
"""

# Two persons of whom the population database confirmed one and the same number are one whom linkage did not join: an
# officer decides. Shown are the oldest records of both that bear the number.
_OPEN_REVIEW = """
WITH named AS (
    SELECT DISTINCT a.person_id AS one, b.person_id AS other, coalesce(a.personal_id, a.old_id) AS number
    FROM people_recordclaim a JOIN people_recordclaim b
      ON b.system = a.system AND b.kind = a.kind AND b.person_id <> a.person_id
     AND (b.personal_id = a.personal_id OR b.old_id = a.old_id)
    WHERE a.system = 'population' AND a.kind = 'verification' AND a.person_id = ANY (%(persons)s)
), shown AS (
    SELECT DISTINCT ON (n.one, n.other) least(x.record, y.record) AS first, greatest(x.record, y.record) AS second,
           CASE WHEN x.record < y.record THEN x.record_id ELSE y.record_id END AS record_id,
           CASE WHEN x.record < y.record THEN y.record_id ELSE x.record_id END AS other_record_id
    FROM named n
    JOIN people_recordclaim x ON x.person_id = n.one AND n.number IN (x.personal_id, x.old_id)
         AND x.system <> 'population'
    JOIN people_recordclaim y ON y.person_id = n.other AND n.number IN (y.personal_id, y.old_id)
         AND y.system <> 'population'
    ORDER BY n.one, n.other, x.record, y.record
)
INSERT INTO people_reviewpair (id, record_id, other_record_id, weight, evidence, reason, run_id, decision)
SELECT DISTINCT md5(first || '|' || second)::uuid, record_id, other_record_id, NULL::float8, '{}'::jsonb,
       'one_verified_number', %(run)s::bigint, ''
FROM shown ON CONFLICT (id) DO NOTHING
"""


def _versions(connection: psycopg.Connection, confirmed: Sequence[Confirmed]) -> dict[UUID, int]:
    rows = connection.execute(
        "SELECT record_id, max(version) FROM people_sourcerecord WHERE record_id = ANY (%s) GROUP BY 1",
        [[_record_id(one) for one in confirmed]],
    )
    return {record: version for record, version in rows}  # noqa: C416 (rows are tuples of any length to mypy)


def _claimed(one: Confirmed) -> Claim:
    told = (_claim_held(one.held) if one.held else Claim())._replace(id_verified=True)
    return told._replace(old_id=one.number) if one.system == "old_id" else told._replace(personal_id=one.number)


def _claim_held(held: Held) -> Claim:
    reading = read_name(held.name)
    precision = "day" if len(held.birth) > 4 else "year"
    return Claim(
        name=reading.display, name_full=reading.full, name_key=reading.key, name_sorted=reading.sorted_key,
        birth_date=date.fromisoformat(held.birth if precision == "day" else f"{held.birth}-01-01"),
        birth_precision=precision, sex=held.sex,
    )  # fmt: skip


def _record_id(one: Confirmed) -> UUID:
    return _derived(f"{SYSTEM}:{KIND}:{one.person}")


def _derived(text: str) -> UUID:
    return UUID(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest())
