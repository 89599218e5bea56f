"""How an officer signs in: user name and password, slowed down after failures, one answer for every failure.

The second factor (officers/factors.py, officers/passkeys.py) comes between `prove_password` and `open_session`: what is
proven so far travels as `Proven`, and `open_session` makes a session only of a password and a factor.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import authenticate, login
from django.contrib.auth.models import AbstractBaseUser, User
from django.db import connection
from django.http import HttpRequest

from pccovid.officers.queries import Appointment, appointments_of, sign_in_wait


class SignInRefused(PermissionError):
    """Name or password is wrong, or the account holds no office; which of them is not said."""


class SignInMustWait(SignInRefused):
    """Too many failures; `seconds` until the next try."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


@dataclass(frozen=True)
class Proven:
    """Whom the factors shown so far prove, and what they may act as."""

    user: AbstractBaseUser
    appointments: tuple[Appointment, ...]
    factors: tuple[str, ...]


def prove_password(request: HttpRequest, username: str, password: str) -> Proven:
    """Check name and password. Raises SignInMustWait, SignInRefused; every try is counted."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    username = username.strip().lower()[:150]
    wait = sign_in_wait(username, address)
    if wait:
        raise SignInMustWait(wait)
    user = authenticate(request, username=username, password=password)
    appointments = appointments_of(int(user.pk)) if isinstance(user, User) else ()
    _note(username, address, succeeded=bool(appointments))
    if user is None or not appointments:
        raise SignInRefused
    return Proven(user, appointments, ("password",))


def proven_with(account: int, factor: str) -> Proven:
    """An account whose password was proven before, with the factor shown now. Raises SignInRefused."""
    user = User.objects.filter(pk=account, is_active=True).first()
    appointments = appointments_of(account) if user else ()
    if user is None or not appointments:
        raise SignInRefused
    user.backend = "django.contrib.auth.backends.ModelBackend"  # login() asks for it
    return Proven(user, appointments, ("password", factor))


def open_session(request: HttpRequest, proven: Proven) -> None:
    """Begin the officer's session: a new key, nothing of whoever used this browser before.

    Raises SignInRefused where no second factor was proven.
    """
    if len(proven.factors) < 2:
        raise SignInRefused
    request.session.flush()
    login(request, proven.user)  # type: ignore[arg-type]


def _note(username: str, address: str, *, succeeded: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT access.officer_signed_in(%s, %s, %s)", [username, address, succeeded])
