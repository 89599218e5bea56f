"""The mark that says which version of migrations and rules a database was prepared with.

It is the comment on the schema `access`, which only the owner can write; starting is quick where it is ours.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg import sql

_PACKAGE = Path(__file__).resolve().parent.parent


def current_mark() -> str:
    """Hash of everything that preparing a database reads: migrations, their SQL, rules, areas, the mode."""
    whole = hashlib.blake2b(digest_size=16)
    whole.update(os.environ.get("PCCOVID_MODE", "").encode())
    for path in _what_preparing_reads():
        whole.update(path.relative_to(_PACKAGE).as_posix().encode())
        whole.update(path.read_bytes())
    return f"prepared {whole.hexdigest()}"


def read_mark(connection: psycopg.Connection) -> str | None:
    """The mark on the connected database; None where it was never prepared."""
    row = connection.execute(
        "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'access'"
    ).fetchone()
    return row[0] if row else None


def mark_statement() -> sql.Composed:
    """What the owner executes once preparing has succeeded."""
    return sql.SQL("COMMENT ON SCHEMA access IS {}").format(sql.Literal(current_mark()))


def _what_preparing_reads() -> Iterator[Path]:
    yield from sorted(_PACKAGE.glob("*/migrations/*.py"))
    yield from sorted(_PACKAGE.glob("*/sql/*.sql"))
    yield from sorted((_PACKAGE / "areas" / "facts").iterdir())
    yield _PACKAGE / "foundation" / "purposes.py"
    yield _PACKAGE / "foundation" / "closing.py"
    yield _PACKAGE / "officers" / "offices.py"
    yield _PACKAGE / "breaches" / "rules.py"
    yield _PACKAGE / "places" / "rules.py"
