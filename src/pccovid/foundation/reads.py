"""What is read about one person, described so that several reads go to the database in one trip.

A feature says its statement and what is made of the rows; `of` reads alone, inside an access opened by others;
access.open_and_read opens one for many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from pccovid.foundation.one_trip import Rows, Statement

Made = TypeVar("Made", covariant=True)
NOBODY = UUID(int=0)
"""Stands for the person where it is not known yet, or does not matter, who that is."""
_FAMILY = "access.own_view_persons() WITH ORDINALITY family (person, name, place)"
_FAMILY_ALONE: Statement = (f"SELECT family.person FROM {_FAMILY} ORDER BY family.place", [])  # noqa: S608
_PLACE = re.compile("%s")
Family = Mapping[UUID, tuple[Made, ...]]
"""What was read of the person and of each child, by whom it is about."""


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


def by_number(sql: str, number: int, make: Callable[[UUID, Rows], Made]) -> Read[Made]:
    """A statement about something of the person's, with its number at the one %s."""
    return Read(lambda _: ((sql, [number]),), make)


def by_queryset(
    rows_of: Callable[[UUID], QuerySet[Any, Any]], make: Callable[[UUID, Rows], Made]
) -> Read[Made]:  # fmt: skip
    """The rows of a QuerySet (values_list), whose SQL is put together once. Columns of JSON come as text."""

    @cache
    def compiled() -> tuple[str, tuple[Any, ...]]:
        sql, params = rows_of(NOBODY).query.sql_with_params()
        return sql, tuple(params)

    def statements(person: UUID) -> tuple[Statement, ...]:
        sql, params = compiled()
        return ((sql, [person if value == NOBODY else value for value in params]),)

    return Read(statements, make)


def of_family(function: str, make: Callable[[Any], Made]) -> Read[Family[Made]]:
    """Rows of a function of the schema `access` about the person and each child of theirs, by whom they are about."""
    sql = f"SELECT family.person, r.* FROM {_FAMILY} CROSS JOIN LATERAL access.{function}(family.person) r"  # noqa: S608

    def by_person(_: UUID, rows: Rows) -> Family[Made]:
        found: dict[UUID, list[Made]] = {}
        for person, *row in rows:
            found.setdefault(person, []).append(make(row))
        return {person: tuple(made) for person, made in found.items()}

    return by_sql(sql, by_person)


def in_family(place: int) -> str:
    """Whose place in the family this is (0: the person themselves), as SQL; nobody's where there is none."""
    return f"(SELECT family.person FROM {_FAMILY} WHERE family.place = {int(place) + 1})"  # noqa: S608 - our own names


def about(read: Read[Made], whose: str) -> Read[Made]:
    """The same read about whom an expression of SQL names, so that finding out who it is takes no trip of its own."""

    def statements(_: UUID) -> tuple[Statement, ...]:
        return tuple(_asked_of(whose, *statement) for statement in read.statements(NOBODY))

    return Read(statements, read.make)


def _asked_of(whose: str, sql: str, params: Sequence[Any] | Mapping[str, Any]) -> Statement:
    if isinstance(params, Mapping):
        others = {name: value for name, value in params.items() if value != NOBODY}
        return sql.replace("%(person)s", whose), others
    left = iter(params)
    kept = [value for value in params if value != NOBODY]
    return _PLACE.sub(lambda found: whose if next(left) == NOBODY else found.group(), sql), kept


def of_each(read: Read[Made]) -> Read[tuple[Made, ...]]:
    """The same about the person and each child of theirs, in the family's order, in one statement more than for one."""
    lateral = f"SELECT family.person, r.* FROM {_FAMILY} CROSS JOIN LATERAL (%s) r"  # noqa: S608 - our own names

    def statements(_: UUID) -> tuple[Statement, ...]:
        asked = [_asked_of("family.person", *statement) for statement in read.statements(NOBODY)]
        return (_FAMILY_ALONE, *((lateral.replace("%s", sql, 1), params) for sql, params in asked))

    def by_person(_: UUID, family: Rows, *answers: Rows) -> tuple[Made, ...]:
        return tuple(
            read.make(person, *([row[1:] for row in rows if row[0] == person] for rows in answers))
            for (person,) in family
        )

    return Read(statements, by_person)


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
