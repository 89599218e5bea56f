"""The tiers worked off over a handful of nodes: engine._cluster, with the batch's own guards, tiers and their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, NamedTuple

from pccovid.linkage import patterns
from pccovid.linkage.attaching import (
    BARE_NODE,
    IS_GROWN,
    NAMES_ANOTHER,
    TOO_POOR,
    Attached,
    accounts_of_several,
    app_of,
    attach_nodes,
    numbers_of_owners,
)
from pccovid.linkage.clustering import AMBIGUOUS, Cut, Edge, Progress
from pccovid.linkage.clusters import COLUMNS, STATED, Clusters, node_columns
from pccovid.linkage.decided import bind
from pccovid.linkage.engine import held_reasons
from pccovid.linkage.masked import MASKED, SHOWS, attach_fitting
from pccovid.linkage.one_record.borrowed import is_borrowed
from pccovid.linkage.one_record.expressions import compiled, condition
from pccovid.linkage.one_record.nodes import Node, Nodes, holders_of
from pccovid.linkage.one_record.pairs import Pair, blocked
from pccovid.linkage.one_record.spellings import unsure_spellings
from pccovid.linkage.ownership import KINDS, Holder, settle
from pccovid.linkage.part_names import FITS, THIN, attach_alike
from pccovid.linkage.preparing import MOST_NAMES_OF_A_FAMILY_PHONE
from pccovid.linkage.tiers import work_tiers

Decision = tuple[str, str, bool]
"""Two records, and whether people said that they are one person."""


class NeedsTheBatch(RuntimeError):
    """Something stands among the records that only the whole linkage knows how to judge."""


def _of_node(_: str, column: str) -> str:
    return f"p.{column}"


_IS_BARE, _IS_POOR, _IS_MASKED, _IS_THIN = (condition(sql, _of_node) for sql in (BARE_NODE, TOO_POOR, MASKED, THIN))
_STATED = tuple(compiled(sql, _of_node) for sql in STATED)


class _Shown(NamedTuple):
    """A masked code, a node whose it may be, and how many numbers their name and birth year have."""

    m: Node
    n: Node
    numbers: int


_SHOWS = condition(SHOWS, lambda table, column: "p.numbers" if table == "s" else f"p.{table}.{column}")


class _Entered(NamedTuple):
    """A row under an account, and the node of the account's own record."""

    n: Node
    o: Node


class _Doubt(NamedTuple):
    """A record without birth year, one of a like name, and one whose name it has."""

    n: Node
    o: Node
    f: Node
    is_spelt_so: bool
    is_slip: bool


_CASTS_NO_DOUBT = condition(
    patterns.CASTS_NO_DOUBT, lambda table, column: f"p.{table}.{column}" if table else f"p.{column}"
)

_NAMES_ANOTHER = condition(NAMES_ANOTHER, lambda table, column: f"p.{table}.{column}")
_IS_CERTAIN = condition(patterns.CERTAIN, lambda _, column: f"p.{column}")
_IS_GROWN = condition(IS_GROWN, lambda table, column: f"p.{table}.{column}")
_FITS = condition(FITS, lambda table, column: f"p.{table}.{column}")


@dataclass
class Joined:
    """What became of the nodes: their clusters, why some are held, which joins were not made, what was attached."""

    clusters: Clusters
    compared: list[Pair]
    """Of two different persons, or of nobody yet."""
    reasons: dict[int, str] = field(default_factory=dict)
    cuts: list[Cut] = field(default_factory=list)
    attached: list[tuple[int, int]] = field(default_factory=list)

    def pairs_of(self, node: Node) -> list[Pair]:
        """The pairs in which a node was compared with those of other persons."""
        return [pair for pair in self.compared if pair.l is node or pair.r is node]


def join(nodes: Nodes, kind: type[Pair], decisions: Sequence[Decision]) -> Joined:
    """Works off the tiers. Raises NeedsTheBatch."""
    pairs = _Pairs(nodes, kind)
    clusters = Clusters(_columns(nodes.all))
    for those in _nodes_of_persons(nodes.all).values():
        clusters.unite_all(those)
    unsure = unsure_spellings(nodes.all)
    told_the_same = bind(clusters, _decided(nodes, decisions))
    protected = {node.number for node in nodes.all if node.person is not None} | told_the_same
    found = Progress(pairs.not_made(unsure), unsure - told_the_same, protected)
    work_tiers(clusters, pairs, found)
    poor = {node.number for node in nodes.all if _IS_POOR(node)}
    _no_poor_accounts(nodes.all, clusters, poor)
    _attach_part_names(nodes, pairs.kept, clusters, found.held)
    attached = _attach_bare(nodes, clusters).with_more(_attach_masked(nodes.all, clusters))
    cuts = found.cuts + [Cut(node, holder, 0.0, AMBIGUOUS) for node, holder in attached.candidates]
    return Joined(clusters, pairs.compared, held_reasons(poor, clusters, found, attached), cuts, attached.pairs)


class _Pairs:
    """The pairs that decide anything: between two persons of the index, or with a record that is nobody's."""

    def __init__(self, nodes: Nodes, kind: type[Pair]) -> None:
        self._nodes, self._kind = nodes, kind
        self._of_one_person: list[tuple[Node, Node]] = []
        self.compared: list[Pair] = []
        for one, other in blocked(nodes.all):
            if one.person is not None and one.person == other.person:
                self._of_one_person.append((one, other))
            else:
                self.compared.append(kind(one, other))
        for pair in self.compared:
            if is_borrowed(pair, nodes.all):
                pair.tier = None
        self.kept = [pair for pair in self.compared if pair.tier is not None or pair.rival or pair.namesake]

    def edges(self, tier: int) -> list[Edge]:
        """engine._edges."""
        return sorted(_edge(pair) for pair in self.kept if pair.tier == tier)

    def certain(self) -> list[Edge]:
        """engine._Scored.certain."""
        return sorted(_edge(pair) for pair in self.kept if _IS_CERTAIN(pair))

    def not_made(self, held: set[int]) -> list[Cut]:
        """engine._joins_not_made."""
        return [
            Cut(pair.l.number, pair.r.number, pair.weight, AMBIGUOUS)
            for pair in self.kept
            if pair.tier not in (None, patterns.TOGETHER) and (pair.l.number in held or pair.r.number in held)
        ]

    def namesakes(self) -> list[tuple[int, int]]:
        """engine._Scored.namesakes."""
        return [(pair.l.number, pair.r.number) for pair in self.kept if pair.namesake]

    def systems_of_dates(self) -> dict[int, set[str]]:
        """frequencies.mark_systems_of_dates."""
        systems: dict[int, set[str]] = defaultdict(set)
        there: dict[tuple[object, ...], set[str]] = defaultdict(set)
        for record, node in self._nodes.of_record.items():
            if node.year is not None:
                system = record.split(":")[0]
                systems[node.number].add(system)
                if (place := _name_year_place(node)) is not None:
                    there[place].add(system)
        dated = (node for node in self._nodes.all if node.year is not None)
        return {node.number: there.get(_name_year_place(node) or (), systems[node.number]) for node in dated}

    def years_beside(self) -> dict[int, set[int]]:
        """frequencies.mark_systems_of_dates."""
        beside: dict[tuple[str, str], set[int]] = defaultdict(set)
        children = [node for node in self._nodes.all if node.phone is not None and _is_a_child(node)]
        for node in children:
            beside[node.phone, node.name_sorted].add(node.year)
        return {node.number: beside[node.phone, node.name_sorted] for node in children}

    def settle_ownership(self, clusters: Clusters) -> None:
        """ownership.settle_ownership."""
        for column, source in KINDS.items():
            settle(clusters, column, list(_contested(self._nodes.all, clusters, source)))

    def rivals(self) -> list[Edge]:
        """engine._rivals."""
        doubts = [pair for pair in self.kept if pair.rival and pair.tier is None]
        if not doubts:
            return []
        fitting = self._fitting()
        return sorted(
            _edge(pair) for pair in doubts
            if not _is_quieted(pair, pair.l, pair.r, fitting) and not _is_quieted(pair, pair.r, pair.l, fitting)
        )  # fmt: skip

    def _fitting(self) -> dict[int, list[tuple[Node, bool]]]:
        """Node → those whose name and phone it has, also of one person; and whether to the last diacritic."""
        fitting: dict[int, list[tuple[Node, bool]]] = defaultdict(list)
        for pair in self.kept + [self._kind(*of_one) for of_one in self._of_one_person]:
            if pair.tier == patterns.PHONE_ONLY and _WHOLE_NAME(pair):
                for node in (pair.l, pair.r):
                    fitting[node.number].append((pair.other(node), _SAME_SPELLING(pair)))
        return fitting


def _is_quieted(doubt: Pair, undated: Node, other: Node, fitting: Mapping[int, list[tuple[Node, bool]]]) -> bool:
    """Whether the record without birth year is not the other's, since it is somebody else's."""
    return any(
        _CASTS_NO_DOUBT(_Doubt(undated, other, node, is_spelt_so, _ONE_SLIP(doubt)))
        for node, is_spelt_so in fitting.get(undated.number, ())
    )


def _is_a_child(node: Node) -> bool:
    return node.name_sorted is not None and node.year is not None and node.year > patterns.LAST_YEAR_OF_ADULTS


def _name_year_place(node: Node) -> tuple[object, ...] | None:
    if node.name_key is None or node.commune_code is None:
        return None
    return node.name_key, node.year, node.commune_code


_SAME_SPELLING: Callable[[Any], bool] = condition(patterns.SAME_SPELLING, _of_node)


_WHOLE_NAME: Callable[[Any], bool] = condition(patterns.WHOLE_NAME, _of_node)


_ONE_SLIP: Callable[[Any], bool] = condition(patterns.ONE_SLIP, _of_node)


def _edge(pair: Pair) -> Edge:
    return Edge(-pair.weight, pair.l.number, pair.r.number)


def _columns(nodes: Sequence[Node]) -> Any:
    values = {column: [getattr(node, source) for node in nodes] for column, source in COLUMNS.items()}
    stated = [[state(node) for state in _STATED] for node in nodes]
    return node_columns(values, stated, frozenset(node.account for node in nodes if node.account == node.record))


def _nodes_of_persons(nodes: Iterable[Node]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for node in nodes:
        if node.person is not None:
            found[node.person].append(node.number)
    return found


def _decided(nodes: Nodes, decisions: Iterable[Decision]) -> list[tuple[int, int, bool]]:
    """decided.decided_nodes: people's word about pairs of nodes; one that says no outweighs others."""
    found: dict[tuple[int, int], bool] = {}
    for record, other_record, is_same in decisions:
        one, other = nodes.of_record.get(record), nodes.of_record.get(other_record)
        if one is not None and other is not None and one is not other:
            pair = (min(one.number, other.number), max(one.number, other.number))
            found[pair] = found.get(pair, True) and is_same
    return [(*pair, is_same) for pair, is_same in sorted(found.items())]


def _contested(nodes: Sequence[Node], clusters: Clusters, column: str) -> Iterator[tuple[str, list[Holder]]]:
    """ownership._contested: numbers that several clusters carry."""
    for value, carrying in sorted(holders_of(nodes, column).items()):
        by_root: dict[int, list[Node]] = defaultdict(list)
        for node in carrying:
            if not _IS_BARE(node):
                by_root[clusters.root(node.number)].append(node)
        if len(by_root) > 1:
            yield value, [_holder(root, column, those) for root, those in sorted(by_root.items())]


def _holder(root: int, column: str, nodes: list[Node]) -> Holder:
    certain = {
        "account": lambda node: node.record == node.account,
        "personal_id": lambda node: node.id_verified,
    }.get(column, lambda node: False)
    return Holder(
        root, sum(node.records for node in nodes), any(map(certain, nodes)), sorted(node.number for node in nodes)
    )


def _no_poor_accounts(nodes: Sequence[Node], clusters: Clusters, poor: set[int]) -> None:
    """Raises NeedsTheBatch where an account of a damaged name may be explained by its rows (poor_accounts.py)."""
    pointing = holders_of(nodes, "account")
    for owner in nodes:
        if owner.number in poor and owner.account == owner.record and _is_alone(clusters, owner.number):
            rows = (row for row in pointing[owner.record] if row is not owner)
            if any(row.name_key is not None and row.year is not None for row in rows):
                raise NeedsTheBatch("an account that says too little, with rows that name somebody")


def _is_alone(clusters: Clusters, node: int) -> bool:
    return len(clusters.members(clusters.root(node))) == 1


def _attach_part_names(nodes: Nodes, pairs: Iterable[Pair], clusters: Clusters, held: set[int]) -> None:
    """part_names.attach_part_names and show_alike."""
    thin = {node.number for node in nodes.all if _IS_THIN(node)}
    near = [
        (pair, one, other, _FITS(_Entered(one, other)))
        for pair in pairs
        if pair.rival
        for one, other in ((pair.l, pair.r), (pair.r, pair.l))
        if one.number in thin and nodes.phone_people[one.phone] <= MOST_NAMES_OF_A_FAMILY_PHONE
    ]
    attach_alike(clusters, sorted((one.number, other.number, fits) for _, one, other, fits in near), thin, held)
    for pair, one, other, fits in near:
        if fits and pair.tier is None and clusters.root(one.number) == clusters.root(other.number):
            pair.tier = patterns.PHONE_ONLY


def _attach_bare(nodes: Nodes, clusters: Clusters) -> Attached:
    bare = [node.number for node in nodes.all if _IS_BARE(node)]
    if not bare:
        return Attached()
    owners = {node.account: nodes.of_record[node.account] for node in nodes.all if node.account in nodes.of_record}
    apps: dict[int, set[str]] = defaultdict(set)
    for record, node in nodes.of_record.items():
        apps[node.number].add(app_of(record))
    others = [
        (node.account, owners[node.account].number, node.number)
        for node in nodes.all
        if node.account in owners and owners[node.account] is not node
        and _NAMES_ANOTHER(_Entered(node, owners[node.account]))
    ] + [
        (account, owner, node.number)
        for account, owner, number in numbers_of_owners(clusters, _accounts(nodes.all))
        for node in nodes.all
        if node.number != owner and node.personal_id == number
        and _NAMES_ANOTHER(_Entered(node, nodes.all[owner]))
        and not _IS_GROWN(_Entered(node, nodes.all[owner])) and app_of(account) in apps[node.number]
    ]  # fmt: skip
    shared = accounts_of_several(clusters, others + _named_under_orphans(nodes.all, owners))
    of_account = {account: owner.number for account, owner in owners.items()}
    doses = {node.number: node.doses for node in nodes.all}
    told = {node.number for node in nodes.all if node.tells_doses}
    return attach_nodes(clusters, bare, of_account, shared, doses, told)


def _named_under_orphans(nodes: Iterable[Node], owners: Mapping[str, Node]) -> list[tuple[str, int, int]]:
    """Each two rows that name somebody under an account whose own record never came (attaching._shared_accounts)."""
    named = [node for node in nodes if not _IS_BARE(node)]
    return [
        (account, one.number, other.number)
        for account, those in holders_of(named, "account").items()
        if account not in owners
        for one, other in combinations(those, 2)
    ]


def _accounts(nodes: Iterable[Node]) -> list[tuple[str, int]]:
    """Accounts with the node of their own record."""
    return [(node.account, node.number) for node in nodes if node.account is not None and node.account == node.record]


def _attach_masked(nodes: Sequence[Node], clusters: Clusters) -> Attached:
    masked = [node for node in nodes if _IS_MASKED(node)]
    fitting = [
        (node.number, other.number) for node in masked for other in nodes if _may_be_shown_by(node, other, nodes)
    ]
    return attach_fitting(clusters, [node.number for node in masked], fitting)


def _may_be_shown_by(masked: Node, other: Node, nodes: Sequence[Node]) -> bool:
    """masked._FITTING, for two nodes."""
    if other is masked or other.name_sorted != masked.name_sorted:
        return False
    if masked.qid is not None and other.qid == masked.qid and other.id_tail is None:
        return True
    if masked.year is None or other.year != masked.year:
        return False
    namesakes = (node for node in nodes if node.name_sorted == masked.name_sorted and node.year == masked.year)
    numbers = {node.personal_id or node.old_id or node.passport for node in namesakes} - {None}
    return _SHOWS(_Shown(masked, other, len(numbers)))
