"""Keys of which two rows of one person nearly always share one, whatever was misspelt, and their numbers of pairs."""

from __future__ import annotations

import duckdb

from pccovid.linkage.anybody.person_files import NUMBERS
from pccovid.linkage.workspace import count

Key = tuple[str, ...]
"""Columns of a table of people, or beginnings and ends of them, that both records have alike."""
MOST_PAIRS_A_ROW = 30
"""A key that would give more pairs to look at than this for each row is left out."""
KEYS: tuple[Key, ...] = (
    *((number,) for number in NUMBERS),
    ("born", "given"), ("born", "family"), ("given", "family"), ("words",), ("born", "commune"), ("born", "sex"),
    ("year", "given"), ("year", "family"), ("month_day", "given"), ("month_day", "family"), ("address",),
    ("born", "left(address, 6)"), ("given", "left(address, 8)"), ("family", "left(address, 8)"), ("born",),
    ("given", "right(address, 8)"), ("family", "right(address, 8)"), ("left(address, 8)", "right(address, 8)"),
    ("left(given, 3)", "right(address, 12)"), ("left(family, 3)", "right(address, 12)"),
    ("given", "commune"), ("family", "commune"), ("year", "left(given, 3)", "left(family, 3)"),
    ("left(given, 3)", "left(family, 3)"), ("month_day", "left(given, 2)"), ("year", "commune", "left(given, 1)"),
)  # fmt: skip


def keys_of(
    db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], filled: set[str], keys: tuple[Key, ...] = KEYS
) -> list[Key]:
    """Those keys of filled columns that do not give too many pairs."""
    most = MOST_PAIRS_A_ROW * sum(count(db, f"SELECT count(*) FROM {table}") for table in tables)
    usable = (key for key in keys if {_column(part) for part in key} <= filled)
    return [key for key in usable if pairs_of(db, tables, key) <= most]


def pairs_of(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], key: Key) -> int:
    """How many pairs share a key, of one table or of two."""
    sizes = [
        f"SELECT {', '.join(f'{part} AS k{place}' for place, part in enumerate(key))}, count(*) AS n FROM {table}"
        f" WHERE {' AND '.join(f'{part} IS NOT NULL' for part in key)} GROUP BY ALL"
        for table in tables
    ]
    if len(tables) == 1:
        return count(db, f"SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM ({sizes[0]})")
    using = ", ".join(f"k{place}" for place in range(len(key)))
    return count(db, f"SELECT coalesce(sum(a.n * b.n), 0) FROM ({sizes[0]}) a JOIN ({sizes[1]}) b USING ({using})")


def pairs_sharing_any(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], keys: list[Key]) -> int:
    """How many pairs share at least one of the keys."""
    left, right = tables[0], tables[-1]
    order = "" if len(tables) > 1 else "AND l.unique_id < r.unique_id"
    shared = " UNION ".join(
        f"SELECT l.unique_id AS l, r.unique_id AS r FROM {left} l JOIN {right} r"
        f" ON {' AND '.join(f'l.{column} = r.{column}' for column in key)} {order}"
        for key in keys
    )
    return count(db, f"SELECT count(*) FROM ({shared})") if keys else 0


def _column(part: str) -> str:
    return part.removeprefix("left(").removeprefix("right(").split(",")[0]
