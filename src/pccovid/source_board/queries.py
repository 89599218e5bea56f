"""The board as officers read it: counts about nobody."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pccovid.officers.database import call, call_rows
from pccovid.source_board.rules import FIELDS

_SENDING, _ASKED = slice(8, 15), slice(15, 20)


@dataclass(frozen=True)
class Rows:
    """What became of the rows a source sent, as the ledger has it."""

    received: int
    linked: int
    new: int
    held: int
    rejected: int
    unchanged: int
    repeated: int

    @property
    def rejected_percent(self) -> float:
        return 100 * self.rejected / self.received if self.received else 0.0


@dataclass(frozen=True)
class Questions:
    """What became of the questions a source was asked in the last seven days."""

    answered: int
    not_reached: int
    drifted: int
    refused: int
    milliseconds: int

    @property
    def asked(self) -> int:
        return self.answered + self.not_reached + self.drifted + self.refused

    @property
    def failed_percent(self) -> float:
        return 100 * (self.asked - self.answered) / self.asked if self.asked else 0.0

    @property
    def mean_milliseconds(self) -> int:
        return round(self.milliseconds / self.asked) if self.asked else 0


@dataclass(frozen=True)
class Source:
    """One source. `way`: sends (by agreement), asked (by us), delivered (an earlier system's files)."""

    source: str
    way: str
    agency: str
    agreements: tuple[int, ...]
    agreed_until: datetime | None
    last_success_at: datetime | None
    backlog: int
    oldest_waiting_at: datetime | None
    rows: Rows | None
    questions: Questions | None
    closed_until: datetime | None
    given_up: int
    claims: int
    completeness: tuple[tuple[str, float], ...]
    """(field, percent of the records that have it)."""
    repeated_facts: int
    lag_hours: float | None
    counted_at: datetime | None
    stale_since: datetime | None
    noticed_at: datetime | None


@dataclass(frozen=True)
class OldApp:
    """An earlier app that was to stop after its last day, and what came of it since."""

    source: str
    last_day: date
    document: str
    is_verified: bool
    deliveries: int
    later_deliveries: int
    """Those after the last day that brought something new."""
    last_delivery_at: datetime | None
    newest_own_at: datetime | None
    """The newest time that a record of it tells of itself."""
    after_hand_over: int
    counted_at: datetime | None

    @property
    def still_collects(self) -> bool:
        """Whether people wrote into it after its last day."""
        return self.after_hand_over > 0


def old_apps(*, officer: int, through: int) -> tuple[OldApp, ...]:
    """Every earlier app that handed over, those that still collect first. Raises Refused (PC421)."""
    found = [OldApp(*row) for row in call_rows("old_apps", officer, through)]
    return tuple(sorted(found, key=lambda one: (not one.still_collects, one.source)))


def board(*, officer: int, through: int) -> tuple[Source, ...]:
    """Every source, stale ones first. Raises Refused (PC421)."""
    return tuple(_source(row) for row in call_rows("source_board", officer, through))


def stale(*, officer: int, through: int) -> int:
    """How many sources are stale. Raises Refused (PC421)."""
    return int(call("stale_sources", officer, through))


def _source(row: tuple[Any, ...]) -> Source:
    source, way, agency, agreements, until, last, backlog, oldest = row[:8]
    closed, given_up, claims, fields, repeated, lag, counted, since, noticed = row[20:]
    sent, asked = row[_SENDING], row[_ASKED]
    return Source(
        source, way, agency, tuple(agreements or ()), until, last, _count(backlog), oldest,
        Rows(*map(_count, sent)) if sent[0] is not None else None,
        Questions(*map(_count, asked)) if asked[0] is not None else None,
        closed, _count(given_up), _count(claims), _completeness(fields, _count(claims)), _count(repeated), lag, counted,
        since, noticed,
    )  # fmt: skip


def _completeness(fields: Any, claims: int) -> tuple[tuple[str, float], ...]:
    counted = json.loads(fields) if isinstance(fields, str) else fields
    return tuple((name, 100 * counted[name] / claims) for name in FIELDS) if counted and claims else ()


def _count(number: Decimal | int | None) -> int:
    return int(number or 0)
