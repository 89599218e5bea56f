"""How likely another person has the same name, address or e-mail, value by value, in these very files."""

from __future__ import annotations

import duckdb

_SELF = 0.75
"""Taken off the people who have a value, since one of them is the very person compared: what is left for a value that
one person has is the chance of somebody who is not in the files (absolute discounting)."""
_TELLS_APART = {"given": "family", "middle": "family", "family": "given"}
"""Of people who share a value, so that a person's many rows count once."""


def count_rarity(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], column: str, *, chance: float) -> str:
    """Makes a table (the column, tf_ and its name) of the share of people who have each value; its name.

    The shares are lowered where two people would share a value more often by them than by `chance`.
    """
    other = _TELLS_APART.get(column, "words")
    rows = " UNION ALL ".join(
        f"SELECT {column}, concat_ws('|', left({other}, 3), year) AS whose FROM {table}" for table in tables
    )
    db.execute(f"""CREATE OR REPLACE TABLE rarity_of_{column} AS
        WITH shares AS (SELECT {column}, (people - {_SELF}) / sum(people) OVER () AS share,
            people / sum(people) OVER () AS had FROM (
            SELECT {column}, count(DISTINCT whose) AS people FROM ({rows}) WHERE {column} IS NOT NULL GROUP BY 1))
        SELECT {column}, share * least(1, {chance} / sum(had * share) OVER ()) AS tf_{column} FROM shares""")
    return f"rarity_of_{column}"
