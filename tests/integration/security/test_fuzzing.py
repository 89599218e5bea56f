"""Every address as schemathesis would ask it, by every kind of visitor: answered without a fault of the server, without
anybody else's data, with every header. What may be asked stands in description.py; an interface that publishes its own
description under `…openapi.json` is taken up by the same tests."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
import requests
import schemathesis
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import override_settings
from django.urls import include, path
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from integration.console.made_index import AN, BINH, OFFICERS, Console
from integration.security.addresses import every_address
from integration.security.description import describe, forms_on_pages, published
from integration.security.people_in_sight import MARKS, citizen_browser, everything_of, officer_browser, record_ids_of
from integration.security.test_hostile_input import PAYLOADS, SESSION_ENDS, turns_away

_FAULTS = ("Traceback (most recent call last)", "psycopg.errors", "django.db.utils", "PL/pgSQL function")
STRANGER_TO = {"steward": [], "inspector": [BINH, AN], "far-tracer": [AN], "far-police": [AN]}
"""Whom an officer must never be shown; of the others it is Bình."""
VISITORS = {"stranger": [AN, BINH], "citizen": [BINH], **{name: STRANGER_TO.get(name, [BINH]) for name in OFFICERS}}


class Visitor:
    """Somebody's browser, signed in as they are, and what it was answered."""

    def __init__(self, console: Console, who: str) -> None:
        self.console, self.who = console, who
        self.answered: Counter[tuple[str, int]] = Counter()
        self.sign_in()

    def sign_in(self) -> None:
        """A new session, and all turns and failed tries of earlier requests forgotten."""
        with self.console.owner() as owner:
            owner.execute(
                "DELETE FROM access.turn; DELETE FROM access.officer_sign_in; DELETE FROM accounts_signincode"
            )
        if self.who == "stranger":
            self.client = self.console.browser()
            self.client.raise_request_exception = False
        else:
            self.client = (
                citizen_browser(self.console, AN) if self.who == "citizen" else officer_browser(self.console, self.who)
            )

    @property
    def is_signed_in(self) -> bool:
        return self.who == "stranger" or bool({"citizen", "officer"} & set(self.client.session.keys()))

    def ask(self, case: Any) -> Any:
        """What the service answers, in this process, to the request that the case would be on the wire."""
        prepared = requests.Request(**case.as_transport_kwargs("http://testserver")).prepare()
        kind = prepared.headers.get("Content-Type", "application/octet-stream")
        answer = self.client.generic(prepared.method, prepared.path_url, prepared.body or b"", content_type=kind)
        self.answered[case.method, answer.status_code] += 1
        return answer


def faults_of(answer: Any, strangers: list[UUID]) -> list[str]:
    """What is wrong with an answer, whoever asked what."""
    from pccovid.web.headers import HEADERS

    told = {name.lower(): value for name, value in answer.headers.items()}
    text = _as_text(answer)
    faults = [str(answer.status_code)] if answer.status_code >= 500 and text != _LANE_IS_AWAY else []
    faults += [mark for person in strangers for mark in MARKS[person] if mark in text + str(told)]
    faults += [fault for fault in _FAULTS if fault in text]
    faults += [f"no {name}" for name in (*HEADERS, "Cache-Control") if name.lower() not in told]
    return faults


_LANE_IS_AWAY = '{"error": "away"}' * 2
"""What a checkpoint's device is told, with 503, while no lane of scans answers: none runs here."""


def _as_text(answer: Any) -> str:
    """What the answer says; JSON without its escapes, which would hide a Vietnamese name."""
    whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text: str = whole.decode(errors="replace")
    with contextlib.suppress(ValueError):
        text += json.dumps(json.loads(text), ensure_ascii=False)
    return text


def faults_found(
    visitor: Visitor, schema: dict[str, Any], *, strangers: list[UUID], examples: int, in_full: bool = True
) -> list[Any]:
    """Ask every operation of a description `examples` times in its manner, and as often against it.

    The first of each is the simplest there is, so that fewer than two would try nothing but empty texts. Unless
    `in_full`, what has turned the visitor away in its own manner is not asked against it.
    """
    loaded, faults, answers = schemathesis.openapi.from_dict(schema), list[Any](), list[Any]()
    for operation in (found.ok() for found in loaded.get_all_operations()):
        if not visitor.is_signed_in:
            visitor.sign_in()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            answers.clear()

            @settings(
                max_examples=examples, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            @given(case=operation.as_strategy(generation_mode=mode))
            def asked(case: Any) -> None:
                answer = visitor.ask(case)
                answers.append(answer)
                if wrong := faults_of(answer, strangers):
                    faults.append((case.method, case.path, case.path_parameters, case.query, case.body, wrong))

            with contextlib.suppress(Unsatisfiable):  # nothing can be asked against what takes nothing
                asked()
            if answers and all(map(turns_away, answers)) and not in_full:
                break
    return faults


def own_description(console: Console, who: str, *, everywhere: bool = True) -> dict[str, Any]:
    """Our own description, with the forms that this visitor is shown and the ids of whom they must not see.

    Without `everywhere`, of the half of the service that the visitor is for; a stranger is for both.
    """
    visitor = Visitor(console, who)
    addresses = [
        address
        for address in every_address()
        if who == "stranger"
        or (address.name not in SESSION_ENDS and (everywhere or address.is_console == (who != "citizen")))
    ]
    with console.owner() as owner:
        ids = sorted(set().union(*(everything_of(owner, one) | record_ids_of(owner, one) for one in (AN, BINH))))
    known = {"uuid": ids, "int": [0, 1, 2, 2**63, 10**30]}
    return describe(addresses, forms_on_pages([visitor.client], uuid=str(AN), int="1"), known, list(PAYLOADS.values()))


@pytest.mark.parametrize("who", ["stranger", "citizen", "tracer"])
def test_whatever_is_asked_of_any_address_is_answered_without_a_fault(console: Console, who: str) -> None:
    visitor = Visitor(console, who)
    for schema in (own_description(console, who, everywhere=False), *published(visitor.client)):
        assert faults_found(visitor, schema, strangers=VISITORS[who], examples=2, in_full=False) == []
    assert reached(visitor), visitor.answered


@pytest.mark.slow
@pytest.mark.parametrize("who", sorted(VISITORS))
def test_whatever_is_asked_at_length_is_answered_without_a_fault(console: Console, who: str) -> None:
    visitor = Visitor(console, who)
    for schema in (own_description(console, who), *published(visitor.client)):
        assert faults_found(visitor, schema, strangers=VISITORS[who], examples=8) == []
    assert reached(visitor), visitor.answered


def reached(visitor: Visitor) -> bool:
    """Whether the requests came to the pages: some are shown, and forms are not refused for want of a token."""
    posted = sum(times for (method, _), times in visitor.answered.items() if method == "POST")
    shown = visitor.answered["GET", 200] + visitor.answered["POST", 200]
    return shown >= 15 and visitor.answered["POST", 403] < posted / 2


def test_the_description_knows_every_address_and_the_fields_of_its_forms(console: Console) -> None:
    stranger, tracer = own_description(console, "stranger"), own_description(console, "tracer")
    assert len(stranger["paths"]) == len(every_address())
    body = stranger["paths"]["/can-bo/dang-nhap"]["post"]["requestBody"]["content"]
    assert set(body["application/x-www-form-urlencoded"]["schema"]["properties"]) >= {"username", "password"}
    search = tracer["paths"]["/can-bo/tim-nguoi"]["post"]["requestBody"]["content"]
    fields = search["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert set(fields) >= {"name", "birth", "phone", "number", "case", "purpose"}
    assert "contact_tracing" in json.dumps(fields["purpose"])


def _faulty(request: HttpRequest, number: int) -> HttpResponse:
    if number > 5:
        raise ValueError(number)
    return JsonResponse({"name": MARKS[BINH][0]})


def _description(request: HttpRequest) -> HttpResponse:
    parameter = {"name": "number", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 0}}
    operation = {"parameters": [parameter], "responses": {"200": {"description": "one"}}}
    return JsonResponse({"openapi": "3.0.3", "info": {"title": "made", "version": "1"},
                         "paths": {"/agency/{number}": {"get": operation}}})  # fmt: skip


class WithAnAgency(ModuleType):
    """The service's addresses and an agency's interface beside them."""

    @property
    def urlpatterns(self) -> list[Any]:
        agency = [path("agency/openapi.json", _description), path("agency/<int:number>", _faulty)]
        return [*agency, path("", include("pccovid.config.urls"))]


def test_an_interface_that_publishes_its_description_is_taken_up_and_its_faults_found(console: Console) -> None:
    visitor = Visitor(console, "stranger")
    with override_settings(ROOT_URLCONF=WithAnAgency("with_an_agency")):
        (described,) = (one for one in published(visitor.client) if one["info"]["title"] == "made")
        found = faults_found(visitor, described, strangers=[BINH], examples=20)
    assert {one for *_, faults in found for one in faults} == {"500", MARKS[BINH][0]}
