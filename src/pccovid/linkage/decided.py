"""What people have decided about pairs of records: it binds every later run, whatever the weights say.

Tables made: `decisions` (record, other_record, is_same) and, once there are nodes, `decided_nodes` (l, r, is_same).
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from pccovid.linkage.clusters import Clusters

SCHEMA = pa.schema([("record", pa.string()), ("other_record", pa.string()), ("is_same", pa.bool_())])
"""The table of decisions: two record names and whether they are one person."""


def load_decisions(db: duckdb.DuckDBPyConnection, decisions: pa.Table | None) -> None:
    """Makes `decisions`, and keeps records that were told apart from falling into one node; `claims` must be there."""
    db.register("decisions_given", SCHEMA.empty_table() if decisions is None else decisions.select(SCHEMA.names))
    db.execute("CREATE TABLE decisions AS SELECT * FROM decisions_given")
    db.unregister("decisions_given")
    db.execute("ALTER TABLE claims ADD COLUMN told_apart VARCHAR")
    db.execute("""
        UPDATE claims SET told_apart = record WHERE record IN (
            SELECT unnest([record, other_record]) FROM decisions WHERE NOT is_same)""")


def decided_nodes(db: duckdb.DuckDBPyConnection) -> list[tuple[int, int, bool]]:
    """Decisions between two nodes of this run, by their numbers."""
    return db.execute("""
        SELECT least(a.node, b.node) AS l, greatest(a.node, b.node) AS r, bool_and(is_same) AS is_same
        FROM decisions d JOIN records a ON a.record = d.record JOIN records b ON b.record = d.other_record
        WHERE a.node <> b.node GROUP BY ALL ORDER BY ALL""").fetchall()


def bind(clusters: Clusters, decided: Iterable[tuple[int, int, bool]]) -> set[int]:
    """Tells apart and joins as decided; returns the nodes that were joined, which are not held any more.

    What was told apart is never joined, also not by a decision about others.
    """
    pairs = list(decided)
    clusters.tell_apart((one, other) for one, other, is_same in pairs if not is_same)
    for one, other, is_same in pairs:
        if is_same and clusters.may_be_told_the_same(one, other):
            clusters.unite(clusters.root(one), clusters.root(other))
            clusters.bound |= {one, other}
    return clusters.bound
