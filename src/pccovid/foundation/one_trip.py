"""Several statements in one transaction and one round trip, by libpq's pipeline.

They are sent without waiting for one another's answers, prepared once for the life of the connection. What is sent up
to the pipeline's one synchronisation is one transaction for PostgreSQL, without a BEGIN; the first that fails undoes
all. Who watches Django's connection (execute_wrapper) sees them as one execution, whose parameters are a Together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection
from django.db.utils import ProgrammingError

Statement = tuple[str, Sequence[Any] | Mapping[str, Any]]
Rows = list[tuple[Any, ...]]


class Together(tuple[Statement, ...]):
    """Statements that go in one trip."""


def send_together(statements: Sequence[Statement]) -> list[Rows]:
    """The rows of each statement (each gives some, or none), in their order. Raises Django's database errors."""
    if connection.in_atomic_block:
        raise ProgrammingError("a trip is a transaction of its own")
    text = "; ".join(sql for sql, _ in statements)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        # What Django's own execute() calls, so that watchers are told.
        answers: list[Rows] = cursor._execute_with_wrappers(text, Together(statements), False, _run)
    return answers


def _run(_text: str, statements: Together, _many: bool, _context: object) -> list[Rows]:
    raw: psycopg.Connection = connection.connection
    with raw.pipeline():
        # Django's own cursors put values into the text; these send them beside it and keep the plan.
        cursors = [psycopg.Cursor(raw).execute(sql, params, prepare=True) for sql, params in statements]
    return [cursor.fetchall() for cursor in cursors]
