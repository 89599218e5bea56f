"""Appointing, ending and resetting by the head of an office; the database's functions decide and log.

Codes of refusal and what each means to the head: see REFUSALS.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from pccovid.officers.database import call, call_rows

REFUSALS = {
    "PC401": "not_a_head", "PC402": "outside", "PC403": "too_long", "PC404": "oneself", "PC405": "no_account",
    "PC406": "head_of_same_area", "PC407": "name_taken",
}  # fmt: skip


@dataclass(frozen=True)
class Staff:
    """Somebody who holds, or lately held, an office under the head."""

    appointment: int
    officer: int
    username: str
    full_name: str
    area: str | None
    office: str
    since: datetime
    until: datetime | None
    is_head: bool
    appointed_by: str
    is_enrolled: bool

    def is_in_force(self, now: datetime) -> bool:
        return self.until is None or self.until > now


def staff_under(*, head: int, through: int) -> tuple[Staff, ...]:
    """Who holds this office in the head's area. Raises Refused."""
    return tuple(Staff(*row) for row in call_rows("staff_under", head, through))


def appoint_under(
    *, head: int, through: int, officer: int, area: str | None, office: str, until: datetime, as_head: bool
) -> int:
    """Give the head's own office on, in the area or a part of it. Raises Refused; returns the appointment's number."""
    return int(call("appoint", head, through, officer, area, office, until, as_head))


def account_named(*, head: int, through: int, username: str) -> int | None:
    """The number of an account, for a head who appoints. Raises Refused."""
    found = call("officer_number", head, through, username.strip().lower())
    return None if found is None else int(found)


def open_account(*, head: int, through: int, username: str, full_name: str) -> tuple[int, str]:
    """A new account; returns its number and its first password, which must be changed. Raises Refused."""
    password = secrets.token_urlsafe(12)
    name = username.strip().lower()
    return int(call("enrol_officer", head, through, name, full_name, make_password(password))), password


def end_appointment(*, head: int, through: int, appointment: int, why: str) -> None:
    """End it at once, with all sessions of the officer. Raises Refused."""
    call("end_appointment", head, through, appointment, why)


def reset_officer(*, head: int, through: int, officer: int) -> str:
    """Take all factors of somebody who lost them; returns the password to begin anew with. Raises Refused."""
    password = secrets.token_urlsafe(12)
    call("reset_officer", head, through, officer, make_password(password))
    return password
