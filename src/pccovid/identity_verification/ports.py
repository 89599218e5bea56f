"""What a campaign needs of a source: the population database's connector is one."""

from __future__ import annotations

from typing import Protocol

from pccovid.connectors.population_database.client import Exchanged
from pccovid.connectors.population_database.payloads import ChangePage, Citizen, Question, Verified


class Verifier(Protocol):
    """Answers how far a question agrees with what a source holds, and what it holds, to many threads.

    Both raise Unanswered.
    """

    def verify(self, question: Question, *, case: str, user_id: str = "") -> tuple[Verified, Exchanged]: ...

    def look_up(self, personal_id: str, *, case: str, user_id: str) -> tuple[Citizen | None, Exchanged]: ...


class Changes(Protocol):
    """A source's feed of whose record changed, in order. Raises Unanswered."""

    def changes_since(self, since: int) -> tuple[ChangePage, Exchanged]: ...
