"""The person index under the keys that write now: claims first, then what is derived from them, then rows as received.

Ids that are derived from a stored value follow it, since an id made from a bare number would give the number away to
whoever tries all of them; what remembers such an id (the evidence of a merge) is told the new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from pccovid.foundation.facts import registered
from pccovid.foundation.resealing import Rewriting, Row, SealedColumn, registered_sealed
from pccovid.foundation.sealing import Sealer
from pccovid.people.numbers import NUMBERS, sealed_payload, shown, shown_payload

_IDENTIFIERS = ("personal_id", "old_id", "passport", "insurance_no")


def rewritings() -> tuple[Rewriting, ...]:
    """Every table that holds sealed values, in the order in which they must be brought under new keys."""
    columns = [SealedColumn(fact.table, column, fact.about(column)) for fact in registered() for column in fact.sealed]
    return (
        Rewriting(
            "people_recordclaim", "record_id", "uuid", (*NUMBERS, "sealed", "content_hash"),
            {**dict.fromkeys(NUMBERS, "text"), "sealed": "jsonb", "content_hash": "bytea"}, _claim,
        ),
        _numbered("people_identifier"), _numbered("people_contactpoint"),
        Rewriting(
            "people_sourcerecord", "id", "uuid", ("record_id", "payload", "content_hash"),
            {"payload": "text", "content_hash": "bytea"}, _source_record,
        ),
        Rewriting(
            "people_unplacedrow", "id", "uuid", ("id", "file_name", "row_no", "record_id", "payload"),
            {"id": "uuid", "payload": "text"}, _unplaced,
        ),
        *(column.rewriting() for column in (*columns, *registered_sealed())),
    )  # fmt: skip


def retell_merges(connection: psycopg.Connection, keys: Sealer) -> None:
    """Give remembered verifications of merges that may be undone the ids their identifiers have now."""
    rows = connection.execute(
        "SELECT id, kept_id, absorbed_id, evidence FROM people_merge"
        " WHERE undone_at IS NULL AND evidence ? 'verification' ORDER BY id"
    ).fetchall()
    for merge, kept, absorbed, evidence in rows:
        renamed = dict(_renamed_ids(connection, keys, kept, absorbed))
        retold = {renamed.get(known, known): by for known, by in evidence["verification"].items()}
        if retold != evidence["verification"]:
            connection.execute(
                "UPDATE people_merge SET evidence = %s WHERE id = %s",
                [Jsonb({**evidence, "verification": retold}), merge],
            )


def drop_staged(connection: psycopg.Connection) -> None:
    """Empty the staging of unfinished imports: it was hashed under the old key. They read their files again."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'staging'").fetchall()
    for (name,) in tables:
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier("staging", name)))


def _claim(row: Row, keys: Sealer) -> Row | None:
    *stored, sealed, content_hash = row
    seals: Mapping[str, str] = sealed or {}
    mark = keys.marked_anew(content_hash)
    if _is_current(stored, seals, keys) and mark == content_hash:
        return None
    numbers = {**_bare(stored, seals), **shown(seals, keys)}
    hashes = (keys.lookup(numbers[name], name) if name in numbers else None for name in NUMBERS)
    sealed_now = {name: keys.seal(value, name) for name, value in numbers.items()}
    return (*hashes, Jsonb(sealed_now) if sealed_now else None, mark)


def _bare(stored: list[object], seals: Mapping[str, str]) -> dict[str, str]:
    """The numbers that no seal stands beside: they were written before there were seals."""
    return {name: value for name, value in _present(stored).items() if name not in seals}


def _present(stored: list[object]) -> dict[str, str]:
    return {name: value for name, value in zip(NUMBERS, stored, strict=True) if isinstance(value, str)}


def _is_current(stored: list[object], seals: Mapping[str, str], keys: Sealer) -> bool:
    present = _present(stored)
    return (
        present.keys() == seals.keys()
        and all(value.startswith(keys.lookup_prefix) for value in present.values())
        and all(seal.startswith(keys.sealed_prefix) for seal in seals.values())
    )


def _numbered(table: str) -> Rewriting:
    return Rewriting(
        table, "id", "uuid", ("id", "person_id", "system", "value", "sealed"),
        {"id": "uuid", "value": "text", "sealed": "text"}, _number,
    )  # fmt: skip


def _number(row: Row, keys: Sealer) -> Row | None:
    _, person, system, value, sealed = map(str, row)
    is_bare = row[4] is None
    if not is_bare and value.startswith(keys.lookup_prefix) and sealed.startswith(keys.sealed_prefix):
        return None
    number = value if is_bare else keys.unseal(sealed, system)
    stored = keys.lookup(number, system)
    return number_id(person, system, stored), stored, keys.seal(number, system)


def number_id(person: str, system: str, stored: str) -> UUID:
    """Id of an identifier or contact point, as sql/golden.sql derives it."""
    return _derived(f"{person}{system}{stored}")


def _source_record(row: Row, keys: Sealer) -> Row | None:
    record, payload, content_hash = row
    mark = keys.marked_anew(content_hash)
    if payload.startswith(keys.sealed_prefix) and mark == content_hash:
        return None
    return sealed_payload(shown_payload(payload, record, keys), record, keys), mark


def _unplaced(row: Row, keys: Sealer) -> Row | None:
    id_now, file_name, row_no, record, payload = row
    if not isinstance(payload, str) or payload.startswith(keys.sealed_prefix):
        return None
    of = None if record is None else str(record)
    sealed = sealed_payload(shown_payload(payload, of, keys), of, keys)
    is_derived = id_now == _unplaced_id(file_name, row_no, payload)
    return _unplaced_id(file_name, row_no, sealed) if is_derived else id_now, sealed


def _unplaced_id(file_name: object, row_no: object, payload: str) -> UUID:
    """As carry_over/sql/publish.sql derives it for a row of a file."""
    return _derived(f"{file_name}/{row_no}/{_md5(payload)}")


def _renamed_ids(connection: psycopg.Connection, keys: Sealer, *persons: UUID) -> Iterator[tuple[str, str]]:
    rows = connection.execute("SELECT sealed FROM people_recordclaim WHERE person_id = ANY (%s)", [list(persons)])
    for (sealed,) in rows:
        for system, number in shown(sealed, keys).items():
            if system in _IDENTIFIERS:
                now = keys.lookup(number, system)
                for person in map(str, persons):
                    for before in (number, *keys.lookups(number, system)):
                        yield str(number_id(person, system, before)), str(number_id(person, system, now))


def _derived(text: str) -> UUID:
    return UUID(_md5(text))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
