"""Clustering a part at a time, so that its memory does not grow with the delivery.

Nodes about which anything is decided together are *bonded*: an edge of evidence, one number, one account, one person
of the index, an officer's word. Bonded nodes stand in one part; parts are of about equal size. Inside a part the tables
`nodes`, `records`, `pairs` and `fitting` are its own and hide the whole ones; its nodes are numbered from 0 in the same
order, so every decision falls as it would over the whole.

Tables made: `part_of` (node, part), and what the parts leave, in the numbers of the whole: `clustered` (node, root),
`held` (node, reason), `cuts` (l, r, weight, reason), `attached` (l, r).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import duckdb

from pccovid.linkage.preparing import IDENTIFIERS
from pccovid.linkage.workspace import count

_EQUAL = (*IDENTIFIERS, "person")
# Each node to the first that carries the same value: chains would take longer to follow.
_BONDS = " UNION ALL ".join([
    "SELECT l, r FROM pairs WHERE tier IS NOT NULL OR rival",
    "SELECT node, holder FROM fitting",
    "SELECT n.node, o.node FROM nodes n JOIN records o ON o.record = n.account",
    """SELECT a.node, b.node FROM decisions d JOIN records a ON a.record = d.record
        JOIN records b ON b.record = d.other_record""",
    *(
        f"SELECT node, min(node) OVER (PARTITION BY {column}) FROM nodes WHERE {column} IS NOT NULL"
        for column in _EQUAL
    ),
])  # fmt: skip

_LEFT = {
    "clustered": "SELECT a.whole AS node, b.whole AS root FROM clustered c"
    " JOIN numbers a ON a.node = c.node JOIN numbers b ON b.node = c.root",
    "held": "SELECT whole AS node, reason FROM held JOIN numbers USING (node)",
    "cuts": "SELECT a.whole AS l, b.whole AS r, weight, reason FROM cuts"
    " JOIN numbers a ON a.node = l JOIN numbers b ON b.node = r",
    "attached": "SELECT a.whole AS l, b.whole AS r FROM attached"
    " JOIN numbers a ON a.node = l JOIN numbers b ON b.node = r",
}


def divide(db: duckdb.DuckDBPyConnection, most_nodes: int) -> int:
    """Makes `part_of`, with about `most_nodes` nodes in a part; returns how many parts there are."""
    db.execute(f"CREATE TABLE bonds AS SELECT DISTINCT l, r FROM ({_BONDS}) b (l, r) WHERE l <> r")
    db.execute("CREATE TABLE labels AS SELECT node, node AS label FROM nodes")
    while _spread_labels(db):
        pass
    db.execute(f"""CREATE TABLE part_of AS
        WITH sizes AS (SELECT label, count(*) AS size FROM labels GROUP BY label),
        placed AS (
            SELECT label, CAST((sum(size) OVER (ORDER BY label) - size) // {int(most_nodes)} AS INTEGER) AS part
            FROM sizes)
        SELECT node, dense_rank() OVER (ORDER BY part) - 1 AS part FROM labels JOIN placed USING (label)""")
    db.execute("DROP TABLE bonds; DROP TABLE labels")
    db.execute("CREATE TABLE clustered (node INTEGER, root INTEGER); CREATE TABLE held (node INTEGER, reason VARCHAR)")
    db.execute("CREATE TABLE cuts (l INTEGER, r INTEGER, weight DOUBLE, reason VARCHAR)")
    db.execute("CREATE TABLE attached (l INTEGER, r INTEGER)")
    return count(db, "SELECT coalesce(max(part) + 1, 0) FROM part_of")


def _spread_labels(db: duckdb.DuckDBPyConnection) -> bool:
    """Every node takes the smallest label among its neighbours, and that one's own; whether any label changed."""
    db.execute("""CREATE TABLE spread AS
        WITH seen AS (
            SELECT l AS node, label FROM bonds JOIN labels ON node = r
            UNION ALL SELECT r, label FROM bonds JOIN labels ON node = l),
        smallest AS (SELECT node, min(label) AS label FROM seen GROUP BY node),
        taken AS (
            SELECT node, least(own.label, coalesce(smallest.label, own.label)) AS label
            FROM labels own LEFT JOIN smallest USING (node))
        SELECT taken.node, least(taken.label, next.label) AS label
        FROM taken JOIN taken next ON next.node = taken.label""")
    changed = count(db, "SELECT count(*) FROM labels JOIN spread USING (node) WHERE labels.label <> spread.label")
    db.execute("DROP TABLE labels; ALTER TABLE spread RENAME TO labels")
    return changed > 0


@contextlib.contextmanager
def entered(db: duckdb.DuckDBPyConnection, part: int) -> Iterator[None]:
    """Inside the block the tables are the part's own; what it made of LEFT's tables is kept when the block ends."""
    db.execute("CREATE SCHEMA part")
    db.execute(
        "CREATE TABLE part.numbers AS SELECT node AS whole, CAST(row_number() OVER (ORDER BY node) - 1 AS INTEGER)"
        " AS node FROM part_of WHERE part = ?",
        [part],
    )
    for table in ("nodes", "records"):
        db.execute(f"""CREATE TABLE part.{table} AS SELECT t.* REPLACE (n.node AS node)
            FROM main.{table} t JOIN part.numbers n ON n.whole = t.node""")
    for table, left, right in (("pairs", "l", "r"), ("fitting", "node", "holder")):
        db.execute(f"""CREATE TABLE part.{table} AS SELECT t.* REPLACE (a.node AS {left}, b.node AS {right})
            FROM main.{table} t JOIN part.numbers a ON a.whole = t.{left} JOIN part.numbers b ON b.whole = t.{right}""")
    db.execute("SET search_path = 'part,main'")
    try:
        yield
        for table, query in _LEFT.items():
            db.execute(f"INSERT INTO main.{table} {query}")
    finally:
        db.execute("SET search_path = 'main'")
        db.execute("DROP SCHEMA part CASCADE")
