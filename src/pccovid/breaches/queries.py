"""The register as offices see it, and what a person is told. The database's functions decide who sees what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pccovid.breaches.rules import Facts, missing
from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import by_sql
from pccovid.officers.database import call_rows


@dataclass(frozen=True)
class BreachLine:
    """One breach of the register. `pending`: a step that waits for a second officer than who took it."""

    number: int
    source: str
    happened_from: datetime | None
    happened_to: datetime | None
    discovered_at: datetime
    due_at: datetime
    period: str
    kinds: tuple[str, ...]
    words: str
    opened_at: datetime
    opened_office: str
    case: int | None
    state: str
    pending: str
    pending_is_mine: bool
    was_overdue: bool
    told_at: datetime | None
    persons_drawn: int

    @property
    def was_late(self) -> bool:
        """Whether the authority was told after the hours had passed."""
        return self.told_at is not None and self.told_at > self.due_at


@dataclass(frozen=True)
class Step:
    """One step; `facts` where it carries an assessment."""

    taken_at: datetime
    step: str
    officer_name: str
    office: str
    to_state: str
    is_first: bool
    words: str
    facts: Facts | None
    measures: str
    advice: str
    told_at: datetime | None
    reference: str


@dataclass(frozen=True)
class Source:
    """From where affected persons were drawn: whose readings, which export or case, and how many that gave."""

    drawn_at: datetime
    office: str
    kind: str
    officer_name: str
    from_at: datetime | None
    to_at: datetime | None
    export: int | None
    case: int | None
    persons: int
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Breach:
    """A breach whole: its line, steps and sources oldest first, and what is known by its last assessment."""

    line: BreachLine
    steps: tuple[Step, ...]
    sources: tuple[Source, ...]

    @property
    def facts(self) -> Facts:
        """What the last assessment says; before the first, only what was entered."""
        told = [step.facts for step in self.steps if step.facts is not None]
        return told[-1] if told else Facts(kinds=self.line.kinds)

    @property
    def missing(self) -> tuple[str, ...]:
        """What a notification cannot say yet."""
        return missing(self.facts, self.line.happened_from)

    @property
    def drawn_categories(self) -> tuple[str, ...]:
        """Categories that the log says were shown of the affected."""
        return tuple(sorted({category for source in self.sources for category in source.categories}))

    def last(self, step: str) -> Step | None:
        """The newest step of a kind."""
        return next((one for one in reversed(self.steps) if one.step == step), None)


@dataclass(frozen=True)
class ToldBreach:
    """What one person is told of a breach that touched them; `of` is '' for oneself, else the child's name."""

    of: str
    number: int
    happened_from: datetime | None
    happened_to: datetime | None
    discovered_at: datetime
    kinds: tuple[str, ...]
    categories: tuple[str, ...]
    told_at: datetime
    words: str
    measures: str
    advice: str


def breaches_seen(*, officer: int, through: int) -> tuple[BreachLine, ...]:
    """The register, overdue first. Raises Refused (PC461)."""
    return tuple(_line(row) for row in call_rows("breaches_seen", officer, through))


def waiting(*, officer: int, through: int) -> tuple[int, int]:
    """(breaches whose hours run, those of them that are past them). Raises Refused (PC461)."""
    ((running, overdue),) = call_rows("breach_counts", officer, through)
    return running, overdue


def breach(number: int, *, officer: int, through: int) -> Breach | None:
    """One breach in sight, with everything about it. Raises Refused (PC461)."""
    line = next((one for one in breaches_seen(officer=officer, through=through) if one.number == number), None)
    if line is None:
        return None
    steps = tuple(_step(row) for row in call_rows("breach_steps_seen", officer, through, number))
    sources = tuple(_source(row) for row in call_rows("breach_sources_seen", officer, through, number))
    return Breach(line, steps, sources)


def rules_in_force(*, officer: int, through: int) -> tuple[tuple[Any, ...], ...]:
    """The cells of access.rule as the database holds them now, fields as purposes.Rule. Raises Refused (PC461)."""
    return tuple(call_rows("rules_in_force", officer, through))


def _told(person: UUID, rows: Rows) -> tuple[ToldBreach, ...]:
    return tuple(ToldBreach(name or "–" if one != person else "", *_frozen(row)) for one, name, *row in rows)


OWN_BREACHES = by_sql(
    "SELECT p.person, p.name, b.* FROM access.own_view_persons() WITH ORDINALITY p (person, name, place)"
    " CROSS JOIN LATERAL access.breaches_of(p.person) WITH ORDINALITY b ORDER BY p.place, b.ordinality",
    lambda person, rows: _told(person, [row[:-1] for row in rows]),
)
"""Breaches that touched the person or their children, newest first. Needs the person's own opened access."""


def own_breaches(person: UUID) -> tuple[ToldBreach, ...]:
    """The same, in the access that is open."""
    return OWN_BREACHES.of(person)


def _line(row: tuple[Any, ...]) -> BreachLine:
    return BreachLine(*_frozen(row))


def _step(row: tuple[Any, ...]) -> Step:
    taken_at, step, name, office, to_state, is_first, words, kinds, categories, *rest = row
    persons, basis, consequences, measures, advice, told_at, reference = rest
    facts = (
        Facts(tuple(kinds), tuple(categories or ()), persons, basis, consequences or "", measures or "", advice or "")
        if kinds else None
    )  # fmt: skip
    return Step(
        taken_at, step, name, office, to_state, is_first, words, facts, measures or "", advice or "", told_at, reference
    )


def _source(row: tuple[Any, ...]) -> Source:
    return Source(*_frozen(row))


def _frozen(row: Sequence[Any]) -> list[Any]:
    """A row with its arrays as tuples."""
    return [tuple(value) if isinstance(value, list) else value for value in row]
