"""The token's door: SMART Backend Services, and other keys for those in force.

A client proves itself by an assertion that it signed with a private key whose public half stands in its agreement
(private_key_jwt, RFC 7523); it gets a token of five minutes, for what its agreement covers of what it asked.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pccovid.agreements.assertions import AssertionRefused, read_keys
from pccovid.agreements.operations import issue_token, rotate_keys
from pccovid.exchange.outcomes import Issue, Refusal
from pccovid.web.agency_api.answers import as_json
from pccovid.web.agency_api.doors import body_of, door

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST = 20_000


@door("POST")
def token(request: HttpRequest) -> HttpResponse:
    """A token for a signed assertion; every refusal is OAuth's, and says which part of it was wrong."""
    given = request.POST
    if given.get("grant_type") != "client_credentials":
        return _refused("unsupported_grant_type", "grant_type must be client_credentials")
    if given.get("client_assertion_type") != _ASSERTION_TYPE:
        return _refused("invalid_client", "client_assertion_type must be jwt-bearer")
    try:
        made = issue_token(
            assertion=given.get("client_assertion", "")[:_LONGEST], scope=given.get("scope", ""),
            audience=_audience(request), now=timezone.now(),
        )  # fmt: skip
    except AssertionRefused as refused:
        kind = "invalid_scope" if str(refused) == "scope" else "invalid_client"
        return _refused(kind, str(refused))
    return as_json({
        "access_token": made.text, "token_type": "bearer", "expires_in": made.seconds, "scope": " ".join(made.scopes),
    })  # fmt: skip


@door("POST")
def keys(request: HttpRequest) -> HttpResponse:
    """Another set of public keys, on the word of one in force: `Authorization: Bearer <assertion>`, body a JWK set."""
    kind, _, assertion = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not assertion:
        raise Refusal(401, Issue("login", "a signed assertion is needed"))
    try:
        wanted = read_keys(body_of(request)[:_LONGEST].decode("utf-8", "replace"))
        rotate_keys(assertion=assertion.strip(), keys=wanted, audience=_audience(request), now=timezone.now())
    except AssertionRefused as refused:
        return _refused("invalid_client", str(refused))
    return as_json({"kids": [key["kid"] for key in wanted]})


def _audience(request: HttpRequest) -> tuple[str, ...]:
    """The addresses an assertion may be meant for: this very one."""
    return (request.build_absolute_uri(request.path),)


def _refused(error: str, why: str) -> HttpResponse:
    return as_json({"error": error, "error_description": why}, 401 if error == "invalid_client" else 400)
