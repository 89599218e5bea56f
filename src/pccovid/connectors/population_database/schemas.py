"""Which versions of the population database's schema there are, since when, and reading whichever a message names.

Versions lie side by side: a question is asked in the one that was agreed, or that the other side says it reads; an
answer is read as the version that it names. One that we do not know is drift, which says so: nothing is taken of it,
and the question stays to be asked again. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from pccovid.connectors.calling import Drifted
from pccovid.connectors.population_database import schema_1, schema_2
from pccovid.connectors.population_database.payloads import Change, ChangePage, Citizen, Question, Told, Verified


class _Shape(Protocol):
    """What a module of one version has."""

    REPLY: str

    def asked(self, question: Question, reference: str) -> dict[str, Any]: ...
    def looked_up(self, personal_id: str, reference: str) -> dict[str, Any]: ...
    def verified(self, told: Mapping[str, Any]) -> Verified: ...
    def citizen(self, told: Mapping[str, Any]) -> Citizen | None: ...
    def changes(self, told: Mapping[str, Any]) -> Told: ...


_SHAPES: dict[int, _Shape] = {1: schema_1, 2: schema_2}


class Schema(NamedTuple):
    """A version of the payloads; `valid_to` is the first day on which it is no more asked in."""

    version: int
    valid_from: date
    valid_to: date | None
    issuer: str
    document: str
    is_verified: bool


SCHEMAS = (
    Schema(1, date(2021, 9, 13), None, "PcCovid", "docs/reference/connectors.md", False),
    Schema(2, date(2026, 7, 1), None, "PcCovid", "docs/reference/connectors.md", False),
)
"""No description of the real service is public: both are drafts of our own."""


class AnotherSchema(Drifted):
    """The other side reads other versions; `common` are those that we have too, newest first."""

    def __init__(self, asked: int, supported: Iterable[int]) -> None:
        theirs = sorted(set(supported))
        self.common = tuple(one for one in reversed(theirs) if one in _SHAPES)
        super().__init__(f"asked in schema version {asked}; the source reads {_listed(theirs)}")


def agreed(day: date, *, named: int | None = None) -> int:
    """The version to ask in on a day: the one that was named in the agreement, else the newest in force.

    Raises ValueError for a name that is none.
    """
    if named is not None and named not in _SHAPES:
        raise ValueError(f"schema version {named} is none of {_listed(_SHAPES)}")
    in_force = [
        one.version for one in SCHEMAS if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
    ]
    return named or max(in_force)


def asked(version: int, question: Question, reference: str) -> dict[str, Any]:
    """The body of a question; the answer must repeat `reference`."""
    return _SHAPES[version].asked(question, reference)


def looked_up(version: int, personal_id: str, reference: str) -> dict[str, Any]:
    """The body of a look-up."""
    return _SHAPES[version].looked_up(personal_id, reference)


def read_verified(content: Any, reference: str) -> Verified:
    """The answer to a question. Raises Drifted."""
    told, version = _reply(content, reference)
    return _SHAPES[version].verified(told)


def read_citizen(content: Any, reference: str) -> Citizen | None:
    """A look-up's answer; None where the number is unknown. Raises Drifted."""
    told, version = _reply(content, reference)
    return _SHAPES[version].citizen(told)


def read_changes(content: Any, since: int) -> ChangePage:
    """A page of changes after `since`, put in order, each once. Raises Drifted, also for what lies before `since`."""
    content, version = _versioned(content)
    told = _SHAPES[version].changes(content)
    found: dict[int, Change] = {}
    for change in told.changes:
        if change.sequence <= since or found.get(change.sequence, change) != change:
            raise Drifted("a change out of its place")
        found[change.sequence] = change
    in_order = tuple(found[number] for number in sorted(found))
    if told.next_since < (in_order[-1].sequence if in_order else since):
        raise Drifted("the mark to go on from lies behind")
    return ChangePage(in_order, told.next_since, told.has_more, len(told.changes) - len(found))


def versions_read(content: Any) -> tuple[int, ...] | None:
    """The versions that a refusal says the other side reads; None where it was refused for something else."""
    supported = content.get("supported") if isinstance(content, Mapping) else None
    if not isinstance(supported, list) or content.get("error") != "schemaVersion":
        return None
    return tuple(one for one in supported if isinstance(one, int) and not isinstance(one, bool))


def _reply(content: Any, reference: str) -> tuple[Mapping[str, Any], int]:
    told, version = _versioned(content)
    if told.get(_SHAPES[version].REPLY) != reference:
        raise Drifted("the answer to another question")
    return told, version


def _versioned(content: Any) -> tuple[Mapping[str, Any], int]:
    if not isinstance(content, Mapping):
        raise Drifted("no object")
    version = content.get("schemaVersion")
    if not isinstance(version, int) or isinstance(version, bool):
        raise Drifted("no version of the schema")
    if version not in _SHAPES:
        raise Drifted(f"schema version {version % 10_000} is none of {_listed(_SHAPES)}")
    return content, version


def _listed(versions: Iterable[int]) -> str:
    return ", ".join(str(one) for one in versions) or "none of ours"
