"""Records of masked personal codes: a name, a birth year, and the end of a document number.

Shown masked, the unified code hides the first six characters of the number, the day and the month. What is left of a
citizen number (six digits) says, with name and year, who it is; the three digits left of a CMND do where hardly anybody
in the index has that name and year, and need the phone elsewhere.
The code's own number on the national platform (QID) is the same masked or not. One fitting cluster takes the record,
several hold it.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb

from pccovid.linkage.attaching import NOT_ENOUGH, Attached
from pccovid.linkage.clustering import AMBIGUOUS
from pccovid.linkage.clusters import Clusters
from pccovid.linkage.guards import conflict
from pccovid.linkage.patterns import YEAR

LONG_TAIL = 6
"""Characters of a number's end that need no phone beside them."""
FEW_NAMESAKES = 3
"""Numbers under one name and birth year, at most, for three digits to tell them apart: one in a thousand goes wrong."""


def find_fitting(db: duckdb.DuckDBPyConnection) -> None:
    """Makes the table `fitting` (node, holder): masked nodes with each node that their code may show."""
    db.execute(f"CREATE TABLE fitting AS {_FITTING}")


def attach_masked(db: duckdb.DuckDBPyConnection, clusters: Clusters) -> Attached:
    """Joins masked nodes to the one cluster that fits, in place; holds those that fit several, or nobody."""
    pairs = db.execute("SELECT node, holder FROM fitting ORDER BY node, holder").fetchall()
    masked = db.execute(f"SELECT node FROM nodes WHERE {MASKED} ORDER BY node").fetchall()
    return attach_fitting(clusters, [node for (node,) in masked], pairs)


def attach_fitting(clusters: Clusters, masked: Iterable[int], pairs: Iterable[tuple[int, int]]) -> Attached:
    """The same for these masked nodes and (node, holder) pairs, both in order of number."""
    attached = Attached()
    fitting: dict[int, dict[int, int]] = {}
    for node, holder in pairs:
        fitting.setdefault(node, {}).setdefault(clusters.root(holder), holder)
    for node in masked:
        if len(clusters.members(clusters.root(node))) == 1:
            _attach(clusters, node, fitting.get(node, {}), attached)
    return attached


def _attach(clusters: Clusters, node: int, found: dict[int, int], attached: Attached) -> None:
    own = clusters.root(node)
    free = {
        root: holder
        for root, holder in ((clusters.root(root), holder) for root, holder in found.items())
        if root != own and conflict(clusters.facts(own), clusters.facts(root), YEAR) is None
    }
    if len(free) == 1:
        ((root, holder),) = free.items()
        attached.pairs.append((node, holder))
        clusters.unite(own, root)
    else:
        attached.reasons[node] = AMBIGUOUS if free else NOT_ENOUGH
        attached.candidates += [(node, holder) for holder in free.values()]


MASKED = """id_tail IS NOT NULL AND name_key IS NOT NULL AND personal_id IS NULL AND old_id IS NULL
    AND passport IS NULL AND insurance_no IS NULL"""
SHOWS = f"""ends_with(n.personal_id, m.id_tail) AND (len(m.id_tail) >= {LONG_TAIL} OR n.phone = m.phone)
       OR (ends_with(n.old_id, m.id_tail) OR ends_with(n.passport, m.id_tail))
          AND len(m.id_tail) >= 3 AND (s.numbers <= {FEW_NAMESAKES} OR n.phone = m.phone)"""
"""Whether the masked code m may be of node n; s.numbers: how many numbers their name and birth year have."""
_FITTING = f"""
    WITH masked AS (SELECT * FROM nodes WHERE {MASKED}),
    namesakes AS (SELECT name_sorted, year, count(DISTINCT coalesce(personal_id, old_id, passport)) AS numbers
        FROM nodes WHERE name_sorted IN (SELECT name_sorted FROM masked) GROUP BY name_sorted, year)
    SELECT m.node, n.node AS holder FROM masked m JOIN nodes n ON n.qid = m.qid AND n.name_sorted = m.name_sorted
    WHERE n.node <> m.node AND NOT (n.id_tail IS NOT NULL)
    UNION
    SELECT m.node, n.node FROM masked m JOIN nodes n ON n.name_sorted = m.name_sorted AND n.year = m.year
        JOIN namesakes s ON s.name_sorted = m.name_sorted AND s.year = m.year
    WHERE {SHOWS}"""
