"""The reference of the exchange's benches: the same rows, inserted one by one into tables without an index."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

from pccovid.config.benches.scratch import Progress

_TABLES = ("people_sourcerecord", "people_recordclaim", "people_link", "vaccination_dose", "lab_tests_test")


_MOST = 2_000


def bare_seconds(url: str, system: str, times: int, progress: Progress) -> list[float]:
    """Seconds of each of so many transactions that write the rows a system left, into tables without an index.

    Of more than 2,000 the first 2,000, with the rows that fall to each.
    """
    share, times = min(1.0, _MOST / times), min(times, _MOST)
    with psycopg.connect(url) as connection:
        rows = {table: _rows_of(connection, table, system, share) for table in _TABLES}
        for table in _TABLES:
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(f"bare_{table}")))
            connection.execute(
                sql.SQL("CREATE TABLE {} AS SELECT * FROM {} WITH NO DATA").format(
                    sql.Identifier(f"bare_{table}"), sql.Identifier(table)
                )
            )
    inserts = {table: _insert(table, rows[table][0]) for table in _TABLES if rows[table]}
    took = []
    with psycopg.connect(url, autocommit=True) as connection:
        for number in range(times):
            begun = time.perf_counter()
            with connection.transaction():
                for table, statement in inserts.items():
                    for row in _share(rows[table], number, times):
                        connection.execute(statement, row, prepare=True)
            took.append(time.perf_counter() - begun)
            progress("inserting the same rows", (number + 1) / times)
    return took


def _rows_of(connection: psycopg.Connection, table: str, system: str, share: float) -> list[tuple[Any, ...]]:
    """What a system's messages left in a table, as text that goes in as it came out."""
    where = {"people_link": "record_id IN (SELECT record_id FROM people_sourcerecord WHERE system = %s)"}.get(
        table, "source_system = %s" if table.endswith(("dose", "test")) else "system = %s"
    )
    columns = connection.execute(
        "SELECT string_agg(format('%%I::text', attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [table],
    ).fetchone()
    assert columns is not None
    there = connection.execute(sql.SQL(f"SELECT count(*) FROM {table} WHERE {where}"), [system]).fetchone()  # noqa: S608
    assert there is not None
    query = sql.SQL(f"SELECT {columns[0]} FROM {table} WHERE {where} LIMIT %s")  # noqa: S608
    return connection.execute(query, [system, math.ceil(there[0] * share)]).fetchall()


def _insert(table: str, row: tuple[Any, ...]) -> sql.Composed:
    places = sql.SQL(", ").join([sql.Placeholder()] * len(row))
    return sql.SQL("INSERT INTO {} VALUES ({})").format(sql.Identifier(f"bare_{table}"), places)


def _share(rows: Sequence[tuple[Any, ...]], number: int, of: int) -> Sequence[tuple[Any, ...]]:
    """The part of the rows that one of so many transactions writes."""
    return rows[len(rows) * number // of : len(rows) * (number + 1) // of]
