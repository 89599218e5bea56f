"""Reading notices: one's own inside one's opened access, and the desk's mass notices."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from pccovid.foundation.reads import by_sql
from pccovid.officers.database import call, call_rows


class OwnNotice(NamedTuple):
    """One thing the person is told of; `text` and `office` of a mass notice alone.

    `days`: on which the person met a case, of a notice that tells of it.
    """

    number: int
    kind: str
    subject: int
    at: datetime
    is_new: bool
    text: str | None
    office: str | None
    days: tuple[date, ...] = ()
    child: UUID | None = None
    """The child it is about, where it is told to a guardian."""


class Ways(NamedTuple):
    """How the person is told beside the app."""

    devices: int
    by_sms: bool


class MassNotice(NamedTuple):
    """A mass notice as desks see it. `is_own`: proposed by this very officer."""

    number: int
    area: str
    text: str
    proposed_office: str
    proposed_at: datetime
    counted: int
    is_own: bool
    approved_office: str | None
    approved_at: datetime | None
    withdrawn_at: datetime | None
    sent: int | None

    @property
    def is_open(self) -> bool:
        return self.approved_at is None and self.withdrawn_at is None


OWN_NOTICES = by_sql(
    "SELECT * FROM access.notices_of(%(person)s)",
    lambda _, rows: tuple(OwnNotice._make((*told, tuple(days or ()), child)) for *told, days, child in rows),
)
"""The newest hundred. Needs the person's own opened access."""


NEW_NOTICES = by_sql("SELECT access.new_notices(%(person)s)", lambda _, rows: int(rows[0][0]))
"""How many are new. Needs the person's own opened access."""


OWN_WAYS = by_sql("SELECT * FROM access.notice_ways_of(%(person)s)", lambda _, rows: Ways(*rows[0]))
"""How the person is told. Needs their own opened access."""


def mass_notices(*, officer: int, through: int) -> tuple[MassNotice, ...]:
    """Open ones first. Raises Refused (PC421)."""
    return tuple(MassNotice(*row) for row in call_rows("mass_notices", officer, through))


def dry_run(*, officer: int, through: int, area: str) -> int:
    """How many people a mass notice for this area would reach. Raises Refused (PC421)."""
    return int(call("count_mass_notice", officer, through, area))
