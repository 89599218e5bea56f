"""Whether this browser stands at a station for many people. A cookie of the device says so; it names nobody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_COOKIE = "pccovid_may_chung"
_TEN_YEARS = 10 * 365 * 24 * 3600


def is_shared(request: HttpRequest) -> bool:
    return request.COOKIES.get(_COOKIE) == "1"


def mark_shared(response: HttpResponse) -> None:
    response.set_cookie(
        _COOKIE, "1", max_age=_TEN_YEARS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def forget_shared(response: HttpResponse) -> None:
    response.delete_cookie(_COOKIE, samesite="Lax")
