"""Reading feedback: one's own, inside one's opened access, and the desk's, which names nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from pccovid.feedback.operations import ABOUT_PHOTO
from pccovid.foundation.photos import from_text
from pccovid.foundation.reads import by_sql
from pccovid.foundation.sealing import sealer
from pccovid.officers.database import call, call_rows

ON_DESK = 50
_LAST_MOMENT = timedelta(microseconds=1)


class OwnFeedback(NamedTuple):
    """What the person sent, and what was answered."""

    number: int
    kind: str
    sent_at: datetime
    role: str
    area: str | None
    place: str
    words: str
    state: str
    due_at: datetime
    photos: int
    answer: str | None
    office: str | None
    answered_at: datetime | None

    @property
    def last(self) -> datetime:
        return self.due_at - _LAST_MOMENT


class QueueLine(NamedTuple):
    """A piece in the queue."""

    number: int
    kind: str
    sent_at: datetime
    due_at: datetime
    is_late: bool
    state: str
    area: str | None
    photos: int

    @property
    def last(self) -> datetime:
        return self.due_at - _LAST_MOMENT


class DeskFeedback(NamedTuple):
    """A piece whole, as the desk reads it; `photos` are their numbers."""

    number: int
    kind: str
    sent_at: datetime
    area: str | None
    place: str
    words: str
    state: str
    due_at: datetime
    photos: list[int]


class DeskStep(NamedTuple):
    """One step as the desk reads it."""

    at: datetime
    act: str
    officer_name: str
    office: str
    told: str
    note: str


OWN_FEEDBACK = by_sql(
    "SELECT * FROM access.feedback_of(%(person)s)", lambda _, rows: tuple(OwnFeedback(*row) for row in rows)
)
"""What the person sent, newest first. Needs their own opened access."""


def queue(*, officer: int, through: int, with_closed: bool = False, page: int = 1) -> tuple[QueueLine, ...]:
    """What waits for this office, by deadline; one more than ON_DESK where there are more. Raises Refused (PC421)."""
    rows = call_rows("feedback_queue", officer, through, with_closed, (page - 1) * ON_DESK, ON_DESK + 1)
    return tuple(QueueLine(*row) for row in rows)


def waiting(*, officer: int, through: int) -> tuple[int, int]:
    """(pieces that wait for the office, those late). Raises Refused (PC421)."""
    ((count, late),) = call_rows("feedback_waiting", officer, through)
    return count, late


def read(feedback: int, *, officer: int, through: int) -> tuple[DeskFeedback, tuple[DeskStep, ...]] | None:
    """A piece with its steps; None for another office's. That it was read is written down. Raises Refused (PC421)."""
    rows = call_rows("read_feedback", officer, through, feedback)
    if not rows:
        return None
    steps = call_rows("feedback_steps_at_desk", officer, through, feedback)
    return DeskFeedback(*rows[0]), tuple(DeskStep(*row) for row in steps)


def photo(feedback: int, number: int, *, officer: int, through: int) -> bytes | None:
    """A photo as JPEG; None for another office's. Raises Refused (PC421)."""
    sealed = call("read_feedback_photo", officer, through, feedback, number)
    return from_text(sealer().unseal(sealed, ABOUT_PHOTO)) if sealed else None
