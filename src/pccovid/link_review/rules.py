"""What opinions about a pair come to, and how far reviewers agree. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

SAME, DIFFERENT, UNSURE = "same", "different", "unsure"
OPINIONS = (SAME, DIFFERENT, UNSURE)
SECOND_NEEDED, DISPUTED, OPEN = "second_needed", "disputed", "open"
STANDINGS = (SAME, DIFFERENT, SECOND_NEEDED, DISPUTED, OPEN)

SPLIT, DECLINED, REFUSED = "split", "declined", "refused"
OUTCOMES = (SPLIT, DECLINED, REFUSED)
"""What becomes of a request to split a person: done; declined by a steward; refused, as the person has changed."""

LEAST_REASON = 10
"""Characters that a reason for a split has at least."""

CONTROL_SHARE = 10
"""One pair in so many is shown to a second officer, who does not know it: that is how agreement is measured."""

HEALTH_SYSTEMS = ("sskdt", "sampling")
"""Systems whose held records keep a dose or a test from somebody."""


class Agreement(NamedTuple):
    """Pairs that two officers judged: how many, the share judged alike, and Cohen's kappa (None where undefined)."""

    pairs: int
    share: float | None
    kappa: float | None


def standing(opinions: Mapping[str, str] | Mapping[int, str], *, is_verified: bool) -> str:
    """What the newest opinion of each officer (account → opinion) comes to.

    One officer may tell apart, or join where nobody is verified; a person whose identity the population database has
    verified is joined to another by two officers only. Officers who contradict each other are outvoted or disputed.
    """
    counted = Counter(opinions.values())
    same, different = counted[SAME], counted[DIFFERENT]
    if same == different:
        return DISPUTED if same else OPEN
    if same < different:
        return DIFFERENT
    if same - different < (2 if is_verified else 1):
        return SECOND_NEEDED if not different else DISPUTED
    return SAME


def may_split(*, is_verified: bool, is_agreed: bool) -> bool:
    """One officer may take a person apart whom nobody has verified; else a second one agrees, as in `standing`."""
    return is_agreed or not is_verified


def agreement(judged: Collection[tuple[str, str]]) -> Agreement:
    """How far two officers agree on the pairs both judged; pairs one was unsure of are left out.

    Kappa is the share of agreement beyond what chance would give (Cohen 1960, Educ Psychol Meas 20:37).
    """
    sure = [pair for pair in judged if UNSURE not in pair]
    if not sure:
        return Agreement(0, None, None)
    alike = sum(one == other for one, other in sure) / len(sure)
    ones, others = Counter(one for one, _ in sure), Counter(other for _, other in sure)
    by_chance = sum(ones[word] * others[word] for word in (SAME, DIFFERENT)) / len(sure) ** 2
    return Agreement(len(sure), alike, (alike - by_chance) / (1 - by_chance) if by_chance < 1 else None)
