"""Records of a phone and a part of a name: 'Thúy', 'Ngọc Khanh' without the family name.

Behind a family's phone a given name alone may be anybody's of that name, so the record waits until everybody who is
called so there is known: where that is one grown person, whose name ends with these very words, it is theirs. A name
some words of which lost their marks ('Lê Van Anh') is found in the same way; Văn Anh and Vân Anh are two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import duckdb

from pccovid.linkage.attaching import Attached
from pccovid.linkage.clusters import Clusters
from pccovid.linkage.guards import conflict
from pccovid.linkage.name_words import COMMON_FAMILY_KEYS
from pccovid.linkage.patterns import LAST_YEAR_OF_ADULTS, PHONE_ONLY

THIN = """year IS NULL AND name_key IS NOT NULL AND personal_id IS NULL AND old_id IS NULL AND passport IS NULL
    AND insurance_no IS NULL AND id_tail IS NULL AND (account IS NULL OR account = record)"""
"""Whether a node says a name, and of numbers none but its own account's."""

_FAMILIES = "(" + ", ".join(f"'{key}'" for key in sorted(COMMON_FAMILY_KEYS)) + ")"


def _ends(long: str, short: str) -> str:
    """Whether the name of node `long`, a family name first, ends with that of node `short`, to the diacritics."""
    marks = f"list_has_all(string_split({long}.accented, ' '), string_split({short}.accented, ' '))"
    return f"""({long}.family IN {_FAMILIES} AND ends_with({long}.name_key, ' ' || {short}.name_key)
        AND coalesce({marks}, TRUE))"""


def _lost_marks(some: str, other: str) -> str:
    """Whether the words of node `some` that `other`, of the same letters, writes otherwise have no marks."""
    words = f"string_split({other}.accented, ' ')"
    unshared = f"list_filter(string_split({some}.accented, ' '), lambda w: NOT list_contains({words}, w))"
    return f"len(list_filter({unshared}, lambda w: replace(strip_accents(w), 'đ', 'd') <> w)) = 0"


FITS = f"""({_ends("o", "n")} OR {_ends("n", "o")}
    OR n.name_key = o.name_key AND n.given_accented = o.given_accented
        AND ({_lost_marks("n", "o")} OR {_lost_marks("o", "n")}))"""
"""Whether node o may be called what the thin node n says, behind its phone."""


def attach_parts(db: duckdb.DuckDBPyConnection, clusters: Clusters, held: Collection[int]) -> Attached:
    """Joins thin nodes to the one grown person called so behind their phone, in place; `held` nodes wait already."""
    rows = db.execute(f"""
        WITH alike AS (
            SELECT unnest([struct_pack(node := l, other := r), struct_pack(node := r, other := l)], recursive := true)
            FROM pairs WHERE rival),
        thin AS (SELECT node FROM nodes WHERE {THIN})
        SELECT n.node, o.node, coalesce({FITS}, FALSE) FROM alike
            JOIN nodes n ON n.node = alike.node JOIN nodes o ON o.node = alike.other
        WHERE n.node IN (FROM thin) ORDER BY ALL""").fetchall()
    thin = {node for (node,) in db.execute(f"SELECT node FROM nodes WHERE {THIN}").fetchall()}
    return attach_alike(clusters, rows, thin, held)


def attach_alike(
    clusters: Clusters, alike: Iterable[tuple[int, int, bool]], thin: Collection[int], held: Collection[int]
) -> Attached:
    """The same for these (thin node, node of a like name behind its phone, whether the name fits), in order."""
    found: dict[int, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for node, other, fits in alike:
        own, root = clusters.root(node), clusters.root(other)
        if own != root:
            found[own][root] += [(node, other)] if fits else []
    attached = Attached()
    for own, others in sorted(found.items()):
        if len(others) == 1 and own not in held and all(member in thin for member in clusters.members(own)):
            ((root, fitting),) = others.items()
            _attach(clusters, own, root, fitting, attached)
    return attached


def _attach(clusters: Clusters, own: int, root: int, fitting: list[tuple[int, int]], attached: Attached) -> None:
    one, other = clusters.facts(clusters.root(own)), clusters.facts(clusters.root(root))
    is_grown = bool(other.births) and all(birth.year <= LAST_YEAR_OF_ADULTS for birth in other.births)
    if fitting and is_grown and conflict(one, other, PHONE_ONLY) is None:
        attached.pairs.append(fitting[0])
        clusters.unite(clusters.root(own), clusters.root(root))
