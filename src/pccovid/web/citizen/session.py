"""Who is signed in on this browser: one person, from sign-in to sign-out, idleness or the end of the day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest

from pccovid.web.shared_device import is_shared

_KEY = "citizen"
IDLE = timedelta(minutes=30)
IDLE_SHARED = timedelta(minutes=3)
"""On a device that many people share."""
LONGEST = timedelta(hours=12)
_NOTED_EVERY = timedelta(minutes=1)


class Proof(NamedTuple):
    """How the person showed who they are: 'phone', or 'vneid' with the level of that identity."""

    how: str = "phone"
    level: int | None = None


def begin(request: HttpRequest, person: UUID, *, now: datetime, proof: Proof = Proof()) -> None:  # noqa: B008
    """Start a session of its own for the person: a new key, nothing of whoever used the browser before."""
    request.session.flush()
    held = {"person": str(person), "since": now.timestamp(), "seen": now.timestamp()}
    request.session[_KEY] = {**held, "proof": list(proof)}


def proof_of(request: HttpRequest) -> Proof:
    """How whoever is signed in here showed who they are."""
    return Proof(*request.session.get(_KEY, {}).get("proof", ()))


def person_of(request: HttpRequest, *, now: datetime) -> UUID | None:
    """The signed-in person, or None; a session idle for too long or too old ends here."""
    held = request.session.get(_KEY)
    if held is None:
        return None
    idle, age = now.timestamp() - held["seen"], now.timestamp() - held["since"]
    if idle > (IDLE_SHARED if is_shared(request) else IDLE).total_seconds() or age > LONGEST.total_seconds():
        end(request)
        return None
    if idle > _NOTED_EVERY.total_seconds():
        request.session[_KEY] = {**held, "seen": now.timestamp()}
    return UUID(held["person"])


def end(request: HttpRequest) -> None:
    """Forget the person and everything the session held."""
    request.session.flush()
