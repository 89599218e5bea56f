"""How sure an electronic identity is, by the dated rules of its levels. Pure.

Level 1 was made from a distance; for level 2 the police saw the person and their fingerprints. That a health record
opens with level 2 alone is our own reading (verified=False), as is how the level is told in the answer (`acr`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple


class LevelRule(NamedTuple):
    """From when to when which level opens a record, and by which document the levels are what they are."""

    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    least: int
    verified: bool


RULES = (
    LevelRule(date(2022, 10, 20), date(2024, 6, 30), "Chính phủ", "Nghị định 59/2022/NĐ-CP", 2, False),
    LevelRule(date(2024, 7, 1), None, "Chính phủ", "Nghị định 69/2024/NĐ-CP", 2, False),
)
_LEVELS: Mapping[str, int] = {"urn:vneid:level:1": 1, "urn:vneid:level:2": 2}


def level_of(acr: str) -> int:
    """The level that an answer tells; 0 for one this version does not know."""
    return _LEVELS.get(acr, 0)


def rule_on(day: date) -> LevelRule | None:
    """The rule in force; None before there was any: then no level opens anything."""
    return next((r for r in RULES if r.valid_from <= day and (r.valid_to is None or day <= r.valid_to)), None)


def opens_a_record(level: int, *, on: date) -> bool:
    """Whether whoever proved this level may see their record."""
    rule = rule_on(on)
    return rule is not None and level >= rule.least
