"""The agencies' interface: an agency of Hà Nội, whose agreement names all it may, and nothing of anybody in Sài Gòn."""

from __future__ import annotations

from collections.abc import Iterable

import psycopg
from django.test import override_settings

from integration.console.made_index import AN, Console
from integration.exchange.agencies import Agency
from integration.exchange.conftest import Exchange
from integration.security.addresses import Address
from integration.security.doors import STARTED, Answer, Ask, Door, through_django
from integration.security.people_in_sight import MARKS
from pccovid.web.agency_api import asking, writing

_R4 = "/api/fhir/R4"
_OF_PERSONS = (
    ("Patient/<str:number>", asking.read), ("Patient/<str:number>/_history", asking.history),
    ("Patient/<str:number>/_history/1", asking.version), ("Immunization/<str:number>", asking.read),
    ("Immunization/<str:number>/_history", asking.history), ("Immunization/<str:number>/_history/1", asking.version),
    ("Patient?_id=<str:number>", asking.of_kind), ("Immunization?_id=<str:number>", asking.of_kind),
    ("Immunization?patient=<str:number>", asking.of_kind), ("Observation?patient=<str:number>", asking.of_kind),
    ("Coverage?patient=<str:number>", asking.of_kind),
)  # fmt: skip
"""Addresses of types of which Bình has something: a number in place of a type would reach nobody."""


def _addresses() -> Iterable[Address]:
    return [Address("", f"{_R4}/{route}", {"number": "str"}, view) for route, view in _OF_PERSONS]


def _exchange(console: Console, owner: psycopg.Connection) -> Exchange:
    held = dict(owner.execute(
        "SELECT u.username, ARRAY[a.officer_id, a.id] FROM access.appointment a JOIN auth_user u ON u.id = a.officer_id"
        " WHERE u.username IN ('steward', 'protector')"
    ).fetchall())  # fmt: skip
    return Exchange(console.made, owner, tuple(held["steward"]), tuple(held["protector"]))


def _agency(console: Console) -> Agency:
    """A client with a token, under an agreement of its own."""
    with console.owner() as owner:
        return _exchange(console, owner).agency(agency="cdc-ha-noi-thu", name="CDC Hà Nội Thử", area="01")


def _with(console: Console, token: str) -> Ask:
    """Asks with that token the process that may also write."""
    browser = console.browser(HTTP_ACCEPT="application/fhir+json")
    browser.raise_request_exception = False
    ask = through_django(browser, HTTP_AUTHORIZATION=f"Bearer {token}")

    def written(method: str, path: str, body: bytes, kind: str) -> Answer:
        with override_settings(EXCHANGE_URL=console.made.url("jobs")):
            return ask(method, path, body, kind)

    STARTED.callback(writing._close)
    return written


def _rightful(console: Console) -> Ask:
    """A client that is answered about its own people, whatever time and however many questions a sweep takes."""
    agency = _agency(console)
    own = _with(console, agency.token)("GET", f"{_R4}/Patient/{AN}", b"", "application/fhir+json")
    assert own.status == 200, own
    assert MARKS[AN][0] in own.text

    def ask(method: str, path: str, body: bytes, kind: str) -> Answer:
        answer = _with(console, agency.token)(method, path, body, kind)
        if answer.status == 429 or (answer.status == 401 and path.startswith(_R4)):
            with console.owner() as owner:
                owner.execute("DELETE FROM access.turn")
            answer = _with(console, agency.sign_in().token)(method, path, body, kind)
            assert answer.status not in (401, 429), (method, path)
        return answer

    return ask


def _of_an_ended_agreement(console: Console) -> Ask:
    agency = _agency(console)
    with console.owner() as owner:
        exchange = _exchange(console, owner)
        exchange.call("end_agreement", *exchange.protector, agency.agreement, "Hết việc, chỉ để thử")
    return _with(console, agency.token)


def _of_a_time_that_is_over(console: Console) -> Ask:
    agency = _agency(console)
    with console.owner() as owner:
        owner.execute("UPDATE access.agency_token SET expires_at = now() WHERE agreement_id = %s", [agency.agreement])
    return _with(console, agency.token)


def _with_an_assertion(console: Console) -> Ask:
    agency = _agency(console)
    return _with(console, agency.key.sign(agency.claims()))


DOOR = Door(
    "agency_api", ("/api/auth/", _R4, "/api/openapi.json"), _rightful, addresses=_addresses,
    public={
        "/api/openapi.json": "describes every address; no record of a person is behind it",
        "/api/fhir/R4/metadata": "FHIR has clients read the capability statement before they have a token",
        "/api/fhir/R4/.well-known/smart-configuration": "SMART has clients learn here where tokens are given",
        "/api/fhir/R4/StructureDefinition": "profiles are published, so that senders can check what they send",
        "/api/fhir/R4/StructureDefinition/<str:profile>": "a published profile",
        "/api/auth/signing-keys": "public keys, by which whoever gets a message of ours checks that it is ours",
    },
    wrong={
        "a client of an ended agreement": _of_an_ended_agreement,
        "a client whose token's time is over": _of_a_time_that_is_over,
        "a client with an assertion for a token": _with_an_assertion,
    },
)  # fmt: skip
