"""The linkage run: claims in, people out. Pure: no database of its own, no clock, same answer for the same claims.

The order of the records does not matter, nor do threads: nodes are numbered by record name, edges are worked off
heaviest first with the numbers as tie-break.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from pccovid.linkage import outcome, patterns
from pccovid.linkage.attaching import NOT_ENOUGH, Attached, attach_bare, too_poor
from pccovid.linkage.blocking import Blocked, block
from pccovid.linkage.borrowed_numbers import leave_borrowed_numbers
from pccovid.linkage.clustering import AMBIGUOUS, Cut, Edge, Progress
from pccovid.linkage.clustering_parts import NODES_WORTH_A_PROCESS, in_turn, side_by_side
from pccovid.linkage.clusters import Clusters, read_node_columns
from pccovid.linkage.decided import bind, decided_nodes, load_decisions
from pccovid.linkage.frequencies import count_frequencies, mark_systems_of_dates, mark_unsure_spellings
from pccovid.linkage.masked import attach_masked, find_fitting
from pccovid.linkage.model import Model, default_model
from pccovid.linkage.on_spark.comparing import block_and_score
from pccovid.linkage.on_spark.parts import on_workers
from pccovid.linkage.on_spark.session import Cluster, cluster_at
from pccovid.linkage.outcome import LinkOutcome, Rows
from pccovid.linkage.ownership import publish_roots, settle_ownership
from pccovid.linkage.part_names import attach_part_names, find_alike, show_alike
from pccovid.linkage.parts import arrange, divide, forget_arrangement, tables_of
from pccovid.linkage.parts import keep as keep_part
from pccovid.linkage.poor_accounts import attach_poor_accounts
from pccovid.linkage.preparing import NotClaims, build_nodes, load_claims
from pccovid.linkage.scoring import score, score_attached, score_selves
from pccovid.linkage.tiers import work_tiers
from pccovid.linkage.undisputed import settle_undisputed
from pccovid.linkage.workspace import Limits, count, open_workspace

__all__ = ["Limits", "LinkOutcome", "NotClaims", "link", "link_into"]

Report = Callable[[str, float], None]
# What a thread holds of an answer before it writes, outside the database's own limit; evidence is long.
_ROWS_AT_A_TIME = 10_240


def _silent(stage: str, share: float) -> None:
    """Reports nothing."""


def link(
    claims: pa.Table | Path, *, decisions: pa.Table | None = None, model: Model | None = None,
    limits: Limits | None = None, progress: Report = _silent,
) -> LinkOutcome[pa.Table]:  # fmt: skip
    """Decides which records are the same person.

    `claims`: an Arrow table or a Parquet file, one row per record: `record` (unique text), `system`, `kind`, `person`
    (id of the index person the record already belongs to, or null), and the fields of Claim. Absent columns count as
    empty. `decisions`: what people decided about pairs of records (decided.SCHEMA), which binds; those about records
    that are not among the claims say nothing. `progress` is called with a stage name and the share of the run done,
    0 to 1. Raises NotClaims where `record` is missing, empty or repeated, duckdb.Error where memory and temporary
    space run out.
    """
    return _linked(claims, decisions, model, limits, progress, lambda name, rows: rows.to_arrow_table())


def link_into(
    folder: Path, claims: pa.Table | Path, *, decisions: pa.Table | None = None, model: Model | None = None,
    limits: Limits | None = None, progress: Report = _silent,
) -> LinkOutcome[Path]:  # fmt: skip
    """As `link`, with the answers in Parquet files in `folder`: memory does not grow with them. Raises as `link`."""

    def keep(name: str, rows: duckdb.DuckDBPyRelation) -> Path:
        rows.write_parquet(str(folder / f"{name}.parquet"), row_group_size=_ROWS_AT_A_TIME)
        return folder / f"{name}.parquet"

    return _linked(claims, decisions, model, limits, progress, keep)


def _linked(
    claims: pa.Table | Path, decisions: pa.Table | None, model: Model | None, limits: Limits | None, progress: Report,
    keep: Callable[[str, duckdb.DuckDBPyRelation], Rows],
) -> LinkOutcome[Rows]:  # fmt: skip
    model, limits = model or default_model(), limits or Limits()
    with open_workspace(limits) as db, _cluster_of(limits) as spark:
        progress("reading", 0.0)
        counts = {"records": load_claims(db, claims)}
        load_decisions(db, decisions)
        counts["nodes"] = build_nodes(db)
        count_frequencies(db, model)
        progress("blocking", 0.15)
        blocked, kept = _compare(db, model, progress) if spark is None else block_and_score(db, spark, model)
        counts |= {"pairs": blocked.pairs, "pairs_kept": kept}
        counts |= {f"left_out: {rule}": nodes for rule, nodes in blocked.left_out.items()}
        progress("clustering", 0.55)
        _cluster_in_parts(db, limits, spark, progress)
        show_alike(db)
        score_attached(db, model)
        progress("explaining", 0.85)
        score_selves(db, model)
        rows = outcome.assignments(db, model), outcome.review(db, model), outcome.merges(db, model)
        # Each thread would keep a share of the sorted rows beside the database's own memory.
        db.execute("SET threads = 1")
        assignments, review, merges = map(keep, ("assignments", "review", "merges"), rows)
        progress("done", 1.0)
        return LinkOutcome(assignments, review, merges, model, counts | outcome.count_decisions(db))


def _cluster_of(limits: Limits) -> contextlib.AbstractContextManager[Cluster | None]:
    """The Spark cluster to work on, or none."""
    if limits.spark_master is None:
        return contextlib.nullcontext()
    return cluster_at(limits.spark_master, limits.temp_directory)


def _compare(db: duckdb.DuckDBPyConnection, model: Model, progress: Report) -> tuple[Blocked, int]:
    """Makes `pairs`; returns what blocking gave and how many pairs were kept."""
    blocked = block(db)
    progress("comparing", 0.3)
    return blocked, score(db, model)


def _cluster_in_parts(db: duckdb.DuckDBPyConnection, limits: Limits, spark: Cluster | None, progress: Report) -> None:
    """Works off the tiers; leaves `clustered`, `held`, `cuts` and `attached`."""
    leave_borrowed_numbers(db)
    mark_unsure_spellings(db)
    find_fitting(db)
    find_alike(db)
    settle_undisputed(db)
    mark_systems_of_dates(db)
    processes = min(limits.threads, count(db, "SELECT count(*) FROM disputed") // NODES_WORTH_A_PROCESS)
    # What is worked on at a time is the limit's, however many work on it.
    parts = divide(db, limits.most_nodes // (1 if spark is not None else max(1, processes)))
    arrange(db)
    given = (tables_of(db, part) for part in range(parts))
    if spark is not None:
        answers = on_workers(given, cluster, spark)
    else:
        answers = side_by_side(given, processes) if min(processes, parts) > 1 else in_turn(given, cluster)
    for part, left in answers:
        keep_part(db, part.wholes, left)
        progress("clustering", 0.55 + 0.3 * part.part / parts)
    forget_arrangement(db)


def cluster(db: duckdb.DuckDBPyConnection) -> None:
    """Clusters the nodes of one part, from its tables (parts.GIVEN); leaves the tables of parts.LEFT."""
    clusters = Clusters(read_node_columns(db))
    _join_known_persons(db, clusters)
    unsure = {row[0] for row in db.execute("SELECT node FROM nodes WHERE is_unsure").fetchall()}
    told_the_same = bind(clusters, decided_nodes(db))
    found = Progress(_joins_not_made(db, unsure), unsure - told_the_same, _nodes_of_persons(db) | told_the_same)
    work_tiers(clusters, _Scored(db), found)
    poor = too_poor(db)
    attached = attach_poor_accounts(db, clusters, poor)
    attach_part_names(db, clusters, found.held)
    placed = {account for account, _ in attached.pairs}
    attached = attached.with_more(attach_bare(db, clusters, placed)).with_more(attach_masked(db, clusters))
    publish_roots(db, clusters)
    outcome.publish_attached(db, attached.pairs)
    outcome.publish_held(db, held_reasons(poor, clusters, found, attached))
    outcome.publish_cuts(db, found.cuts + outcome.ambiguous_cuts(attached.candidates))


@dataclass(frozen=True)
class _Scored:
    """The evidence of tiers as it lies in the working database."""

    db: duckdb.DuckDBPyConnection

    def edges(self, tier: int) -> list[Edge]:
        return _edges(self.db, tier)

    def certain(self) -> list[Edge]:
        rows = self.db.execute(f"SELECT -weight, l, r FROM pairs WHERE {patterns.CERTAIN} ORDER BY weight DESC, l, r")
        return list(map(Edge._make, rows.fetchall()))

    def rivals(self) -> list[Edge]:
        return _rivals(self.db)

    def namesakes(self) -> list[tuple[int, int]]:
        return self.db.execute("SELECT l, r FROM pairs WHERE namesake ORDER BY l, r").fetchall()

    def systems_of_dates(self) -> dict[int, list[str]]:
        return dict(self.db.execute("SELECT node, date_systems FROM nodes WHERE date_systems IS NOT NULL").fetchall())

    def years_beside(self) -> dict[int, list[int]]:
        return dict(self.db.execute("SELECT node, years_beside FROM nodes WHERE years_beside IS NOT NULL").fetchall())

    def settle_ownership(self, clusters: Clusters) -> int:
        return settle_ownership(self.db, clusters)


def _joins_not_made(db: duckdb.DuckDBPyConnection, held: set[int]) -> list[Cut]:
    """The joins that nodes held from the start would have made."""
    rows = db.execute(
        f"SELECT l, r, weight FROM pairs WHERE tier <> {patterns.TOGETHER}"
        " AND (l IN (SELECT unnest($held)) OR r IN (SELECT unnest($held))) ORDER BY l, r",
        {"held": sorted(held)},
    )
    return [Cut(left, right, weight, AMBIGUOUS) for left, right, weight in rows.fetchall()]


def _join_known_persons(db: duckdb.DuckDBPyConnection, clusters: Clusters) -> None:
    """Records that the index already holds as one person start in one cluster."""
    rows = db.execute("SELECT list(node) FROM nodes WHERE person IS NOT NULL GROUP BY person HAVING count(*) > 1")
    for (nodes,) in rows.fetchall():
        clusters.unite_all(nodes)


def _nodes_of_persons(db: duckdb.DuckDBPyConnection) -> set[int]:
    return {row[0] for row in db.execute("SELECT node FROM nodes WHERE person IS NOT NULL").fetchall()}


def _edges(db: duckdb.DuckDBPyConnection, tier: int) -> list[Edge]:
    rows = db.execute("SELECT -weight, l, r FROM pairs WHERE tier = ? ORDER BY weight DESC, l, r", [tier])
    return list(map(Edge._make, rows.fetchall()))


def _rivals(db: duckdb.DuckDBPyConnection) -> list[Edge]:
    """Pairs that cast doubt, but for those with records without birth date that are somebody else's."""
    rows = db.execute(f"""
        WITH doubts AS (
            SELECT l, r, {patterns.ONE_SLIP} AS is_slip, unnest([
                struct_pack(node := l, rival := r), struct_pack(node := r, rival := l)], recursive := true)
            FROM pairs WHERE rival AND tier IS NULL),
        fitting AS (
            SELECT {patterns.SAME_SPELLING} AS is_spelt_so, unnest([
                struct_pack(node := l, other := r), struct_pack(node := r, other := l)], recursive := true)
            FROM pairs WHERE tier = {patterns.PHONE_ONLY} AND {patterns.WHOLE_NAME}),
        quieted AS (
            SELECT d.l, d.r FROM doubts d JOIN fitting USING (node) JOIN nodes n USING (node)
                JOIN nodes o ON o.node = rival JOIN nodes f ON f.node = other
            WHERE {patterns.CASTS_NO_DOUBT})
        SELECT -weight, l, r FROM pairs ANTI JOIN quieted USING (l, r)
        WHERE rival AND tier IS NULL ORDER BY weight DESC, l, r""")
    return list(map(Edge._make, rows.fetchall()))


def held_reasons(poor: set[int], clusters: Clusters, found: Progress, attached: Attached) -> dict[int, str]:
    """Why each held node is held. A poor node that a better one explains, or one of a known person, is not held."""
    roots = clusters.roots()
    rich_roots = {root for node, root in enumerate(roots) if node not in poor}
    poor_roots = {roots[node] for node in poor} - rich_roots
    in_use = {root for root in poor_roots if _is_an_account_in_use(clusters, root)}
    reasons = {node: NOT_ENOUGH for node in poor if roots[node] in poor_roots - in_use}
    reasons |= dict.fromkeys(found.held, AMBIGUOUS)
    reasons |= attached.reasons
    return {node: reason for node, reason in reasons.items() if node not in found.protected}


def _is_an_account_in_use(clusters: Clusters, root: int) -> bool:
    """Whether a whole name and a home stand on an account's own record, and rows under it: that is somebody.

    Without phone and birth date nobody else's record joins it; but its doses are no other's, and need not wait.
    """
    facts = clusters.facts(root)
    return (
        bool(facts.own_accounts and facts.homes and facts.provinces)
        and facts.one_word == {False}
        and len(clusters.members(root)) > 1
    )
