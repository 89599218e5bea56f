"""What an agreement may be about, and what a scope of SMART Backend Services asks of it. Pure.

Scopes: `system/Immunization.rs` and the like (SMART App Launch 2.2: c create, r read, u update, d delete, s search).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from pccovid.foundation.purposes import rules
from pccovid.officers.rules import Limit

AGENCY = "agency"
"""The kind of actor, and the role its readings bear."""
STEWARD, APPROVER = "data_steward", "data_protection"
"""The office that asks for an agreement, and the office that grants it."""
LONGEST_DAYS = 730
TOKEN_SECONDS = 300
"""The longest that SMART Backend Services recommends."""

CATEGORY_OF: Mapping[str, str] = {
    "Patient": "identity", "Immunization": "vaccination", "Observation.laboratory": "test", "Coverage": "insurance",
    "Specimen": "test", "DiagnosticReport": "test", "Observation.vital-signs": "treatment", "Encounter": "treatment",
    "Condition": "treatment", "Procedure": "treatment", "MedicationAdministration": "treatment",
    "Observation.travel": "border",
}  # fmt: skip
"""Resource type, of Observations with what they observe → the category an agreement must name for it."""
_SCOPE = re.compile(r"system/(\*|[A-Z][A-Za-z]+)\.(\*|read|write|c?r?u?d?s?)")
_LETTERS = {"*": "cruds", "read": "rs", "write": "cud"}


READS_A_MINUTE = Limit("agency_read", 600, timedelta(minutes=1))
"""Readings under one agreement; our own choice. What is sent is bounded by the hub's connections instead."""


@dataclass(frozen=True)
class Terms:
    """What an agreement says: whose it is, what for, of which data and where, until when and by which document."""

    agency: str
    name: str
    standing: str
    purpose: str
    categories: tuple[str, ...]
    written: tuple[str, ...]
    area: str | None
    valid_until: datetime
    document: str
    reason: str
    notify_url: str | None


class Grant(NamedTuple):
    """What a token stands for, as the database tells it while agreement, key and token hold."""

    agreement: int
    agency: str
    name: str
    standing: str
    purpose: str
    categories: tuple[str, ...]
    written: tuple[str, ...]
    area: str | None
    scopes: tuple[str, ...]
    legal_basis: str

    @property
    def case(self) -> str:
        """How the log of access refers to the agreement."""
        return f"CS-{self.agreement}"

    @property
    def system(self) -> str:
        """The name of the agency's records among the index's source systems."""
        return f"{self.standing}.{self.agency}"

    def may_read(self, kind: str) -> bool:
        """Whether resources of this type, or some of them, may be read or sought."""
        return self._covers(kind, self.categories) and self._has(kind, "rs")

    def may_write(self, kind: str) -> bool:
        """Whether resources of this type, or some of them, may be sent."""
        return self._covers(kind, self.written) and self._has(kind, "cu")

    def _covers(self, kind: str, categories: tuple[str, ...]) -> bool:
        return any(CATEGORY_OF[part] in categories for part in parts_of(kind))

    def _has(self, kind: str, letters: str) -> bool:
        kinds = ("*", type_of(kind))
        return any(set(letters) & asked for name, asked in map(_parts, self.scopes) if name in kinds)


def type_of(kind: str) -> str:
    """The resource type of a key of CATEGORY_OF."""
    return kind.partition(".")[0]


def parts_of(kind: str) -> tuple[str, ...]:
    """The keys of CATEGORY_OF that a resource type stands for; of a key, itself."""
    return tuple(one for one in CATEGORY_OF if kind in (one, type_of(one)))


RESOURCE_TYPES = tuple(dict.fromkeys(map(type_of, CATEGORY_OF)))


def purposes_of_agencies() -> dict[str, tuple[str, ...]]:
    """Purpose → the categories an agency may read for it at most."""
    found: dict[str, list[str]] = {}
    for rule in rules():
        if rule.actor_kind == AGENCY:
            found.setdefault(rule.purpose, []).append(rule.category)
    return {purpose: tuple(categories) for purpose, categories in found.items()}


def categories_written() -> tuple[str, ...]:
    """What an agency may be let write: categories of resources that this version stores."""
    return tuple(dict.fromkeys(CATEGORY_OF.values()))


def granted_scopes(asked: str, categories: Iterable[str], written: Iterable[str]) -> tuple[str, ...]:
    """Of the scopes asked for, those of a known form that the agreement covers at least in part; narrowed to it."""
    readable, writable = set(categories), set(written)
    granted: dict[str, None] = {}
    for scope in asked.split()[:50]:
        if not _SCOPE.fullmatch(scope):
            continue
        name, letters = _parts(scope)
        for kind in RESOURCE_TYPES if name == "*" else [name]:
            may = letters & _letters_for(kind, readable, writable)
            kept = "".join(letter for letter in "crus" if letter in may)
            if kept:
                granted[f"system/{kind}.{kept}"] = None
    return tuple(granted)


def _letters_for(kind: str, readable: set[str], writable: set[str]) -> set[str]:
    """What may be done with a kind of resource of which a part at least is covered."""
    covered = {CATEGORY_OF[part] for part in parts_of(kind)}
    return set("rs" if covered & readable else "") | set("cu" if covered & writable else "")


def _parts(scope: str) -> tuple[str, set[str]]:
    name, _, letters = scope.removeprefix("system/").partition(".")
    return name, set(_LETTERS.get(letters, letters))
