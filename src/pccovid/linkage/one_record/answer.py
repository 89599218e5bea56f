"""The answer for one arriving record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Evidence = Mapping[str, Mapping[str, Any]]
"""Attribute → {"level": …, "weight": bits}."""


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the record may be, but was not joined with: the record that is like it, and its person if any."""

    record: str
    person: str | None
    weight: float
    reason: str
    evidence: Evidence | None


@dataclass(frozen=True)
class Match:
    """What the batch would decide of the record if it came alone.

    `decision`: 'exact' or 'probabilistic' (it is `person`'s), 'new' (nobody's yet), 'held' (`reason` says why). Where
    it joins a record that is nobody's yet either, `person` is None and `cluster` names the first record of the two.
    `weight` and `evidence` are of the strongest pair that brought it in. `by`: 'quick', or 'batch' where the whole
    linkage was run over the few records.
    """

    decision: str
    person: str | None
    cluster: str | None
    reason: str | None
    weight: float | None
    evidence: Evidence | None
    candidates: tuple[Candidate, ...]
    by: str
