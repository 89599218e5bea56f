"""What a campaign needs of a source: the population database's connector is one."""

from __future__ import annotations

from typing import Protocol

from pccovid.connectors.population_database.client import Exchanged
from pccovid.connectors.population_database.payloads import ChangePage, Question, Verified


class Verifier(Protocol):
    """Answers how far a question agrees with what a source holds, to many threads. Raises Unanswered."""

    def verify(self, question: Question, *, case: str, user_id: str = "") -> tuple[Verified, Exchanged]: ...


class Changes(Protocol):
    """A source's feed of whose record changed, in order. Raises Unanswered."""

    def changes_since(self, since: int) -> tuple[ChangePage, Exchanged]: ...
