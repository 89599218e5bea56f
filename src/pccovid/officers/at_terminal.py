"""An officer proven at a terminal: name, password, one-time code, slowed down as on the page; no session comes."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection

from pccovid.officers.factors import FactorRefused, show_code
from pccovid.officers.limits import TooManyTurns
from pccovid.officers.queries import appointments_of, sign_in_wait

_PLACE = "127.0.0.1"


class NotProven(PermissionError):
    """Name, password or code is wrong, the account holds no office, or there were too many tries; which is not said."""


def prove(username: str, password: str, code: str, *, now: datetime) -> int:
    """The account that all three prove. Raises NotProven; every try is counted. Acts as the web's role."""
    name = username.strip().lower()[:150]
    account = None if sign_in_wait(name, _PLACE) else _account(name, password)
    is_right = account is not None and bool(appointments_of(account))
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.officer_signed_in(%s, %s, %s)", [name, _PLACE, is_right])
    if account is None or not is_right:
        raise NotProven("name or password is wrong")
    try:
        show_code(account, code, network="terminal", now=now)
    except (FactorRefused, TooManyTurns) as refused:
        raise NotProven("the code is wrong") from refused
    return account


def _account(name: str, password: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, password FROM auth_user WHERE username = %s AND is_active", [name])
        row = cursor.fetchone()
    if row is None:
        make_password(password)  # an unknown name takes as long as a known one
        return None
    return int(row[0]) if check_password(password, row[1]) else None
