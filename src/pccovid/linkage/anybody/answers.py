"""What a steward takes home: the clusters of one file, or the pairs between two, with weights and evidence."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from pccovid.linkage.anybody.comparable import load_people
from pccovid.linkage.anybody.joining import MOST_SAID, clustered
from pccovid.linkage.anybody.matching import match
from pccovid.linkage.anybody.person_files import read_file
from pccovid.linkage.anybody.vietnamese import are_vietnamese, link_people
from pccovid.linkage.connected import connect, start_labels
from pccovid.linkage.workspace import Limits, count, open_workspace

LEAST_PROBABILITY = 0.5
"""Of a pair that is joined."""
MARGIN = 6.0
"""Bits by which a row's best partner in the other file must outweigh another for that one to be none."""


@dataclass(frozen=True)
class Answered:
    """Rows read of each file; clusters of two rows and more, or pairs; which linkage did it; heads of columns that
    were not read."""

    rows: tuple[int, ...]
    found: int
    by: str
    unread: tuple[str, ...]


class UnwritableAnswer(ValueError):
    """The answer can be written as .csv or .parquet, into a folder that is there."""


def dedupe(path: Path, out: Path, *, limits: Limits, today: date) -> Answered:
    """Writes record_id, cluster_id, weight, evidence and doubt of every row. Raises NotPeople, NothingToCompare,
    UnwritableAnswer.

    `cluster_id` is the smallest record_id of the cluster. `weight` (bits) and `evidence` (JSON: attribute → level) are
    of the strongest pair that brought the row in; a row alone has none. `doubt` says why a row was left alone.
    """
    _check(out)
    with open_workspace(limits) as db, tempfile.TemporaryDirectory(dir=limits.temp_directory) as folder:
        unread = read_file(db, path, "given")
        rows = count(db, "SELECT count(*) FROM given")
        by_index = are_vietnamese(db, "given")
        if by_index:
            link_people(db, ("given",), Path(folder), limits=limits, today=today)
        else:
            load_people(db, "given", "people", today=today)
            match(db, ("people",), least_weight=-MOST_SAID)
            _cluster(db)
        db.execute("""CREATE TABLE answer AS
            SELECT record AS record_id, min(record) OVER (PARTITION BY cluster) AS cluster_id,
                round(weight, 2) AS weight, evidence, doubt FROM assigned""")
        found = count(db, "SELECT count(*) FROM (SELECT 1 FROM answer GROUP BY cluster_id HAVING count(*) > 1)")
        _write(db, "answer", "cluster_id, record_id", out)
    return Answered((rows,), found, "index" if by_index else "learnt", unread)


def link(left: Path, right: Path, out: Path, *, limits: Limits, today: date) -> Answered:
    """Writes left_id, right_id, weight, evidence of every pair of rows that are one person. Raises as `dedupe`."""
    _check(out)
    with open_workspace(limits) as db, tempfile.TemporaryDirectory(dir=limits.temp_directory) as folder:
        unread = tuple(dict.fromkeys(read_file(db, left, "given_left") + read_file(db, right, "given_right")))
        rows = (count(db, "SELECT count(*) FROM given_left"), count(db, "SELECT count(*) FROM given_right"))
        by_index = are_vietnamese(db, "given_left") and are_vietnamese(db, "given_right")
        if by_index:
            link_people(db, ("given_left", "given_right"), Path(folder), limits=limits, today=today)
            db.execute("""CREATE TABLE answer AS
                SELECT a.record AS left_id, b.record AS right_id, round(least(a.weight, b.weight), 2) AS weight,
                    coalesce(b.evidence, a.evidence) AS evidence
                FROM assigned a JOIN assigned b USING (cluster) WHERE a.file = 0 AND b.file = 1""")
        else:
            load_people(db, "given_left", "people_left", today=today)
            load_people(db, "given_right", "people_right", today=today)
            match(db, ("people_left", "people_right"), least_weight=0.0)
            db.execute(f"""CREATE TABLE answer AS
                SELECT l AS left_id, r AS right_id, round(weight, 2) AS weight, evidence FROM (
                    SELECT *, max(weight) OVER (PARTITION BY l) AS of_left,
                        max(weight) OVER (PARTITION BY r) AS of_right
                    FROM matches WHERE probability >= {LEAST_PROBABILITY})
                WHERE weight > of_left - {MARGIN} AND weight > of_right - {MARGIN}""")
        found = count(db, "SELECT count(*) FROM answer")
        _write(db, "answer", "left_id, right_id", out)
    return Answered(rows, found, "index" if by_index else "learnt", unread)


def _cluster(db: duckdb.DuckDBPyConnection) -> None:
    """`assigned` from `matches`."""
    joining = f"SELECT l, r FROM matches WHERE probability >= {LEAST_PROBABILITY}"
    db.execute(f"CREATE TABLE nodes AS SELECT DISTINCT unnest([l, r]) AS node FROM ({joining})")
    start_labels(db)
    connect(db, joining)
    # Only pairs within what hangs together can be asked for; all others together may be too many to hold.
    pairs = db.execute("""
        SELECT l, r, weight, probability FROM matches JOIN labels one ON one.node = l JOIN labels two ON two.node = r
        WHERE one.label = two.label""").fetchall()
    clusters = clustered(
        {(left, right): weight for left, right, weight, _ in pairs},
        [(left, right) for left, right, _, probability in pairs if probability >= LEAST_PROBABILITY],
    )
    table = pa.table({"row": pa.array(clusters, pa.string()), "cluster": pa.array(clusters.values(), pa.string())})
    db.register("joined_now", table)
    db.execute("""CREATE OR REPLACE TABLE assigned AS
        WITH ends AS (
            SELECT l AS row, r AS other, weight, evidence FROM matches
            UNION ALL SELECT r, l, weight, evidence FROM matches),
        best AS (
            SELECT row, max(weight) AS weight, arg_max(CAST(evidence AS VARCHAR), (weight, other)) AS evidence
            FROM ends JOIN joined_now one USING (row) JOIN joined_now two ON two.row = other
            WHERE one.cluster = two.cluster GROUP BY 1)
        SELECT unique_id AS record, coalesce(cluster, unique_id) AS cluster, weight, evidence, NULL::VARCHAR AS doubt
        FROM people LEFT JOIN joined_now ON joined_now.row = unique_id LEFT JOIN best ON best.row = unique_id""")
    db.unregister("joined_now")


def _check(out: Path) -> None:
    if out.suffix.lower() not in (".csv", ".parquet"):
        raise UnwritableAnswer(f"{out.name}: an answer is written as .csv or .parquet")
    if not out.absolute().parent.is_dir():
        raise UnwritableAnswer(f"there is no folder {out.absolute().parent} to write the answer to")


def _write(db: duckdb.DuckDBPyConnection, table: str, order: str, out: Path) -> None:
    answer = db.sql(f"SELECT * FROM {table} ORDER BY {order}")
    if out.suffix.lower() == ".parquet":
        answer.write_parquet(str(out))
    else:
        answer.write_csv(str(out))
