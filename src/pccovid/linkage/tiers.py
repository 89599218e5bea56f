"""The tiers in their order of working, for the batch and for one record alike: only where the evidence lies differs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from pccovid.linkage import patterns
from pccovid.linkage.clustering import Cut, Edge, Progress, work_tier
from pccovid.linkage.clusters import Clusters
from pccovid.linkage.guards import BIRTH_DIFFERS, PROVINCES_DIFFER, Facts, are_of_two_provinces, say_the_same


class Evidence(Protocol):
    """What the tiers ask for; each is asked when its turn comes."""

    def edges(self, tier: int) -> list[Edge]:
        """Pairs that the tier would join, in order."""

    def certain(self) -> list[Edge]:
        """Pairs of the first tier that agree in number, name and birthday (patterns.CERTAIN), in order."""

    def rivals(self) -> list[Edge]:
        """Pairs that cast doubt on names and phones, in order."""

    def namesakes(self) -> list[tuple[int, int]]:
        """Pairs of nodes that are two of one name in one family."""

    def systems_of_dates(self) -> Mapping[int, Collection[str]]:
        """Node → the systems in whose records its birth year stands (frequencies.mark_systems_of_dates)."""

    def years_beside(self) -> Mapping[int, Collection[int]]:
        """Node of a child → birth years of children of that name and phone (frequencies.mark_systems_of_dates)."""

    def settle_ownership(self, clusters: Clusters) -> object:
        """Blanks contested numbers (ownership.settle)."""


def work_tiers(clusters: Clusters, evidence: Evidence, found: Progress) -> None:
    """Joins clusters tier by tier, in place; adds to `found`."""
    # First what is certain, so that no doubt about a third record tears it. What is not joined yet is asked for again.
    work_tier(clusters, evidence.certain(), patterns.IDENTIFIER, Progress(held=found.held, protected=found.protected))
    work_tier(clusters, evidence.edges(patterns.IDENTIFIER), patterns.IDENTIFIER, found)
    evidence.settle_ownership(clusters)
    work_tier(clusters, _of_one_province(clusters, evidence, found), patterns.BIRTHDAY, found)
    for tier in (patterns.YEAR, patterns.TWO_NAMES):
        work_tier(clusters, evidence.edges(tier), tier, found)
    work_tier(clusters, _of_one_wrong_date(clusters, evidence, found), patterns.WRONG_DATE, found)
    work_tier(clusters, evidence.edges(patterns.WRONG_SEX), patterns.WRONG_SEX, found)
    work_tier(clusters, _said_together(clusters, evidence), patterns.TOGETHER, found)
    found.doubled = _doubled(clusters, evidence)
    work_tier(clusters, evidence.edges(patterns.PHONE_ONLY), patterns.PHONE_ONLY, found, evidence.rivals())
    found.doubled = frozenset()


def _doubled(clusters: Clusters, evidence: Evidence) -> frozenset[int]:
    """Nodes (roots) of people in whose family another has the very name."""
    roots = ((clusters.root(one), clusters.root(other)) for one, other in evidence.namesakes())
    return frozenset(root for pair in roots if pair[0] != pair[1] for root in pair)


def _of_one_province(clusters: Clusters, evidence: Evidence, found: Progress) -> list[Edge]:
    """Edges of name and birthday, but those by which a record without a place would join two provinces.

    Where both records name a province, the pattern has asked whether it is one.
    """
    provinces, kept = clusters.columns.provinces, []
    for edge in evidence.edges(patterns.BIRTHDAY):
        is_placed = provinces[edge.left] is not None and provinces[edge.right] is not None
        if is_placed or not _would_bridge_provinces(clusters, edge):
            kept.append(edge)
        else:
            found.cuts.append(Cut(edge.left, edge.right, edge.weight, PROVINCES_DIFFER))
    return kept


def _would_bridge_provinces(clusters: Clusters, edge: Edge) -> bool:
    one, other = (clusters.facts(clusters.root(node)) for node in (edge.left, edge.right))
    return are_of_two_provinces(one, other) and one.phones_seen.isdisjoint(other.phones_seen)


def _said_together(clusters: Clusters, evidence: Evidence) -> list[Edge]:
    """Edges that say too little, between clusters that say the rest."""

    def facts(node: int) -> Facts:
        return clusters.facts(clusters.root(node))

    return [edge for edge in evidence.edges(patterns.TOGETHER) if say_the_same(facts(edge.left), facts(edge.right))]


def _of_one_wrong_date(clusters: Clusters, evidence: Evidence, found: Progress) -> list[Edge]:
    """Edges under a wrong date, but those that are two people's: where both dates stand in two systems each, or where
    behind the children's phone the name has yet another year (who gives a name twice gives it to two)."""
    edges = evidence.edges(patterns.WRONG_DATE)
    systems = evidence.systems_of_dates() if edges else {}
    beside = evidence.years_beside() if edges else {}
    years = clusters.columns.years

    def stands_in_two(node: int) -> bool:
        members = clusters.members(clusters.root(node))
        return len({system for one in members for system in systems.get(one, ())}) > 1

    single = []
    for edge in edges:
        of_children = {*beside.get(edge.left, ()), *beside.get(edge.right, ())}
        if (
            stands_in_two(edge.left)
            and stands_in_two(edge.right)
            or _is_a_third(of_children, years[edge.left], years[edge.right])
        ):
            found.cuts.append(Cut(edge.left, edge.right, edge.weight, BIRTH_DIFFERS))
        else:
            single.append(edge)
    return single


def _is_a_third(years: Collection[int], one: int | None, other: int | None) -> bool:
    """Whether a year stands among these that is more than one off both, which are more than one off each other."""
    if one is None or other is None or abs(one - other) <= 1:
        return False
    return any(abs(year - one) > 1 and abs(year - other) > 1 for year in years)
