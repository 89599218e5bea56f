"""What a check needs of the insurer: its connector is one."""

from __future__ import annotations

from typing import Protocol

from pccovid.connectors.social_insurance.payloads import Answer, Officer, Question


class Insurer(Protocol):
    """Answers what it holds of a card, and its answer as it came. Raises Unanswered."""

    def look_up(self, question: Question, *, officer: Officer) -> tuple[Answer, bytes]: ...
