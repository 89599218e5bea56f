"""What is read about one person, described so that several reads go to the database in one trip.

A feature says its statement and what is made of the rows; `of` reads alone, inside an access opened by others;
access.open_and_read opens one for many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from pccovid.foundation.one_trip import Rows, Statement

Made = TypeVar("Made", covariant=True)
_SOMEBODY = UUID(int=0)


@dataclass(frozen=True)
class Read(Generic[Made]):
    """Statements about a person, and what is made of the rows of each; `make` takes the person, then the rows."""

    statements: Callable[[UUID], tuple[Statement, ...]]
    make: Callable[..., Made]

    def of(self, person: UUID) -> Made:
        """Read alone, in the access that is open."""
        answers = []
        with connection.cursor() as cursor:
            for sql, params in self.statements(person):
                cursor.execute(sql, params)
                answers.append(cursor.fetchall())
        return self.make(person, *answers)


def by_sql(sql: str, make: Callable[[UUID, Rows], Made]) -> Read[Made]:
    """A statement with the person at each %(person)s."""
    return Read(lambda person: ((sql, {"person": person}),), make)


def by_queryset(
    rows_of: Callable[[UUID], QuerySet[Any, Any]], make: Callable[[UUID, Rows], Made]
) -> Read[Made]:  # fmt: skip
    """The rows of a QuerySet (values_list), whose SQL is put together once. Columns of JSON come as text."""

    @cache
    def compiled() -> tuple[str, tuple[Any, ...]]:
        sql, params = rows_of(_SOMEBODY).query.sql_with_params()
        return sql, tuple(params)

    def statements(person: UUID) -> tuple[Statement, ...]:
        sql, params = compiled()
        return ((sql, [person if value == _SOMEBODY else value for value in params]),)

    return Read(statements, make)


def joined(make: Callable[..., Made], *reads: Read[Any]) -> Read[Made]:
    """One read of several; `make` takes the person, then what each of them made."""

    def statements(person: UUID) -> tuple[Statement, ...]:
        return tuple(statement for read in reads for statement in read.statements(person))

    def put_together(person: UUID, *answers: Rows) -> Made:
        return make(person, *made_of(reads, person, answers))

    return Read(statements, put_together)


def made_of(reads: Sequence[Read[Any]], person: UUID, answers: Sequence[Rows]) -> list[Any]:
    """What each read makes of its share of the answers to all their statements."""
    made, at = [], 0
    for read in reads:
        share = len(read.statements(person))
        made.append(read.make(person, *answers[at : at + share]))
        at += share
    return made
