"""Which statements a page runs, for whom, and who can sign in. Needs Django set up before it is imported."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from django.db import close_old_connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from pccovid.config.benches.asking_pages import Lanes, citizens_browser
from pccovid.config.benches.counted_trips import counted_trips
from pccovid.foundation.one_trip import Together
from pccovid.linkage.birth_dates import BirthReading
from pccovid.linkage.names import read_name
from pccovid.people.numbers import shown_one
from pccovid.people.queries import person_signing_in

Sent = list[tuple[str, Any]]
"""What went to the database at once: one statement, or several in a pipeline, with their parameters."""


@dataclass
class Recorded:
    """Page → the statements for each person with the size of the page; each browser's cookies; round trips a page."""

    statements: dict[str, list[tuple[list[Sent], int]]] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    round_trips: dict[str, int] = field(default_factory=dict)


def record(web_url: str, persons: list[str], pages: Mapping[str, str]) -> Recorded:
    """Open every page once for each person, as the web role, and write down what the database was asked."""
    found = Recorded({page: [] for page in pages})
    with counted_trips(web_url) as relay:
        lanes = Lanes(web=relay.url)
        with lanes.in_use():
            connection = lanes.take("web")
            for person in persons:
                browser = citizens_browser(UUID(person))
                for page, path in pages.items():
                    before = relay.trips
                    found.statements[page].append(_opened(connection, browser, path))
                    found.round_trips[page] = max(found.round_trips.get(page, 0), relay.trips - before)
                found.cookies.append("; ".join(f"{name}={one.value}" for name, one in browser.cookies.items()))
    return found


def _opened(connection: BaseDatabaseWrapper, browser: Client, path: str) -> tuple[list[Sent], int]:
    """What the page sent to the database, and how many bytes it has."""
    seen: list[Sent] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(list(params) if isinstance(params, Together) else [(sql, params)])
        return execute(sql, params, many, context)

    close_old_connections()  # as a server does before each request
    with connection.execute_wrapper(watch):
        answer = browser.get(path, HTTP_USER_AGENT="bench", REMOTE_ADDR="127.0.0.1")
    if answer.status_code != 200:
        raise AssertionError(f"{path} answered {answer.status_code}")
    return seen, len(answer.content)


def people_to_sign_in(owner_url: str, most: int) -> list[dict[str, str]]:
    """Different people with a phone whom name and birth date tell apart, as they would type them."""
    with psycopg.connect(owner_url) as owner:
        rows = owner.execute(
            "SELECT p.id, p.name, p.birth_date, k.value, k.sealed FROM people_person p"
            " JOIN people_contactpoint k ON k.person_id = p.id AND k.system = 'phone' AND k.is_own"
            " WHERE p.merged_into_id IS NULL AND p.birth_precision = 'day' AND p.name IS NOT NULL"
            " ORDER BY md5(k.id::text)"
        ).fetchall()
    lanes = Lanes(owner=owner_url)
    people: list[dict[str, str]] = []
    seen: set[UUID] = set()
    with lanes.in_use():
        lanes.take("owner")
        for person, name, born, value, sealed in rows:
            phone = shown_one("phone", value, sealed)
            if len(people) < most and person not in seen and _finds(phone, name, BirthReading(born, "day")) == person:
                seen.add(person)
                people.append({"phone": phone, "name": name, "born": born.isoformat()})
    random.Random(1).shuffle(people)
    return people


def _finds(phone: str, name: str, birth: BirthReading) -> UUID | None:
    reading = read_name(name)
    if reading.sorted_key is None or birth.date is None:
        return None
    return person_signing_in(phone, reading, birth.date, is_year_only=False)
