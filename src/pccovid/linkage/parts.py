"""Clustering a part at a time, so that its memory does not grow with the delivery.

Nodes about which anything is decided together are *bonded*: an edge of evidence, one number, one account, one person
of the index, an officer's word. Bonded nodes stand in one part; parts are of about equal size. A part has tables
`nodes`, `records`, `pairs`, `fitting`, `alike` and `decisions` of its own, and is clustered wherever they are taken:
in this process or another, on this machine or another. Its nodes are numbered from 0 in the same order as in the
whole, so every decision falls as it would over the whole.

Tables made: `part_of` (node, part), and what the parts leave, in the numbers of the whole: `clustered` (node, root),
`held` (node, reason), `cuts` (l, r, weight, reason), `attached` (l, r).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pccovid.linkage.workspace import count

GIVEN = ("nodes", "records", "pairs", "fitting", "alike", "decisions")
LEFT = {"clustered": ("node", "root"), "held": ("node",), "cuts": ("l", "r"), "attached": ("l", "r")}
"""The tables that a part leaves, with their columns that are node numbers."""


@dataclass(frozen=True)
class Tables:
    """A part's own tables (GIVEN); its number; of each of its nodes, in order, the number in the whole."""

    part: int
    wholes: pa.Array
    given: Mapping[str, pa.Table]


def divide(db: duckdb.DuckDBPyConnection, most_nodes: int) -> int:
    """Makes `part_of` of the `disputed` nodes, with about `most_nodes` in a part; returns how many parts there are."""
    db.execute(f"""CREATE TABLE part_of AS
        WITH sizes AS (SELECT label, count(*) AS size FROM disputed GROUP BY label),
        placed AS (
            SELECT label, CAST((sum(size) OVER (ORDER BY label) - size) // {int(most_nodes)} AS INTEGER) AS part
            FROM sizes)
        SELECT node, dense_rank() OVER (ORDER BY part) - 1 AS part FROM disputed JOIN placed USING (label)""")
    return count(db, "SELECT coalesce(max(part) + 1, 0) FROM part_of")


def arrange(db: duckdb.DuckDBPyConnection) -> None:
    """Lays the nodes, and what is known of them, side by side by part, so that a part is read without the others."""
    db.execute("""CREATE TABLE numbers AS
        SELECT part, node AS whole, CAST(row_number() OVER (PARTITION BY part ORDER BY node) - 1 AS INTEGER) AS node
        FROM part_of ORDER BY part, node""")
    for table in ("nodes", "records"):
        # Pairs are compared by now: the words of a name alone are not asked for again.
        less = "EXCLUDE (tokens)" if table == "nodes" else ""
        db.execute(f"""CREATE TABLE {table}_by_part AS SELECT n.part, t.* {less} REPLACE (n.node AS node)
            FROM {table} t JOIN numbers n ON n.whole = t.node ORDER BY n.part""")
    for table, left, right in (("pairs", "l", "r"), ("fitting", "node", "holder"), ("alike", "node", "other")):
        db.execute(f"""CREATE TABLE {table}_by_part AS
            SELECT a.part, t.* REPLACE (a.node AS {left}, b.node AS {right}) FROM {table} t
                JOIN numbers a ON a.whole = t.{left} JOIN numbers b ON b.whole = t.{right} ORDER BY a.part""")


def tables_of(db: duckdb.DuckDBPyConnection, part: int) -> Tables:
    """Everything a part is clustered from; its nodes are numbered from 0."""

    def of_part(query: str) -> pa.Table:
        return db.sql(query, params=[part]).to_arrow_table()

    tables = {
        table: of_part(f"SELECT * EXCLUDE (part) FROM {table}_by_part WHERE part = ?")
        for table in GIVEN
        if table != "decisions"
    }
    decisions = of_part("SELECT * FROM decisions WHERE record IN (SELECT record FROM records_by_part WHERE part = ?)")
    wholes = of_part("SELECT whole FROM numbers WHERE part = ? ORDER BY node").column("whole").combine_chunks()
    return Tables(part, wholes, tables | {"decisions": decisions})


def keep(db: duckdb.DuckDBPyConnection, wholes: pa.Array, left: Mapping[str, pa.Table]) -> None:
    """Adds what a part left, in the numbers of the whole."""
    for table, numbers in LEFT.items():
        found = left[table]
        for column in numbers:
            place = found.schema.get_field_index(column)
            found = found.set_column(place, column, pc.take(wholes, found.column(column)))
        db.register("left_now", found)
        db.execute(f"INSERT INTO {table} BY NAME SELECT * FROM left_now")
        db.unregister("left_now")


def forget_arrangement(db: duckdb.DuckDBPyConnection) -> None:
    """Drops what `arrange` made."""
    for table in ("numbers", *(f"{table}_by_part" for table in GIVEN if table != "decisions")):
        db.execute(f"DROP TABLE {table}")
