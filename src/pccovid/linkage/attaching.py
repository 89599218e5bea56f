"""The end of clustering: records with an identifier and nothing else, and records that can stand for nobody.

A scanned card number or an account number says who it is only through somebody else's record: the one cluster that
carries the number takes the record; where several do, it is held. A record that came to a person on a former run never
takes that whole person along.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa

from pccovid.linkage.clustering import AMBIGUOUS
from pccovid.linkage.clusters import Clusters
from pccovid.linkage.doses import Dose, contradict, may_have_had, read_dose
from pccovid.linkage.guards import Birth, conflict, never_one
from pccovid.linkage.ownership import KINDS, digits_contradict
from pccovid.linkage.patterns import IDENTIFIER, LAST_YEAR_OF_ADULTS

ACCOUNT_NOT_FOUND = "account_not_found"
NOT_ENOUGH = "not_enough_to_identify"

BARE_NODE = "name_key IS NULL AND day IS NULL"
TOO_POOR = """personal_id IS NULL AND old_id IS NULL AND passport IS NULL AND insurance_no IS NULL
    AND (name_key IS NULL OR (phone IS NULL AND (year IS NULL OR (day IS NULL AND commune_code IS NULL))))"""

_IS_A_STRANGER = f"""n.year <= {LAST_YEAR_OF_ADULTS} AND n.phone <> o.phone
    AND coalesce(n.commune_code <> o.commune_code, TRUE)"""
NAMES_ANOTHER = f"""(n.name_key IS NOT NULL OR n.day IS NOT NULL)
    AND (coalesce(n.given <> o.given, TRUE) OR n.year <> o.year) AND NOT coalesce({_IS_A_STRANGER}, FALSE)"""
"""Whether a row `n` under an account, or with its owner's number, names somebody for whom the account is used: not whom
its own record `o` names, nor a grown person of another phone, whose row came there by a slip."""

IS_GROWN = f"coalesce(n.year <= {LAST_YEAR_OF_ADULTS}, FALSE)"
"""Whether a row `n` with the number of an account's owner is a grown person's: their doses stand under an own account.

In the app of the account a child's stand under the parent's, whose number was written for the child; a number written
elsewhere tells nothing of whom the account is used for."""


def app_of(record: str) -> str:
    """The system in which a record, or an account, stands."""
    return record.partition(":")[0]


@dataclass
class Attached:
    """What attaching did: (node, holder) pairs joined; why nodes are held; candidates of those that fit several."""

    pairs: list[tuple[int, int]] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    candidates: list[tuple[int, int]] = field(default_factory=list)

    def with_more(self, other: Attached) -> Attached:
        """Both steps' work together."""
        return Attached(self.pairs + other.pairs, {**self.reasons, **other.reasons}, self.candidates + other.candidates)


Number = tuple[str, str]


def attach_bare(db: duckdb.DuckDBPyConnection, clusters: Clusters, placed: Collection[int] = ()) -> Attached:
    """Joins bare nodes, but those `placed` already, to the one holder of their numbers, in place."""
    rows = db.execute(f"SELECT node FROM nodes WHERE {BARE_NODE} ORDER BY node").fetchall()
    nodes = [node for (node,) in rows if node not in placed]
    return attach_nodes(clusters, nodes, _owners(db), _shared_accounts(db, clusters), _doses(db), _told(db))


Doses = Mapping[int, Sequence[Dose]]
"""Node → the doses its records tell of."""


Shared = Mapping[str, Collection[int]]
"""Account → nodes of the rows under it, or under its owner's number, that name somebody else."""


def attach_nodes(
    clusters: Clusters, bare: list[int], owners: dict[str, int], shared: Shared, doses: Doses, told: Collection[int]
) -> Attached:
    """The same for these bare nodes, in order of number.

    `owners`: account → the node of its own record; `told`: nodes each of whose records tells of a dose.
    """
    numbers = {node: _numbers_of(clusters, node) for node in bare}
    rows_under = Counter(number for of_node in numbers.values() for number in of_node)
    alone = frozenset(node for node in bare if all(rows_under[number] == 1 for number in numbers[node]))
    known = _Known(_holders(clusters, numbers, set(bare), owners), owners, shared, doses, told, frozenset(bare), alone)
    attached = Attached()
    firsts: dict[Number, int] = {}
    for node in bare:
        _attach(clusters, node, numbers[node], known, firsts, attached)
    return attached


@dataclass(frozen=True)
class _Known:
    """What is known of numbers: number → root of each cluster that carries it → first node of it; account → node of its
    own record; accounts used for several, and rows of the others; node → doses; nodes whose every record tells one;
    nodes that name nobody, and those of them that are alone under their numbers."""

    holders: dict[Number, dict[int, int]]
    owners: Mapping[str, int]
    shared: Shared
    doses: Doses
    told: Collection[int]
    bare: Collection[int]
    alone: Collection[int]


def _numbers_of(clusters: Clusters, node: int) -> list[Number]:
    values = clusters.columns.values
    return [(column, value) for column in KINDS if (value := values[column][node]) is not None]


def _owners(db: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Account → the node of its own record, where that has come."""
    return dict(
        db.execute(
            "SELECT record, node FROM records WHERE record IN (SELECT account FROM nodes WHERE account IS NOT NULL)"
        ).fetchall()
    )


def _holders(
    clusters: Clusters, numbers: dict[int, list[Number]], bare: set[int], owners: dict[str, int]
) -> dict[Number, dict[int, int]]:
    """Number → root of each cluster that carries it → first node of it that does.

    An account is carried only by its own record's cluster: another row under it may be somebody else's, entered there
    by mistake, and would draw the account's bare rows over to them. Of an account whose own record never came, the rows
    that name somebody are all there is.
    """
    wanted = {number for of_node in numbers.values() for number in of_node}
    holders: dict[Number, dict[int, int]] = defaultdict(dict)
    for column in KINDS:
        for node, value in enumerate(clusters.columns.values[column]):
            if value is None or (column, value) not in wanted or node in bare:
                continue
            if column != "accounts" or _owns(clusters, owners, value, node, bare):
                holders[column, value].setdefault(clusters.root(node), node)
    return holders


def _owns(clusters: Clusters, owners: dict[str, int], account: str, node: int, bare: set[int]) -> bool:
    owner = owners.get(account)
    if owner is None:
        return clusters.columns.births[node] is not None
    return owner not in bare and clusters.root(owner) == clusters.root(node)


def _attach(
    clusters: Clusters, node: int, numbers: list[Number], known: _Known, firsts: dict[Number, int], attached: Attached
) -> None:
    if node in clusters.bound:
        return
    found = _free_holders(clusters, node, numbers, known.holders)
    if len(found) == 1 and _is_doubtful(clusters, node, numbers, next(iter(found)), known):
        attached.reasons[node] = AMBIGUOUS
        attached.candidates += [(node, holder) for holder in found.values()]
    elif len(found) == 1:
        (holder,) = found.values()
        attached.pairs.append((node, holder))
        clusters.unite(clusters.root(node), clusters.root(holder))
    elif found:
        attached.reasons[node] = AMBIGUOUS
        attached.candidates += [(node, holder) for holder in found.values()]
    elif all(column == "accounts" for column, _ in numbers):
        attached.reasons[node] = ACCOUNT_NOT_FOUND if _is_orphan(clusters, numbers) else NOT_ENOUGH
    else:
        _join_equal(clusters, node, numbers, known.bare, firsts, attached)


def _would_take_a_person_along(clusters: Clusters, node: int, root: int, bare: Collection[int]) -> bool:
    """Whether records that name somebody stand with the node already, or such as contradict the other cluster.

    What the tiers did not join is not joined by a record that came to one of the two by its number.
    """
    own = clusters.root(node)
    if own == root or len(clusters.members(own)) == 1:
        return False
    if any(member not in bare for member in clusters.members(own)):
        return True
    return conflict(clusters.facts(own), clusters.facts(root), IDENTIFIER) is not None


def _shared_accounts(db: duckdb.DuckDBPyConnection, clusters: Clusters) -> Shared:
    """The accounts that somebody else is entered under, or whose owner's number stands in somebody else's row.

    Of those whose own record never came, the ones under which several are named.
    """
    accounts = db.execute("SELECT account, node FROM nodes WHERE account = record ORDER BY node").fetchall()
    known = numbers_of_owners(clusters, accounts)
    db.register("known_now", pa.table({
        "account": pa.array([account for account, _, _ in known], pa.string()),
        "owner": pa.array([owner for _, owner, _ in known], pa.int32()),
        "number": pa.array([number for _, _, number in known], pa.string()),
    }))  # fmt: skip
    rows = db.execute(f"""
        SELECT n.account, o.node, n.node FROM nodes n JOIN records r ON r.record = n.account
            JOIN nodes o ON o.node = r.node
        WHERE n.node <> o.node AND {NAMES_ANOTHER}
        UNION SELECT k.account, o.node, n.node FROM known_now k JOIN nodes o ON o.node = k.owner
            JOIN nodes n ON n.personal_id = k.number
        WHERE n.node <> o.node AND {NAMES_ANOTHER} AND NOT {IS_GROWN} AND EXISTS (SELECT 1 FROM records x
            WHERE x.node = n.node AND string_split(x.record, ':')[1] = string_split(k.account, ':')[1])
        UNION SELECT n.account, o.node, n.node FROM nodes n JOIN nodes o ON o.account = n.account AND o.node < n.node
        WHERE coalesce(n.name_key, n.digits) IS NOT NULL AND coalesce(o.name_key, o.digits) IS NOT NULL
            AND n.account NOT IN (SELECT record FROM records)
        ORDER BY ALL""").fetchall()
    db.unregister("known_now")
    return accounts_of_several(clusters, rows)


def numbers_of_owners(clusters: Clusters, accounts: Iterable[tuple[str, int]]) -> list[tuple[str, int, str]]:
    """(account, node of its own record, personal id) of each id that stands on a record of the account's owner.

    A second account of the owner's may know no number; numbers found to be somebody else's are not the owner's.
    """
    found = []
    for account, owner in accounts:
        said = (clusters.columns.values["personal_ids"][node] for node in clusters.members(clusters.root(owner)))
        found += [(account, owner, number) for number in sorted({number for number in said if number is not None})]
    return found


def accounts_of_several(clusters: Clusters, rows: Iterable[tuple[str, int, int]]) -> Shared:
    """Of (account, node of its own record, node of a row under it, or under its owner's number, that names another):
    the accounts that are two people's, with the rows of the other.

    A child's dose was entered under the parent: of a further row that names nobody, nothing but its dose says whose.
    """
    others: dict[str, set[int]] = defaultdict(set)
    for account, owner, row in rows:
        if clusters.root(owner) != clusters.root(row):
            others[account].add(row)
    return others


def _free_holders(
    clusters: Clusters, node: int, numbers: list[Number], holders: dict[Number, dict[int, int]]
) -> dict[int, int]:
    """Root → holder of every cluster that carries one of the numbers, but those told apart from the node."""
    own = clusters.facts(clusters.root(node))
    found = {clusters.root(root): holder for number in numbers for root, holder in holders.get(number, {}).items()}
    return {root: holder for root, holder in found.items() if never_one(own, clusters.facts(root)) is None}


def _is_disowned(clusters: Clusters, numbers: list[Number], root: int) -> bool:
    """Whether the cluster's verified id is another: there the number is a slip, and may be its real owner's here."""
    verified = clusters.facts(root).verified_ids
    return bool(verified) and all(column == "personal_ids" and value not in verified for column, value in numbers)


def _is_a_slip_by_its_digits(clusters: Clusters, node: int, numbers: list[Number], root: int) -> bool:
    """Whether a personal id, all that the node has, says by its digits that it is not the cluster's, whose phone the
    node does not have either: there it is a slip, and may be its real owner's here."""
    facts, phone = clusters.facts(root), clusters.columns.phones_seen[node]
    if [column for column, _ in numbers] != ["personal_ids"] or phone in facts.phones_seen:
        return False
    ((_, number),) = numbers
    return number not in facts.verified_ids and digits_contradict(number, facts)


def _is_doubtful(clusters: Clusters, node: int, numbers: list[Number], root: int, known: _Known) -> bool:
    """Whether the one cluster that carries the node's number may not be whose the node is."""
    accounts = [value for column, value in numbers if column == "accounts"]
    by_account = not any(column != "accounts" and (column, value) in known.holders for column, value in numbers)
    orphans = [account for account in accounts if by_account and account not in known.owners]
    return (
        _would_take_a_person_along(clusters, node, root, known.bare)
        or any(_may_be_anothers(clusters, node, account, known) for account in accounts)
        or any(map(clusters.is_disputed, numbers))
        or _is_disowned(clusters, numbers, root)
        or _is_a_slip_by_its_digits(clusters, node, numbers, root)
        or _is_of_another_year(clusters, node, root)
        or _has_others_doses(clusters, node, root, known)
        or not all(_names_its_holder(clusters, node, root, account, known.doses) for account in orphans)
    )


def _may_be_anothers(clusters: Clusters, node: int, account: str, known: _Known) -> bool:
    """Whether a row under an account may be of somebody else for whom the account is used.

    Not where it tells of doses none of which any of them can have had beside their own.
    """
    others = {clusters.root(row) for row in known.shared.get(account, ())}
    if account not in known.owners or node not in known.told:
        return bool(others)
    theirs = [_doses_of(clusters, other, known.doses) for other in others]
    return any(may_have_had(dose, had) for dose in known.doses[node] for had in theirs)


def _names_its_holder(clusters: Clusters, node: int, root: int, account: str, doses: Doses) -> bool:
    """Whether rows under an account whose own record never came say enough of who holds it: a dose is entered under
    the wrong account now and then. Two that name the cluster's person do, or one that tells of another dose in turn;
    not a child's, which are mostly under the parent's account.
    """
    columns = clusters.columns
    known = [
        dose
        for member in clusters.members(root)
        if columns.values["accounts"][member] == account and _is_grown(columns.births[member])
        for dose in doses.get(member, ())
    ]
    numbers = {dose.number for dose in doses.get(node, ())} - {None}
    return len(known) > 1 or any(dose.number not in (None, number) for dose in known for number in numbers)


def _is_grown(birth: Birth | None) -> bool:
    return birth is not None and birth.year <= LAST_YEAR_OF_ADULTS


def _is_of_another_year(clusters: Clusters, node: int, root: int) -> bool:
    """Whether a row without a name says a birth year that nobody of the cluster's records says: a newborn's, mostly."""
    year, known = clusters.columns.years[node], {birth.year for birth in clusters.facts(root).births}
    return year is not None and bool(known) and year not in known


def _has_others_doses(clusters: Clusters, node: int, root: int, known: _Known) -> bool:
    """Whether with this node's doses the cluster would have had what nobody has."""
    had = _doses_of(clusters, root, known.doses)
    births = clusters.facts(root).births
    of_grown = bool(births) and all(map(_is_grown, births))
    return contradict(known.doses.get(node, ()), had, come_alone=node in known.alone, of_grown=of_grown)


def _doses_of(clusters: Clusters, root: int, doses: Doses) -> list[Dose]:
    return [dose for member in clusters.members(root) for dose in doses.get(member, ())]


def _doses(db: duckdb.DuckDBPyConnection) -> dict[int, list[Dose]]:
    """The doses of nodes."""
    rows = db.execute("SELECT node, list_sort(list(DISTINCT dose)) FROM records WHERE dose IS NOT NULL GROUP BY node")
    return {node: [read_dose(text) for text in texts] for node, texts in rows.fetchall()}


def _told(db: duckdb.DuckDBPyConnection) -> set[int]:
    """Nodes with a dose in each of their records."""
    return {n for (n,) in db.execute("SELECT node FROM records GROUP BY node HAVING count(dose) = count(*)").fetchall()}


def _is_orphan(clusters: Clusters, numbers: list[Number]) -> bool:
    """Whether the account that the record points to never came."""
    return any(number not in clusters.columns.account_owners for _, number in numbers)


def _join_equal(
    clusters: Clusters, node: int, numbers: list[Number], bare: Collection[int], firsts: dict[Number, int],
    attached: Attached,
) -> None:  # fmt: skip
    """Bare nodes that nobody's record explains are one person where they carry the same number.

    Not where both came to a person of their own before.
    """
    for number in numbers:
        first = firsts.setdefault(number, node)
        if first != node and not _are_of_two_persons(clusters, node, first, bare):
            attached.pairs.append((node, first))
            clusters.unite(clusters.root(node), clusters.root(first))
            return


def _are_of_two_persons(clusters: Clusters, one: int, other: int, bare: Collection[int]) -> bool:
    roots = {clusters.root(one), clusters.root(other)}
    named = [root for root in roots if any(member not in bare for member in clusters.members(root))]
    return len(named) > 1


def too_poor(db: duckdb.DuckDBPyConnection) -> set[int]:
    """Nodes that can stand for nobody: no identifier, and not a name with a phone, a birthday, or a year at a place."""
    return {node for (node,) in db.execute(f"SELECT node FROM nodes WHERE {TOO_POOR}").fetchall()}
