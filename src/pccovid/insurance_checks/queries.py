"""When the insurer was asked about a person, as they read it themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pccovid.foundation.one_trip import Rows
from pccovid.foundation.reads import by_sql


@dataclass(frozen=True)
class OwnCheck:
    """When the insurer last answered about the person and with which code; whether they wait for it now."""

    checked_at: datetime | None
    code: str
    is_waiting: bool


def _check(_: object, rows: Rows) -> OwnCheck | None:
    return OwnCheck(*rows[0]) if rows else None


OWN_CHECK = by_sql("SELECT * FROM access.insurance_check_of(%(person)s)", _check)
"""The person's check; None where nobody ever asked."""
