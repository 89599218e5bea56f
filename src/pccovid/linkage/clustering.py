"""Constrained clustering, one tier of evidence at a time: heaviest joins first, guards on whole clusters, no bridges.

A cluster that fits two others which may not be one person is *torn*: neither join is made, unless one is heavier by
MARGIN. A cluster without identifier or complete birth date never bridges two that have them. Every join that a guard
forbade is a *cut*, kept with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from pccovid.linkage.clusters import Clusters
from pccovid.linkage.guards import (
    BIRTH_DIFFERS,
    IDENTIFIERS_DIFFER,
    Facts,
    are_of_two_provinces,
    are_slips_of,
    combine,
    conflict,
    have_no_phone_in_common,
    is_of_one_mind,
)
from pccovid.linkage.patterns import BIRTHDAY, IDENTIFIER, PHONE_ONLY, TOGETHER, YEAR

MARGIN = 10.0
"""Bits by which one candidate must outweigh another that it may not be joined with."""

NO_BRIDGE = "too_weak_to_bridge"
AMBIGUOUS = "ambiguous"


class Edge(NamedTuple):
    """A pair of nodes (or of cluster roots) that evidence would join; sorts heaviest first, then by node numbers."""

    negative_weight: float
    left: int
    right: int

    @property
    def weight(self) -> float:
        """The pair's weight in bits."""
        return -self.negative_weight


@dataclass(frozen=True)
class Cut:
    """A join that was not made: the two nodes, the weight, and the reason."""

    left: int
    right: int
    weight: float
    reason: str


@dataclass
class Progress:
    """What clustering has found so far: joins not made, and nodes set aside because they fit more than one cluster."""

    cuts: list[Cut] = field(default_factory=list)
    held: set[int] = field(default_factory=set)
    """Nodes that fit several clusters and hold nothing that tells which: held for a person to decide."""
    protected: frozenset[int] | set[int] = frozenset()
    """Nodes that belong to a person of the index already: never held."""
    doubled: frozenset[int] = frozenset()
    """Roots of people who share their very name with another of their family: a name and a phone may be either's."""


def work_tier(
    clusters: Clusters, edges: Iterable[Edge], tier: int, progress: Progress, rivals: Iterable[Edge] = ()
) -> None:
    """Joins clusters along the edges of one tier (heaviest first), in place; adds to `progress`.

    `rivals` are pairs that cast doubt: a cluster with a join to one and a rival in another is torn.
    """
    links = _between_clusters(clusters, edges, progress.held)
    doubts = _between_clusters(clusters, rivals, progress.held)
    for part in _components(links, doubts):
        part_links = {pair: links[pair] for pair in part if pair in links}
        part_doubts = {pair: doubts[pair] for pair in part if pair in doubts}
        roots = sorted({root for pair in part_links for root in pair})
        united = None if part_doubts or not progress.doubled.isdisjoint(roots) else _of_one_mind(clusters, roots, tier)
        if united is not None:
            clusters.unite_all(roots, united)
        elif part_links:
            _Knot(clusters, tier, part_links, part_doubts, progress).untie()


def _between_clusters(clusters: Clusters, edges: Iterable[Edge], held: set[int]) -> dict[tuple[int, int], Edge]:
    """The heaviest edge between each two clusters, by their roots; in order of weight."""
    best: dict[tuple[int, int], Edge] = {}
    for edge in edges:
        left, right = clusters.root(edge.left), clusters.root(edge.right)
        if left != right and left not in held and right not in held:
            best.setdefault(_pair(left, right), edge)
    return best


def _components(*link_sets: dict[tuple[int, int], Edge]) -> list[list[tuple[int, int]]]:
    """The pairs of roots, grouped into connected parts."""
    parents: dict[int, int] = {}

    def top(root: int) -> int:
        while parents.setdefault(root, root) != root:
            parents[root] = parents[parents[root]]
            root = parents[root]
        return root

    pairs = [pair for links in link_sets for pair in links]
    for one, other in pairs:
        parents[top(one)] = top(other)
    parts: dict[int, list[tuple[int, int]]] = {}
    for pair in pairs:
        parts.setdefault(top(pair[0]), []).append(pair)
    return list(parts.values())


def _of_one_mind(clusters: Clusters, roots: list[int], tier: int) -> Facts | None:
    """What these clusters state together where nothing in it forbids that they are one, else None."""
    facts = [clusters.facts(root) for root in roots]
    united = combine(facts)
    if not is_of_one_mind(united, tier):
        return None
    strong = sum(not is_weak(of_one, tier) for of_one in facts)
    return united if strong <= 1 or strong == len(facts) else None


def is_weak(facts: Facts, tier: int) -> bool:
    """Whether a cluster holds too little, for this tier, to bridge two others."""
    if tier == PHONE_ONLY:
        return not facts.births
    return tier in (YEAR, TOGETHER) and not facts.has_day and not facts.has_identifier


@dataclass
class _Knot:
    """A connected part in which some joins exclude each other."""

    clusters: Clusters
    tier: int
    links: dict[tuple[int, int], Edge]
    doubts: dict[tuple[int, int], Edge]
    progress: Progress
    _conflicts: dict[tuple[int, int], str | None] = field(default_factory=dict)
    _united: set[int] = field(default_factory=set)
    """Roots of clusters that grew here."""

    def untie(self) -> None:
        """Drops forbidden joins, then those of torn clusters, and makes the rest, heaviest first."""
        allowed = [pair for pair in self.links if self._allowed(pair)]
        dropped = self._torn_joins(allowed)
        for pair in allowed:
            if pair not in dropped:
                self._join(pair)

    def _allowed(self, pair: tuple[int, int]) -> bool:
        reason = self._conflict_before_joins(*pair)
        if reason is not None:
            self._cut(pair, reason)
        return reason is None

    def _cut(self, pair: tuple[int, int], reason: str) -> None:
        edge = self.links.get(pair) or self.doubts[pair]
        self.progress.cuts.append(Cut(edge.left, edge.right, edge.weight, reason))

    def _torn_joins(self, allowed: list[tuple[int, int]]) -> set[tuple[int, int]]:
        """The joins not to be made because one end fits several clusters that may not be one."""
        neighbours: dict[int, list[int]] = {}
        for one, other in allowed:
            neighbours.setdefault(one, []).append(other)
            neighbours.setdefault(other, []).append(one)
        dropped: set[tuple[int, int]] = set()
        known = set(allowed)
        for root, others in sorted(neighbours.items()):
            lost, is_torn = self._lost(root, others, known)
            if is_torn and self._is_alone(root):
                # Neighbours that exclude nobody would carry it over to one side all the same.
                lost = set(others)
                if not self.clusters.facts(root).has_identifier:
                    self.progress.held.add(root)
            for other in sorted(lost):
                self._cut(_pair(root, other), AMBIGUOUS)
                dropped.add(_pair(root, other))
        return dropped

    def _lost(self, root: int, others: list[int], known: set[tuple[int, int]]) -> tuple[set[int], bool]:
        """Which neighbours the root may not be joined with because of another; and whether that left it torn."""
        weak = is_weak(self.clusters.facts(root), self.tier)
        if weak and (self._has_rival(root, others) or self.tier == PHONE_ONLY and self._may_be_anothers(root, others)):
            return set(others), True
        lost: set[int] = set()
        is_torn = False
        for heavier, lighter in combinations(others, 2):
            if self._exclude_each_other(heavier, lighter, root, weak, known):
                lost.add(lighter)
                if self._weight(root, heavier) - self._weight(root, lighter) < MARGIN:
                    lost.add(heavier)
                    is_torn = True
        return lost, is_torn

    def _exclude_each_other(self, one: int, other: int, root: int, bridged: bool, known: set[tuple[int, int]]) -> bool:
        mine, yours = self.clusters.facts(one), self.clusters.facts(other)
        reason = self._conflict_before_joins(one, other)
        if reason == IDENTIFIERS_DIFFER and are_slips_of(self.clusters.facts(root), mine, yours, self.tier):
            reason = None
        if reason == BIRTH_DIFFERS and self.tier == IDENTIFIER and self._stands_between(root, mine, yours):
            reason = None
        if reason:
            return True
        unlinked = _pair(one, other) not in known
        if unlinked and self.tier in (BIRTHDAY, TOGETHER) and not self.clusters.facts(root).phones_seen:
            # By name and birthday alone it fits people of two phones, whom these did not suffice to join.
            return have_no_phone_in_common(mine, yours)
        return bridged and unlinked and not is_weak(mine, self.tier) and not is_weak(yours, self.tier)

    def _stands_between(self, root: int, mine: Facts, yours: Facts) -> bool:
        """Whether the two may be one person where the root, which fits both, is that person too."""
        between = self.clusters.facts(root)
        return (
            conflict(combine((mine, between)), yours, self.tier) is None
            and conflict(mine, combine((yours, between)), self.tier) is None
        )

    def _conflict_before_joins(self, one: int, other: int) -> str | None:
        """`conflict`, asked once of each two: while the torn are looked for, no cluster changes."""
        pair = _pair(one, other)
        if pair not in self._conflicts:
            self._conflicts[pair] = conflict(self.clusters.facts(pair[0]), self.clusters.facts(pair[1]), self.tier)
        return self._conflicts[pair]

    def _weight(self, one: int, other: int) -> float:
        return self.links[_pair(one, other)].weight

    def _has_rival(self, root: int, others: list[int]) -> bool:
        """Whether somebody whom the root does not fit has a like name: the root may be theirs, misspelt.

        Somebody known; or who is seen in another province than those whom it fits, known or not.
        """
        rivals = {one if other == root else other for one, other in self.doubts if root in (one, other)}
        return any(self._is_somebody_else(rival, others) for rival in rivals.difference(others))

    def _is_somebody_else(self, rival: int, others: list[int]) -> bool:
        facts = self.clusters.facts(rival)
        return not is_weak(facts, self.tier) or any(
            are_of_two_provinces(facts, self.clusters.facts(other)) for other in others
        )

    def _may_be_anothers(self, root: int, others: list[int]) -> bool:
        """Whether a name and a phone may be a namesake's in the family, or the name is what is left of a longer one."""
        own = self.clusters.facts(root).one_word
        # Who is called by one word in some record and by the root's whole name in another is called so.
        is_left_over = any(own.isdisjoint(self.clusters.facts(other).one_word) for other in others)
        return self._has_namesake(others) or is_left_over

    def _has_namesake(self, others: list[int]) -> bool:
        return any(self.clusters.root(other) in self.progress.doubled for other in others)

    def _is_alone(self, root: int) -> bool:
        """A lone record, and nobody's yet: without an identifier it waits for a person; others stand for somebody."""
        return len(self.clusters.members(root)) == 1 and root not in self.progress.protected

    def _join(self, pair: tuple[int, int]) -> None:
        one, other = self.clusters.root(pair[0]), self.clusters.root(pair[1])
        if one == other:
            return
        # What both stated before any join was asked already.
        as_before = self._united.isdisjoint((one, other))
        reason = None if as_before else conflict(self.clusters.facts(one), self.clusters.facts(other), self.tier)
        if reason is None:
            self._united.add(min(one, other))
            self.clusters.unite(one, other)
        else:
            self._cut(pair, reason)


def _pair(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
