"""Flows between areas as one table: pairs of communes nest in pairs of districts, those in pairs of provinces. Pure.

So a table of flows is a table of areas like any other, and small numbers are left blank by the same network: no small
number can be worked out of a total either. Pairs of few people in the whole week have no line of their own: they are
counted together as the rest of the pair above them, and what no line says is anything from nobody to a few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from pccovid.areas.registry import Registry
from pccovid.areas.units import LISTED_2021
from pccovid.bulk_export.suppression import Table
from pccovid.published_statistics.rules import COUNTRY, UNKNOWN

LEAST_OF_A_LINE = 20
"""From how many in a week on a pair has a line of its own. Our own choice; no source prescribes it."""
ARROW = ">"
Counts = Mapping[tuple[str, str], int]


def flow_table(columns: tuple[str, ...], counts: Counts, units: Registry, *, least: int = LEAST_OF_A_LINE) -> Table:
    """The table of a week. `counts`: ('from>to' as finely as both are known, day) → people, once a pair and day."""
    chains = {pair: _chain(pair, units) for pair, _ in counts}
    kept = _kept(counts, chains, least)
    inside = _tree(chains.values(), kept)
    outer = set(inside.values())
    leaves = [node for node in inside if node not in outer]
    filled = {(leaf, column): 0 for leaf in leaves for column in columns}
    for (pair, column), people in counts.items():
        filled[_leaf(chains[pair], kept, outer), column] += people
    return Table(inside, columns, filled)


def _kept(counts: Counts, chains: Mapping[str, tuple[str, ...]], least: int) -> set[str]:
    """The lines that at least so many people went along."""
    totals: Counter[str] = Counter()
    for (pair, _), people in counts.items():
        totals.update(dict.fromkeys(chains[pair], people))
    return {node for node, people in totals.items() if people >= least}


def _leaf(chain: tuple[str, ...], kept: set[str], outer: set[str | None]) -> str:
    """Where a pair is counted: on its finest line that is kept, among the rest of it where that one has parts."""
    last = next((node for node in reversed(chain) if node in kept), "")
    return last if last and last not in outer else last + UNKNOWN


def _tree(chains: Iterable[tuple[str, ...]], kept: set[str]) -> dict[str, str | None]:
    """Each line → the one it lies in; whichever has parts has one part more, for the rest."""
    inside: dict[str, str | None] = {COUNTRY: None, UNKNOWN: COUNTRY}
    for chain in chains:
        above = COUNTRY
        for node in chain:
            if node not in kept:
                break
            inside[node] = above
            if above != COUNTRY:
                inside[above + UNKNOWN] = above
            above = node
    return inside


def _chain(pair: str, units: Registry) -> tuple[str, ...]:
    """'00001>27259' → ('01>79', '001>778', '00001>27259'): as deep as both ends are known."""
    ends = pair.split(ARROW)
    paths = [[unit.code for unit in units.path(end.removesuffix(UNKNOWN), on=LISTED_2021)] for end in ends]
    return tuple(f"{one}{ARROW}{other}" for one, other in zip(*paths, strict=False))
