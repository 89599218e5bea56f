"""Flows are counted from trips and visits, published with small numbers left blank, and shown to officers as counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from django.test import override_settings

from conftest import MadeDatabase, database_from, use_in_django
from integration.console.made_index import PASSWORD, Console
from pccovid.bulk_export.suppression import TOTAL, Cell
from pccovid.officers.operations import appoint, enrol
from pccovid.officers.sandbox import give_codes
from pccovid.published_statistics.operations import cells, publish, publish_flows_due, releases

TODAY = datetime.now(UTC).date()
WEEK = TODAY - timedelta(days=TODAY.weekday() + 14)
PHUC_XA, SAI_GON = ("01", "001", "00001"), ("79", "778", "27259")
PLAIN_FILES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
_FACT = "id, person_id, record_id, source_record_id, source_system, provenance, recorded_at, day"


def at(day: int) -> datetime:
    return datetime(WEEK.year, WEEK.month, WEEK.day, 5, tzinfo=UTC) + timedelta(days=day)


@pytest.fixture(scope="module")
def made(prepared_url: str, home: Path) -> MadeDatabase:
    """Thirty people of Phúc Xá who go to a market in Sài Gòn on Tuesday, three of whom go home by bus on Wednesday."""
    made = database_from(prepared_url, home)
    with made.connect("owner", autocommit=True) as owner:
        for table in ("movement_visit", "movement_trip"):
            owner.execute("SELECT access.add_days(%s, ARRAY(SELECT %s::date + n FROM generate_series(-1, 9) n))",
                          [table, WEEK])  # fmt: skip
        owner.execute(
            "INSERT INTO movement_place (id, record_id, source_record_id, place_key, name, commune_code, recorded_at)"
            " VALUES (%(i)s, %(i)s, %(i)s, 'CHỢ', 'Chợ', '27259', now())", {"i": uuid4()},
        )  # fmt: skip
        for number in range(1, 31):
            goes(owner, UUID(int=number), is_back=number <= 3)
    return made


def goes(owner: psycopg.Connection, person: UUID, *, is_back: bool) -> None:
    owner.execute(
        "INSERT INTO people_person (id, name, birth_precision, province_code, district_code, commune_code,"
        " is_identity_verified, attribute_sources, created_at) VALUES (%s, 'Ai', 'day', %s, %s, %s, true, '{}', now())",
        [person, *PHUC_XA],
    )
    for hour in (0, 1):  # twice on one day is once
        owner.execute(
            f"INSERT INTO movement_visit ({_FACT}, place_key, entered_at)"
            " VALUES (%s, %s, %s, %s, 'test', 'facility', now(), %s, 'CHỢ', %s)",
            [uuid4(), person, person, person, at(1).date(), at(1) + timedelta(hours=hour)],
        )
    if is_back:
        owner.execute(
            f"INSERT INTO movement_trip ({_FACT}, departure_commune, destination_commune, departed_at)"
            " VALUES (%s, %s, %s, %s, 'test', 'facility', now(), %s, '27259', '00001', %s)",
            [uuid4(), person, person, person, at(2).date(), at(2)],
        )


def test_a_week_that_is_due_is_published_once_and_one_of_nobody_is_not(made: MadeDatabase) -> None:
    with made.connect("jobs", autocommit=True) as jobs:
        earlier = releases(jobs)
        with jobs.transaction(force_rollback=True):
            (first,) = publish_flows_due(jobs, by="test", today=TODAY)
            assert (first.theme, first.week) == ("flows", WEEK)
            assert cells(jobs, first.number)[Cell("00001>27259", TOTAL)] == 30
            assert publish_flows_due(jobs, by="test", today=TODAY) == ()
        assert releases(jobs) == earlier


@pytest.fixture(scope="module")
def told(made: MadeDatabase) -> dict[Cell, int | None]:
    with made.connect("jobs", autocommit=True) as jobs:
        for _ in range(2):
            release = publish(jobs, theme="flows", week=WEEK, provinces=(), by="test", today=TODAY)
        return cells(jobs, release.number)


def test_each_person_is_counted_once_a_pair_and_day_and_small_numbers_stay_blank(told: dict[Cell, int | None]) -> None:
    tuesday, wednesday = (str(WEEK + timedelta(days=n)) for n in (1, 2))
    assert told[Cell("00001>27259", tuesday)] == 30
    assert told[Cell("01>79", TOTAL)] == 30
    assert told[Cell("00001>27259", wednesday)] == 0
    assert Cell("27259>00001", TOTAL) not in told
    assert told[Cell("?", wednesday)] is None
    # Thirty-three in all would tell of the three.
    assert told[Cell("VN", TOTAL)] is None


@pytest.fixture
def console(made: MadeDatabase) -> Iterator[Console]:
    use_in_django(made, "web")
    with made.connect("owner", autocommit=True) as owner:
        since = datetime.now(UTC) - timedelta(hours=1)
        officer = enrol(owner, username="protector", full_name="Ai", password=PASSWORD, now=since)
        give_codes(owner, officer=officer)
        appoint(owner, officer=officer, role="data_protection", area=None, office="x", by="test", now=since)
    with override_settings(STORAGES=PLAIN_FILES):
        yield Console(made, 0)


def test_any_office_sees_picture_table_and_file_and_nobodys_name(
    console: Console, told: dict[Cell, int | None]
) -> None:
    assert told
    client = console.sign_in("protector")
    page = client.get("/can-bo/di-lai?cap=commune").content.decode()
    assert "Phường Phúc Xá" in page
    assert page.count("<line") == 1
    assert '<td class="number"><b>30</b></td>' in page
    address = page.split("/can-bo/di-lai/")[1].split('"')[0]
    file = client.get(f"/can-bo/di-lai/{address}").content.decode()
    assert f'00001,27259,"{"Phường Phúc Xá"}' in file
    assert f"?,,,,{WEEK + timedelta(days=2)},\n" in file
    assert client.get("/can-bo/di-lai/999999.csv").status_code == 404
    assert "Chưa công bố" not in client.get("/can-bo/di-lai?tuan=x&cap=y").content.decode()


def test_a_person_who_has_movement_restricted_is_not_counted(made: MadeDatabase) -> None:
    earlier = WEEK - timedelta(days=7)
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("SELECT access.add_days('movement_visit', ARRAY(SELECT %s::date + n"
                      " FROM generate_series(-1, 9) n))", [earlier])  # fmt: skip
        owner.execute("UPDATE movement_visit SET entered_at = entered_at - interval '7 days', day = day - 7")
        owner.execute("SET session_replication_role = replica")  # the request itself is not asked
        owner.execute("INSERT INTO access.restriction (request_id, person_id, category) VALUES (1, %s, 'movement')",
                      [UUID(int=1)])  # fmt: skip
    with made.connect("jobs", autocommit=True) as jobs:
        release = publish(jobs, theme="flows", week=earlier, provinces=(), by="test", today=TODAY)
        assert cells(jobs, release.number)[Cell("00001>27259", TOTAL)] == 29
