"""A sign-in under way, kept by the browser alone: which code was asked, for which number.

The server keeps no number, and no session begins before somebody has said who they are. The cookie is signed,
out of reach of scripts, and sent to the sign-in pages only.
"""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

_COOKIE = "pccovid_dang_nhap"
_PATH = "/dang-nhap/"
_SALT = "pccovid.web.citizen.pending"
_SECONDS = 30 * 60


class Pending(NamedTuple):
    """The code's id and the number (national form) it went to."""

    challenge: UUID
    phone: str


def remember(response: HttpResponse, pending: Pending) -> None:
    """Let the browser hold the sign-in under way."""
    value = signing.dumps({"challenge": str(pending.challenge), "phone": pending.phone}, salt=_SALT)
    response.set_cookie(
        _COOKIE, value, path=_PATH, httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE
    )


def recall(request: HttpRequest) -> Pending | None:
    """The sign-in this browser is in the middle of, if any."""
    try:
        held = signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    return Pending(UUID(held["challenge"]), held["phone"])


def forget(response: HttpResponse) -> None:
    """Nothing of the sign-in stays on the device."""
    response.delete_cookie(_COOKIE, path=_PATH, samesite="Strict")
