"""Whose an identifier is, when clusters that are different people carry it.

A parent's id stands on a child's dose, one CMND was typed for two people, a mistyped number hit somebody else's. Left
alone, such a number would keep a record away from its own person. Where the owner can be told, the number is
blanked on everybody else's records for the rest of the run; where not, it stays, and only holds back.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

import duckdb
import pyarrow as pa

from pccovid.linkage.clusters import Clusters
from pccovid.linkage.guards import Facts
from pccovid.linkage.id_structure import read_digits

KINDS = {
    "personal_ids": "personal_id",
    "old_ids": "old_id",
    "passports": "passport",
    "insurance_nos": "insurance_no",
    "accounts": "account",
}
BORN_TOO_LATE_FOR_AN_ID_CARD = 2008
"""Nobody born from this year on was fourteen, the age of the first card, when the records were made."""


class Holder(NamedTuple):
    """One cluster that carries a number: its root, how many records do, whether one is verified (or is the account)."""

    root: int
    records: int
    certain: bool
    nodes: list[int]


def settle_ownership(db: duckdb.DuckDBPyConnection, clusters: Clusters) -> int:
    """Blanks each contested number on the clusters that do not own it; returns how many numbers were contested."""
    publish_roots(db, clusters)
    return sum(settle(clusters, column, _contested(db, source)) for column, source in KINDS.items())


def settle(clusters: Clusters, column: str, contested: Iterable[tuple[str, list[Holder]]]) -> int:
    """Blanks each of these numbers of one kind on the clusters that do not own it; returns how many there were."""
    count = 0
    for value, holders in contested:
        count += 1
        if column == "personal_ids":
            clusters.disputed[column, value] = [
                one.root for one in holders if digits_agree(value, clusters.facts(one.root))
            ]
        owner = _owner(value, column, holders, clusters)
        if owner is not None:
            for holder in holders:
                if holder.root != owner:
                    clusters.blank(holder.nodes, column)
    return count


def publish_roots(db: duckdb.DuckDBPyConnection, clusters: Clusters) -> None:
    """Makes or replaces the table `clustered` (node, root)."""
    roots = pa.array(clusters.roots(), pa.int32())
    db.register("roots_now", pa.table({"node": pa.array(range(len(roots)), pa.int32()), "root": roots}))
    db.execute("CREATE OR REPLACE TABLE clustered AS SELECT * FROM roots_now")
    db.unregister("roots_now")


def _contested(db: duckdb.DuckDBPyConnection, source: str) -> Iterable[tuple[str, list[Holder]]]:
    """Each number that several clusters carry, with those clusters; in order of number and root."""
    certain = f"record = {source}" if source == "account" else "id_verified" if source == "personal_id" else "FALSE"
    rows = db.execute(f"""
        WITH carried AS (
            SELECT {source} AS value, root, CAST(sum(records) AS INTEGER) AS records, bool_or({certain}) AS certain,
                list_sort(list(node)) AS nodes
            FROM nodes JOIN clustered USING (node)
            WHERE {source} IS NOT NULL AND (name_key IS NOT NULL OR day IS NOT NULL) GROUP BY {source}, root)
        SELECT value, root, records, certain, nodes FROM carried
        QUALIFY count(*) OVER (PARTITION BY value) > 1 ORDER BY value, root""").fetchall()
    for value, group in groupby(rows, key=lambda row: str(row[0])):
        yield value, [Holder(*row[1:]) for row in group]


def _owner(value: str, column: str, holders: list[Holder], clusters: Clusters) -> int | None:
    """The root of the one cluster that the number must belong to, by the first test that only one passes."""
    facts = {holder.root: clusters.facts(holder.root) for holder in holders}
    tests: list[list[int]] = [[holder.root for holder in holders if holder.certain]]
    if column == "personal_ids":
        tests.append([root for root, of_root in facts.items() if digits_agree(value, of_root)])
    if column in ("personal_ids", "old_ids"):
        tests.append([root for root, of_root in facts.items() if not _too_young(of_root)])
    for passed in tests:
        if len(passed) == 1:
            return passed[0]
    return _most_used(holders)


def _most_used(holders: list[Holder]) -> int | None:
    """The holder on whose records the number stands at least twice, and twice as often as on any other's."""
    first, second = sorted(holders, key=lambda holder: -holder.records)[:2]
    return first.root if first.records >= 2 and first.records >= 2 * second.records else None


def digits_agree(personal_id: str, facts: Facts) -> bool:
    """Whether century, sex and year in a 12-digit personal id agree with what a cluster states of birth and sex."""
    digits = read_digits(personal_id)
    born_then = any(birth.year == digits.birth_year for birth in facts.births)
    return born_then and (not facts.sexes or digits.sex in facts.sexes)


def digits_contradict(personal_id: str, facts: Facts) -> bool:
    """Whether they say another birth year than every record of the cluster that states one, or another sex."""
    digits = read_digits(personal_id)
    born_otherwise = bool(facts.births) and all(birth.year != digits.birth_year for birth in facts.births)
    return born_otherwise or (bool(facts.sexes) and digits.sex not in facts.sexes)


def _too_young(facts: Facts) -> bool:
    return bool(facts.births) and all(birth.year >= BORN_TOO_LATE_FOR_AN_ID_CARD for birth in facts.births)
