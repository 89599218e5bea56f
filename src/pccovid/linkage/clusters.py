"""The growing clusters: which nodes are together, and what each cluster states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb

from pccovid.linkage.guards import Birth, Facts, combine, never_one
from pccovid.linkage.identifiers import INSURANCE_UNSURE, PASSPORT_UNSURE
from pccovid.linkage.patterns import LAST_YEAR_OF_ADULTS, NAMED_SO

COLUMNS = {
    "personal_ids": "personal_id",
    "old_ids": "old_id",
    "passports": "passport",
    "insurance_nos": "insurance_no",
    "accounts": "account",
    "sexes": "sex",
}

_FIELDS_OF = {"personal_ids": ("personal_ids", "verified_ids"), "accounts": ("accounts", "own_accounts")}
"""Column → the fields of Facts that tell of it, where that is not the one of its name."""

_MOST_FACTS_KEPT = 50_000
"""Clusters whose facts are remembered between questions; more would cost memory."""


@dataclass
class NodeColumns:
    """The nodes' columns that guards ask for, as lists by node number; ids found to be somebody else's are blanked.

    A grown person's name with nobody's word is misspelt: its diacritics are not relied on, so they are not here.
    """

    values: dict[str, list[str | None]]
    verified: list[bool]
    births: list[Birth | None]
    names: list[frozenset[tuple[str, str, str]]]
    households: list[str | None]
    phones: list[str | None]
    homes: list[str | None]
    account_owners: frozenset[str]
    """Accounts whose own record is among the nodes."""
    provinces: list[str | None]
    phones_seen: list[str | None] = field(default_factory=list)
    one_word: list[bool | None] = field(default_factory=list)
    hamlets: list[str | None] = field(default_factory=list)
    years: list[int | None] = field(default_factory=list)
    """Birth years as written, also of records that name nobody."""
    unsure: dict[str, frozenset[int]] = field(default_factory=dict)
    """'passports', 'insurance_nos' → nodes whose number of that kind may be another one mistyped: it finds its holder,
    and contradicts nothing."""
    own_accounts: frozenset[int] = frozenset()
    """Nodes whose account is their own record."""
    _stated: list[Facts] = field(default_factory=list, init=False)

    def facts(self, node: int) -> Facts:
        """What one node states."""
        if not self._stated:
            self._stated = self._state()
        return self._stated[node]

    def restate(self, node: int, **changed: frozenset[Any]) -> None:
        """Has the node state something else in these fields of Facts."""
        facts = self.facts(node)
        self._stated[node] = facts._replace(**changed)

    def _state(self) -> list[Facts]:
        """What each node states. A column at a time: nodes that say the same hold the same set, not an equal one."""
        values, count = self.values, len(self.verified)
        personal_ids = _sets(values["personal_ids"])
        accounts = _sets(values["accounts"])
        columns: Facts = Facts._make((
            [ids if verified else _NONE for ids, verified in zip(personal_ids, self.verified, strict=True)],
            personal_ids,
            _sets(values["old_ids"]),
            self._sure("passports"),
            self._sure("insurance_nos"),
            accounts,
            [of_one if node in self.own_accounts else _NONE for node, of_one in enumerate(accounts)],
            _sets(values["sexes"]),
            _sets(self.births),
            self.names,
            [_NONE if house is None else frozenset(((house, node),)) for node, house in enumerate(self.households)],
            _sets(self.phones), _sets(self.phones_seen), _sets(self.homes), _sets(self.hamlets),
            _sets(self.provinces), _sets(self.one_word),
            [_NONE] * count,
        ))  # fmt: skip
        return list(map(Facts._make, zip(*columns, strict=True)))

    def _sure(self, column: str) -> list[frozenset[str]]:
        found = _sets(self.values[column])
        for node in self.unsure.get(column, ()):
            found[node] = _NONE
        return found


class _Sets(dict[Any, frozenset[Any]]):
    """Of each value the set that holds it alone; of None the empty one."""

    def __missing__(self, value: Any) -> frozenset[Any]:
        made = self[value] = _NONE if value is None else frozenset((value,))
        return made


def _sets(values: Iterable[Any]) -> list[frozenset[Any]]:
    return list(map(_Sets().__getitem__, values))


_NONE: frozenset[Any] = frozenset()


def read_node_columns(db: duckdb.DuckDBPyConnection) -> NodeColumns:
    """Reads from `nodes`, in node order."""
    values = {
        column: db.sql(f"SELECT {source} FROM nodes ORDER BY node").to_arrow_table().column(0).to_pylist()
        for column, source in COLUMNS.items()
    }
    owners = db.execute("SELECT account FROM nodes WHERE account = record").fetchall()
    rest = db.execute(f"SELECT {', '.join(STATED)} FROM nodes ORDER BY node").fetchall()
    return node_columns(values, rest, frozenset(row[0] for row in owners))


STATED = (
    "id_verified", "year", "digits", "strftime(swapped, '%Y%m%d')", "two_digit_year", "name_sorted",
    f"CASE WHEN year > {LAST_YEAR_OF_ADULTS} OR {NAMED_SO} THEN accented END",
    "household", "family || ' ' || given", "given_accented", "CASE WHEN phone_is_own THEN phone END", "address",
    "province_code", "phone", "NOT contains(name_key, ' ')", PASSPORT_UNSURE, INSURANCE_UNSURE,
    "coalesce(account = record, FALSE)", "hamlet",
)  # fmt: skip
"""What guards ask of a node beside COLUMNS, as SQL over `nodes`."""


def node_columns(
    values: dict[str, list[str | None]], stated: Sequence[Sequence[Any]], owners: frozenset[str]
) -> NodeColumns:
    """From COLUMNS, rows of STATED in node order, and the accounts whose own record is among the nodes."""
    return NodeColumns(
        values,
        [row[0] for row in stated],
        # A year without any name beside it tells nothing of anybody.
        [None if row[1] is None or (row[2] is None and row[5] is None) else Birth(*row[1:5]) for row in stated],
        [_spellings(row[5], row[8], row[6], row[9]) for row in stated],
        [row[7] for row in stated],
        [row[10] for row in stated],
        [row[11] for row in stated],
        owners,
        [row[12] for row in stated],
        [row[13] for row in stated],
        [row[14] for row in stated],
        [row[18] for row in stated],
        [row[1] for row in stated],
        {
            column: frozenset(node for node, row in enumerate(stated) if row[at])
            for column, at in (("passports", 15), ("insurance_nos", 16))
        },
        frozenset(node for node, row in enumerate(stated) if row[17]),
    )


def _spellings(
    words: str | None, family_and_given: str | None, accented: str | None, given: str | None
) -> frozenset[tuple[str, str, str]]:
    """What the diacritics of a name say, under both keys by which names are held against each other."""
    if accented is None or words is None or family_and_given is None:
        return frozenset()
    return frozenset(((words, accented, given or accented), (family_and_given, accented, given or accented)))


@dataclass
class Clusters:
    """A partition of the nodes. The root of a cluster is its smallest node."""

    columns: NodeColumns
    bound: set[int] = field(default_factory=set, init=False)
    """Nodes that people joined with another: no number draws them elsewhere."""
    disputed: dict[tuple[str, str], list[int]] = field(default_factory=dict, init=False)
    """Numbers (column, value) that could as well be another cluster's, for all that their digits say; with a node of
    each such cluster."""
    _parents: list[int] = field(init=False)
    _members: dict[int, list[int]] = field(default_factory=dict, init=False)
    _facts: dict[int, Facts] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._parents = list(range(len(self.columns.verified)))

    def root(self, node: int) -> int:
        """The smallest node of the node's cluster."""
        parents = self._parents
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    def members(self, root: int) -> list[int]:
        """The nodes of the cluster with this root."""
        return self._members.get(root, [root])

    def facts(self, root: int) -> Facts:
        """What the cluster with this root states."""
        known = self._facts.get(root)
        if known is None:
            parts = [self.columns.facts(node) for node in self.members(root)]
            known = parts[0] if len(parts) == 1 else combine(parts)
            if len(self._facts) >= _MOST_FACTS_KEPT:
                self._facts.clear()
            self._facts[root] = known
        return known

    def unite(self, one: int, other: int) -> None:
        """Puts two roots' clusters together."""
        kept, gone = min(one, other), max(one, other)
        if kept == gone:
            return
        self._members[kept] = self.members(kept) + self._members.pop(gone, [gone])
        self._parents[gone] = kept
        parts = [self._facts.pop(kept, None), self._facts.pop(gone, None)]
        if parts[0] is not None and parts[1] is not None:
            self._facts[kept] = combine([parts[0], parts[1]])

    def unite_all(self, roots: Iterable[int], stated: Facts | None = None) -> None:
        """Puts the clusters of all these roots together; `stated`: what they state, where that was asked already."""
        first, *others = sorted(set(roots))
        members = list(self.members(first))
        for other in others:
            members += self._members.pop(other, (other,))
            self._parents[other] = first
            self._facts.pop(other, None)
        self._members[first] = members
        self._facts.pop(first, None)
        if stated is not None:
            self._facts[first] = stated

    def tell_apart(self, pairs: Iterable[tuple[int, int]]) -> None:
        """People have decided that these nodes are two persons each."""
        for decision, nodes in enumerate(pairs):
            for side, node in enumerate(nodes):
                told = self.columns.facts(node).told_apart | {(decision, side)}
                self.columns.restate(node, told_apart=told)
                self._facts.pop(self.root(node), None)

    def may_be_told_the_same(self, one: int, other: int) -> bool:
        """Whether a person's word may join the clusters of two nodes: two verified ids and others' word forbid it."""
        return not never_one(self.facts(self.root(one)), self.facts(self.root(other)))

    def is_disputed(self, number: tuple[str, str]) -> bool:
        """Whether it still is: those whose number it could be may have turned out to be one person."""
        return len({self.root(node) for node in self.disputed.get(number, ())}) > 1

    def blank(self, nodes: Iterable[int], column: str) -> None:
        """Forgets an identifier of these nodes: it is somebody else's."""
        for node in nodes:
            self.columns.values[column][node] = None
            self.columns.restate(node, **dict.fromkeys(_FIELDS_OF.get(column, (column,)), _NONE))
            self._facts.pop(self.root(node), None)

    def roots(self) -> list[int]:
        """The root of every node, in node order."""
        return [self.root(node) for node in range(len(self._parents))]
