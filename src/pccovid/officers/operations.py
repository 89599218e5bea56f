"""Giving and taking offices. Only the database's owner can: the web role may not write any of these tables."""

from __future__ import annotations

from datetime import datetime

import psycopg
from django.contrib.auth.hashers import make_password
from django.db import connection as django_connection

from pccovid.officers.offices import OFFICES


class OfficerNameTaken(ValueError):
    """Another account has this user name."""


class OfficerUnknown(LookupError):
    """There is no account of this number."""


class OfficeUnknown(ValueError):
    """The role is none of the offices."""


class OfficeNeedsArea(ValueError):
    """This office is held somewhere: an area of the register must be named."""


class AppointmentUnknown(LookupError):
    """There is no such appointment in force."""


def enrol(connection: psycopg.Connection, *, username: str, full_name: str, password: str, now: datetime) -> int:
    """Open an officer's account, without any office yet; returns its number. Raises OfficerNameTaken."""
    try:
        with connection.transaction():
            row = connection.execute(
                "INSERT INTO auth_user (username, first_name, last_name, email, password, is_superuser, is_staff,"
                " is_active, date_joined) VALUES (%s, %s, '', '', %s, false, false, true, %s) RETURNING id",
                [username.lower(), full_name, make_password(password), now],
            ).fetchone()
    except psycopg.errors.UniqueViolation as taken:
        raise OfficerNameTaken(username) from taken
    assert row is not None
    return int(row[0])


def appoint(
    connection: psycopg.Connection,
    *,
    officer: int,
    role: str,
    area: str | None,
    office: str,
    by: str,
    now: datetime,
    until: datetime | None = None,
    is_head: bool = False,
) -> int:
    """Give an officer an office in `area` (None: the whole country) from `now`, perhaps until a day.

    `is_head`: who holds it gives it on in that area (officers/appointing.py); the first heads are made here.

    Returns the appointment's number. Raises OfficeUnknown, OfficeNeedsArea (also for an area that the register does
    not know), OfficerUnknown.
    """
    if role not in OFFICES:
        raise OfficeUnknown(role)
    if OFFICES[role].needs_area and not area:
        raise OfficeNeedsArea(role)
    with connection.transaction():
        if area and not _exists(connection, "SELECT 1 FROM access.area WHERE code = %s", area):
            raise OfficeNeedsArea(f"the register has no area {area}")
        if not _exists(connection, "SELECT 1 FROM auth_user WHERE id = %s AND is_active", officer):
            raise OfficerUnknown(officer)
        row = connection.execute(
            "INSERT INTO access.appointment (officer_id, role, area_code, office, valid_from, valid_to, appointed_by,"
            " is_head) VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
            [officer, role, area, office, now, until, by, is_head],
        ).fetchone()
    assert row is not None
    return int(row[0])


def dismiss(connection: psycopg.Connection, *, appointment: int, by: str, now: datetime) -> None:
    """End an appointment at once; who holds no other loses the account too. Raises AppointmentUnknown.

    What was read under it stays in the log with the office it was read from.
    """
    with connection.transaction():
        row = connection.execute(
            "UPDATE access.appointment SET valid_to = greatest(%s, valid_from + interval '1 microsecond'),"
            " appointed_by = appointed_by || '; ended by ' || %s"
            " WHERE id = %s AND (valid_to IS NULL OR valid_to > %s) RETURNING officer_id",
            [now, by, appointment, now],
        ).fetchone()
        if row is None:
            raise AppointmentUnknown(appointment)
        connection.execute(
            "UPDATE auth_user SET is_active = false WHERE id = %s AND NOT EXISTS (SELECT 1 FROM access.appointment a"
            " WHERE a.officer_id = auth_user.id AND (a.valid_to IS NULL OR a.valid_to > %s))",
            [row[0], now],
        )


def write_terms() -> None:
    """Write what each office asks and how long it may last to where the database's functions read it."""
    with django_connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.office_term")
        cursor.executemany(
            "INSERT INTO access.office_term (role, longest_days, needs_area) VALUES (%s, %s, %s)",
            [(one.role, one.longest_days, one.needs_area) for one in OFFICES.values()],
        )


def _exists(connection: psycopg.Connection, query: str, value: object) -> bool:
    return connection.execute(query, [value]).fetchone() is not None
