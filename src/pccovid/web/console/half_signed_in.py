"""Between password and second factor: who has proven a password on this browser, and nothing more.

Such a browser sees no page of the console but those of the second factor, for ten minutes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest

from pccovid.foundation.passkey_site import Site, site_at
from pccovid.officers.rules import wide_network_of

_KEY = "officer_half"
_CHALLENGE = "officer_challenge"
LONGEST = timedelta(minutes=10)


@dataclass(frozen=True)
class HalfSignedIn:
    """The account whose password was proven."""

    account: int
    username: str
    name: str
    then: str = "console-home"
    """The page to go on to."""


def begin(request: HttpRequest, half: HalfSignedIn, *, now: datetime) -> None:
    """Remember it under a new key; whatever the browser held before is gone."""
    request.session.flush()
    request.session[_KEY] = {
        "account": half.account, "username": half.username, "name": half.name, "since": now.timestamp(),
        "browser": browser_of(request), "then": half.then,
    }  # fmt: skip
    request.session.set_expiry(int(LONGEST.total_seconds()))


def recall(request: HttpRequest, *, now: datetime) -> HalfSignedIn | None:
    """Who is in the middle of signing in on this browser, if anybody."""
    held = request.session.get(_KEY)
    if held is None:
        return None
    if now.timestamp() - held["since"] > LONGEST.total_seconds() or held["browser"] != browser_of(request):
        request.session.flush()
        return None
    return HalfSignedIn(held["account"], held["username"], held["name"], held["then"])


def keep_challenge(request: HttpRequest, state: dict[str, Any]) -> None:
    """Keep what a passkey must answer to."""
    request.session[_CHALLENGE] = state


def take_challenge(request: HttpRequest) -> dict[str, Any]:
    """What a passkey must answer to; once."""
    state: dict[str, Any] = request.session.pop(_CHALLENGE, {})
    return state


def site_of(request: HttpRequest) -> Site:
    """Host and origin of this very request; the host was checked against ALLOWED_HOSTS."""
    return site_at(str(request.scheme), request.get_host())


def network_of(request: HttpRequest) -> str:
    """The wide network the request came from."""
    return wide_network_of(str(request.META.get("REMOTE_ADDR", "")))


def browser_of(request: HttpRequest) -> str:
    """What tells one browser from another without asking for more than every request says."""
    return hashlib.sha256(request.META.get("HTTP_USER_AGENT", "").encode()).hexdigest()[:16]


def forget(request: HttpRequest) -> None:
    """Nothing of a sign-in under way stays."""
    request.session.flush()
