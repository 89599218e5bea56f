"""One record at a time: whose it is, asked of the index without importing anything.

    with matching(connection) as index:
        answer = index.match_one(Row("agency:query:1", None, claim))

The answer is what an import would decide of the record if it came alone. Nothing is written but the log of access.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from uuid import UUID

import psycopg

from pccovid.carry_over.around_one import Surroundings, TooManyAround
from pccovid.carry_over.jobs import open_carry_over
from pccovid.carry_over.models_in_force import ask_for_model, model_told
from pccovid.linkage.model import Model
from pccovid.linkage.one_record.answer import Match
from pccovid.linkage.one_record.matching import Matcher
from pccovid.linkage.one_record.nodes import Row

NEEDS_IMPORT = "needs_import"
"""The decision about a record with so many neighbours that only an import judges it; `reason` says so."""
TOO_MANY = "too_many_share_a_key"


class MatchableIndex:
    """The index in one opened access."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.surroundings = Surroundings(connection)
        self._model = ask_for_model(connection)
        self._matcher: Matcher | None = None
        self.told: set[UUID] = set()
        """Persons that answers named."""

    def match_one(self, arriving: Row) -> Match:
        """Whose this record is. `arriving.record` is `system:kind:key`, as an import would name it.

        A record of that name that the index holds already takes no part: it would be replaced.
        """
        try:
            around = self.surroundings.around(arriving)
        except TooManyAround:
            return Match(NEEDS_IMPORT, None, None, TOO_MANY, None, None, (), "")
        if self._matcher is None:
            self._matcher = _compiled.matcher(model_told(self._model))
        match = self._matcher.match(arriving, around.rows, around.decisions)
        persons = (match.person, *(candidate.person for candidate in match.candidates))
        self.told.update(UUID(person) for person in persons if person is not None)
        return match


@contextlib.contextmanager
def matching(connection: psycopg.Connection) -> Iterator[MatchableIndex]:
    """The index, ready to be asked, in one transaction and one entry of the log; the persons told stand in it too."""
    with connection.transaction():
        open_carry_over(connection)
        index = MatchableIndex(connection)
        yield index
        connection.execute("SELECT access.disclose(%s::uuid[], %s)", [sorted(index.told), ["identity"]])


class _Compiled:
    """Compiling the rules takes a quarter of a second: once in a process, and when another model comes into force."""

    def __init__(self) -> None:
        self._last: Matcher | None = None

    def matcher(self, model: Model) -> Matcher:
        if self._last is None or self._last.model != model:
            self._last = Matcher(model)
        return self._last


_compiled = _Compiled()
