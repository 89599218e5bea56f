"""Bringing stored rows under the keys that write now: after a rotation, and where an upgrade finds bare values.

Rows are rewritten in small transactions, each of which others may follow; whoever interrupts it loses one batch, and
the next run passes over what is done. Nobody has to stop: rows are read under old and new keys alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from pccovid.foundation.sealing import Sealer

BATCH_ROWS = 2_000
# Shorter than the server's deadlock_timeout: it is always the rewriting that gives way, never an import.
_PATIENCE = "400ms"
_TRIES = 600

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Rewriting:
    """One table: its key column, what is read of a row, which columns are written, and the rule between them."""

    table: str
    key: str
    key_type: str
    reads: tuple[str, ...]
    writes: dict[str, str]
    """Column → PostgreSQL type."""
    rewrite: Callable[[Row, Sealer], Row | None]
    """Values of `reads` → values of `writes`, or None for a row that is as it should be."""


@dataclass(frozen=True)
class SealedColumn:
    """A text column that lies sealed and is never searched."""

    table: str
    column: str
    about: str
    key: str = "id"
    key_type: str = "uuid"

    def rewriting(self) -> Rewriting:
        return Rewriting(self.table, self.key, self.key_type, (self.column,), {self.column: "text"}, self._rewrite)

    def _rewrite(self, row: Row, keys: Sealer) -> Row | None:
        (text,) = row
        if not isinstance(text, str) or text.startswith(keys.sealed_prefix):
            return None
        return (keys.seal(keys.reveal(text, self.about), self.about),)


_columns: list[SealedColumn] = []


def register_sealed(*columns: SealedColumn) -> None:
    """Make a feature's sealed columns known to rotation; each feature does so when it starts."""
    _columns.extend(column for column in columns if column not in _columns)


def registered_sealed() -> tuple[SealedColumn, ...]:
    """Every sealed column outside the person index and its facts."""
    return tuple(_columns)


def rewrite_all(
    connection: psycopg.Connection, rewriting: Rewriting, keys: Sealer, *, batch: int = BATCH_ROWS
) -> Iterator[tuple[int, int]]:
    """Bring every row of the table under the active keys; yields (rows looked at, rows rewritten) of each batch.

    `connection` is the owner's, in autocommit: each batch is a transaction of its own.
    """
    last: object = None
    while True:
        rows = _batch(connection, rewriting, keys, last, batch)
        if rows is None:
            return
        last, looked_at, rewritten = rows
        yield looked_at, rewritten


def _batch(
    connection: psycopg.Connection, rewriting: Rewriting, keys: Sealer, after: object, batch: int
) -> tuple[object, int, int] | None:
    for _ in range(_TRIES):
        try:
            with connection.transaction():
                return _rewrite_batch(connection, rewriting, keys, after, batch)
        except psycopg.errors.LockNotAvailable:
            time.sleep(0.5)
    raise psycopg.errors.LockNotAvailable(f"rows of {rewriting.table} stay locked by another transaction")


def _rewrite_batch(
    connection: psycopg.Connection, rewriting: Rewriting, keys: Sealer, after: object, batch: int
) -> tuple[object, int, int] | None:
    connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(_PATIENCE)))
    rows = connection.execute(_select(rewriting, after is not None), {"after": after, "batch": batch}).fetchall()
    if not rows:
        return None
    changed = [(row[0], *new) for row in rows if (new := rewriting.rewrite(row[1:], keys)) is not None]
    if changed:
        connection.execute(_update(rewriting), [list(column) for column in zip(*changed, strict=True)])
    return rows[-1][0], len(rows), len(changed)


def _select(rewriting: Rewriting, is_continued: bool) -> sql.Composed:
    return sql.SQL("SELECT {key}, {reads} FROM {table} {where} ORDER BY {key} LIMIT %(batch)s FOR UPDATE").format(
        key=sql.Identifier(rewriting.key), reads=_names(rewriting.reads), table=_table(rewriting),
        where=sql.SQL("WHERE {} > %(after)s").format(sql.Identifier(rewriting.key)) if is_continued else sql.SQL(""),
    )  # fmt: skip


def _update(rewriting: Rewriting) -> sql.Composed:
    types = [rewriting.key_type, *rewriting.writes.values()]
    aliases = [f"n{place}" for place in range(len(types))]
    return sql.SQL("UPDATE {table} t SET {sets} FROM unnest({arrays}) AS n({aliases}) WHERE t.{key} = n.n0").format(
        table=_table(rewriting), key=sql.Identifier(rewriting.key), aliases=_names(aliases),
        arrays=sql.SQL(", ").join(sql.SQL(f"%s::{kind}[]") for kind in types),
        sets=sql.SQL(", ").join(
            sql.SQL("{} = n.{}").format(sql.Identifier(column), sql.Identifier(alias))
            for column, alias in zip(rewriting.writes, aliases[1:], strict=True)
        ),
    )  # fmt: skip


def _names(names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))


def _table(rewriting: Rewriting) -> sql.Identifier:
    return sql.Identifier(*rewriting.table.split("."))
