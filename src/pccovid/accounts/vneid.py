"""Signing in with VNeID: OpenID Connect with authorization code, PKCE, state and nonce, by Authlib.

Authlib keeps state, nonce and the code's verifier in the browser's session, exchanges the code and checks the answer's
signature, issuer, audience, time and nonce. What stands here is ours: which algorithms, which level, which person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from joserfc.errors import JoseError

from pccovid.accounts.assurance import level_of, opens_a_record
from pccovid.linkage.identifiers import read_identifier
from pccovid.linkage.names import read_name
from pccovid.people.queries import person_by_verified_id

_ALGORITHMS = {"RS256", "PS256", "ES256", "ES384"}
_SECONDS = 10
_UNREADABLE = (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, TypeError)


class VneidRefused(RuntimeError):
    """Nobody is signed in; `reason` is 'unreachable', 'cancelled', 'answer', 'level' or 'nobody'."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Proven:
    """Who signed in, and at which level of assurance."""

    person: UUID
    level: int


def is_offered() -> bool:
    """Whether a provider is named (PCCOVID_VNEID_ISSUER)."""
    return bool(settings.VNEID["issuer"])


def send_away(request: HttpRequest, *, back_to: str) -> HttpResponse:
    """To the provider; `back_to` is our whole address that it sends the browser back to. Raises VneidRefused."""
    try:
        provider = _provider()
        if not set(provider.load_server_metadata().get("id_token_signing_alg_values_supported", ())) & _ALGORITHMS:
            raise VneidRefused("answer")
        response: HttpResponse = provider.authorize_redirect(request, back_to)
    except _UNREADABLE as error:
        raise VneidRefused("unreachable") from error
    return response


def proven_by(request: HttpRequest, *, today: date) -> Proven:
    """The person whom the provider sent back. Raises VneidRefused."""
    if request.GET.get("error"):
        raise VneidRefused("cancelled")
    told = _told(request)
    level = level_of(str(told.get("acr", "")))
    if not opens_a_record(level, on=today):
        raise VneidRefused("level")
    person = _person(told)
    if person is None:
        raise VneidRefused("nobody")
    return Proven(person, level)


def _told(request: HttpRequest) -> dict[str, Any]:
    """What the provider says of who signed in, checked."""
    try:
        token = _provider().authorize_access_token(request)
        return dict(token["userinfo"])
    except _UNREADABLE as error:
        raise VneidRefused("answer") from error


def _person(told: dict[str, Any]) -> UUID | None:
    number, name = read_identifier(str(told.get("personal_id", ""))).personal_id, read_name(str(told.get("name", "")))
    try:
        born = date.fromisoformat(str(told.get("birthdate", "")))
    except ValueError:
        born = None
    return person_by_verified_id(number, name, born) if number else None


@cache
def _provider() -> Any:
    """The client of the provider that settings name; its keys are fetched again when it signs with a new one."""
    registry = OAuth()
    registry.register(
        "vneid", client_id=settings.VNEID["client"], client_secret=settings.VNEID["secret"],
        server_metadata_url=f"{settings.VNEID['issuer']}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "default_timeout": _SECONDS},
    )  # fmt: skip
    return registry.vneid
