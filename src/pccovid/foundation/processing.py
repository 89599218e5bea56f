"""What is processed without anybody's consent: for each kind of data its purposes, law and time it is kept. Pure.

Derived from purposes.py and classification.py, so that what people are told is what the database obeys.
"""

from __future__ import annotations

from dataclasses import dataclass

from pccovid.foundation.classification import RETENTIONS, Retention, columns
from pccovid.foundation.purposes import ABOUT_NOBODY, BASES, CATEGORIES, CONSENT, PURPOSES, Basis, Purpose, rules


@dataclass(frozen=True)
class ProcessedFor:
    """A purpose with its law, and who reads for it: (kind of actor, role) pairs."""

    purpose: Purpose
    basis: Basis
    readers: tuple[tuple[str, str], ...]

    @property
    def is_own(self) -> bool:
        """Whether the person alone reads for it: a right of theirs, nothing that is done to them."""
        return all(kind == "citizen" for kind, _ in self.readers)


@dataclass(frozen=True)
class Processed:
    """One category: for what it is read, and how long its rows are kept, by name of the retention."""

    category: str
    purposes: tuple[ProcessedFor, ...]
    kept: tuple[tuple[str, Retention], ...]


def processed() -> tuple[Processed, ...]:
    """Every category in its order; purposes in theirs. What rests on consent alone is not among it."""
    return tuple(Processed(category, _purposes(category), _kept(category)) for category in CATEGORIES)


def processed_by_law() -> tuple[tuple[Basis, tuple[tuple[ProcessedFor, tuple[str, ...]], ...]], ...]:
    """(law, its purposes, each with the categories read for it), in the order of purposes.py."""
    by_purpose: dict[str, tuple[ProcessedFor, list[str]]] = {}
    for one in processed():
        for of in one.purposes:
            by_purpose.setdefault(of.purpose.code, (of, []))[1].append(one.category)
    by_law: dict[Basis, list[tuple[ProcessedFor, tuple[str, ...]]]] = {}
    for code in PURPOSES:
        if code in by_purpose:
            of, categories = by_purpose[code]
            by_law.setdefault(of.basis, []).append((of, tuple(categories)))
    return tuple((basis, tuple(purposes)) for basis, purposes in by_law.items())


def _purposes(category: str) -> tuple[ProcessedFor, ...]:
    readers: dict[str, list[tuple[str, str]]] = {}
    for rule in rules():
        if rule.category == category and rule.legal_basis != CONSENT:
            readers.setdefault(rule.purpose, []).append((rule.actor_kind, rule.role))
    return tuple(
        ProcessedFor(purpose, BASES[purpose.basis], tuple(readers[code]))
        for code, purpose in PURPOSES.items()
        if code in readers
    )


def _kept(category: str) -> tuple[tuple[str, Retention], ...]:
    names = {column.retention for column in columns().values() if column.category == category}
    if category in ABOUT_NOBODY:
        names = {"accountability"}  # tables of the log and of counts are read by functions alone, under no category
    return tuple((name, RETENTIONS[name]) for name in RETENTIONS if name in names)
