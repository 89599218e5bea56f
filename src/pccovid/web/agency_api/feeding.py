"""The change feed, and the public keys that messages about it and the log of messages are signed with."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from pccovid.agreements.rules import Grant
from pccovid.exchange.feed import MOST_LOOKED_AT, read_feed
from pccovid.exchange.mapping import FACT_OF
from pccovid.exchange.marks import mark, read_mark
from pccovid.exchange.published_keys import sealing_keys
from pccovid.exchange.searching import page_of, refuse_unknown
from pccovid.exchange.telling import Signer
from pccovid.web.agency_api.answers import as_fhir, as_json, base_of
from pccovid.web.agency_api.doors import agency_door, door, need


@agency_door("GET")
def changes(request: HttpRequest, grant: Grant) -> HttpResponse:
    """What has changed since a mark: `next` is where to go on, now or later."""
    given = dict(request.GET.lists())
    refuse_unknown(given, ("_since", "_count", "_format"))
    need(any(grant.may_read(kind) for kind in ("Patient", *FACT_OF)), "reading any resource")
    most = min(page_of({name: values for name, values in given.items() if name == "_count"})[0], MOST_LOOKED_AT)
    page = read_feed(grant, read_mark(request.GET.get("_since")), most=most)
    base = base_of(request)
    following = f"{base}/$changes?_since={mark(page.cursor)}&_count={most}"
    bundle: dict[str, Any] = {
        "resourceType": "Bundle", "type": "history",
        "link": [{"relation": "self", "url": request.build_absolute_uri()}, {"relation": "next", "url": following}],
    }  # fmt: skip
    entries = [_entry(base, kind, str(number), resource) for kind, number, resource in page.entries]
    return as_fhir(
        bundle | ({"entry": entries} if entries else {}), X_Feed_More="true" if page.may_have_more else "false"
    )


def _entry(base: str, kind: str, number: str, resource: dict[str, Any] | None) -> dict[str, Any]:
    address = f"{kind}/{number}"
    told: dict[str, Any] = {"fullUrl": f"{base}/{address}"}
    if resource is None:
        return told | {"request": {"method": "DELETE", "url": address}, "response": {"status": "204"}}
    return told | {"resource": resource, "request": {"method": "PUT", "url": address}, "response": {"status": "200"}}


@door("GET")
def signing_keys(request: HttpRequest) -> HttpResponse:
    """The public keys of our own messages, as a JWK set."""
    return as_json({"keys": [Signer(settings.WEBHOOK_SECRET).jwk(), *(one.jwk() for one in sealing_keys())]})
