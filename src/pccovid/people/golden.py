"""Deriving golden records from claims, for the persons in the temporary table `touched`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import psycopg

from pccovid.people.sources import AGENCY_STANDINGS, SOURCES


def refresh_touched(connection: psycopg.Connection) -> None:
    """Derive attributes, identifiers and contact points of every person in `touched` anew.

    Must run inside the transaction that made `touched (person_id uuid)`. Writes only what differs.
    """
    connection.execute("CREATE TEMP TABLE source_rank (system text PRIMARY KEY, rank integer) ON COMMIT DROP")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO source_rank VALUES (%s, %s)",
            [
                *((name, source.rank) for name, source in SOURCES.items()),
                *((standing, rank) for standing, (rank, _) in AGENCY_STANDINGS.items()),
            ],
        )
    connection.execute(_golden_sql())


@cache
def _golden_sql() -> bytes:
    return (files("pccovid.people") / "sql" / "golden.sql").read_bytes()
