"""Deriving golden records from claims: for the persons in the temporary table `touched`, or for a few at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from uuid import UUID

import psycopg

from pccovid.foundation.facts import about_few
from pccovid.foundation.kept_statements import Kept, kept, run_kept
from pccovid.people.sources import AGENCY_STANDINGS, SOURCES

_MADE = re.compile(r"CREATE TEMP TABLE (\w+) ON COMMIT DROP AS\s+(.+)", re.DOTALL)
_HELPS_MANY = ("CREATE", "ANALYZE")
_AFTERWARDS, _WAITED_FOR = "WHERE TRUE", "WHERE (SELECT count(*) FROM {}) >= 0"
_RANKED = "SELECT * FROM unnest(%(ranked)s::text[], %(ranks)s::integer[]) AS s (system, rank)"


def refresh_touched(connection: psycopg.Connection) -> None:
    """Derive attributes, identifiers and contact points of every person in `touched` anew.

    Must run inside the transaction that made `touched (person_id uuid)`. Writes only what differs.
    """
    connection.execute("CREATE TEMP TABLE source_rank (system text PRIMARY KEY, rank integer) ON COMMIT DROP")
    connection.execute("INSERT INTO source_rank SELECT * FROM unnest(%s::text[], %s::integer[])", _ranks())
    connection.execute(_golden_sql().encode())


def refresh_few(connection: psycopg.Connection, persons: Sequence[UUID]) -> None:
    """The same for a few persons: one prepared statement without temporary tables, whose making costs one record more
    than deriving it. Nothing is waited for in a pipeline."""
    run_kept(connection, _statement_for_few(), {"touched": list(persons), **_ranks_as_text()})


@cache
def _ranks_as_text() -> dict[str, str]:
    """The ranks as PostgreSQL writes arrays, made once: names of systems need no escapes."""
    systems, ranks = _ranks()
    return {"ranked": f"{{{','.join(systems)}}}", "ranks": f"{{{','.join(map(str, ranks))}}}"}


@cache
def _ranks() -> tuple[list[str], list[int]]:
    ranks = {name: source.rank for name, source in SOURCES.items()}
    ranks |= {standing: rank for standing, (rank, _) in AGENCY_STANDINGS.items()}
    return list(ranks), list(ranks.values())


@cache
def _golden_sql() -> str:
    return (files("pccovid.people") / "sql" / "golden.sql").read_text(encoding="utf-8")


@cache
def _statement_for_few() -> Kept:
    """golden.sql as one statement: its temporary tables, and whatever it writes, as parts.

    Parts of a statement run in no order that one could rely on. So what is inserted asks the deletion before it how
    many rows it took away, which makes it wait.
    """
    parts = {"source_rank": _RANKED}
    deletion = ""
    for number, statement in enumerate(_split(_golden_sql())):
        made = _MADE.fullmatch(statement)
        if made is not None:
            parts[made[1]] = made[2]
        elif not statement.startswith(_HELPS_MANY):
            written, text = f"written_{number}", statement
            if statement.startswith("DELETE"):
                deletion, text = written, f"{statement} RETURNING 1"
            elif _AFTERWARDS in statement:
                text = statement.replace(_AFTERWARDS, _WAITED_FOR.format(deletion))
            parts[written] = text
    return kept(about_few(f"WITH {', '.join(map(_part, parts, parts.values()))} SELECT 1"))


def _part(name: str, query: str) -> str:
    return f"{name} AS ({query})" if name.startswith("written_") else f"{name} AS MATERIALIZED ({query})"


def _split(script: str) -> list[str]:
    lines = "\n".join(line.partition("--")[0].rstrip() for line in script.splitlines())
    return [statement.strip() for statement in lines.split(";") if statement.strip()]
