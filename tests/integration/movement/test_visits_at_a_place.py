"""Who was at a place in a span of time: those who overlap it and no other, from the index of few days alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from conftest import MadeDatabase, database_from, use_in_django
from pccovid.movement.rules import Stay, overlap, span_of

NOON = datetime(2026, 11, 10, 5, 0, tzinfo=UTC)
DAYS, EACH = 30, 400
HOUR = timedelta(hours=1)
_FILL = """
    INSERT INTO movement_visit (id, day, person_id, record_id, source_record_id, source_system, provenance, recorded_at,
                                place_key, entered_at, left_at)
    SELECT id, access.movement_day(coalesce(l, e), r), id, id, id, 'qr', 'facility', r, place, e, l FROM (
        SELECT gen_random_uuid() AS id, 'P' || n %% 20 AS place, timestamptz '2026-12-02' AS r,
               CASE WHEN n %% 7 > 0 THEN m END AS e,
               CASE WHEN n %% 7 = 0 OR n %% 3 > 0 THEN m + interval '1 minute' * (n %% 240) END AS l
        FROM (SELECT n, timestamptz '2026-11-01' + interval '1 second' * (n * 86400.0 / %s) AS m
              FROM generate_series(1, %s) n) g) v
"""


@pytest.fixture(scope="module")
def made(prepared_url: str, home: Path) -> MadeDatabase:
    made = database_from(prepared_url, home)
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("SELECT access.add_days('movement_visit', ARRAY(SELECT date '2026-10-31' + n"
                      " FROM generate_series(0, 33) n))")  # fmt: skip
        owner.execute(_FILL, [EACH, EACH * DAYS])
        owner.execute("VACUUM ANALYZE movement_visit")
        owner.execute("INSERT INTO access.appointment (officer_id, role, office, valid_from, appointed_by)"
                      " VALUES (1, 'tracer', 'x', now() - interval '1 day', 'test')")  # fmt: skip
        owner.execute("INSERT INTO access.sandbox_day VALUES (true, '2026-11-20')")
        owner.execute("UPDATE access.rule SET widest_scope = 'all' WHERE role = 'tracer'")
    use_in_django(made, "web")
    return made


def at_the_place(start: datetime, end: datetime) -> list[Any]:
    from pccovid.foundation import access
    from pccovid.movement.queries import visits_at

    with access.open(
        access.officer(1, "tracer"), purpose="contact_tracing", legal_basis="test", scope=access.everybody()
    ):
        return list(visits_at("P3", start, end))


@pytest.mark.parametrize("length", [timedelta(), HOUR, timedelta(hours=30)])
def test_those_who_overlap_the_span_are_found_and_nobody_else(made: MadeDatabase, length: timedelta) -> None:
    found = {visit.id for visit in at_the_place(NOON, NOON + length)}
    with made.connect("owner") as owner:
        stays = [Stay(*row) for row in owner.execute(
            "SELECT id, entered_at, left_at FROM movement_visit WHERE place_key = 'P3'")]  # fmt: skip
    expected = {
        stay.key for stay in stays if (span := span_of(stay)) and overlap(span, (NOON, NOON + length)) is not None
    }
    assert found == expected
    assert len(found) >= 1


def test_the_index_alone_of_few_days_answers(made: MadeDatabase) -> None:
    from django.db import connection

    from pccovid.foundation import access
    from pccovid.movement.queries import visits_at

    plans = []

    def explained(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "movement_visit" in sql:
            with connection.cursor().connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                plans.append(cursor.fetchone()[0][0]["Plan"])
        return execute(sql, params, many, context)

    with (
        access.open(
            access.officer(1, "tracer"), purpose="contact_tracing", legal_basis="test", scope=access.everybody()
        ),
        connection.execute_wrapper(explained),
    ):
        visits_at("P3", NOON, NOON + HOUR)
    nodes = list(nodes_of(plans[0]))
    read = {node["Relation Name"]: node["Node Type"] for node in nodes if "Relation Name" in node}
    days = {name: kind for name, kind in read.items() if name.startswith("movement_visit")}
    assert 1 <= len(days) <= 3, json.dumps(plans[0])[:2000]
    assert set(days.values()) <= {"Index Only Scan", "Bitmap Heap Scan"}, days


def nodes_of(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def test_nobody_is_seen_without_an_opened_access(made: MadeDatabase) -> None:
    from pccovid.movement.queries import visits_at

    assert visits_at("P3", NOON, NOON + HOUR) == ()
    assert UUID(int=0) not in {visit.id for visit in at_the_place(NOON, NOON)}
