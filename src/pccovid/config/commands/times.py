"""The clock, read at the edge only."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, with zone."""
    return datetime.now(UTC)
