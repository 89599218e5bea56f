"""Where a fact came from: system, standing and time, as every page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Origin:
    """The source of one fact. `fact` is its id, by which the person may say that it is wrong."""

    fact: UUID
    system: str
    """One of sources.SOURCES, or a system this version does not know."""
    provenance: str
    """'official', 'facility', 'self_declared' or 'pending'."""
    recorded_at: datetime


ORIGIN_COLUMNS = ("id", "source_system", "provenance", "recorded_at")
"""The columns of a carried fact that make its Origin, in this order; read last, so that `with_origin` finds them."""


def with_origin(row: Sequence[Any]) -> tuple[list[Any], Origin]:
    """A row that ends with ORIGIN_COLUMNS → its other values, and its origin."""
    own = len(row) - len(ORIGIN_COLUMNS)
    return list(row[:own]), Origin(*row[own:])
