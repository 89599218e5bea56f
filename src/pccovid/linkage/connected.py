"""Which nodes hang together, found in the working database: sets of edges at a time, not edge by edge.

A label names everything that hangs together by its smallest node. Labels that an edge connects are hooked to the
smallest of them, chains of hooks are shortened, and edges within one label are forgotten: few rounds, each of fewer
edges.
"""

from __future__ import annotations

import duckdb

from pccovid.linkage.workspace import count


def start_labels(db: duckdb.DuckDBPyConnection) -> None:
    """Makes `labels` (node, label): every node of `nodes` by itself."""
    db.execute("CREATE TABLE labels AS SELECT node, node AS label FROM nodes")


def connect(db: duckdb.DuckDBPyConnection, edges: str) -> None:
    """Puts the labels together that the edges (SQL of l, r: node numbers) connect, in `labels`."""
    # One join at a time: asked for both, the planner joins the labels with each other.
    db.execute(f"CREATE TABLE edges AS SELECT l, r FROM ({edges}) e (l, r) WHERE l <> r")
    db.execute("CREATE TABLE lefts AS SELECT label AS a, r FROM edges JOIN labels ON node = l")
    db.execute("""CREATE TABLE ways AS
        SELECT DISTINCT least(a, label) AS low, greatest(a, label) AS high FROM lefts JOIN labels ON node = r
        WHERE a <> label""")
    db.execute("DROP TABLE edges; DROP TABLE lefts")
    while count(db, "SELECT count(*) FROM ways"):
        db.execute("CREATE TABLE hooks AS SELECT high AS label, min(low) AS next FROM ways GROUP BY high")
        while _shorten(db):
            pass
        db.execute("""CREATE TABLE hooked AS
            SELECT node, coalesce(next, label) AS label FROM labels LEFT JOIN hooks USING (label)""")
        db.execute("DROP TABLE labels; ALTER TABLE hooked RENAME TO labels")
        db.execute("""CREATE TABLE left_ways AS
            WITH moved AS MATERIALIZED (
                SELECT coalesce(x.next, low) AS a, y.next AS b
                FROM ways JOIN hooks y ON y.label = high LEFT JOIN hooks x ON x.label = low)
            SELECT DISTINCT least(a, b) AS low, greatest(a, b) AS high FROM moved WHERE a <> b""")
        db.execute("DROP TABLE hooks; DROP TABLE ways; ALTER TABLE left_ways RENAME TO ways")
    db.execute("DROP TABLE ways")


def _shorten(db: duckdb.DuckDBPyConnection) -> bool:
    """Hooks every label to where its next one is hooked; whether any was."""
    if not count(db, "SELECT count(*) FROM hooks SEMI JOIN hooks n ON hooks.next = n.label"):
        return False
    db.execute("""CREATE TABLE shorter AS
        SELECT h.label, coalesce(n.next, h.next) AS next FROM hooks h LEFT JOIN hooks n ON n.label = h.next""")
    db.execute("DROP TABLE hooks; ALTER TABLE shorter RENAME TO hooks")
    return True
