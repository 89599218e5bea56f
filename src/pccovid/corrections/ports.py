"""How a source is told of a correction: a port, until deliveries to agencies take it over."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID


class Notice(NamedTuple):
    """What a source is told: which of its records, what is asked of it; the values themselves are fetched by its own
    agreement, not sent along. `kind` is 'asked' (to look and sign) or 'corrected'."""

    number: int
    correction: int
    kind: str
    system: str
    record: UUID | None
    fact_table: str
    at: datetime


class ToldSource(Protocol):
    """Hands a notice on; raising leaves it waiting."""

    def tell(self, notice: Notice) -> None: ...
