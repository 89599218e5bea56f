"""The answer of a linkage run: what became of each record, what people should look at, which persons became one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import duckdb
import pyarrow as pa

from pccovid.linkage.clustering import AMBIGUOUS, Cut
from pccovid.linkage.model import Model
from pccovid.linkage.patterns import TOGETHER
from pccovid.linkage.scoring import REVIEW_WEIGHT, evidence_sql
from pccovid.linkage.workspace import count

MOST_REVIEWS_OF_A_RECORD = 3
LOOKS_ALIKE = "looks_alike"

Rows = TypeVar("Rows")
"""Arrow tables or paths."""


@dataclass(frozen=True)
class LinkOutcome(Generic[Rows]):
    """The answers as Arrow tables, each in a fixed order of rows, or as paths of Parquet files that hold such rows.

    `assignments`: record, cluster (smallest record name in it; null when held), person (the existing person joined, or
    null), decision ('exact', 'probabilistic', 'new', 'held'), weight (bits; null for 'new' and 'held'), reason (why
    held, else null), evidence (JSON per attribute of the strongest pair that brought the record in, or null).
    `review`: record, other_record, weight, evidence, reason. `merges`: person_kept, person_absorbed, weight, evidence.
    `counts`: records, nodes, pairs, clusters, and one per decision.
    """

    assignments: Rows
    review: Rows
    merges: Rows
    model: Model
    counts: Mapping[str, int]


def publish_held(db: duckdb.DuckDBPyConnection, reasons: Mapping[int, str]) -> None:
    """Makes the table `held` (node, reason)."""
    nodes = sorted(reasons)
    table = pa.table(
        {
            "node": pa.array(nodes, pa.int32()),
            "reason": pa.array([reasons[node] for node in nodes], pa.string()),
        }
    )
    db.register("held_now", table)
    db.execute("CREATE TABLE held AS SELECT * FROM held_now")
    db.unregister("held_now")


def publish_cuts(db: duckdb.DuckDBPyConnection, cuts: list[Cut]) -> None:
    """Makes the table `cuts` (l, r, weight, reason)."""
    table = pa.table(
        {
            "l": pa.array([min(cut.left, cut.right) for cut in cuts], pa.int32()),
            "r": pa.array([max(cut.left, cut.right) for cut in cuts], pa.int32()),
            "weight": pa.array([cut.weight for cut in cuts], pa.float64()),
            "reason": pa.array([cut.reason for cut in cuts], pa.string()),
        }
    )
    db.register("cuts_now", table)
    db.execute("CREATE TABLE cuts AS SELECT * FROM cuts_now")
    db.unregister("cuts_now")


def assignments(db: duckdb.DuckDBPyConnection, model: Model) -> duckdb.DuckDBPyRelation:
    """The `assignments`, from `records`, `nodes`, `clustered`, `held`, `pairs` and `selves`."""
    _choose_persons(db)
    _choose_best_pairs(db)
    db.execute(f"""CREATE TABLE best_evidence AS
        SELECT node, weight, exact, {evidence_sql(model)} AS evidence FROM best""")
    db.execute(f"""CREATE TABLE self_evidence AS
        SELECT l AS node, weight, {evidence_sql(model)} AS evidence FROM selves""")
    db.execute("""CREATE TABLE assigned AS
        SELECT r.record, CASE WHEN h.node IS NULL THEN first.record END AS cluster,
            CASE WHEN h.node IS NULL THEN p.person END AS person,
            CASE WHEN h.node IS NOT NULL THEN 'held'
                WHEN n.person IS NULL AND p.person IS NULL AND r.record = first.record THEN 'new'
                WHEN n.person IS NOT NULL OR b.node IS NULL OR b.exact THEN 'exact'
                ELSE 'probabilistic' END AS decision,
            CASE WHEN h.node IS NOT NULL OR (p.person IS NULL AND r.record = first.record) THEN NULL
                ELSE coalesce(b.weight, s.weight) END AS weight,
            h.reason,
            CASE WHEN h.node IS NOT NULL OR (p.person IS NULL AND r.record = first.record) THEN NULL
                ELSE coalesce(b.evidence, s.evidence) END AS evidence
        FROM records r JOIN nodes n USING (node) JOIN clustered c USING (node) JOIN nodes first ON first.node = c.root
            LEFT JOIN held h USING (node) LEFT JOIN kept_persons p ON p.root = c.root
            LEFT JOIN best_evidence b USING (node) LEFT JOIN self_evidence s USING (node)""")
    return db.sql("SELECT * FROM assigned ORDER BY record")


def count_decisions(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Records by decision, and `clusters`; from `assigned`."""
    decided = db.execute("SELECT decision, count(*) FROM assigned GROUP BY decision ORDER BY decision").fetchall()
    return {**dict(decided), "clusters": count(db, "SELECT count(DISTINCT cluster) FROM assigned")}


def _choose_persons(db: duckdb.DuckDBPyConnection) -> None:
    """`root_persons` (root, person, records) and, of each root, the person with most records: `kept_persons`."""
    db.execute("""CREATE TABLE root_persons AS
        SELECT root, person, CAST(sum(records) AS INTEGER) AS records, min(node) AS node
        FROM nodes JOIN clustered USING (node) WHERE person IS NOT NULL GROUP BY root, person""")
    db.execute("""CREATE TABLE kept_persons AS
        SELECT root, person FROM root_persons
        QUALIFY row_number() OVER (PARTITION BY root ORDER BY records DESC, person) = 1""")


def _choose_best_pairs(db: duckdb.DuckDBPyConnection) -> None:
    """`best`: of each node, the pair within its cluster of the best tier, then the heaviest."""
    db.execute("""CREATE TABLE best AS
        WITH inside AS (
            SELECT pairs.* FROM pairs JOIN clustered a ON a.node = l JOIN clustered b ON b.node = r
            WHERE a.root = b.root AND tier IS NOT NULL),
        seen AS (SELECT l AS node, r AS other, * FROM inside UNION ALL SELECT r AS node, l AS other, * FROM inside)
        SELECT * FROM seen
        QUALIFY row_number() OVER (PARTITION BY node ORDER BY tier, weight DESC, other) = 1""")


def review(db: duckdb.DuckDBPyConnection, model: Model) -> duckdb.DuckDBPyRelation:
    """Pairs for people to decide: joins that guards forbade, records that fit several, and pairs that look alike.

    Of two clusters only the heaviest pair, of a record at most three; heaviest first. What people told apart is not
    asked again.
    """
    return db.sql(f"""
        WITH asked AS (
            SELECT l, r, weight, reason, 1 AS rank FROM cuts
            UNION ALL SELECT l, r, weight, '{LOOKS_ALIKE}', 2 FROM pairs
            WHERE coalesce(tier, {TOGETHER}) = {TOGETHER} AND weight >= {REVIEW_WEIGHT}),
        apart AS (
            SELECT asked.*, a.root AS root_l, b.root AS root_r, hl.node IS NOT NULL AS held_l
            FROM asked JOIN clustered a ON a.node = l JOIN clustered b ON b.node = r LEFT JOIN held hl ON hl.node = l
            WHERE a.root <> b.root AND (least(a.root, b.root), greatest(a.root, b.root)) NOT IN ({_TOLD_APART})),
        chosen AS (
            SELECT * FROM apart QUALIFY row_number() OVER (
                PARTITION BY root_l, root_r ORDER BY rank, weight DESC, l, r) = 1),
        named AS (
            SELECT CASE WHEN held_l THEN nl.record ELSE nr.record END AS record,
                CASE WHEN held_l THEN nr.record ELSE nl.record END AS other_record,
                chosen.weight, chosen.reason, l, r
            FROM chosen JOIN nodes nl ON nl.node = l JOIN nodes nr ON nr.node = r),
        few AS (
            SELECT * FROM named QUALIFY row_number() OVER (
                PARTITION BY record ORDER BY weight DESC, other_record) <= {MOST_REVIEWS_OF_A_RECORD})
        SELECT record, other_record, few.weight, {evidence_sql(model)} AS evidence, reason
        FROM few LEFT JOIN pairs USING (l, r) ORDER BY few.weight DESC, record, other_record""")


_TOLD_APART = """SELECT (least(a.root, b.root), greatest(a.root, b.root))
    FROM decisions d JOIN records x ON x.record = d.record JOIN records y ON y.record = d.other_record
        JOIN clustered a ON a.node = x.node JOIN clustered b ON b.node = y.node
    WHERE NOT d.is_same"""


def merges(db: duckdb.DuckDBPyConnection, model: Model) -> duckdb.DuckDBPyRelation:
    """Existing persons that came to stand in one cluster, with the heaviest pair between the two."""
    return db.sql(f"""
        WITH joined AS (
            SELECT k.person AS person_kept, p.person AS person_absorbed FROM root_persons p
            JOIN kept_persons k USING (root) WHERE p.person <> k.person),
        between AS (
            SELECT nl.person AS one, nr.person AS other, weight, {evidence_sql(model)} AS evidence
            FROM pairs JOIN nodes nl ON nl.node = l JOIN nodes nr ON nr.node = r
            WHERE tier IS NOT NULL AND nl.person <> nr.person)
        SELECT person_kept, person_absorbed, max(weight) AS weight, arg_max(evidence, (weight, evidence)) AS evidence
        FROM joined LEFT JOIN between ON (one = person_kept AND other = person_absorbed)
            OR (one = person_absorbed AND other = person_kept)
        GROUP BY ALL ORDER BY person_kept, person_absorbed""")


def publish_attached(db: duckdb.DuckDBPyConnection, pairs: list[tuple[int, int]]) -> None:
    """Makes the table `attached` (l, r)."""
    table = pa.table(
        {
            "l": pa.array([min(pair) for pair in pairs], pa.int32()),
            "r": pa.array([max(pair) for pair in pairs], pa.int32()),
        }
    )
    db.register("attached_now", table)
    db.execute("CREATE TABLE attached AS SELECT * FROM attached_now")
    db.unregister("attached_now")


def ambiguous_cuts(candidates: list[tuple[int, int]]) -> list[Cut]:
    """Review entries for identifier-only nodes that several clusters could take."""
    return [Cut(node, holder, 0.0, AMBIGUOUS) for node, holder in candidates]
