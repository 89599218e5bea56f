"""The language of a page: Vietnamese, unless this browser has chosen another.

The browser's own Accept-Language is not asked: cheap phones are often sold set to English, and the app's people
read Vietnamese. The choice is one press away on every page.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils import translation
from django.views.decorators.http import require_POST

_A_YEAR = 365 * 24 * 3600


def chosen_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: the page speaks the language of the cookie, if it names one of ours."""

    def answer(request: HttpRequest) -> HttpResponse:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response

    return answer


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the language and go back to the page the person was on."""
    response = HttpResponseRedirect(_own_path(request.POST.get("next", "/")))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=_A_YEAR, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


def _own_path(path: str) -> str:
    """The path if it is one of our pages, else the first page; never another host."""
    try:
        resolve(path)
    except Resolver404:
        return "/"
    return path if not path.startswith("//") else "/"
