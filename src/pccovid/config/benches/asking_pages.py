"""Asking pages through Django as the web role and as the owner in turn. Needs Django set up before it is imported."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest
from django.test import Client, RequestFactory

from pccovid.officers.sign_in import proven_with
from pccovid.web.citizen import session as citizen_session
from pccovid.web.console import desk

_BROWSER = {"HTTP_USER_AGENT": "bench", "REMOTE_ADDR": "127.0.0.1"}


@dataclass
class Timing:
    """Seconds of each request of one page in one lane: the whole page, and its statements."""

    page: list[float] = field(default_factory=list)
    sql: list[float] = field(default_factory=list)


Round = dict[tuple[str, str], Timing]


class Lanes:
    """Django's one connection, exchanged between several databases or roles, each under a name."""

    def __init__(self, **urls: str) -> None:
        self._before = connections["default"]
        self._by_name = {name: self._connection(url) for name, url in urls.items()}

    def _connection(self, url: str) -> BaseDatabaseWrapper:
        parts = urlsplit(url)
        known = {
            **self._before.settings_dict, "NAME": parts.path.lstrip("/"), "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""), "HOST": parts.hostname, "PORT": parts.port,
        }  # fmt: skip
        return type(self._before)(known, "default")

    @contextmanager
    def in_use(self) -> Iterator[None]:
        try:
            yield
        finally:
            for connection in self._by_name.values():
                connection.close()
            connections["default"] = self._before

    def take(self, name: str) -> BaseDatabaseWrapper:
        """Let Django use that lane from here on."""
        connections["default"] = self._by_name[name]
        return self._by_name[name]


def ask_round(lanes: Lanes, persons_for: tuple[list[UUID], int], cases_for: tuple[list[int], int]) -> Round:
    """Each page for each person, or case, in both lanes, by the officer with them; which goes first alternates."""
    timings: Round = {}
    lanes.take("bound")
    (persons, reader), (cases, tracer) = persons_for, cases_for
    readers, tracers = officers_browser(reader), officers_browser(tracer)
    pages: dict[str, tuple[Sequence[Any], Callable[[Any], tuple[Client, str]]]] = {
        "citizen_home": (persons, lambda person: (citizens_browser(person), "/ho-so")),
        "officer_person": (persons, lambda person: (readers, f"/can-bo/nguoi/{person}")),
        "tracer_case": (cases, lambda case: (tracers, f"/can-bo/ca-benh/{case}")),
    }
    for page, (subjects, prepare) in pages.items():
        for number, subject in enumerate(subjects):
            lanes.take("bound")
            browser, address = prepare(subject)
            sizes = {
                _time(lanes.take(lane), browser, address, timings.setdefault((page, lane), Timing()))
                for lane in ("bound", "free")[:: 1 if number % 2 else -1]
            }
            if len(sizes) != 1:
                raise AssertionError(f"{page}: not the same page with and without row security ({sizes} bytes)")
    return timings


def cases_seen_alike(lanes: Lanes, cases: list[int], officer: int, most: int) -> list[int]:
    """Of these, the first whose page is the same in both lanes: nothing of it lies outside the officer's area."""
    lanes.take("bound")
    tracer = officers_browser(officer)
    found: list[int] = []
    for case in cases:
        if len(found) == most:
            break
        address = f"/can-bo/ca-benh/{case}"
        if len({_time(lanes.take(lane), tracer, address, Timing()) for lane in ("bound", "free")}) == 1:
            found.append(case)
    return found


def _time(connection: BaseDatabaseWrapper, browser: Client, address: str, timing: Timing) -> int:
    """Ask once; returns the page's size in bytes."""
    spent = 0.0

    def watch(execute: Any, *statement: Any) -> Any:
        nonlocal spent
        begun = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            spent += time.perf_counter() - begun

    with connection.execute_wrapper(watch):
        begun = time.perf_counter()
        answer = browser.get(address, **_BROWSER)  # type: ignore[arg-type]
        timing.page.append(time.perf_counter() - begun)
    timing.sql.append(spent)
    if answer.status_code != 200:
        raise AssertionError(f"{address.split('/')[1]} answered {answer.status_code}")
    return len(answer.content)


def citizens_browser(person: UUID) -> Client:
    """A browser on which the person is signed in."""
    request = _request()
    citizen_session.begin(request, person, now=datetime.now(UTC))
    return _browser_of(request)


def officers_browser(officer: int) -> Client:
    """A browser on which the officer is signed in, tracing."""
    request = _request()
    desk.begin(request, proven_with(officer, "totp"))
    desk.take_up(request, desk.Task("contact_tracing", "bench"))
    return _browser_of(request)


def _request() -> HttpRequest:
    request = RequestFactory().get("/", **_BROWSER)  # type: ignore[arg-type]
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    return request


def _browser_of(request: HttpRequest) -> Client:
    request.session.save()
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client
