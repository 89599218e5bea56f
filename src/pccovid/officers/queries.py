"""What the console asks about the officer in front of it: appointments in force, how long a sign-in must wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from pccovid.officers.offices import OFFICES, Office


@dataclass(frozen=True)
class Appointment:
    """One office in force."""

    id: int
    role: str
    area: str | None
    office: str
    until: datetime | None
    is_head: bool = False
    """Whether its holder gives this office on, in its area."""

    @property
    def kind(self) -> Office:
        return OFFICES[self.role]


def appointments_of(officer: int) -> tuple[Appointment, ...]:
    """The officer's appointments in force now; roles that this version does not know are left out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM access.offices_of(%s)", [officer])
        return tuple(Appointment(*row) for row in cursor.fetchall() if row[1] in OFFICES)


def sign_in_wait(username: str, address: str) -> int:
    """Seconds until this name may be tried from this address again; 0 when it may be now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.officer_sign_in_wait(%s, %s)", [username, address])
        return int(cursor.fetchone()[0])
