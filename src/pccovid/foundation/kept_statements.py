"""Long statements that are sent with every message, put into PostgreSQL's own form once.

psycopg keeps the converted form of short statements alone; of one above four thousand characters it looks for the
parameters anew each time, and hashes it anew to find its plan.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg

_PARAMETER = re.compile(r"%\((\w+)\)s|%%")


class Kept(NamedTuple):
    """A statement with `$1`, `$2` …, and the names of these parameters in their order."""

    text: bytes
    names: tuple[str, ...]


def kept(statement: str) -> Kept:
    """A statement written with `%(name)s`. Made once, for the text itself must be the same object each time."""
    names: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return "%" if found[1] is None else f"${names.setdefault(found[1], len(names) + 1)}"

    text = _PARAMETER.sub(numbered, statement)
    return Kept(text.encode(), tuple(names))


def run_kept(connection: psycopg.Connection, statement: Kept, values: Mapping[str, Any]) -> psycopg.Cursor[Any]:
    """Run it, prepared; in a pipeline nothing is waited for."""
    given = [values[name] for name in statement.names]
    return psycopg.RawCursor(connection).execute(statement.text, given, prepare=True)
