"""Facts of movement lie in the partition of their day, move when they read otherwise, and leave no double."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from carry_over_importing import NOW, import_delivery
from conftest import MadeDatabase, _with_name, prepare
from pccovid.foundation.database import ROLE_URL_VARIABLE
from pccovid.foundation.roles import set_up_roles

VISITS = "visitId,placeId,scannedAt,leftAt,via,qrText,cccd,bhyt,phone,fullName"
VISIT = "{},q1,{},{},phone,,,,0348509670,Trần Văn Cường"
LIES = "SELECT tableoid::regclass::text, count(*) FROM movement_visit GROUP BY 1 ORDER BY 1"

Deliver = Callable[..., None]


@pytest.fixture
def deliver(database: MadeDatabase, tmp_path: Path) -> Deliver:
    """Carry over a file of visits, each given as (key, entered, left)."""
    numbers = iter(range(100))

    def deliver(*visits: tuple[str, str, str], later: timedelta = timedelta()) -> None:
        folder = tmp_path / f"delivery-{next(numbers)}"
        folder.mkdir()
        lines = "\n".join(VISIT.format(*visit) for visit in visits)
        (folder / "qr_visits.csv").write_text(f"{VISITS}\n{lines}\n")
        import_delivery(database, folder, tmp_path / "work", now=NOW + later)

    return deliver


@pytest.fixture
def owner(database: MadeDatabase) -> Iterator[psycopg.Connection]:
    with database.connect("owner", autocommit=True) as connection:
        yield connection


def test_a_visit_lies_in_the_day_its_period_counts_from(deliver: Deliver, owner: psycopg.Connection) -> None:
    """A date to come is not read at all; one of half a year ago is of no use, since that day is long erased."""
    deliver(
        ("v1", "2021-11-01 10:00:00", ""),
        ("v2", "2021-11-01 23:59:59", "2021-11-02 00:00:01"),
        ("v3", "", ""),
        ("v4", "2021-05-01 10:00:00", ""),
        ("v5", "2021-12-25 10:00:00", ""),
    )
    assert owner.execute(LIES).fetchall() == [
        ("movement_visit_d20211101", 1), ("movement_visit_d20211102", 1), ("movement_visit_d20211120", 2),
        ("movement_visit_rest", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "misread",
    [
        "entered_at = entered_at - interval '3 days'", "entered_at = NULL", "entered_at = '1921-11-01'",
        "entered_at = '2091-11-01'", "entered_at = entered_at + interval '1 minute'",
    ],
)  # fmt: skip
def test_a_fact_that_reads_as_of_another_day_moves_and_leaves_no_double(
    deliver: Deliver, owner: psycopg.Connection, misread: str
) -> None:
    """The same row again a week later, which an earlier reader had understood otherwise."""
    visit = ("v1", "2021-11-05 10:00:00", "")
    deliver(visit)
    (before,) = owner.execute("SELECT id, recorded_at, entered_at FROM movement_visit").fetchall()
    days = "ARRAY(SELECT date '2021-10-30' + n FROM generate_series(0, 30) n)"
    owner.execute(f"SELECT access.add_days('movement_visit', {days})")
    owner.execute(f"UPDATE movement_visit SET day = '0001-01-01', {misread}")
    owner.execute("UPDATE movement_visit SET day = access.movement_day(coalesce(left_at, entered_at), recorded_at)")
    misplaced = owner.execute(LIES).fetchall()
    owner.execute("UPDATE people_recordclaim SET name_sorted = 'đọc khác'")
    deliver(visit, later=timedelta(days=7))
    assert misplaced != [("movement_visit_d20211105", 1)] or "minute" in misread
    assert owner.execute("SELECT id, recorded_at, entered_at FROM movement_visit").fetchall() == [before]
    assert owner.execute(LIES).fetchall() == [("movement_visit_d20211105", 1)]


def test_a_newer_version_of_another_day_supersedes_the_older_where_it_lies(
    deliver: Deliver, owner: psycopg.Connection
) -> None:
    deliver(("v1", "2021-11-05 10:00:00", ""))
    deliver(("v1", "2021-11-06 10:00:00", ""), later=timedelta(days=1))
    assert owner.execute(
        "SELECT tableoid::regclass::text, superseded_at IS NULL FROM movement_visit ORDER BY 1"
    ).fetchall() == [("movement_visit_d20211105", False), ("movement_visit_d20211106", True)]


def test_a_row_received_long_ago_keeps_its_day_when_it_is_received_again(
    deliver: Deliver, owner: psycopg.Connection
) -> None:
    """Seen from the second receipt its date is too old to be of use; its own receipt counts."""
    visit = ("v1", "2021-11-05 10:00:00", "")
    deliver(visit)
    owner.execute("UPDATE people_recordclaim SET name_sorted = 'đọc khác'")
    deliver(visit, later=timedelta(days=200))
    assert owner.execute(LIES).fetchall() == [("movement_visit_d20211105", 1)]


def test_the_days_a_fact_names_are_those_that_retention_counts_from() -> None:
    from pccovid.foundation.facts import registered
    from pccovid.retention.rules import CLOCKS

    parted = [fact for fact in registered() if fact.by_day]
    assert {fact.name for fact in parted} == {"visit", "trip", "scan"}
    for fact in parted:
        assert CLOCKS[fact.table].starts == f"coalesce({', '.join((*fact.by_day, 'recorded_at'))})"


def test_a_record_is_found_by_an_index_on_every_day(deliver: Deliver, owner: psycopg.Connection) -> None:
    """What publishing does to the facts of one record among many: end, follow, restore, move."""
    deliver(("v1", "2021-11-05 10:00:00", ""))
    owner.execute(
        "SELECT access.add_days('movement_visit', ARRAY(SELECT date '2021-10-12' + n FROM generate_series(0, 39) n))"
    )
    owner.execute(
        "INSERT INTO movement_visit (id, day, person_id, record_id, source_record_id, source_system, provenance,"
        " recorded_at, entered_at) SELECT gen_random_uuid(), date '2021-10-12' + n % 40, gen_random_uuid(),"
        " gen_random_uuid(), gen_random_uuid(), 'qr', 'facility', '2021-11-20 08:00+07',"
        " (date '2021-10-12' + n % 40)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' FROM generate_series(1, 40000) n"
    )
    owner.execute("CREATE TEMP TABLE incoming AS SELECT record_id FROM movement_visit LIMIT 3")
    owner.execute("ANALYZE")
    (plan,) = owner.execute(
        "EXPLAIN (FORMAT JSON) UPDATE movement_visit f SET superseded_at = now() FROM incoming i"
        " WHERE f.record_id = i.record_id AND f.superseded_at IS NULL"
    ).fetchone()  # type: ignore[misc]
    found = {(node["Node Type"], node["Relation Name"]) for node in nodes(plan[0]["Plan"]) if "Relation Name" in node}
    days = {name for kind, name in found if kind in ("Index Scan", "Bitmap Heap Scan")}
    assert len([name for name in days if name.startswith("movement_visit_d")]) >= 40
    whole = {name for kind, name in found if kind == "Seq Scan"}
    assert whole <= {"incoming", "movement_visit_rest"}  # of which the last is empty


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of a plan."""
    yield plan
    for inner in plan.get("Plans", []):
        yield from nodes(inner)


_UP_TO = """
import django, json, sys
django.setup()
from django.core.management import call_command
for app, name in json.loads(sys.argv[1]):
    call_command("migrate", app, name, verbosity=0, interactive=False)
"""


def test_the_migration_moves_every_row_into_its_day(prepared_url: str, home: Path) -> None:
    name = f"made_{uuid4().hex[:12]}"
    with psycopg.connect(_with_name(prepared_url, "postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    made = MadeDatabase(home, _with_name(prepared_url, name))
    set_up_roles(made.owner_url, home)
    steps = [("movement", "0004"), ("retention", "0001")]
    subprocess.run(
        [sys.executable, "-c", _UP_TO, json.dumps(steps)],
        env={**os.environ, ROLE_URL_VARIABLE: made.owner_url}, check=True,
    )  # fmt: skip
    columns = "id, person_id, record_id, source_record_id, source_system, provenance, recorded_at, entered_at, via"
    with made.connect("owner", autocommit=True) as owner:
        owner.execute(
            f"INSERT INTO movement_visit ({columns}) SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),"
            " gen_random_uuid(), 'qr', 'facility', '2021-11-20 08:00+07', v, 'cccd' FROM unnest(ARRAY["
            " '2021-11-01 00:00+07', '2021-10-31 23:59+07', NULL, '1990-01-01', '2091-01-01']::timestamptz[]) v"
        )
        before = owner.execute(f"SELECT {columns} FROM movement_visit ORDER BY id").fetchall()
    prepare(made.owner_url)
    with made.connect("owner") as owner:
        assert owner.execute(f"SELECT {columns} FROM movement_visit ORDER BY id").fetchall() == before
        assert owner.execute(LIES).fetchall() == [
            ("movement_visit_d20211031", 1), ("movement_visit_d20211101", 1), ("movement_visit_d20211120", 1),
            ("movement_visit_rest", 2),
        ]  # fmt: skip
        policies = owner.execute("SELECT polname FROM pg_policy WHERE polrelid = 'movement_visit'::regclass")
        assert {policy for (policy,) in policies} == {"sees", "writes", "within_span", "not_restricted"}
