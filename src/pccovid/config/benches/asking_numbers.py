"""Finding people by their numbers in a sealed and a bare database in turn. Needs Django set up before it is imported.

Both lanes ask as the owner, whom no policy binds: what sealing costs is not hidden behind what row security costs.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest.mock import patch

from django.db import connection

from pccovid.config.benches.asking_pages import Lanes
from pccovid.linkage.names import read_name
from pccovid.people.finding import Wanted, find_persons
from pccovid.people.numbers import shown_one
from pccovid.people.queries import person_signing_in

_KNOWN = """
SELECT i.value, i.sealed, c.value, c.sealed, p.name, p.birth_date, p.birth_precision
FROM people_person p
    JOIN people_identifier i ON i.person_id = p.id AND i.system = 'personal_id'
    JOIN people_contactpoint c ON c.person_id = p.id AND c.system = 'phone'
WHERE p.name IS NOT NULL AND p.birth_date IS NOT NULL ORDER BY md5(p.id::text), i.value, c.value LIMIT %s
"""
Timings = dict[str, dict[str, list[float]]]
"""What was asked → lane → seconds of each."""


def ask_both(lanes: Lanes, requests: int) -> Timings:
    """Sign-in by phone and an officer's search by id of the same people, in both lanes; which is first alternates."""
    lanes.take("sealed")
    timings: Timings = {}
    for number, (personal_id, phone, name, birth, precision) in enumerate(_known(requests)):
        today, is_year_only = datetime.now(UTC).date(), precision != "day"
        asks: dict[str, Callable[[], object]] = {
            "sign_in": partial(person_signing_in, phone, read_name(name), birth, is_year_only=is_year_only),
            "search": partial(find_persons, Wanted(number=personal_id), today=today),
        }
        for what, ask in asks.items():
            answers = [
                _time(lanes, lane, ask, timings.setdefault(what, {}).setdefault(lane, []))
                for lane in ("sealed", "bare")[:: 1 if number % 2 else -1]
            ]
            if (answers[0] is None) != (answers[1] is None):
                raise AssertionError(f"{what}: found in one lane only")
    return timings


def _known(most: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [most])
        return [
            (shown_one("personal_id", number, sealed), shown_one("phone", phone, phone_sealed), *rest)
            for number, sealed, phone, phone_sealed, *rest in cursor.fetchall()
        ]


def _time(lanes: Lanes, lane: str, ask: Callable[[], object], seconds: list[float]) -> object:
    lanes.take(lane)
    with ExitStack() as changed:
        if lane == "bare":
            for module in ("queries", "finding"):
                changed.enter_context(patch(f"pccovid.people.{module}.findable", lambda system, value: [value]))
        begun = time.perf_counter()
        answer = ask()
        seconds.append(time.perf_counter() - begun)
    return answer or None
