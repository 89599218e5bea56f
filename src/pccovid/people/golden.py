"""Deriving golden records from claims, for the persons in the temporary table `touched`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import psycopg

from pccovid.people.sources import AGENCY_STANDINGS, SOURCES


def refresh_touched(connection: psycopg.Connection, *, are_few: bool = False) -> None:
    """Derive attributes, identifiers and contact points of every person in `touched` anew.

    Must run inside the transaction that made `touched (person_id uuid)`. Writes only what differs. `are_few`: without
    the indexes that help many persons and cost one more than they help.
    """
    ranks = [(name, source.rank) for name, source in SOURCES.items()]
    ranks += [(standing, rank) for standing, (rank, _) in AGENCY_STANDINGS.items()]
    connection.execute("CREATE TEMP TABLE source_rank (system text PRIMARY KEY, rank integer) ON COMMIT DROP")
    connection.execute(
        "INSERT INTO source_rank SELECT * FROM unnest(%s::text[], %s::integer[])",
        [*map(list, zip(*ranks, strict=True))],
    )
    connection.execute(_golden_sql(are_few))


@cache
def _golden_sql(are_few: bool) -> bytes:
    lines = (files("pccovid.people") / "sql" / "golden.sql").read_bytes().splitlines()
    return b"\n".join(line for line in lines if not (are_few and line.endswith(b"-- for many")))
