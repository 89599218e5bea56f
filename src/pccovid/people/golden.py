"""Deriving golden records from claims: for the persons in the temporary table `touched`, or for a few at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from uuid import UUID

import psycopg

from pccovid.foundation.facts import about_few
from pccovid.people.sources import AGENCY_STANDINGS, SOURCES

_MADE = re.compile(r"CREATE TEMP TABLE (\w+) ON COMMIT DROP AS\s+(.+)", re.DOTALL)
_HELPS_MANY = ("CREATE", "ANALYZE")
_RANKED = "SELECT * FROM unnest(%(ranked)s::text[], %(ranks)s::integer[]) AS s (system, rank)"


def refresh_touched(connection: psycopg.Connection) -> None:
    """Derive attributes, identifiers and contact points of every person in `touched` anew.

    Must run inside the transaction that made `touched (person_id uuid)`. Writes only what differs.
    """
    connection.execute("CREATE TEMP TABLE source_rank (system text PRIMARY KEY, rank integer) ON COMMIT DROP")
    connection.execute("INSERT INTO source_rank SELECT * FROM unnest(%s::text[], %s::integer[])", _ranks())
    connection.execute(_golden_sql().encode())


def refresh_few(connection: psycopg.Connection, persons: Sequence[UUID]) -> None:
    """The same for a few persons: prepared statements without temporary tables, whose making costs one record more
    than deriving it. Nothing is waited for in a pipeline."""
    ranked, ranks = _ranks()
    for statement in _statements_for_few():
        connection.execute(statement, {"touched": list(persons), "ranked": ranked, "ranks": ranks}, prepare=True)


@cache
def _ranks() -> tuple[list[str], list[int]]:
    ranks = {name: source.rank for name, source in SOURCES.items()}
    ranks |= {standing: rank for standing, (rank, _) in AGENCY_STANDINGS.items()}
    return list(ranks), list(ranks.values())


@cache
def _golden_sql() -> str:
    return (files("pccovid.people") / "sql" / "golden.sql").read_text(encoding="utf-8")


@cache
def _statements_for_few() -> tuple[bytes, ...]:
    """Every statement of golden.sql that writes, with the temporary tables it reads as parts of itself."""
    parts = {"source_rank": _RANKED}
    written = []
    for statement in _split(_golden_sql()):
        made = _MADE.fullmatch(statement)
        if made is not None:
            parts[made[1]] = made[2]
        elif not statement.startswith(_HELPS_MANY):
            written.append(statement)
    return tuple(about_few(_with_parts(statement, parts)).encode() for statement in written)


def _split(script: str) -> list[str]:
    lines = "\n".join(line.partition("--")[0].rstrip() for line in script.splitlines())
    return [statement.strip() for statement in lines.split(";") if statement.strip()]


def _with_parts(statement: str, parts: dict[str, str]) -> str:
    used = dict(_used(statement, parts))
    return (
        "WITH "
        + ", ".join(f"{name} AS MATERIALIZED ({used[name]})" for name in parts if name in used)
        + " "
        + statement
    )


def _used(text: str, parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The parts that a text names, and those that these name."""
    for name, query in parts.items():
        if re.search(rf"\b{name}\b", text):
            yield name, query
            yield from _used(query, {other: parts[other] for other in parts if other != name})
