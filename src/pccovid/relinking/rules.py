"""Statistics of governing a model, pure: how sure an estimated precision is, and whether agreement has drifted.

The limits are our own choice and stand here as data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

BANDS: tuple[float, ...] = (0.0, 10.0, 20.0, 30.0, 40.0)
"""Where bands of weight begin, in bits; below the first is a band of its own, the last has no end."""

SURE_95 = 1.959963984540054
"""Quantile of the normal distribution for an interval of 95 %."""


class DriftLimit(NamedTuple):
    """When the agreement of one attribute counts as changed: both must be passed, with rows enough on either side."""

    fewest_rows: int
    least_effect: float
    """Cramér's V: 0 the same shares, 1 nothing in common."""
    quantile: float
    """Of the normal distribution: chi-squared must pass its quantile for this (3.09: one in a thousand)."""


DRIFT_LIMIT = DriftLimit(fewest_rows=200, least_effect=0.1, quantile=3.0902)


class Drift(NamedTuple):
    """Shares of the levels in two spans, and how they differ; `has_drifted` is None where rows are too few to say."""

    rows_before: int
    rows_after: int
    chi_squared: float
    degrees: int
    effect: float
    has_drifted: bool | None


def wilson(right: int, judged: int, quantile: float = SURE_95) -> tuple[float, float]:
    """Wilson's interval for a share of which `right` of `judged` were seen; (0, 1) where none was judged.

    E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209–212.
    """
    if judged == 0:
        return 0.0, 1.0
    share, square = right / judged, quantile * quantile
    middle = (share + square / (2 * judged)) / (1 + square / judged)
    half = quantile / (1 + square / judged) * math.sqrt(share * (1 - share) / judged + square / (4 * judged * judged))
    return max(0.0, middle - half), min(1.0, middle + half)


def band_of(weight: float) -> tuple[float | None, float | None]:
    """The band a weight lies in: (from, to), None where it has no end."""
    edges = (None, *BANDS, None)
    for low, high in zip(edges, edges[1:], strict=False):
        if (low is None or weight >= low) and (high is None or weight < high):
            return low, high
    raise ValueError(f"{weight} is no weight")


def drift(before: Mapping[str, int], after: Mapping[str, int], limit: DriftLimit = DRIFT_LIMIT) -> Drift:
    """Whether two counts of levels come from one pattern of agreement: Pearson's chi-squared and Cramér's V."""
    rows_before, rows_after = sum(before.values()), sum(after.values())
    levels = [level for level in {*before, *after} if before.get(level, 0) + after.get(level, 0) > 0]
    degrees = max(len(levels) - 1, 0)
    if min(rows_before, rows_after) == 0 or degrees == 0:
        return Drift(
            rows_before, rows_after, 0.0, degrees, 0.0, None if _too_few(rows_before, rows_after, limit) else False
        )
    whole = rows_before + rows_after
    statistic = 0.0
    for level in levels:
        both = before.get(level, 0) + after.get(level, 0)
        for counts, rows in ((before, rows_before), (after, rows_after)):
            expected = both * rows / whole
            statistic += (counts.get(level, 0) - expected) ** 2 / expected
    effect = math.sqrt(statistic / whole)
    passed = effect >= limit.least_effect and statistic > critical(degrees, limit.quantile)
    return Drift(
        rows_before, rows_after, statistic, degrees, effect,
        None if _too_few(rows_before, rows_after, limit) else passed,
    )  # fmt: skip


def critical(degrees: int, quantile: float) -> float:
    """Chi-squared's quantile by Wilson and Hilferty's approximation, 3 % too careful at one degree, then better."""
    spread = 2 / (9 * degrees)
    return float(degrees * (1 - spread + quantile * math.sqrt(spread)) ** 3)


def _too_few(rows_before: int, rows_after: int, limit: DriftLimit) -> bool:
    return min(rows_before, rows_after) < limit.fewest_rows
