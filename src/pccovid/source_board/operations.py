"""Counting sources and noticing those that went stale, as the jobs role in autocommit; rules, as the owner."""

from __future__ import annotations

import psycopg
from django.db import connection as owner

from pccovid.source_board.rules import HAND_OVERS, RULES


def write_rules() -> None:
    """Fill the tables of rules of silence and of hand-over. As the owner, when a database is prepared."""
    with owner.cursor() as cursor:
        cursor.execute("DELETE FROM access.silence_rule")
        cursor.executemany("INSERT INTO access.silence_rule VALUES (%s, %s, %s, %s, %s, %s, %s)", RULES)
        cursor.execute("DELETE FROM access.hand_over")
        cursor.executemany("INSERT INTO access.hand_over VALUES (%s, %s, %s, %s, %s)", HAND_OVERS)


def count_sources(connection: psycopg.Connection) -> int:
    """Count anew what each source's records hold, and how late those of earlier apps are; reads every claim. Returns
    how many sources there are."""
    row = connection.execute("SELECT access.count_sources()").fetchone()
    connection.execute("SELECT access.count_own_times()")
    return int(row[0]) if row else 0


def watch_sources(connection: psycopg.Connection) -> tuple[str, ...]:
    """The sources that have gone stale since the last look; each has an alert from now until it is fresh again."""
    return tuple(source for source, _ in connection.execute("SELECT * FROM access.watch_sources()").fetchall())
