"""The statements by which one arriving record is written, each as publish.sql writes the same for a whole delivery."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from pccovid.carry_over.staging import claim_values
from pccovid.carry_over.statements import CLAIM_FIELDS
from pccovid.connectors.rows import ParsedRow
from pccovid.foundation.facts import StagedFact
from pccovid.foundation.sealing import Sealer
from pccovid.linkage.one_record.answer import Match
from pccovid.people.numbers import sealed_payload, shown_payload

_CLAIM_COLUMNS = (
    "record_id", "record", "system", "kind", "source_record_id", "content_hash", "version", "person_id",
    "is_about_nobody", *CLAIM_FIELDS, "sealed",
)  # fmt: skip
_FACT_COLUMNS = ("person_id", "record_id", "source_record_id", "source_system", "provenance", "recorded_at")
_PLACE = "place"
BY_ACCOUNT = Match("exact", None, None, None, None, {"account": {"level": "same", "weight": 0.0}}, (), "account")


class Writes:
    """Statements that give nothing back, gathered and sent together: a round trip for all of them."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._gathered: list[tuple[sql.Composed | bytes, Sequence[Any]]] = []

    def execute(self, query: str | sql.Composed, values: Sequence[Any]) -> None:
        """Note a statement."""
        self._gathered.append((query.encode() if isinstance(query, str) else query, values))

    def flush(self) -> None:
        """Send what was gathered, in its order."""
        if self._gathered:
            with self._connection.pipeline():
                for query, values in self._gathered:
                    self._connection.execute(query, values)
            self._gathered.clear()


def source_record(
    connection: Writes, run: int, row: ParsedRow, record: UUID, version: int, mark: bytes, now: datetime,
    keys: Sealer,
) -> None:  # fmt: skip
    """The row as it came, sealed, as the record's next version."""
    connection.execute(
        "INSERT INTO people_sourcerecord (id, record_id, system, kind, key, version, payload, content_hash,"
        " received_at, run_id) VALUES (md5(%s)::uuid, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [f"{record}/{version}", record, row.system, row.kind, row.key, version,
         sealed_payload(row.payload, record, keys), mark, now, run],
    )  # fmt: skip


def link(connection: Writes, record: UUID, person: UUID | None, match: Match, by: str, now: datetime) -> None:
    """The decision about whose it is; the last one of a record holds."""
    decision = "held" if person is None else match.decision
    connection.execute(
        "INSERT INTO people_link (record_id, person_id, decision, weight, evidence, reason, model_version, decided_by,"
        " decided_at) VALUES (%s, %s, %s, %s, %s, %s, '', %s, %s)",
        [record, person, decision, match.weight, Jsonb(dict(match.evidence or {})),
         match.reason or ("" if person else match.decision), by, now],
    )  # fmt: skip


def claim(
    connection: Writes, row: ParsedRow, record: UUID, version: int, mark: bytes, person: UUID | None,
    keys: Sealer,
) -> None:  # fmt: skip
    """What the newest version claims, and the person it is linked to now."""
    assert row.claim is not None
    values = [
        record, f"{row.system}:{row.kind}:{row.key}", row.system, row.kind, _source(record, version), mark, version,
        person, False, *claim_values(row.claim, keys),
    ]  # fmt: skip
    connection.execute(_claim_statement(), values)


@lru_cache(maxsize=1)
def _claim_statement() -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, _CLAIM_COLUMNS))
    places = sql.SQL(", ").join(
        sql.SQL("%s::jsonb") if name == "sealed" else sql.Placeholder() for name in _CLAIM_COLUMNS
    )
    updates = sql.SQL(", ").join(
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in _CLAIM_COLUMNS[4:]
    )
    return sql.SQL("INSERT INTO people_recordclaim ({}) VALUES ({}) ON CONFLICT (record_id) DO UPDATE SET {}").format(
        names, places, updates
    )


def new_person(connection: psycopg.Connection, wanted: UUID) -> UUID:
    """An id for a new person: the one that an import would choose, where that is free."""
    is_taken = connection.execute("SELECT 1 FROM people_person WHERE id = %s", [wanted]).fetchone()
    return uuid4() if is_taken else wanted


def person(connection: Writes, made: UUID, now: datetime) -> None:
    """Open a person; their attributes are derived from claims."""
    connection.execute(
        "INSERT INTO people_person (id, is_identity_verified, attribute_sources, created_at)"
        " VALUES (%s, false, '{}', %s)",
        [made, now],
    )


def is_alone(connection: psycopg.Connection, person: UUID, record: str) -> bool:
    """Whether nothing but this record, and what hangs on it as its account, is the person's."""
    found = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM people_recordclaim WHERE person_id = %s AND record <> %s"
        " AND account IS DISTINCT FROM %s)",
        [person, record, record],
    ).fetchone()
    return found == (False,)


def supersede(connection: Writes, facts: Iterable[StagedFact], record: UUID, source: UUID, now: datetime) -> None:
    """End the facts of the record's older versions."""
    for fact in facts:
        if fact.name != _PLACE:
            connection.execute(_supersede_statement(fact.table), [now, record, source])


@lru_cache(maxsize=64)
def _supersede_statement(table: str) -> sql.Composed:
    return sql.SQL(
        "UPDATE {} SET superseded_at = %s WHERE record_id = %s AND source_record_id <> %s AND superseded_at IS NULL"
    ).format(sql.Identifier(table))


def fact(
    connection: Writes, kind: StagedFact, values: tuple[object, ...], made: UUID,
    origin: tuple[object, ...], keys: Sealer,
) -> None:  # fmt: skip
    """One fact with its origin (`_FACT_COLUMNS`)."""
    written = [_stored(kind, name, value, keys) for name, value in zip(_columns(kind), values, strict=True)]
    connection.execute(_fact_statement(kind), [made, *origin, *written])


def _stored(kind: StagedFact, name: str, value: object, keys: Sealer) -> object:
    if name in kind.sealed and isinstance(value, str):
        return keys.seal(value, kind.about(name))
    if _columns(kind)[name] == "jsonb":
        return Jsonb(value)
    return list(value) if isinstance(value, tuple) else value


@lru_cache(maxsize=64)
def _fact_statement(kind: StagedFact) -> sql.Composed:
    names = ("id", *_FACT_COLUMNS, *_columns(kind))
    return sql.SQL("INSERT INTO {} ({}) VALUES ({}) ON CONFLICT (id) DO NOTHING").format(
        sql.Identifier(kind.table), sql.SQL(", ").join(map(sql.Identifier, names)),
        sql.SQL(", ").join([sql.Placeholder()] * len(names)),
    )  # fmt: skip


@lru_cache(maxsize=64)
def _columns(kind: StagedFact) -> dict[str, str]:
    return kind.columns


def unplaced(
    connection: Writes, run: int, row: ParsedRow, record: UUID, outcome: str, reason: str,
    evidence: Mapping[str, Any], keys: Sealer,
) -> None:  # fmt: skip
    """A held or rejected row, whole, with its reason; what came before exactly so is open again, not there twice."""
    digest = hashlib.md5(row.payload.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    connection.execute(
        "INSERT INTO people_unplacedrow (id, run_id, file_name, row_no, system, kind, key, record_id, outcome, reason,"
        " payload, evidence, resolution) VALUES (md5(%s)::uuid, %s, %s, 0, %s, %s, %s, %s, %s, %s, %s, %s, '')"
        " ON CONFLICT (id) DO UPDATE SET resolved_at = NULL, resolution = '', outcome = excluded.outcome,"
        " reason = excluded.reason",
        [f"exchange/{record}/{digest}", run, row.kind, row.system, row.kind, row.key, record, outcome, reason,
         sealed_payload(row.payload, record, keys), Jsonb(dict(evidence))],
    )  # fmt: skip


def resolve_unplaced(connection: Writes, record: UUID, decision: str, now: datetime) -> None:
    """A row held earlier is resolved as soon as its record has found its person."""
    connection.execute(
        "UPDATE people_unplacedrow SET resolved_at = %s, resolution = %s WHERE record_id = %s AND resolved_at IS NULL",
        [now, decision, record],
    )


def move_bare(
    connection: psycopg.Connection, facts: Iterable[StagedFact], account: str, before: UUID, person: UUID | None,
    by: str, now: datetime,
) -> None:  # fmt: skip
    """Records that say nothing but whose account they hang on follow that account to another person."""
    moved = connection.execute(
        "UPDATE people_recordclaim SET person_id = %s WHERE person_id = %s AND account = %s AND name IS NULL"
        " RETURNING record_id",
        [person, before, account],
    ).fetchall()
    records = [record for (record,) in moved]
    links = Writes(connection)
    for record in records:
        link(links, record, person, BY_ACCOUNT, by, now)
    links.flush()
    for kind in facts if records else ():
        if kind.name != _PLACE:
            connection.execute(
                sql.SQL("UPDATE {} SET person_id = %s WHERE record_id = ANY (%s) AND person_id = %s").format(
                    sql.Identifier(kind.table)
                ),
                [person, records, before],
            )


def held_under(connection: psycopg.Connection, account: str) -> list[tuple[str, str, str, str]]:
    """(system, kind, key, payload) of the bare records that wait for this account's person."""
    rows = connection.execute(
        "SELECT s.system, s.kind, s.key, s.payload, s.record_id FROM people_recordclaim c"
        " JOIN people_sourcerecord s ON s.id = c.source_record_id"
        " WHERE c.account = %s AND c.person_id IS NULL AND c.name IS NULL ORDER BY c.record",
        [account],
    )
    return [(system, kind, key, shown_payload(payload, record)) for system, kind, key, payload, record in rows]


def adopt(
    connection: psycopg.Connection, record: UUID, person: UUID | None, by: str, now: datetime
) -> tuple[int, UUID]:
    """Give a held record to a person; returns its version and its stored row."""
    found = connection.execute(
        "UPDATE people_recordclaim SET person_id = %s WHERE record_id = %s RETURNING version, source_record_id",
        [person, record],
    ).fetchone()
    assert found is not None
    links = Writes(connection)
    link(links, record, person, BY_ACCOUNT, by, now)
    links.flush()
    return found[0], found[1]


def review_pairs(connection: Writes, run: int, record: str, match: Match) -> None:
    """Put the record before officers beside whom it may be."""
    for one in match.candidates:
        connection.execute(
            "INSERT INTO people_reviewpair (id, record_id, other_record_id, weight, evidence, reason, run_id, decision)"
            " VALUES (md5(%s)::uuid, md5(%s)::uuid, md5(%s)::uuid, %s, %s, %s, %s, '') ON CONFLICT (id) DO NOTHING",
            [f"{record}|{one.record}", record, one.record, one.weight, Jsonb(dict(one.evidence or {})), one.reason,
             run],
        )  # fmt: skip


def last_reason(connection: psycopg.Connection, record: UUID) -> str:
    """Why the record was held when it was judged last."""
    found = connection.execute(
        "SELECT reason FROM people_link WHERE record_id = %s ORDER BY id DESC LIMIT 1", [record]
    ).fetchone()
    return str(found[0]) if found else ""


def _source(record: UUID, version: int) -> str:
    return hashlib.md5(f"{record}/{version}".encode(), usedforsecurity=False).hexdigest()
