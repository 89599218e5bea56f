"""Calling the database's functions about officers, and naming what they refuse.

The functions (officers/sql) are the rules; this only passes arguments and turns their codes into exceptions.
"""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection


class Refused(PermissionError):
    """The database refused; `code` is the SQLSTATE that the function in officers/sql documents."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refusal_in(error: DatabaseError) -> Refused | None:
    """The refusal that a database error is; None for any other error."""
    code = getattr(error.__cause__, "sqlstate", None) or ""
    return Refused(code) if code.startswith("PC4") else None


def call(function: str, *arguments: Any) -> Any:
    """The single value of a function of the schema `access`. Raises Refused."""
    rows = call_rows(function, *arguments)
    return rows[0][0] if rows else None


def call_rows(function: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """All rows of a function of the schema `access`. Raises Refused."""
    places = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"SELECT * FROM access.{function}({places})", list(arguments))  # noqa: S608 - our own names
        except DatabaseError as error:
            refused = refusal_in(error)
            if refused is None:
                raise
            raise refused from error
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
