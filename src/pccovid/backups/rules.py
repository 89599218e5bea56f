"""When rows of a backup are due, and which keys have had their day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pccovid.retention.rules import Rule

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
LIFE_DAYS = 30
"""How long a backup can be read. Our own choice: the shortest period of the law for facts, so that what a person had
erased before its period, and what no period counts, is nowhere a month later."""
MISREAD_DAYS = 30
"""An event dated later than this after it was recorded counts from there (retention/sql/retention.sql)."""


@dataclass(frozen=True)
class Segmented:
    """A table whose rows go by the day they are due. `due`: SQL of that day over one row; NULL: it has no period."""

    table: str
    due: str


def segmented(rules: Iterable[Rule]) -> tuple[Segmented, ...]:
    """The tables with a clock, in the order of erasure."""
    return tuple(Segmented(one.table_name, _due(one)) for one in rules if one.starts is not None)


def _due(rule: Rule) -> str:
    starts = f"({rule.starts})"
    if rule.recorded is not None:
        starts = f"least({starts}, {rule.recorded} + interval '{MISREAD_DAYS} days')"
    moment = f"{starts} + interval '{rule.days} days'"
    return f"CASE WHEN {rule.only_where} THEN (({moment}) AT TIME ZONE '{VIET_NAM.key}')::date END"


def days_gone(labels: Iterable[str], *, today: date) -> tuple[str, ...]:
    """The days whose rows have been erased by now: those before today (ISO dates)."""
    return tuple(sorted(label for label in labels if date.fromisoformat(label) < today))


def lives_over(made: Mapping[str, tuple[datetime, datetime]], *, now: datetime, end: date | None) -> tuple[str, ...]:
    """The backups, name → (made, until), that nobody may read any more.

    Their life is over; or they are older than the day on which everything of the epidemic was erased (`end`), once that
    day has passed.
    """
    over = end is not None and now.astimezone(VIET_NAM).date() > end
    return tuple(
        sorted(
            name
            for name, (since, until) in made.items()
            if until <= now or (over and end is not None and since.astimezone(VIET_NAM).date() <= end)
        )
    )


def until(made_at: datetime, *, days: int) -> datetime:
    """When the life of a backup is over. Raises ValueError: it has to end, and not after LIFE_DAYS."""
    if not 1 <= days <= LIFE_DAYS:
        raise ValueError(f"a backup is kept from 1 to {LIFE_DAYS} days")
    return made_at + timedelta(days=days)
