"""access.open: the only way to see a personal row.

    with access.open(citizen(person_id), purpose="own_record", legal_basis="…", scope=own(person_id)):
        …queries…

announces it, opens a transaction, writes the log row that is its context, and lets the rows of that scope be seen until
the block ends. Without it every personal table is empty for the web and for jobs. The announcement is committed by
itself, before anything is read: should the block be rolled back, it becomes an entry of the log.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from pccovid.foundation.one_trip import send_together
from pccovid.foundation.reads import Read, made_of

_OPEN = "SELECT access.open(%s, %s, %s, %s, %s, %s, %s::uuid[], %s, %s)"
_ANNOUNCE = _OPEN.replace("open", "announce")


class AccessRefused(PermissionError):
    """The database refused the purpose, the scope or the actor; the message names which."""


@dataclass(frozen=True)
class Actor:
    """Who reads: `kind` citizen, officer, job or agency; `id` a person's uuid, an account's id, a name or a code."""

    kind: str
    id: str
    role: str = ""


@dataclass(frozen=True)
class Scope:
    """Whose rows: own, named persons (within an area for officers bound to one), a case's people, an area's, or all."""

    kind: str
    persons: tuple[UUID, ...] = ()
    area: str | None = None


JOB = "job"


def citizen(person: UUID) -> Actor:
    return Actor("citizen", str(person))


def officer(account: int, role: str) -> Actor:
    return Actor("officer", str(account), role)


def job(name: str) -> Actor:
    return Actor(JOB, name, name)


def agency(code: str) -> Actor:
    """The machines of an agency; the case must name an agreement of its own that covers the reading."""
    return Actor("agency", code, "agency")


def own(person: UUID) -> Scope:
    return Scope("own", (person,))


def persons(*ids: UUID, within: str | None) -> Scope:
    """Named persons; `within` is the area of the officer's appointment, None for a national one."""
    return Scope("person", ids, within)


def people_of_case(*, within: str | None) -> Scope:
    """Whomever the case of the opening is about, as far as the officer's area `within` has to do with them."""
    return Scope("case", area=within)


def area(code: str) -> Scope:
    return Scope("area", area=code)


def everybody() -> Scope:
    return Scope("all")


@contextlib.contextmanager
def open(  # noqa: A001 - the design's word for it
    actor: Actor, *, purpose: str, legal_basis: str, scope: Scope, case: str | None = None
) -> Iterator[Disclosures]:
    """Open one transaction in which rows of `scope` may be seen for `purpose`. Raises AccessRefused.

    Persons shown are told to the yielded Disclosures, which writes them to the log before the block ends. Not inside
    another transaction: what it would announce would not be committed.
    """
    opening = _opening(actor, purpose, legal_basis, scope, case)
    if actor.kind != JOB:
        _ask(_ANNOUNCE, opening)
    with transaction.atomic(), connection.cursor() as cursor:
        _ask(_OPEN, opening)
        disclosures = Disclosures()
        yield disclosures
        disclosures.write(cursor)


def open_and_read(
    actor: Actor, reads: Sequence[Read[Any]], *, of: UUID, purpose: str, legal_basis: str, scope: Scope,
    case: str | None = None,
) -> list[Any]:  # fmt: skip
    """The same for reads about one person whose record is shown to nobody else: what each makes, in their order.

    Two round trips: the announcement; and transaction, opening and every read together. Raises AccessRefused.
    """
    opening = _opening(actor, purpose, legal_basis, scope, case)
    _ask(_ANNOUNCE, opening)
    statements = [statement for read in reads for statement in read.statements(of)]
    try:
        _, *answers = send_together([(_OPEN, opening), *statements])
    except ProgrammingError as refused:
        if not isinstance(refused.__cause__, psycopg.errors.InsufficientPrivilege):
            raise
        raise AccessRefused(str(refused).splitlines()[0]) from refused
    return made_of(reads, of, answers)


def _opening(actor: Actor, purpose: str, legal_basis: str, scope: Scope, case: str | None) -> list[Any]:
    persons = list(scope.persons)
    return [actor.kind, actor.id, actor.role, purpose, legal_basis, scope.kind, persons, scope.area, case]


def _ask(statement: str, opening: list[Any]) -> None:
    with connection.cursor() as cursor:
        try:
            cursor.execute(statement, opening)
        except ProgrammingError as refused:
            raise AccessRefused(str(refused).splitlines()[0]) from refused


def open_for_job(
    connection: psycopg.Connection, name: str, *, purpose: str, legal_basis: str, case: str | None = None,
    within: str | None = None,
) -> None:  # fmt: skip
    """Open access for a job inside the running transaction of a plain connection. Raises AccessRefused.

    It sees everybody, or the people of the area `within`.
    """
    # Waited for here, in a pipeline too: a refusal is nobody else's.
    opening_for_job(connection, name, purpose=purpose, legal_basis=legal_basis, case=case, within=within)()


def opening_for_job(
    connection: psycopg.Connection, name: str, *, purpose: str, legal_basis: str, case: str | None = None,
    within: str | None = None,
) -> Callable[[], None]:  # fmt: skip
    """The same, asked for and not waited for where the connection is in a pipeline; what is returned waits.

    It must be called before anything else is asked of the database. Raises AccessRefused, here or then.
    """
    scope = "area" if within else "all"

    @contextlib.contextmanager
    def refusing() -> Iterator[None]:
        try:
            yield
        except psycopg.errors.InsufficientPrivilege as refused:
            raise AccessRefused(str(refused).splitlines()[0]) from refused

    def wait() -> None:
        with refusing():
            asked.fetchone()

    with refusing():
        asked = connection.execute(_OPEN, ["job", name, name, purpose, legal_basis, scope, [], within, case])
    return wait


class Disclosures:
    """The persons shown in one opened access, and which categories of theirs."""

    def __init__(self) -> None:
        self._shown: dict[UUID, set[str]] = {}

    def add(self, shown: Iterable[UUID], categories: Sequence[str]) -> None:
        """Note that these persons' `categories` are being shown."""
        for person in shown:
            self._shown.setdefault(person, set()).update(categories)

    def write(self, cursor: object) -> None:
        """Write what was noted to the log, one row for each person."""
        by_categories: dict[tuple[str, ...], list[UUID]] = {}
        for person, shown_categories in self._shown.items():
            by_categories.setdefault(tuple(sorted(shown_categories)), []).append(person)
        for categories, shown in by_categories.items():
            cursor.execute("SELECT access.disclose(%s::uuid[], %s)", [shown, list(categories)])  # type: ignore[attr-defined]
