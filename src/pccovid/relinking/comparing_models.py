"""Two models side by side, level by level: which weights moved, and how far. Pure."""

from __future__ import annotations

from typing import NamedTuple

from pccovid.linkage.model import LevelWeights, Model

MOVED_BITS = 1.0
"""A level whose weight differs by so many bits or more has moved."""


class LevelPair(NamedTuple):
    """One level in both models: weights in bits, None where a model does not know it."""

    comparison: str
    level: str
    weight_before: float | None
    weight_after: float | None
    trained_before: bool
    trained_after: bool
    has_moved: bool


def side_by_side(before: Model, after: Model) -> tuple[LevelPair, ...]:
    """Every level of either model, in order of comparison and level."""
    names = {
        (comparison, level) for model in (before, after) for comparison, of in model.levels.items() for level in of
    }
    return tuple(_pair(before, after, comparison, level) for comparison, level in sorted(names))


def _pair(before: Model, after: Model, comparison: str, level: str) -> LevelPair:
    one, other = (model.levels.get(comparison, {}).get(level) for model in (before, after))
    weight_before, weight_after = _weight(one), _weight(other)
    has_moved = weight_before is None or weight_after is None or abs(weight_before - weight_after) >= MOVED_BITS
    return LevelPair(
        comparison, level, weight_before, weight_after, bool(one and one.trained), bool(other and other.trained),
        has_moved,
    )  # fmt: skip


def _weight(found: LevelWeights | None) -> float | None:
    return None if found is None else round(found.weight, 3)
