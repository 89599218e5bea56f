"""Facts on their way in: what a connector hands over, and how its columns look in PostgreSQL.

A feature module describes each fact that can be carried in as a NamedTuple; the table behind it has the same
column names. From that one description come the staging table, the COPY and the final INSERT.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import psycopg

from pccovid.foundation.sealing import sealer

_POSTGRES_TYPES: dict[object, str] = {
    str: "text",
    int: "integer",
    float: "double precision",
    bool: "boolean",
    date: "date",
    datetime: "timestamptz",
    tuple[str, ...]: "text[]",
    dict[str, str]: "jsonb",
}


@dataclass(frozen=True)
class StagedFact:
    """One kind of fact: its name, the final table, and the NamedTuple that carries its values."""

    name: str
    table: str
    values: type
    sealed: tuple[str, ...] = ()
    """Text columns that lie sealed in the database; foundation/sealing.py."""
    by_day: tuple[str, ...] = ()
    """Of a table partitioned by day: the columns that say which, the first that has a value."""

    def about(self, column: str) -> str:
        """What a sealed value of this column is sealed about."""
        return f"{self.table}.{column}"

    def opened(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """One row's values, in field order, with its sealed columns readable."""
        if not self.sealed:
            return values
        return tuple(
            sealer().reveal(value, self.about(name)) if name in self.sealed and isinstance(value, str) else value
            for name, value in zip(self.columns, values, strict=True)
        )

    @property
    def columns(self) -> dict[str, str]:
        """Column name → PostgreSQL type, in field order. Raises KeyError for a type that has no column type."""
        hints = typing.get_type_hints(self.values)
        return {field: _POSTGRES_TYPES[_without_none(hints[field])] for field in self.values._fields}  # type: ignore[attr-defined]


def _without_none(hint: object) -> object:
    """`X | None` → X; every column of a staged fact may be empty."""
    if isinstance(hint, types.UnionType):
        (kept,) = [option for option in typing.get_args(hint) if option is not type(None)]
        return kept
    return hint


_registered: dict[str, StagedFact] = {}


def register(*facts: StagedFact) -> None:
    """Make kinds of fact known to the import and to merge and split; each feature does so when it starts."""
    _registered.update({fact.name: fact for fact in facts})


def registered() -> tuple[StagedFact, ...]:
    """Every kind of fact that can be carried in, in order of registration."""
    return tuple(_registered.values())


_settled_by: dict[str, tuple[str, ...]] = {}
_FEW = "touched AS (SELECT unnest(%(touched)s::uuid[]) AS person_id)"


def register_settling(kind: str, *statements: str) -> None:
    """Add what must be derived anew for the persons in `touched` after facts of a kind changed hands: SQL statements.

    Each begins with WITH and holds no percent sign.
    """
    _settled_by[kind] = statements


def settle_touched(connection: psycopg.Connection) -> None:
    """Derive everything that hangs on whose a fact is anew, for the persons in the temporary table `touched`."""
    for statement in (one for statements in _settled_by.values() for one in statements):
        connection.execute(statement.encode())


def settle_few(connection: psycopg.Connection, persons: Sequence[UUID], kinds: Iterable[str]) -> None:
    """The same for a few persons and what hangs on facts of these kinds, without any temporary table: prepared, and
    nothing is waited for in a pipeline."""
    for statement in (one for kind in kinds for one in _settled_by.get(kind, ())):
        connection.execute(about_few(statement).encode(), {"touched": list(persons)}, prepare=True)


def about_few(statement: str) -> str:
    """A statement that begins with WITH, about the persons of the parameter `touched`."""
    return f"WITH {_FEW}, " + statement.strip().removeprefix("WITH ")
