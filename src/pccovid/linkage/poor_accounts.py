"""Accounts whose own record says too little of anybody ('A', a damaged name), while rows under them name a person.

A dose is entered under the wrong account now and then, so rows alone do not say whose an account is: the account's own
phone, or its home, must be that person's too. Of an account that knows no phone, commune and sex must be; or the sex,
where two rows under it name that person: no clerk errs twice in one way.
"""

from __future__ import annotations

from collections import defaultdict

import duckdb
import pyarrow as pa

from pccovid.linkage.attaching import Attached
from pccovid.linkage.clusters import Clusters
from pccovid.linkage.guards import never_one


def attach_poor_accounts(db: duckdb.DuckDBPyConnection, clusters: Clusters, poor: set[int]) -> Attached:
    """Joins such accounts to the one cluster that all named rows under them stand in, in place."""
    roots = _roots_of_rows(db, clusters, poor)
    sure = _of_one_phone_or_home(db, {owner: clusters.members(root) for owner, root in roots.items()})
    attached = Attached()
    for owner, root in sorted(roots.items()):
        own, others = clusters.root(owner), clusters.root(root)
        if owner in sure and own != others and not never_one(clusters.facts(own), clusters.facts(others)):
            attached.pairs.append((owner, root))
            clusters.unite(own, others)
    return attached


def _roots_of_rows(db: duckdb.DuckDBPyConnection, clusters: Clusters, poor: set[int]) -> dict[int, int]:
    """Poor account → root of the only cluster in which rows under it stand that name somebody."""
    rows = db.execute("""
        SELECT o.node, n.node FROM nodes o JOIN nodes n ON n.account = o.record AND n.node <> o.node
        WHERE o.account = o.record AND n.name_key IS NOT NULL AND n.year IS NOT NULL ORDER BY ALL""").fetchall()
    found: dict[int, set[int]] = defaultdict(set)
    for owner, row in rows:
        if owner in poor and len(clusters.members(clusters.root(owner))) == 1:
            found[owner].add(clusters.root(row))
    return {owner: roots.pop() for owner, roots in found.items() if len(roots) == 1}


def _of_one_phone_or_home(db: duckdb.DuckDBPyConnection, members: dict[int, list[int]]) -> set[int]:
    """The accounts that share with the cluster's records what the head of this module says."""
    pairs = [(owner, member) for owner, nodes in members.items() for member in nodes]
    db.register("account_members", pa.table({
        "owner": pa.array([owner for owner, _ in pairs], pa.int32()),
        "member": pa.array([member for _, member in pairs], pa.int32()),
    }))  # fmt: skip
    rows = db.execute("""
        SELECT o.node FROM account_members JOIN nodes o ON o.node = owner JOIN nodes m ON m.node = member
        WHERE o.sex = m.sex OR o.sex IS NULL OR m.sex IS NULL
        GROUP BY o.node HAVING bool_or(coalesce(
                o.phone = m.phone OR o.address = m.address AND coalesce(o.commune_code = m.commune_code, TRUE)
                OR o.phone IS NULL AND o.sex = m.sex AND o.commune_code = m.commune_code, FALSE))
            OR sum(m.records) FILTER (
                o.phone IS NULL AND o.sex = m.sex AND m.account = o.record AND m.name_key IS NOT NULL) > 1
        """).fetchall()
    db.unregister("account_members")
    return {node for (node,) in rows}
