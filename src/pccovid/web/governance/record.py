"""The record of processing, from the tables that the database is filled with: codes and numbers, no words. Pure.

Words are put to the codes by whoever shows it: config/governance_pages.py in English, the console's page in both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from pccovid.breaches.rules import PERIODS
from pccovid.bulk_export.rules import PURPOSES as EXPORTS
from pccovid.foundation.classification import PERSONAL, RETENTIONS, SENSITIVE, columns
from pccovid.foundation.purposes import BASES, CATEGORIES, PURPOSES, Basis, Purpose, Rule
from pccovid.foundation.table_privileges import table_privileges

_SCOPES = ("own", "person", "area", "all")


@dataclass(frozen=True)
class Reader:
    """One kind of actor under a purpose: at most how wide, which categories, how far back, what it writes."""

    kind: str
    role: str
    scope: str
    categories: tuple[str, ...]
    back: tuple[tuple[str, int], ...]
    writes: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One purpose with everything that is processed for it. `left_out`: categories that nobody reads for it."""

    purpose: Purpose
    basis: Basis
    readers: tuple[Reader, ...]
    categories: tuple[str, ...]
    left_out: tuple[str, ...]
    widest: str
    kept: tuple[str, ...]
    protections: tuple[str, ...]


@dataclass(frozen=True)
class Category:
    """One category of data: its personal and sensitive columns as 'table.column', and its retentions."""

    code: str
    personal: tuple[str, ...]
    sensitive: tuple[str, ...]
    retentions: tuple[str, ...]


def entries(rules: Iterable[Rule]) -> tuple[Entry, ...]:
    """The record, purpose by purpose, from the rules given: those of the release, or those in force."""
    by_purpose: dict[str, list[Rule]] = {}
    for rule in rules:
        by_purpose.setdefault(rule.purpose, []).append(rule)
    return tuple(_entry(PURPOSES[code], by_purpose[code]) for code in PURPOSES if code in by_purpose)


def strangers(rules: Iterable[Rule], released: Iterable[Rule]) -> tuple[Rule, ...]:
    """Cells that are in force and not of this release, or of it and not in force; empty where both are the same."""
    return tuple(sorted(set(rules) ^ set(released), key=str))


def _entry(purpose: Purpose, rules: list[Rule]) -> Entry:
    readers = tuple(_readers(rules))
    read = {rule.category for rule in rules}
    ordered = tuple(category for category in CATEGORIES if category in read)
    widest = max((reader.scope for reader in readers), key=_SCOPES.index)
    kept = tuple(dict.fromkeys(name for one in categories() if one.code in read for name in one.retentions))
    return Entry(
        purpose, BASES[purpose.basis], readers, ordered, tuple(one for one in CATEGORIES if one not in read), widest,
        kept, _protections(purpose.code, readers, ordered),
    )  # fmt: skip


def _readers(rules: list[Rule]) -> Iterable[Reader]:
    ordered = sorted(rules, key=lambda rule: (rule.actor_kind, rule.role, rule.widest_scope))
    for (kind, role, scope), cells in groupby(
        ordered, key=lambda rule: (rule.actor_kind, rule.role, rule.widest_scope)
    ):
        of = {rule.category: rule for rule in cells}
        listed = tuple(category for category in CATEGORIES if category in of)
        back = tuple((one, days) for one in listed if (days := of[one].max_days) is not None)
        yield Reader(kind, role, scope, listed, back, tuple(one for one in listed if of[one].may_write))


def _protections(purpose: str, readers: tuple[Reader, ...], read: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of what protects the data under a purpose, each from what the tables say."""
    scopes, kinds = {reader.scope for reader in readers}, {reader.kind for reader in readers}
    holds = {
        "logged": True,
        "own_only": scopes <= {"own"},
        "area": "area" in scopes,
        "one_person": "person" in scopes,
        "span": any(reader.back for reader in readers),
        "program": kinds <= {"job"},
        "no_writing": not any(reader.writes for reader in readers),
        "sealed": any(name.endswith(".sealed") and one.category in read for name, one in columns().items()),
        "two_approvals": purpose == "export",
        "erased": True,
    }
    return tuple(code for code, does in holds.items() if does)


def categories() -> tuple[Category, ...]:
    """Every category that is read under a purpose."""
    return tuple(_category(code) for code in CATEGORIES)


def beside() -> tuple[Category, ...]:
    """What is kept beside: logs, accounts, ledgers, the register of breaches; read under no purpose."""
    others = dict.fromkeys(one.category for one in columns().values() if one.category not in CATEGORIES)
    return tuple(_category(code) for code in others)


def _category(code: str) -> Category:
    of = {name: one for name, one in columns().items() if one.category == code}
    return Category(
        code, tuple(name for name, one in of.items() if one.sensitivity == PERSONAL),
        tuple(name for name, one in of.items() if one.sensitivity == SENSITIVE),
        tuple(dict.fromkeys(one.retention for one in of.values())),
    )  # fmt: skip


def by_table(names: Iterable[str]) -> Mapping[str, list[str]]:
    """'table.column' names → table → columns."""
    found: dict[str, list[str]] = {}
    for name in names:
        table, _, column = name.rpartition(".")
        found.setdefault(table, []).append(column)
    return found


def privileges(role: str) -> Mapping[str, list[str]]:
    """What a database role may do with whole tables: 'SELECT, INSERT' → tables."""
    found: dict[str, list[str]] = {}
    for table, kinds in table_privileges(role).items():
        found.setdefault(", ".join(sorted(kinds)), []).append(table)
    return found


def unverified() -> Mapping[str, tuple[str, ...]]:
    """What rests on our own reading and waits for a lawyer: kind → codes or texts."""
    named: Mapping[str, Iterable[tuple[str, bool]]] = {
        "purpose": ((one.code, one.verified) for one in PURPOSES.values()),
        "basis": ((one.text, one.verified) for one in BASES.values()),
        "retention": ((code, one.verified) for code, one in RETENTIONS.items()),
        "export": ((one.code, one.verified) for one in EXPORTS.values()),
        "breach_period": ((one.document, one.verified) for one in PERIODS),
    }
    return {kind: tuple(name for name, is_verified in each if not is_verified) for kind, each in named.items()}
