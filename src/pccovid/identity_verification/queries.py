"""The four shares by area and campaign, as officers read them: counts about nobody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from pccovid.areas.registry import registry
from pccovid.areas.units import LISTED_2021
from pccovid.identity_verification.rules import VERDICTS
from pccovid.officers.database import call_rows


@dataclass(frozen=True)
class Shares:
    """Counts of one area in one campaign. `area` is '' for all together, and for those who live nobody knows where."""

    area: str
    persons: int
    counts: dict[str, int]

    @property
    def settled(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        return self.persons - self.settled

    @property
    def cells(self) -> list[tuple[int, float]]:
        """(persons, percent of those settled) of each verdict in order."""
        return [(self.counts[one], 100 * self.counts[one] / self.settled if self.settled else 0.0) for one in VERDICTS]


@dataclass(frozen=True)
class CampaignShares:
    """One campaign: all together, and by the areas right below."""

    number: int
    source: str
    started_at: datetime
    ended_at: datetime | None
    total: Shares
    areas: tuple[Shares, ...]


def shares(*, officer: int, through: int, within: str | None, below: str | None) -> tuple[CampaignShares, ...]:
    """The last campaigns, newest first, by the areas right below `below` (or the office's area `within`).

    Raises Refused (PC421) for an office that may not, or an area outside its own.
    """
    child = lru_cache(maxsize=None)(_child)
    found: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    heads: dict[int, tuple[str, datetime, datetime | None]] = {}
    for number, source, started, ended, area, verdict, persons in call_rows(
        "verification_shares", officer, through, below
    ):
        heads[number] = (source, started, ended)
        found[number].append((child(area, below or within), verdict, persons))
    return tuple(CampaignShares(number, *heads[number], *_summed(rows)) for number, rows in found.items())


def _summed(rows: list[tuple[str, str, int]]) -> tuple[Shares, tuple[Shares, ...]]:
    by_area: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for area, verdict, persons in rows:
        by_area[area][verdict] += persons
    areas = tuple(_shares(area, counts) for area, counts in sorted(by_area.items()))
    total = {verdict: sum(counts[verdict] for counts in by_area.values()) for verdict in ("all", *VERDICTS)}
    return _shares("", total), areas


def _shares(area: str, counts: dict[str, int]) -> Shares:
    return Shares(area, counts["all"], {verdict: counts[verdict] for verdict in VERDICTS})


def _child(area: str, parent: str | None) -> str:
    """The unit right below `parent` that the area lies in; the area itself where it is not below."""
    path = [unit.code for unit in registry().path(area, on=LISTED_2021)] if area else []
    if parent is None:
        return path[0] if path else ""
    if parent in path[:-1]:
        return path[path.index(parent) + 1]
    return area
