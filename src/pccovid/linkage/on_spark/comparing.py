"""Blocking and comparing on a cluster: `blocked` and `pairs` as blocking.py and scoring.py make them.

Spark does what is a join: nodes that share a key, each pair once, both sides beside it. The rules are those of
blocking.py, translated into Spark's SQL. A pair's levels, weight, tier and doubts are worked out on the workers by
DuckDB, with the statement of scoring.py as it stands: a batch of pairs is given the tables the statement reads, cut
down to what the batch asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import duckdb
import pyarrow as pa
import sqlglot

from pccovid.linkage.blocking import RULES, Blocked, keys_sql, most_nodes_sql
from pccovid.linkage.frequencies import AREA_KEYS
from pccovid.linkage.model import Model
from pccovid.linkage.on_spark.session import Cluster, emptied
from pccovid.linkage.scoring import COLUMNS_OF_NODES, kept_sql
from pccovid.linkage.workspace import Limits, count, open_workspace

MEMORY_OF_A_BATCH = "500MB"
_COLUMNS = ("node", *COLUMNS_OF_NODES)
_KNOWN = ("name_share", "birthday_share", "phone_people", *(f"people_{kind}" for kind in AREA_KEYS))
_SPARK_TYPES = {"INTEGER": "int", "TINYINT": "tinyint", "DOUBLE": "double", "BOOLEAN": "boolean"}


def block_and_score(db: duckdb.DuckDBPyConnection, cluster: Cluster, model: Model) -> tuple[Blocked, int]:
    """Makes `pairs`; returns what blocking gave and how many pairs were kept."""
    cluster.divide_by(count(db, "SELECT count(*) FROM nodes"))
    everybody = _write_nodes(db, cluster)
    keys = _keys(cluster)
    pairs = _write_blocked(cluster, keys)
    left_out = {RULES[rule].name: nodes for rule, nodes in _left_out(keys)}
    _write_scored(db, cluster, model, everybody)
    db.execute(f"CREATE TABLE pairs AS SELECT * FROM read_parquet('{cluster.folder}/pairs/*.parquet')")
    return Blocked(pairs, left_out), count(db, "SELECT count(*) FROM pairs")


def _write_nodes(db: duckdb.DuckDBPyConnection, cluster: Cluster) -> int:
    """Each node with all that the statement looks up about it; returns how many people there are in all."""
    areas = " ".join(f"LEFT JOIN area_people AS of_{kind} ON of_{kind}.area = {key}" for kind, key in AREA_KEYS.items())
    people = ", ".join(f"of_{kind}.people AS people_{kind}" for kind in AREA_KEYS)
    folder = emptied(cluster.folder / "nodes")
    db.execute(f"""COPY (
        SELECT {", ".join(f"n.{column}" for column in _COLUMNS)}, s.share AS name_share, b.share AS birthday_share,
            p.people AS phone_people, {people}
        FROM nodes n LEFT JOIN name_shares s USING (name_key) LEFT JOIN birthday_shares b USING (day)
            LEFT JOIN phone_people p USING (phone) {areas}
        ) TO '{folder}/nodes.parquet' (FORMAT parquet, ROW_GROUP_SIZE 50000)""")
    cluster.session.read.parquet(cluster.uri("nodes")).createOrReplaceTempView("nodes")
    return count(db, "SELECT people FROM area_people WHERE area = ''")


def _keys(cluster: Cluster) -> Any:
    """Rule, key, node and how many nodes share the key; only keys that two share."""
    distinct = f"SELECT DISTINCT rule, XXHASH64(key) AS key, node FROM ({keys_sql()}) AS keyed WHERE NOT key IS NULL"
    (query,) = sqlglot.transpile(
        f"SELECT * FROM (SELECT *, COUNT(*) OVER (PARTITION BY rule, key) AS size FROM ({distinct}) AS one) AS sized"
        " WHERE size > 1",
        read="duckdb", write="spark",
    )  # fmt: skip
    keys = cluster.session.sql(query)
    keys.write.mode("overwrite").parquet(cluster.uri("keys"))
    kept = cluster.session.read.parquet(cluster.uri("keys"))
    kept.createOrReplaceTempView("block_keys")
    return kept


def _write_blocked(cluster: Cluster, keys: Any) -> int:
    """`blocked` (l, r) as files; how many there are."""
    keys.where(f"size <= CASE rule {most_nodes_sql()} END").createOrReplaceTempView("usable")
    blocked = cluster.session.sql(
        "SELECT DISTINCT a.node AS l, b.node AS r"
        " FROM usable a JOIN usable b ON a.rule = b.rule AND a.key = b.key AND a.node < b.node"
    )
    blocked.write.mode("overwrite").parquet(cluster.uri("blocked"))
    return int(cluster.session.read.parquet(cluster.uri("blocked")).count())


def _left_out(keys: Any) -> list[tuple[int, int]]:
    left = keys.where(f"size > CASE rule {most_nodes_sql()} END").groupBy("rule").count().orderBy("rule").collect()
    return [(int(row[0]), int(row[1])) for row in left]


def _write_scored(db: duckdb.DuckDBPyConnection, cluster: Cluster, model: Model, everybody: int) -> None:
    nodes = cluster.session.read.parquet(cluster.uri("nodes"))
    left, right = (
        nodes.toDF(*(f"{column}_{side}" for column in nodes.columns)).withColumnRenamed(f"node_{side}", side)
        for side in ("l", "r")
    )
    sides = cluster.session.read.parquet(cluster.uri("blocked")).join(left, "l").join(right, "r")
    score = partial(scored_batches, kept_sql("blocked", model), everybody)
    sides.mapInArrow(score, _schema(db, model)).write.mode("overwrite").parquet(cluster.uri("pairs"))


def _schema(db: duckdb.DuckDBPyConnection, model: Model) -> str:
    """The columns of `pairs` in Spark's words."""
    db.execute("CREATE TABLE blocked (l INTEGER, r INTEGER)")
    columns = db.execute(f"DESCRIBE {kept_sql('blocked', model)}").fetchall()
    db.execute("DROP TABLE blocked")
    return ", ".join(f"{name} {_SPARK_TYPES[kind]}" for name, kind, *_ in columns)


def scored_batches(statement: str, everybody: int, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """On a worker: each batch of pairs with both sides beside them, scored; only pairs that are kept."""
    with open_workspace(Limits(memory=MEMORY_OF_A_BATCH, threads=1)) as db:
        for batch in batches:
            if batch.num_rows:
                _unfold(db, batch, everybody)
                yield from db.sql(statement).to_arrow_table().to_batches()


def _unfold(db: duckdb.DuckDBPyConnection, batch: pa.RecordBatch, everybody: int) -> None:
    """The tables that the statement reads, of what stands in the batch."""
    db.register("sides", pa.Table.from_batches([batch]))
    columns = [*_COLUMNS[1:], *_KNOWN]
    of_side = " UNION ALL ".join(
        f"SELECT {side} AS node, {', '.join(f'{column}_{side} AS {column}' for column in columns)} FROM sides"
        for side in ("l", "r")
    )
    db.execute("CREATE OR REPLACE TABLE blocked AS SELECT l, r FROM sides")
    db.execute(f"CREATE OR REPLACE TABLE nodes AS SELECT DISTINCT ON (node) * FROM ({of_side})")
    db.unregister("sides")
    for table, key, value, known in (
        ("name_shares", "name_key", "share", "name_share"),
        ("birthday_shares", "day", "share", "birthday_share"),
        ("phone_people", "phone", "people", "phone_people"),
    ):
        db.execute(f"""CREATE OR REPLACE TABLE {table} AS
            SELECT DISTINCT {key}, {known} AS {value} FROM nodes WHERE {known} IS NOT NULL""")
    areas = " UNION ".join(
        f"SELECT {key} AS area, people_{kind} AS people FROM nodes WHERE people_{kind} IS NOT NULL"
        for kind, key in AREA_KEYS.items()
    )
    db.execute(f"CREATE OR REPLACE TABLE area_people AS {areas} UNION SELECT '', {everybody}")
