"""What a steward takes home: the clusters of one file, or the pairs between two, with weights and evidence."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from pccovid.linkage.anybody.matching import match
from pccovid.linkage.anybody.person_files import check_ids, load_people
from pccovid.linkage.anybody.vietnamese import are_vietnamese, link_people
from pccovid.linkage.workspace import Limits, count, open_workspace

LEAST_PROBABILITY = 0.5
"""Of a pair that is joined."""
MARGIN = 6.0
"""Bits by which a row's best partner in the other file must outweigh another for that one to be none."""


@dataclass(frozen=True)
class Answered:
    """Rows read of each file; clusters of two rows and more, or pairs; which linkage did it."""

    rows: tuple[int, ...]
    found: int
    by: str


class UnknownFormat(ValueError):
    """The answer can be written as .csv or .parquet."""


def dedupe(path: Path, out: Path, *, limits: Limits, today: date) -> Answered:
    """Writes record_id, cluster_id, weight, evidence and doubt of every row. Raises NotPeople, NothingToCompare,
    UnknownFormat.

    `cluster_id` is the smallest record_id of the cluster. `weight` (bits) and `evidence` (JSON: attribute → level) are
    of the strongest pair that brought the row in; a row alone has none. `doubt` says why a row was left alone.
    """
    _check(out)
    with open_workspace(limits) as db, tempfile.TemporaryDirectory(dir=limits.temp_directory) as folder:
        rows = check_ids(db, path)
        by_index = are_vietnamese(db, path)
        if by_index:
            link_people(db, (path,), Path(folder), limits=limits, today=today)
        else:
            load_people(db, path, "people")
            match(db, ("people",), least_weight=0.0)
            _cluster(db)
        db.execute("""CREATE TABLE answer AS
            SELECT record AS record_id, min(record) OVER (PARTITION BY cluster) AS cluster_id,
                round(weight, 2) AS weight, evidence, doubt FROM assigned""")
        found = count(db, "SELECT count(*) FROM (SELECT 1 FROM answer GROUP BY cluster_id HAVING count(*) > 1)")
        _write(db, "answer", "cluster_id, record_id", out)
    return Answered((rows,), found, "index" if by_index else "learnt")


def link(left: Path, right: Path, out: Path, *, limits: Limits, today: date) -> Answered:
    """Writes left_id, right_id, weight, evidence of every pair of rows that are one person. Raises as `dedupe`."""
    _check(out)
    with open_workspace(limits) as db, tempfile.TemporaryDirectory(dir=limits.temp_directory) as folder:
        rows = (check_ids(db, left), check_ids(db, right))
        by_index = are_vietnamese(db, left) and are_vietnamese(db, right)
        if by_index:
            link_people(db, (left, right), Path(folder), limits=limits, today=today)
            db.execute("""CREATE TABLE answer AS
                SELECT a.record AS left_id, b.record AS right_id, round(least(a.weight, b.weight), 2) AS weight,
                    coalesce(b.evidence, a.evidence) AS evidence
                FROM assigned a JOIN assigned b USING (cluster) WHERE a.file = 0 AND b.file = 1""")
        else:
            load_people(db, left, "people_left")
            load_people(db, right, "people_right")
            match(db, ("people_left", "people_right"), least_weight=0.0)
            db.execute(f"""CREATE TABLE answer AS
                SELECT l AS left_id, r AS right_id, round(weight, 2) AS weight, evidence FROM (
                    SELECT *, max(weight) OVER (PARTITION BY l) AS of_left,
                        max(weight) OVER (PARTITION BY r) AS of_right
                    FROM matches WHERE probability >= {LEAST_PROBABILITY})
                WHERE weight > of_left - {MARGIN} AND weight > of_right - {MARGIN}""")
        found = count(db, "SELECT count(*) FROM answer")
        _write(db, "answer", "left_id, right_id", out)
    return Answered(rows, found, "index" if by_index else "learnt")


def _cluster(db: duckdb.DuckDBPyConnection) -> None:
    """`assigned` from `matches`: whatever hangs together is one cluster."""
    edges = db.execute(f"""
        SELECT l, r, weight, CAST(evidence AS VARCHAR) FROM matches WHERE probability >= {LEAST_PROBABILITY}
        ORDER BY weight DESC, l, r""").fetchall()
    parents: dict[str, str] = {}
    best: dict[str, tuple[float, str]] = {}
    for left, right, weight, evidence in edges:
        for row in (left, right):
            best.setdefault(row, (weight, evidence))
        one, other = _root(parents, left), _root(parents, right)
        parents[max(one, other)] = min(one, other)
    joined = sorted(best)
    table = pa.table({
        "record": pa.array(joined, pa.string()),
        "cluster": pa.array([_root(parents, row) for row in joined], pa.string()),
        "weight": pa.array([best[row][0] for row in joined], pa.float64()),
        "evidence": pa.array([best[row][1] for row in joined], pa.string()),
    })  # fmt: skip
    db.register("joined_now", table)
    db.execute("""CREATE OR REPLACE TABLE assigned AS
        SELECT unique_id AS record, coalesce(cluster, unique_id) AS cluster, weight, evidence, NULL::VARCHAR AS doubt
        FROM people LEFT JOIN joined_now ON record = unique_id""")
    db.unregister("joined_now")


def _root(parents: dict[str, str], row: str) -> str:
    while parents.setdefault(row, row) != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row


def _check(out: Path) -> None:
    if out.suffix.lower() not in (".csv", ".parquet"):
        raise UnknownFormat(f"{out.name}: an answer is written as .csv or .parquet")


def _write(db: duckdb.DuckDBPyConnection, table: str, order: str, out: Path) -> None:
    answer = db.sql(f"SELECT * FROM {table} ORDER BY {order}")
    if out.suffix.lower() == ".parquet":
        answer.write_parquet(str(out))
    else:
        answer.write_csv(str(out))
