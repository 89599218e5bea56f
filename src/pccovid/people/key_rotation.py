"""Rotating the keys of a database in use, and what each key still holds.

Sealing keys rotate beside everything else. While look-up keys rotate, people are found under old and new hashes, but
hashes of two keys cannot be joined in SQL: imports, merges and splits wait, and refuse until a broken-off rotation is
finished. `connection` is the owner's, in autocommit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import psycopg
from psycopg import sql

from pccovid.foundation.facts import registered
from pccovid.foundation.key_ring import (
    FAMILIES,
    LOOKUP,
    SEALING,
    begin_rotation,
    end_rotation,
    is_kept_elsewhere,
    key_ring,
)
from pccovid.foundation.resealing import BATCH_ROWS, registered_sealed, rewrite_all
from pccovid.foundation.sealing import HASHED, SEALED, sealer
from pccovid.people.numbers import NUMBERS
from pccovid.people.resealing import drop_staged, retell_merges, rewritings

BARE = "(bare)"
# The key an import holds while it reads, links and publishes (carry_over/jobs.py).
_TAKE_INDEX = "SELECT pg_advisory_lock(hashtext('pccovid carry over'))"
_LEAVE_INDEX = "SELECT pg_advisory_unlock(hashtext('pccovid carry over'))"
Progress = Callable[[str, int, int], None]
"""(table, rows looked at so far, rows rewritten so far)."""


def rotate(
    connection: psycopg.Connection,
    families: Collection[str],
    *,
    progress: Progress,
    makes_keys: bool = True,
    batch: int = BATCH_ROWS,
) -> dict[str, int]:
    """Make new keys write, or take up a rotation that broke off, and bring every row under them.

    Without `makes_keys` the keys stay as they are: for rows that an import, running meanwhile, wrote under an older
    one, and where the ring is kept elsewhere. Returns table → rows rewritten. Raises KeysAreWrong, KeyIsMissing,
    SealIsBroken; a second call goes on where a first one stopped.
    """
    takes_index = LOOKUP in families
    if takes_index:
        connection.execute(_TAKE_INDEX)
    try:
        for family in families:
            if makes_keys and not key_ring().family(family).is_rotating:
                begin_rotation(family)
        if takes_index:
            drop_staged(connection)
        rewritten = _rewrite_tables(connection, progress, batch)
        for family in families:
            if not is_kept_elsewhere() and key_ring().family(family).is_rotating:
                end_rotation(family)
    finally:
        if takes_index:
            connection.execute(_LEAVE_INDEX)
    return rewritten


def key_use(connection: psycopg.Connection) -> dict[str, dict[str, dict[str, int]]]:
    """Family → key name (or BARE) → table → rows. Reads every row; a key that holds none may be destroyed.

    Rows of an import that is not published yet count as well.
    """
    found: dict[str, dict[str, dict[str, int]]] = {family: {} for family in FAMILIES}
    for family, table, expression in (*_held_under(), *_held_in_staging(connection)):
        query = sql.SQL("SELECT key, count(*) FROM (SELECT {} AS key FROM {}) k WHERE key IS NOT NULL GROUP BY key")
        for key, rows in connection.execute(query.format(expression, sql.Identifier(*table.split(".")))).fetchall():
            found[family].setdefault(key, {})[table] = rows
    return found


def _rewrite_tables(connection: psycopg.Connection, progress: Progress, batch: int) -> dict[str, int]:
    keys = sealer()
    rewritten: dict[str, int] = {}
    for rewriting in rewritings():
        looked_at = changed = 0
        for seen, new in rewrite_all(connection, rewriting, keys, batch=batch):
            looked_at, changed = looked_at + seen, changed + new
            progress(rewriting.table, looked_at, changed)
        rewritten[rewriting.table] = rewritten.get(rewriting.table, 0) + changed
    retell_merges(connection, keys)
    return rewritten


def _held_under() -> list[tuple[str, str, sql.Composable]]:
    """(family, table, expression for the name of the key that a row is under)."""
    numbers = sql.SQL("coalesce({})").format(sql.SQL(", ").join(map(sql.Identifier, NUMBERS)))
    first_seal = sql.SQL("jsonb_path_query_first(sealed, '$.*') #>> '{{}}'").format()
    columns = [(fact.table, column) for fact in registered() for column in fact.sealed]
    columns += [(column.table, column.column) for column in registered_sealed()]
    columns += [("people_sourcerecord", "payload"), ("people_unplacedrow", "payload")]
    numbered = ("people_identifier", "people_contactpoint")
    return [
        (LOOKUP, "people_recordclaim", _key_of(numbers, HASHED)),
        (SEALING, "people_recordclaim", _key_of(first_seal, SEALED)),
        *((LOOKUP, table, _key_of(sql.Identifier("value"), HASHED)) for table in numbered),
        *((SEALING, table, _key_of(sql.Identifier("sealed"), SEALED)) for table in numbered),
        *((SEALING, table, _key_of(sql.Identifier(column), SEALED)) for table, column in columns),
    ]


def _held_in_staging(connection: psycopg.Connection) -> list[tuple[str, str, sql.Composable]]:
    tables = connection.execute(
        "SELECT 'staging.' || tablename FROM pg_tables WHERE schemaname = 'staging' AND tablename LIKE 'r%\\_row'"
    ).fetchall()
    return [(SEALING, table, _key_of(sql.Identifier("payload"), SEALED)) for (table,) in tables]


def _key_of(value: sql.Composable, mark: str) -> sql.Composed:
    return sql.SQL(
        "CASE WHEN {value} IS NULL THEN NULL WHEN starts_with({value}, {mark}) THEN split_part({value}, ':', 2)"
        " ELSE {bare} END"
    ).format(value=value, mark=sql.Literal(mark), bare=sql.Literal(BARE))
