"""Counts leave by releases alone: made without seeing anybody, and no small number can be worked out of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest

from conftest import MadeDatabase, database_from
from integration.access.row_filler import Filler, read_tables
from pccovid.areas.registry import registry
from pccovid.bulk_export.suppression import Cell, is_safe
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.published_statistics.operations import Release, cells, publish, releases
from pccovid.published_statistics.rules import COUNTRY, WeekIsWrong, days_of, table_of, tree_of

WEEK = date(2021, 10, 25)
TODAY = date(2026, 11, 28)
NOON = datetime(2021, 10, 26, 5, tzinfo=UTC)
OPEN = "SELECT access.open('job', 'statistics', 'statistics', 'statistics', %s, 'all')"
HOMES = {
    "00001": 23, "00004": 3, "00006": 12, "00037": 1, "00040": 2,  # Hà Nội: small numbers beside larger ones
    "27259": 30, "27262": 4, "13285": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def made(prepared_url: str, home: Path) -> MadeDatabase:
    """People of eight communes, each vaccinated on the Tuesday of that week; of one no commune is known."""
    made = database_from(prepared_url, home)
    homes = {}
    units, number = registry(), 0
    for commune, people in HOMES.items():
        path = [unit.code for unit in units.path(commune, on=date(2021, 10, 1))]
        assert len(path) == 3, commune
        for _ in range(people):
            number += 1
            homes[UUID(int=number)] = dict(zip(("province_code", "district_code", "commune_code"), path, strict=True))
    homes[UUID(int=number + 1)] = {"province_code": "01", "district_code": None, "commune_code": None}
    with made.connect("owner", autocommit=True) as owner:
        filler = Filler(owner, read_tables(owner), NOON, NOON, homes)
        filler.fill(["people_person", "vaccination_dose"])
        owner.execute(
            "UPDATE vaccination_dose SET occurred_on = '2021-10-26', superseded_at = NULL, duplicate_of = NULL"
        )
    return made


@pytest.fixture
def jobs(made: MadeDatabase) -> Iterator[psycopg.Connection]:
    with made.connect("jobs", autocommit=True) as connection:
        yield connection


def published(jobs: psycopg.Connection, *provinces: str) -> Release:
    return publish(jobs, theme="doses", week=WEEK, provinces=provinces, by="test", today=TODAY)


def known_to_a_reader(jobs: psycopg.Connection) -> dict[Cell, int]:
    """Everything any release tells; that no two tell different numbers of one cell."""
    known: dict[Cell, int] = {}
    for release in releases(jobs):
        for cell, people in cells(jobs, release.number).items():
            if people is not None:
                assert known.setdefault(cell, people) == people
    return known


def test_no_small_number_can_be_worked_out_of_all_releases_together(jobs: psycopg.Connection) -> None:
    """By province first, by commune of one and then of two provinces later: every step is laid beside those before."""
    for provinces in ((), ("01",), ("79",)):
        release = published(jobs, *provinces)
        assert release.cells > 0
        known = known_to_a_reader(jobs)
        units = registry()
        table = table_of(tree_of(units, release.provinces), days_of(WEEK), counted(jobs), units)
        assert all(table.values[cell] == people for cell, people in known.items())
        assert is_safe(table, set(table.values) - set(known), threshold=5)
    assert release.provinces == ("01", "79"), "what was told of a province before stays in the table"
    assert Cell("00001", "2021-10-26") in known
    assert Cell("00037", "2021-10-26") not in known


def counted(jobs: psycopg.Connection) -> dict[tuple[str, str], int]:
    with jobs.transaction():
        jobs.execute(OPEN, [EPIDEMIC_LAW])
        rows = jobs.execute("SELECT area, day, people FROM access.counts_of_week('doses', %s)", [WEEK]).fetchall()
    return {(area, day.isoformat()): people for area, day, people in rows}


def test_who_comes_late_does_not_show_in_the_difference_of_two_releases(
    jobs: psycopg.Connection, made: MadeDatabase
) -> None:
    published(jobs)
    before = counted(jobs)
    with made.connect("owner", autocommit=True) as owner:
        owner.execute(
            "UPDATE vaccination_dose SET occurred_on = '2021-10-27' WHERE id = (SELECT min(id::text)::uuid FROM"
            " vaccination_dose)"
        )
        published(jobs)
        assert counted(jobs) == before
        owner.execute("UPDATE vaccination_dose SET occurred_on = '2021-10-26'")


def test_counting_sees_nobody_and_is_logged(jobs: psycopg.Connection, made: MadeDatabase) -> None:
    with jobs.transaction():
        jobs.execute(OPEN, [EPIDEMIC_LAW])
        for table in ("people_person", "vaccination_dose", "people_address"):
            assert jobs.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    published(jobs)
    with made.connect("owner") as owner:
        logged = owner.execute(
            "SELECT l.actor, l.purpose, l.readable FROM published_statistics_release r JOIN access.log l"
            " ON l.id = r.log_id ORDER BY r.id DESC LIMIT 1"
        ).fetchone()
    assert logged == ("statistics", "statistics", ["count"])


@pytest.mark.parametrize(
    "statement",
    ["SELECT * FROM access.counts_of_week('doses', '2021-10-25')",
     "SELECT access.publish_statistics('doses', '2021-10-25', '{}', 'x', '{VN}', '{*}', '{7}')"],
)  # fmt: skip
def test_nothing_is_counted_or_published_without_the_purpose(jobs: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        jobs.execute(statement)
    with jobs.transaction(force_rollback=True):
        jobs.execute("SELECT access.open('job', 'retention', 'retention', 'erasure', 'test', 'all')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            jobs.execute(statement)


@pytest.mark.parametrize("people", [1, 4, -1, 41_000])
def test_the_database_itself_refuses_a_small_number_and_one_that_differs(jobs: psycopg.Connection, people: int) -> None:
    published(jobs)
    publishing = "SELECT access.publish_statistics('doses', '2021-10-25', '{}', 'x', %s, '{*}', %s)"
    with jobs.transaction(force_rollback=True):
        jobs.execute(OPEN, [EPIDEMIC_LAW])
        with pytest.raises(psycopg.DatabaseError) as refused:
            jobs.execute(publishing, [[COUNTRY], [people]])
    assert refused.value.sqlstate == "PC483"


def test_a_week_that_is_not_over_for_long_enough_is_not_counted(jobs: psycopg.Connection) -> None:
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    monday = date.fromordinal(today.toordinal() - today.weekday() - 7)
    with pytest.raises(WeekIsWrong):
        publish(jobs, theme="doses", week=monday, provinces=(), by="test", today=TODAY)


def test_who_had_their_data_restricted_is_not_counted(jobs: psycopg.Connection, made: MadeDatabase) -> None:
    with made.connect("owner", autocommit=True) as owner:
        persons = [row[0] for row in owner.execute("SELECT id FROM people_person ORDER BY id LIMIT 9")]
        owner.execute(
            "SET session_replication_role = replica"
        )  # the fact's source and the request itself are not asked
        Filler(owner, read_tables(owner), NOON, NOON, dict.fromkeys(persons, {})).fill(["lab_tests_test"])
        owner.execute("UPDATE lab_tests_test SET collected_at = %s, superseded_at = NULL", [NOON])
        owner.execute("INSERT INTO access.restriction (request_id, person_id) VALUES (1, %s)", [persons[0]])
    with jobs.transaction():
        jobs.execute(OPEN, [EPIDEMIC_LAW])
        total = jobs.execute("SELECT sum(people) FROM access.counts_of_week('tests', %s)", [WEEK]).fetchone()
    assert total == (len(persons) - 1,)


@pytest.mark.parametrize("role", ["web", "jobs", "analysis"])
@pytest.mark.parametrize(
    "statement",
    ["UPDATE published_statistics_cell SET people = 1", "DELETE FROM published_statistics_release",
     "SELECT * FROM access.statistics_count"],
)  # fmt: skip
def test_nobody_changes_what_was_published_or_reads_what_was_left_blank(
    made: MadeDatabase, role: str, statement: str
) -> None:
    with made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


def test_who_analyses_reads_what_was_published(jobs: psycopg.Connection, made: MadeDatabase) -> None:
    number = published(jobs).number
    with made.connect("analysis") as analysis:
        assert cells(analysis, number) == cells(jobs, number)
