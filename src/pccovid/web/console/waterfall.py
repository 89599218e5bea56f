"""Evidence as a waterfall: each attribute adds to or takes from the weight, from nothing to the sum. Pure.

Weights are in bits: each bit doubles the odds that two records are one person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WIDTH = 240.0
"""Units of the drawing's width."""

# The order of comparison (linkage/comparing.py); the database keeps evidence without one.
_ORDER = ("name", "birth", "sex", "personal_id", "old_id", "passport", "insurance_no", "qid", "phone", "area")


@dataclass(frozen=True)
class Step:
    """One attribute: what was found, its bits, the sum so far, and where its bar lies in a drawing of WIDTH."""

    attribute: str
    level: str
    weight: float
    total: float
    x: float
    width: float

    @property
    def direction(self) -> str:
        return "for" if self.weight >= 0 else "against"


@dataclass(frozen=True)
class Waterfall:
    """All steps; `zero` is where no weight lies in the drawing."""

    steps: tuple[Step, ...]
    zero: float
    total: float


def waterfall(evidence: Mapping[str, object]) -> Waterfall | None:
    """Evidence of a link or pair as steps, attributes that say nothing left out; None where it holds no weights.

    Steps stand in the order in which the attributes are compared, unknown ones last.
    """
    weighed = [
        (attribute, str(found.get("level", "")), float(found["weight"]))
        for attribute, found in sorted(evidence.items(), key=_place)
        if isinstance(found, Mapping) and isinstance(found.get("weight"), int | float)
        and found.get("level") != "missing"
    ]  # fmt: skip
    if not weighed:
        return None
    sums = [0.0]
    for _, _, weight in weighed:
        sums.append(sums[-1] + weight)
    low, high = min(sums), max(sums)
    scale = WIDTH / ((high - low) or 1.0)
    steps = tuple(
        Step(attribute, level, weight, total, round((min(before, total) - low) * scale, 1),
             round(max(abs(weight) * scale, 1.0), 1))
        for (attribute, level, weight), before, total in zip(weighed, sums, sums[1:], strict=False)
    )  # fmt: skip
    return Waterfall(steps, round(-low * scale, 1), sums[-1])


def _place(item: tuple[str, object]) -> tuple[int, str]:
    attribute = item[0]
    return (_ORDER.index(attribute) if attribute in _ORDER else len(_ORDER), attribute)
