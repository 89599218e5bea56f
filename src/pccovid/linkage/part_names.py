"""Records of a phone and a part of a name: 'Thúy', 'Ngọc Khanh' without the family name.

Behind a family's phone a given name alone may be anybody's of that name, so the record waits until everybody who is
called so there is known: where that is one grown person, whose name ends with these very words, it is theirs. A name
whose Văn or Thị lost its mark ('Lê Van Anh') is found in the same way; Văn Anh and Vân Anh are two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import duckdb

from pccovid.linkage.clusters import Clusters
from pccovid.linkage.guards import conflict
from pccovid.linkage.name_words import COMMON_FAMILY_KEYS
from pccovid.linkage.patterns import LAST_YEAR_OF_ADULTS, PHONE_ONLY
from pccovid.linkage.preparing import MOST_NAMES_OF_A_FAMILY_PHONE

THIN = """year IS NULL AND name_key IS NOT NULL AND personal_id IS NULL AND old_id IS NULL AND passport IS NULL
    AND insurance_no IS NULL AND id_tail IS NULL AND (account IS NULL OR account = record)"""
"""Whether a node says a name, and of numbers none but its own account's."""

_FAMILIES = "(" + ", ".join(f"'{key}'" for key in sorted(COMMON_FAMILY_KEYS)) + ")"
_WORDS_WITHOUT_MARKS = "('van', 'thi')"
"""Văn and Thị stand before the given name in many names; other words without marks are names as well (Thanh, Thu)."""


def _ends(long: str, short: str) -> str:
    """Whether the name of node `long`, a family name first, ends with that of node `short`; with its marks, where both
    have some. Not with two words that are a family and a given name themselves ('Hoàng Tuấn')."""
    marks = f"list_has_all(string_split({long}.accented, ' '), string_split({short}.accented, ' '))"
    return f"""({long}.family IN {_FAMILIES} AND ends_with({long}.name_key, ' ' || {short}.name_key)
        AND NOT (contains({short}.name_key, ' ') AND {short}.family IN {_FAMILIES}) AND coalesce({marks}, TRUE))"""


def _lost_marks(some: str, other: str) -> str:
    """Whether nothing but 'van' or 'thi' in node `some` is written otherwise in `other`, of the same letters."""
    words = f"string_split({other}.accented, ' ')"
    unshared = f"list_filter(string_split({some}.accented, ' '), lambda w: NOT list_contains({words}, w))"
    return f"len(list_filter({unshared}, lambda w: w NOT IN {_WORDS_WITHOUT_MARKS})) = 0"


FITS = f"""((n.phone_is_own OR NOT o.phone_is_own) AND ({_ends("o", "n")} OR {_ends("n", "o")}
    OR n.name_key = o.name_key AND n.accented <> o.accented AND n.given_accented = o.given_accented
        AND ({_lost_marks("n", "o")} OR {_lost_marks("o", "n")})))"""
"""Whether node o may be called what the thin node n says, behind its phone."""


def find_alike(db: duckdb.DuckDBPyConnection) -> None:
    """Makes the table `alike` (node, other, fits): thin nodes behind a family's phone with all of a like name there."""
    db.execute(f"""CREATE TABLE alike AS
        WITH near AS (
            SELECT unnest([struct_pack(node := l, other := r), struct_pack(node := r, other := l)], recursive := true)
            FROM pairs WHERE rival)
        SELECT n.node, o.node AS other, coalesce({FITS}, FALSE) AS fits
        FROM near JOIN (SELECT * FROM nodes WHERE {THIN}) n ON n.node = near.node JOIN nodes o ON o.node = near.other
            JOIN phone_people p ON p.phone = n.phone
        WHERE p.people <= {MOST_NAMES_OF_A_FAMILY_PHONE}""")


def attach_part_names(db: duckdb.DuckDBPyConnection, clusters: Clusters, held: Collection[int]) -> None:
    """Joins thin nodes to the one grown person called so behind their phone, in place; `held` nodes wait already.

    The pair that joins them is one by name and phone.
    """
    rows = db.execute("SELECT node, other, fits FROM alike ORDER BY ALL").fetchall()
    thin = {node for (node,) in db.execute(f"SELECT node FROM nodes WHERE {THIN}").fetchall()}
    attach_alike(clusters, rows, thin, held)


def attach_alike(
    clusters: Clusters, alike: Iterable[tuple[int, int, bool]], thin: Collection[int], held: Collection[int]
) -> None:
    """The same for these (thin node, node of a like name behind its phone, whether the name fits), in order."""
    fits: dict[int, dict[int, bool]] = defaultdict(dict)
    for node, other, is_fitting in alike:
        own, root = clusters.root(node), clusters.root(other)
        if own != root:
            fits[own][root] = fits[own].get(root, False) or is_fitting
    for own, others in sorted(fits.items()):
        ((root, is_fitting), *more) = others.items()
        if is_fitting and not more and _may_join(clusters, own, root, thin, held):
            clusters.unite(clusters.root(own), clusters.root(root))


def _may_join(clusters: Clusters, own: int, root: int, thin: Collection[int], held: Collection[int]) -> bool:
    """Whether all of one cluster is thin and free, the other is a grown person, and nothing forbids the two."""
    mine, yours = (clusters.members(clusters.root(one)) for one in (own, root))
    if any(member not in thin or member in clusters.bound for member in mine):
        return False
    if any(member in held for member in (*mine, *yours)):
        return False
    one, other = clusters.facts(clusters.root(own)), clusters.facts(clusters.root(root))
    is_grown = bool(other.births) and all(birth.year <= LAST_YEAR_OF_ADULTS for birth in other.births)
    return is_grown and conflict(one, other, PHONE_ONLY) is None


def show_alike(db: duckdb.DuckDBPyConnection) -> None:
    """Gives the pairs that fit, and whose nodes came together, the tier by which they did."""
    db.execute(f"""UPDATE pairs SET tier = {PHONE_ONLY} FROM (
        SELECT least(k.node, k.other) AS one, greatest(k.node, k.other) AS two
        FROM alike k JOIN clustered a ON a.node = k.node JOIN clustered b ON b.node = k.other
        WHERE k.fits AND a.root = b.root) found
        WHERE pairs.l = found.one AND pairs.r = found.two AND pairs.tier IS NULL""")
