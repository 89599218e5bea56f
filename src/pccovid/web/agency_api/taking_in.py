"""Writing: a bundle, or one resource."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pccovid.agreements.rules import Grant, type_of
from pccovid.exchange.bundles import condition_issues, is_taken, read_entries
from pccovid.exchange.mapping import KIND_OF_FACT
from pccovid.exchange.outcomes import Issue, Refusal, held_issue, outcome
from pccovid.exchange.reading import records_to_hang_on
from pccovid.exchange.receiving import Message, Received, is_held, message_of, one_resource, persons_named, receive
from pccovid.foundation.fhir import instant
from pccovid.web.agency_api.answers import as_fhir
from pccovid.web.agency_api.doors import agency_door, resource_of
from pccovid.web.agency_api.writing import writing


@agency_door("POST")
def bundle(request: HttpRequest, grant: Grant) -> HttpResponse:
    """A transaction or a batch."""
    body, given = resource_of(request)
    if given.get("resourceType") != "Bundle":
        raise Refusal(400, Issue("value", "this address takes a Bundle", "resourceType"))
    is_atomic, entries = read_entries(given)
    kind = "transaction" if is_atomic else "batch"
    received = _received(grant, message_of(body, kind, entries, is_atomic=is_atomic))
    return as_fhir({
        "resourceType": "Bundle", "type": f"{kind}-response", "entry": [{"response": _told(one)} for one in received],
    })  # fmt: skip


def create(request: HttpRequest, grant: Grant, kind: str) -> HttpResponse:
    """One resource, perhaps only if its identifier is not known yet (If-None-Exist)."""
    body, given = resource_of(request)
    condition = request.headers.get("If-None-Exist")
    issues = condition_issues(condition, given, "http.if-none-exist")
    if not is_taken(kind):
        raise Refusal(404, Issue("not-supported", f"{kind[:40]} is not taken in"))
    sent = one_resource(given, kind, only_new=condition is not None, issues=tuple(issues))
    (received,) = _received(grant, message_of(body, "create", [sent], is_atomic=True))
    told = _told(received)
    headers = {name.capitalize(): told[name] for name in ("location",) if name in told}
    if "location" in told:
        headers["Location"] = request.build_absolute_uri(f"/api/fhir/R4/{told['location']}")
    return as_fhir(told["outcome"], int(told["status"][:3]), **headers)


def _received(grant: Grant, message: Message) -> list[Received]:
    secret = settings.EXCHANGE_SECRET
    known = records_to_hang_on(grant, persons_named(message, secret))
    with writing() as connection:
        return receive(connection, grant, message, secret=secret, known=known, now=timezone.now())


def _told(one: Received) -> dict[str, Any]:
    """An entry's answer: created, known already, kept and held, or refused; and where it can be read."""
    issues = list(one.issues)
    placed = one.placed
    if placed is None or placed.outcome == "rejected":
        return {"status": "422 Unprocessable Entity", "outcome": outcome(issues)}
    if is_held(one):
        issues.append(held_issue(placed.reason, one.sent.at + one.sent.kind))
        return {"status": "202 Accepted", "outcome": outcome(issues)}
    told: dict[str, Any] = {"status": "200 OK" if placed.is_unchanged or placed.version > 1 else "201 Created"}
    address = _address(one)
    if address:
        told |= {"location": f"{address}/_history/1", "etag": 'W/"1"', "lastModified": instant(timezone.now())}
    return told | {"outcome": outcome(issues)}


def _address(one: Received) -> str:
    assert one.placed is not None
    if one.sent.kind == "Patient":
        return f"Patient/{one.placed.person}"
    shown = next(((kind, fact) for kind, fact in one.placed.facts if kind in KIND_OF_FACT), None)
    kind = type_of(KIND_OF_FACT[shown[0]]) if shown else ""
    return f"{kind}/{shown[1]}" if shown and kind == one.sent.kind else ""
