"""The door of every address for machines: who asks, by which token; and every refusal as an OperationOutcome."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from pccovid.agreements.queries import grant_of
from pccovid.agreements.rules import READS_A_MINUTE, Grant
from pccovid.exchange.bundles import MOST_BYTES, read_json
from pccovid.exchange.outcomes import Issue, Refusal
from pccovid.foundation.access import AccessRefused
from pccovid.officers.limits import TooManyTurns, take_turn
from pccovid.people.operations import IndexIsBusy
from pccovid.web.agency_api.answers import as_fhir, refused

View = Callable[..., HttpResponse]
_JSON_TYPES = ("application/fhir+json", "application/json")
_JSON_FORMATS = ("json", "application/json", "application/fhir+json", "application/fhir json")
_BUSY_SECONDS = 30


def door(*methods: str) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """An address that anybody may ask; refusals become outcomes."""

    def made(view: View) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                _check_method(request, methods)
                _check_format(request)
                return view(request, *args, **kwargs)
            except Refusal as refusal:
                return refused(refusal)
            except AccessRefused:
                return refused(Refusal(403, Issue("forbidden", "the agreement does not cover that")))
            except IndexIsBusy as busy:
                return _later(503, _BUSY_SECONDS, Issue("transient", str(busy)))
            except TooManyTurns as many:
                return _later(429, many.seconds, Issue("throttled", "too many readings in a minute"))

        return answer

    return made


def agency_door(*methods: str, only_reads: bool = False) -> Callable[[View], Callable[..., HttpResponseBase]]:
    """An address for whoever holds a token: the view is given what the token stands for. Readings are counted; so is
    what is posted to an address that `only_reads`."""

    def made(view: View) -> Callable[..., HttpResponseBase]:
        @door(*methods)
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            grant = _granted(request)
            if only_reads or request.method != "POST":
                take_turn(READS_A_MINUTE, str(grant.agreement))
            return view(request, grant, *args, **kwargs)

        return answer

    return made


def body_of(request: HttpRequest) -> bytes:
    """The body of a request that sends JSON. Raises Refusal."""
    kind = (request.content_type or "").lower()
    if kind not in _JSON_TYPES:
        raise Refusal(415, Issue("not-supported", "send application/fhir+json", "http.content-type"))
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refusal(415, Issue("not-supported", "send the body as it is, not compressed", "http.content-encoding"))
    return bytes(request.read(MOST_BYTES + 1))


def resource_of(request: HttpRequest) -> tuple[bytes, dict[str, Any]]:
    """The body, and the JSON object it is. Raises Refusal."""
    body = body_of(request)
    return body, read_json(body)


def need(allowed: bool, what: str) -> None:
    """Refuse what scope or agreement does not cover."""
    if not allowed:
        raise Refusal(403, Issue("forbidden", f"neither scope nor agreement covers {what}"))


def _granted(request: HttpRequest) -> Grant:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    grant = grant_of(token.strip()) if kind.lower() == "bearer" and token.isascii() else None
    if grant is None:
        raise Refusal(401, Issue("login", "a token is needed, and this is none that holds"))
    return grant


def _later(status: int, seconds: int, issue: Issue) -> HttpResponse:
    answer = refused(Refusal(status, issue))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _check_method(request: HttpRequest, methods: tuple[str, ...]) -> None:
    if request.method not in methods and not (request.method == "HEAD" and "GET" in methods):
        raise Refusal(405, Issue("not-supported", f"this address takes {', '.join(methods)}"))


def _check_format(request: HttpRequest) -> None:
    wanted = request.GET.get("_format")
    if wanted is not None and wanted.lower() not in _JSON_FORMATS:
        raise Refusal(406, Issue("not-supported", "answers are JSON alone", "http._format"))
    accepted = request.headers.get("Accept", "*/*").lower()
    if not any(kind in accepted for kind in ("*/*", "application/*", "json")):
        raise Refusal(406, Issue("not-supported", "answers are JSON alone", "http.accept"))


__all__ = ["agency_door", "as_fhir", "body_of", "door", "need", "resource_of"]
