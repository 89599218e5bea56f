"""The statements by which one arriving record is written, each as publish.sql writes the same for a whole delivery."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from pccovid.carry_over.staging import claim_values
from pccovid.carry_over.statements import CLAIM_FIELDS
from pccovid.connectors.rows import ParsedRow
from pccovid.foundation.facts import StagedFact
from pccovid.foundation.kept_statements import Kept, kept, run_kept
from pccovid.foundation.sealing import Sealer
from pccovid.linkage.one_record.answer import Match
from pccovid.people.numbers import sealed_payload, shown_payload

_CLAIM_COLUMNS = (
    "record_id", "record", "system", "kind", "source_record_id", "content_hash", "version", "person_id",
    "is_about_nobody", *CLAIM_FIELDS, "sealed",
)  # fmt: skip
_FACT_COLUMNS = ("person_id", "record_id", "source_record_id", "source_system", "provenance", "recorded_at")
_PLACE = "place"
_CONFLICTS = {
    "people_recordclaim": "(record_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _CLAIM_COLUMNS[4:]),
    "people_unplacedrow": "(id) DO UPDATE SET resolved_at = NULL, resolution = '', outcome = excluded.outcome,"
    " reason = excluded.reason",
    "people_reviewpair": "(id) DO NOTHING",
}
_BEFORE_FACTS = ("people_person", "people_sourcerecord", "people_link", "people_recordclaim")
_AFTER_FACTS = ("people_unplacedrow", "people_reviewpair")
BY_ACCOUNT = Match("exact", None, None, None, None, {"account": {"level": "same", "weight": 0.0}}, (), "account")


class Writes:
    """What is to be written, gathered: of each table all rows by one statement, and all statements at once.

    In a pipeline nothing is waited for. Rows go as JSON, so one prepared statement serves any number of them.
    """

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._rows: dict[str, dict[object, Mapping[str, Any]]] = {}
        self._ended: list[tuple[bytes, Sequence[Any]]] = []
        self._resolved: dict[UUID, tuple[str, datetime]] = {}

    def add(self, table: str, key: object, row: Mapping[str, Any]) -> None:
        """Note a row; a later one of the same key takes its place."""
        self._rows.setdefault(table, {})[key] = row

    def end(self, query: bytes, values: Sequence[Any]) -> None:
        """Note a statement that ends older facts; before new ones are written."""
        self._ended.append((query, values))

    def resolve(self, record: UUID, decision: str, now: datetime) -> None:
        """Note that what was held of a record is settled."""
        self._resolved[record] = decision, now

    def has(self, record: UUID) -> bool:
        """Whether something about the record waits to be written: whoever writes of it again flushes first."""
        return record in self._rows.get("people_recordclaim", ()) or record in self._resolved

    def flush(self) -> bool:
        """Write what was gathered, in the order in which one row leans on another; whether there was anything."""
        if not (self._rows or self._ended or self._resolved):
            return False
        facts = sorted(self._rows.keys() - {*_BEFORE_FACTS, *_AFTER_FACTS})
        if self._ended:
            self._insert(_BEFORE_FACTS)
            for query, values in self._ended:
                self._connection.execute(query, values, prepare=True)
            self._insert((*facts, *_AFTER_FACTS))
        else:
            self._insert((*_BEFORE_FACTS, *facts, *_AFTER_FACTS))
        if self._resolved:
            self._connection.execute(_RESOLVE, _resolutions(self._resolved), prepare=True)
        self._rows, self._ended, self._resolved = {}, [], {}
        return True

    def _insert(self, tables: Iterable[str]) -> None:
        """Insert what was gathered for these tables by one statement: what each one costs by itself is more than a row
        costs. References are checked, and triggers fire, when all of it stands."""
        rows = {table: list(self._rows[table].values()) for table in tables if self._rows.get(table)}
        if rows:
            statement = _insertions(tuple((table, tuple(one[0])) for table, one in rows.items()))
            run_kept(self._connection, statement, {table: _as_json(one) for table, one in rows.items()})


_RESOLVE = b"""
UPDATE people_unplacedrow u SET resolved_at = r.at, resolution = r.decision
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS r (record, decision, at)
WHERE u.record_id = r.record AND u.resolved_at IS NULL"""


def _resolutions(resolved: Mapping[UUID, tuple[str, datetime]]) -> list[list[Any]]:
    return [list(resolved), [decision for decision, _ in resolved.values()], [at for _, at in resolved.values()]]


@lru_cache(maxsize=256)
def _insertions(tables: tuple[tuple[str, tuple[str, ...]], ...]) -> Kept:
    """One statement that inserts into tables the columns named; a parameter for each, of the table's name."""
    parts = [f"written_{number} AS ({_insertion(*one)})" for number, one in enumerate(tables)]
    return kept(f"WITH {', '.join(parts)} SELECT 1")


def _insertion(table: str, columns: tuple[str, ...]) -> str:
    conflict = _CONFLICTS.get(table)
    if conflict is None and "source_record_id" in columns:
        conflict = "(id) DO NOTHING"  # a fact: its id is made of what it was read from
    return sql.SQL("INSERT INTO {0} ({1}) SELECT {1} FROM json_populate_recordset(NULL::{0}, {2}::json){3}").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns)), sql.Placeholder(table),
        sql.SQL(f" ON CONFLICT {conflict}" if conflict else ""),
    ).as_string()  # fmt: skip


def _as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"), default=_in_json)


def _in_json(value: object) -> object:
    """A value as PostgreSQL reads it out of JSON."""
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, Jsonb):
        return value.obj
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def source_record(
    writes: Writes, run: int, row: ParsedRow, record: UUID, version: int, mark: bytes, now: datetime, keys: Sealer
) -> None:
    """The row as it came, sealed, as the record's next version."""
    source = _source(record, version)
    writes.add("people_sourcerecord", source, {
        "id": source, "record_id": record, "system": row.system, "kind": row.kind, "key": row.key, "version": version,
        "payload": sealed_payload(row.payload, record, keys), "content_hash": mark, "received_at": now, "run_id": run,
    })  # fmt: skip


def link(writes: Writes, record: UUID, person: UUID | None, match: Match, by: str, now: datetime) -> None:
    """The decision about whose it is; the last one of a record holds."""
    writes.add("people_link", record, {
        "record_id": record, "person_id": person, "decision": "held" if person is None else match.decision,
        "weight": match.weight, "evidence": dict(match.evidence or {}),
        "reason": match.reason or ("" if person else match.decision), "model_version": "", "decided_by": by,
        "decided_at": now,
    })  # fmt: skip


def claim(
    writes: Writes, row: ParsedRow, record: UUID, version: int, mark: bytes, person: UUID | None, keys: Sealer
) -> None:
    """What the newest version claims, and the person it is linked to now."""
    assert row.claim is not None
    *values, sealed = claim_values(row.claim, keys)
    origin = (record, f"{row.system}:{row.kind}:{row.key}", row.system, row.kind, _source(record, version), mark,
              version, person, False)  # fmt: skip
    seals = json.loads(sealed) if isinstance(sealed, str) else None
    writes.add("people_recordclaim", record, dict(zip(_CLAIM_COLUMNS, (*origin, *values, seals), strict=True)))


def person(writes: Writes, made: UUID, now: datetime) -> None:
    """Open a person; their attributes are derived from claims."""
    writes.add("people_person", made, {
        "id": made, "is_identity_verified": False, "attribute_sources": {}, "created_at": now,
    })  # fmt: skip


def is_alone(connection: psycopg.Connection, person: UUID, record: str) -> bool:
    """Whether nothing but this record, and what hangs on it as its account, is the person's."""
    found = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM people_recordclaim WHERE person_id = %s AND record <> %s"
        " AND account IS DISTINCT FROM %s)",
        [person, record, record],
    ).fetchone()
    return found == (False,)


def supersede(writes: Writes, facts: Iterable[StagedFact], record: UUID, source: UUID, now: datetime) -> None:
    """End the facts of the record's older versions."""
    for fact in facts:
        if fact.name != _PLACE:
            writes.end(_supersede_statement(fact.table), [now, record, source])


@lru_cache(maxsize=64)
def _supersede_statement(table: str) -> bytes:
    return (
        sql.SQL(
            "UPDATE {} SET superseded_at = %s WHERE record_id = %s AND source_record_id <> %s AND superseded_at IS NULL"
        )
        .format(sql.Identifier(table))
        .as_bytes()
    )


def fact(
    writes: Writes, kind: StagedFact, values: tuple[object, ...], made: UUID, origin: tuple[object, ...], keys: Sealer
) -> None:
    """One fact with its origin (`_FACT_COLUMNS`)."""
    columns = _columns(kind)
    written = {name: _stored(kind, name, value, keys) for name, value in zip(columns, values, strict=True)}
    writes.add(kind.table, made, {"id": made, **dict(zip(_FACT_COLUMNS, origin, strict=True)), **written})


def _stored(kind: StagedFact, name: str, value: object, keys: Sealer) -> object:
    return keys.seal(value, kind.about(name)) if name in kind.sealed and isinstance(value, str) else value


@lru_cache(maxsize=64)
def _columns(kind: StagedFact) -> dict[str, str]:
    return kind.columns


def unplaced(
    writes: Writes, run: int, row: ParsedRow, record: UUID, outcome: str, reason: str, evidence: Mapping[str, Any],
    keys: Sealer,
) -> None:  # fmt: skip
    """A held or rejected row, whole, with its reason; what came before exactly so is open again, not there twice."""
    digest = hashlib.md5(row.payload.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    number = _id(f"exchange/{record}/{digest}")
    writes.add("people_unplacedrow", number, {
        "id": number, "run_id": run, "file_name": row.kind, "row_no": 0, "system": row.system, "kind": row.kind,
        "key": row.key, "record_id": record, "outcome": outcome, "reason": reason,
        "payload": sealed_payload(row.payload, record, keys), "evidence": dict(evidence), "resolution": "",
    })  # fmt: skip


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


def review_pairs(writes: Writes, run: int, record: str, match: Match) -> None:
    """Put the record before officers beside whom it may be."""
    for one in match.candidates:
        number = _id(f"{record}|{one.record}")
        writes.add("people_reviewpair", number, {
            "id": number, "record_id": _id(record), "other_record_id": _id(one.record), "weight": one.weight,
            "evidence": dict(one.evidence or {}), "reason": one.reason, "run_id": run, "decision": "",
        })  # fmt: skip


def last_reason(connection: psycopg.Connection, record: UUID) -> str:
    """Why the record was held when it was judged last."""
    found = connection.execute(
        "SELECT reason FROM people_link WHERE record_id = %s ORDER BY id DESC LIMIT 1", [record]
    ).fetchone()
    return str(found[0]) if found else ""


def _source(record: UUID, version: int) -> str:
    return _id(f"{record}/{version}")


def _id(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
