"""Answers in FHIR's JSON, and refusals as OperationOutcomes."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse

from pccovid.exchange.outcomes import Issue, Refusal, outcome

FHIR_JSON = "application/fhir+json; charset=utf-8"
_CHALLENGE = 'Bearer realm="pccovid"'


def as_fhir(resource: dict[str, Any], status: int = 200, **headers: str) -> HttpResponse:
    """A resource as an answer; header names are spelled with underscores."""
    answer = HttpResponse(json.dumps(resource, ensure_ascii=False, default=str), content_type=FHIR_JSON, status=status)
    for name, value in headers.items():
        answer.headers[name.replace("_", "-")] = value
    return answer


def refused(refusal: Refusal) -> HttpResponse:
    """A refusal as an answer."""
    answer = as_fhir(outcome(refusal.issues), refusal.status)
    if refusal.status == 401:
        answer.headers["WWW-Authenticate"] = _CHALLENGE
    return answer


def as_json(value: dict[str, Any], status: int = 200) -> HttpResponse:
    """Plain JSON, as OAuth speaks."""
    return HttpResponse(json.dumps(value, ensure_ascii=False), content_type="application/json", status=status)


def base_of(request: HttpRequest) -> str:
    """The address that all FHIR addresses of this service begin with."""
    return request.build_absolute_uri("/api/fhir/R4")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself would not read."""
    return refused(Refusal(400, Issue("structure", "the request cannot be read")))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself refuses."""
    return refused(Refusal(403, Issue("forbidden", "that is not allowed")))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that is none."""
    return refused(Refusal(404, Issue("not-found", "there is no such address")))


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours: nothing of it is told."""
    return refused(Refusal(500, Issue("exception", "a fault of this service; nothing was written")))
