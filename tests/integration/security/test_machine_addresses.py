"""Each machine address × everybody who is no rightful client, and × a rightful client without a right to the person."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import override_settings
from django.urls import include, path

import pccovid.web
from integration.console.made_index import AN, BINH, Console
from integration.security.doors import (
    BODIES,
    METHODS,
    Door,
    doors,
    machine_addresses,
    through_django,
    wrong_visitors,
)
from integration.security.people_in_sight import MARKS, everything_of, record_ids_of, rows_of

REFUSED = (400, 401, 403, 404, 405, 406, 410, 415, 422, 429)
UUID_LENGTH = 36
"""Shorter ids are numbers that stand in every answer."""
FOR_PEOPLE = {"citizen", "console", "governance", "templatetags"}
"""Packages of the web whose pages are swept as citizens and as offices."""
WITHOUT_ADDRESSES = {"laboratory_lane"}
"""Speaks MLLP inside TLS alone; integration/exchange/test_laboratories.py asks it without a certificate, with that of
an agreement that ended, and for what an agreement does not cover."""


def opened_to_others(console: Console, known: tuple[Door, ...], below: str = "/") -> list[tuple[str, str, str, int]]:
    """(visitor, method, address, status) of everything below that answers somebody who is no rightful client."""
    opened, visitors = [], {door.package: list(wrong_visitors(console, door)) for door in known}
    visitors[""] = list(wrong_visitors(console, None))
    for address, door in machine_addresses(known):
        if not address.route.startswith(below):
            continue
        is_public = door is not None and address.route in door.public
        for who, ask in visitors[door.package if door else ""]:
            for method in METHODS:
                for kind, body in BODIES.items():
                    answer = ask(method, address.filled(uuid=str(AN), str=str(AN)), body, kind)
                    is_refused = answer.status in REFUSED or (is_public and answer.status < 500)
                    shown = [mark for marks in MARKS.values() for mark in marks if mark in answer.text]
                    # What may be asked of an address is told to anybody by browsers' own rules.
                    if shown or not (is_refused or (method == "OPTIONS" and answer.status in (200, 204))):
                        opened.append((who, method, address.route, answer.status))
    return opened


def shown_or_changed(console: Console, door: Door) -> list[tuple[str, str, int]]:
    """(method, address, status) of all by which a rightful client learns of a person that is none of its business."""
    with console.owner() as owner:
        ids = sorted(everything_of(owner, BINH) | record_ids_of(owner, BINH))
        before = rows_of(owner, BINH)
    ask, seen = door.rightful(console), []
    signs = (*MARKS[BINH], *(one for one in ids if len(one) == UUID_LENGTH))
    for address in door.all_addresses():
        for id_ in ids if address.kinds else ids[:1]:
            for method in METHODS:
                for kind, body in BODIES.items():
                    answer = ask(method, address.filled(uuid=id_, str=id_, slug=id_, path=id_), body, kind)
                    told = [sign for sign in signs if sign != id_ and sign in answer.text]
                    if answer.status >= 500 or told:
                        seen.append((method, address.route, answer.status))
    with console.owner() as owner:
        if rows_of(owner, BINH) != before:
            seen.append(("*", door.package, 0))
    return seen


def test_nobody_but_a_rightful_client_is_answered_at_a_machine_address(console: Console) -> None:
    assert opened_to_others(console, doors()) == []


def test_every_machine_address_says_how_it_is_asked(console: Console) -> None:
    """Add a module with a DOOR to machine_doors for each: without one nobody knows what a rightful client may see."""
    silent = {address.route for address, door in machine_addresses(doors()) if door is None}
    packages = {module.name for module in pkgutil.iter_modules(pccovid.web.__path__) if module.ispkg} - FOR_PEOPLE
    assert silent == set()
    assert packages - {door.package for door in doors()} == WITHOUT_ADDRESSES


def test_what_a_door_calls_public_exists_and_has_a_reason(console: Console) -> None:
    for door in doors():
        routes = {address.route for address in door.all_addresses()}
        assert set(door.public) <= routes, door.package
        assert all(len(why) >= 10 for why in door.public.values()), door.package


def test_a_rightful_client_learns_nothing_of_persons_it_has_no_right_to(console: Console) -> None:
    assert [fault for door in doors() for fault in shown_or_changed(console, door)] == []


# That these sweeps find what is open: an interface made here, with one door left open after the other.


def _show(request: HttpRequest, person: Any = None) -> HttpResponse:
    return JsonResponse({"name": MARKS[BINH][0], "of": str(person)})


def _asks_for_a_token(request: HttpRequest, person: Any = None) -> HttpResponse:
    if request.headers.get("Authorization") != "Bearer the made agency's":
        return JsonResponse({"issue": "login"}, status=401)
    return JsonResponse({"entry": []})


def _shows_whatever_is_named(request: HttpRequest, person: Any = None) -> HttpResponse:
    answer = _asks_for_a_token(request)
    return _show(request, person) if answer.status_code == 200 and str(person) == str(BINH) else answer


def _rightful(console: Console) -> Any:
    return through_django(console.browser(), HTTP_AUTHORIZATION="Bearer the made agency's")


MADE = Door("made", "/api/made/", _rightful, public={"/api/made/metadata": "tells nothing of anybody"})


@pytest.fixture
def made_interface(request: pytest.FixtureRequest) -> Iterator[None]:
    """The service with a made interface for machines beside its own addresses."""
    module = ModuleType("made_urls")
    module.urlpatterns = [  # type: ignore[attr-defined]
        path("", include("pccovid.config.urls")),
        path("api/made/metadata", lambda _request: JsonResponse({"kind": "capability"})),
        path("api/made/Patient/<uuid:person>", request.param),
    ]
    with override_settings(ROOT_URLCONF=module):
        yield


@pytest.mark.parametrize("made_interface", [_show], indirect=True)
def test_an_address_that_asks_nobody_who_they_are_is_found(console: Console, made_interface: None) -> None:
    for known in ((), (MADE,)):
        found = opened_to_others(console, known, "/api/made/")
        assert {"nobody", "a citizen", "an officer", "forged token"} <= {who for who, *_ in found}


@pytest.mark.parametrize("made_interface", [_asks_for_a_token], indirect=True)
def test_an_address_that_asks_for_a_token_is_closed_to_all_others(console: Console, made_interface: None) -> None:
    assert opened_to_others(console, (MADE,), "/api/made/") == []
    assert shown_or_changed(console, MADE) == []


@pytest.mark.parametrize("made_interface", [_asks_for_a_token], indirect=True)
def test_an_address_is_not_public_because_nobody_said_so(console: Console, made_interface: None) -> None:
    found = opened_to_others(console, (), "/api/made/")
    assert {route for _, _, route, _ in found} == {"/api/made/metadata"}


@pytest.mark.parametrize("made_interface", [_shows_whatever_is_named], indirect=True)
def test_a_client_that_is_shown_whom_it_names_is_found(console: Console, made_interface: None) -> None:
    assert opened_to_others(console, (MADE,), "/api/made/") == []
    assert {route for _, route, _ in shown_or_changed(console, MADE)} == {"/api/made/Patient/<uuid:person>"}


@pytest.mark.parametrize("made_interface", [_asks_for_a_token], indirect=True)
def test_an_address_without_a_door_is_told(console: Console, made_interface: None) -> None:
    silent = {address.route for address, door in machine_addresses(doors()) if door is None}
    assert silent == {"/api/made/metadata", "/api/made/Patient/<uuid:person>"}
