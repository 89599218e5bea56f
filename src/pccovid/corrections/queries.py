"""Reading corrections: a person's own inside their opened access, and the desks'."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from pccovid.corrections.operations import ABOUT_PHOTO, ABOUT_VALUE
from pccovid.corrections.rules import IDENTITY
from pccovid.foundation.photos import from_text
from pccovid.foundation.reads import Read, by_number, by_sql, of_family
from pccovid.foundation.sealing import sealer
from pccovid.officers.database import call_rows

ON_DESK = 50
_LAST_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class OwnCorrection:
    """A correction as its person reads it. `wanted`: column → the value they say is right."""

    number: int
    kind: str
    asked_at: datetime
    is_by_guardian: bool
    table: str
    fact: UUID
    system: str
    words: str
    state: str
    due_at: datetime | None
    is_late: bool
    photos: int
    wanted: Mapping[str, str]

    @property
    def last(self) -> datetime | None:
        """The last moment in time for the step that is next."""
        return self.due_at and self.due_at - _LAST_MOMENT

    @property
    def is_open(self) -> bool:
        return self.due_at is not None

    @property
    def may_withdraw(self) -> bool:
        return self.kind != IDENTITY and self.state in ("received", "checking", "needs_more")


class OwnStep(NamedTuple):
    """One step as the person reads it; `office` is '' for themselves and for the program."""

    at: datetime
    act: str
    actor: str
    office: str
    state: str
    told: str


class QueueLine(NamedTuple):
    """A correction in a queue: what about, by when; nobody's name."""

    number: int
    kind: str
    table: str
    system: str
    asked_at: datetime
    state: str
    due_at: datetime
    is_late: bool
    area: str | None
    photos: int

    @property
    def last(self) -> datetime:
        return self.due_at - _LAST_MOMENT


@dataclass(frozen=True)
class DeskCorrection:
    """A correction whole, as its desk reads it. `bias` names why this officer may not sign; '' where they may."""

    number: int
    kind: str
    person: UUID
    is_by_guardian: bool
    asked_at: datetime
    table: str
    fact: UUID
    system: str
    words: str
    state: str
    due_at: datetime
    outcome: str | None
    wanted: Mapping[str, str]
    decided: Mapping[str, str]
    bias: str


class DeskStep(NamedTuple):
    """One step as the desk reads it, with who took it."""

    at: datetime
    act: str
    actor: str
    officer_name: str
    office: str
    told: str
    note: str


def _own(row: Sequence[Any]) -> OwnCorrection:
    return OwnCorrection(*[*row[:-1], _values(row[-1])])


OWN_CORRECTIONS = by_sql(
    "SELECT * FROM access.corrections_of(%(person)s)", lambda _, rows: tuple(_own(row) for row in rows)
)
"""The person's corrections, newest first. Needs their own opened access."""
CORRECTIONS_OF_FAMILY = of_family("corrections_of", _own)
"""Those of the person and of each child. Needs the person's own opened access."""


def steps_of(correction: int) -> Read[tuple[OwnStep, ...]]:
    """The steps of one of them, oldest first. Raises Refused (PC441) for anybody else's."""
    sql = "SELECT * FROM access.correction_steps_of(%s)"
    return by_number(sql, correction, lambda _, rows: tuple(OwnStep(*row) for row in rows))


def queue(*, officer: int, through: int, page: int = 1) -> tuple[QueueLine, ...]:
    """What waits for this office, by deadline; one more than ON_DESK where there are more. Raises Refused (PC421)."""
    rows = call_rows("corrections_queue", officer, through, (page - 1) * ON_DESK, ON_DESK + 1)
    return tuple(QueueLine(*row) for row in rows)


def waiting(*, officer: int, through: int) -> tuple[int, int]:
    """(corrections whose turn is this office's, those late). Raises Refused (PC421)."""
    ((count, late),) = call_rows("corrections_waiting", officer, through)
    return count, late


def person_of(correction: int, *, officer: int, through: int) -> UUID | None:
    """Whom a correction that waits here is about; None for any other. Raises Refused (PC421)."""
    ((found,),) = call_rows("correction_person", officer, through, correction)
    return found  # type: ignore[no-any-return]


def at_desk(correction: int) -> tuple[DeskCorrection, tuple[DeskStep, ...]]:
    """The correction and its steps, inside the access opened for it. Raises Refused (PC451)."""
    ((*values, wanted, decided, bias),) = call_rows("correction_at_desk", correction)
    one = DeskCorrection(*[*values, _values(wanted), _values(decided), bias])
    return one, tuple(DeskStep(*row) for row in call_rows("correction_steps_at_desk", correction))


def photos_at_desk(correction: int) -> tuple[tuple[int, bytes], ...]:
    """(number, JPEG) of each photo, inside the access opened for the correction. Raises Refused (PC451)."""
    keys = sealer()
    return tuple(
        (number, from_text(keys.unseal(sealed, ABOUT_PHOTO)))
        for number, sealed in call_rows("correction_photos_at_desk", correction)
    )


def _values(sealed: str | None) -> Mapping[str, str]:
    found: Mapping[str, str] = json.loads(sealer().unseal(sealed, ABOUT_VALUE)) if sealed else {}
    return found
