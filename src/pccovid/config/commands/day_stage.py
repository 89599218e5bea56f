"""The scripted day's stage, its facts and what came of them; without models, so that it is there before Django is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pccovid.connectors.social_insurance.payloads import Officer
from pccovid.sandbox.agencies.cast import CAST


@dataclass(frozen=True)
class Stage:
    """Agency → its address; what follows the police, and what asks the insurer; a hospital's own officer."""

    agencies: Mapping[str, str]
    follow: Callable[[], object]
    check: Callable[[], object]
    receptionist: Officer


@dataclass
class Fact:
    """One fact of the day. Seconds count from when its sender knew that it was written."""

    what: str
    category: str
    in_record: Callable[[UUID], bool]
    in_feed: Callable[[Mapping[str, Any]], bool]
    since: float = 0.0
    record: float | None = None
    seen: dict[str, float] = field(default_factory=dict)
    leaked: list[str] = field(default_factory=list)

    @property
    def entitled(self) -> set[str]:
        return {one.code for one in CAST if self.category in one.reads}

    @property
    def missing(self) -> list[str]:
        return sorted(self.entitled - self.seen.keys())

    @property
    def is_well(self) -> bool:
        return self.record is not None and not self.missing and not self.leaked

    def told(self) -> dict[str, Any]:
        """The same for a report."""
        return {"what": self.what, "record_seconds": self.record, "feed_seconds": self.seen, "missing": self.missing,
                "leaked": self.leaked}  # fmt: skip


@dataclass(frozen=True)
class Played:
    """What came of the day."""

    person: UUID
    name: str
    facts: tuple[Fact, ...]
