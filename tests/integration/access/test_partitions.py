"""A partition is seen through its table alone: no role of ours reads one by itself, none lies where nobody looks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from conftest import MadeDatabase, database_from
from pccovid.foundation.roles import GROUPS, WEB
from pccovid.foundation.table_privileges import strays

PARTED = ("movement_visit", "movement_trip", "movement_scan")
DAY = date(2021, 10, 30)
_PARTITIONS = "SELECT i.inhparent::regclass::text, i.inhrelid::regclass::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relispartition AND c.relkind = 'r'"  # noqa: E501
_CARRY_OVER = "SELECT access.open('job', 'carry_over', 'carry_over', 'carry_over', 'law', 'all')"
_VISIT = (
    "INSERT INTO movement_visit (id, day, person_id, record_id, source_record_id, source_system, provenance,"
    " recorded_at, entered_at) VALUES (gen_random_uuid(), %s, gen_random_uuid(), gen_random_uuid(),"
    " gen_random_uuid(), 'qr', 'facility', '2021-11-20 08:00+07', %s)"
)


@pytest.fixture(scope="module")
def made(prepared_url: str, home: Path) -> MadeDatabase:
    made = database_from(prepared_url, home)
    with made.connect("jobs") as jobs:
        jobs.execute(_CARRY_OVER)
        for table in PARTED:
            jobs.execute("SELECT access.make_days(%s, %s)", [table, [DAY, date(1, 1, 1)]])
    with made.connect("owner") as owner:
        owner.execute(_VISIT, [DAY, "2021-10-30 23:30+07"])
    return made


def partitions(made: MadeDatabase) -> dict[str, str]:
    """Partition → its table."""
    with made.connect("owner") as owner:
        return {name: parent for parent, name in owner.execute(_PARTITIONS)}


def test_an_import_makes_the_days_it_asks_for_and_no_other(made: MadeDatabase) -> None:
    wanted = {f"{table}_{name}": table for table in PARTED for name in ("rest", "d20211030")}
    assert partitions(made) == wanted
    with made.connect("jobs") as jobs:
        jobs.execute(_CARRY_OVER)
        jobs.execute("SELECT access.make_days('movement_visit', %s)", [[DAY]])
    assert partitions(made) == wanted


def test_no_partition_takes_in_days_that_nobody_made(made: MadeDatabase) -> None:
    with made.connect("owner") as owner:
        kinds = owner.execute("SELECT count(*) FROM pg_partitioned_table WHERE partdefid <> 0").fetchone()
        assert kinds == (0,)
        with pytest.raises(psycopg.errors.CheckViolation, match="no partition"):
            owner.execute(_VISIT, [date(2021, 10, 29), "2021-10-29 12:00+07"])


def test_a_row_cannot_lie_in_a_day_that_is_not_its_own(made: MadeDatabase) -> None:
    with made.connect("owner") as owner, pytest.raises(psycopg.errors.CheckViolation, match="lies_in_its_day"):
        owner.execute(_VISIT, [DAY, "2021-10-31 00:30+07"])


@pytest.mark.parametrize("role", GROUPS)
def test_no_role_may_do_anything_with_a_partition_by_itself(made: MadeDatabase, role: str) -> None:
    for partition in partitions(made):
        with made.connect(role) as connection:
            if role == "jobs":
                connection.execute(_CARRY_OVER)
            for statement in ("SELECT count(*) FROM {}", "DELETE FROM {}", "DROP TABLE {}"):
                # The hot lane's role does not so much as know the tables' names.
                refused = (psycopg.errors.InsufficientPrivilege, psycopg.errors.UndefinedTable)
                with pytest.raises(refused), connection.transaction():
                    connection.execute(sql.SQL(statement).format(sql.Identifier(partition)))


def test_a_partition_given_by_mistake_shows_nothing_and_is_told(made: MadeDatabase) -> None:
    with made.connect("owner") as owner, owner.transaction(force_rollback=True):
        owner.execute("GRANT SELECT ON movement_visit_d20211030 TO pccovid_web")
        assert strays(owner, WEB) == ["movement_visit_d20211030: may SELECT, declared nothing"]
        owner.execute("SET LOCAL ROLE pccovid_web")
        assert owner.execute("SELECT count(*) FROM movement_visit_d20211030").fetchone() == (0,)


def test_every_partition_has_row_security_and_no_rule_that_opens_it(made: MadeDatabase) -> None:
    names = list(partitions(made))
    with made.connect("owner") as owner:
        rows = owner.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relname = ANY (%s) AND c.relrowsecurity"
            " AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)",
            [names],
        ).fetchall()
    assert {name for (name,) in rows} == set(names)


def test_through_its_table_a_row_is_seen_as_before(made: MadeDatabase) -> None:
    with made.connect("jobs") as jobs:
        assert jobs.execute("SELECT count(*) FROM movement_visit").fetchone() == (0,)
        jobs.execute(_CARRY_OVER)
        assert jobs.execute("SELECT count(*) FROM movement_visit WHERE day = %s", [DAY]).fetchone() == (1,)


@pytest.mark.parametrize(
    ("table", "day"),
    [("movement_visit", "2019-12-31"), ("movement_visit", "2100-01-01"), ("vaccination_dose", "2021-10-30"),
     ("movement_place", "2021-10-30"), ("movement_visit", "infinity")],
)  # fmt: skip
def test_days_that_cannot_be_and_other_tables_are_refused(made: MadeDatabase, table: str, day: str) -> None:
    with made.connect("jobs") as jobs:
        jobs.execute(_CARRY_OVER)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no such day"):
            jobs.execute("SELECT access.make_days(%s, ARRAY[%s::date])", [table, day])


def test_nobody_makes_thousands_of_days(made: MadeDatabase) -> None:
    with made.connect("jobs") as jobs:
        jobs.execute(_CARRY_OVER)
        with pytest.raises(psycopg.Error, match="too many days") as refused:
            jobs.execute(
                "SELECT access.make_days('movement_visit', ARRAY(SELECT date '2021-01-01' + n"
                " FROM generate_series(1, 1000) n))"
            )
    assert refused.value.sqlstate == "PC431"


def test_days_are_made_for_an_import_alone(made: MadeDatabase) -> None:
    for role in ("web", "jobs", "analysis"):
        with made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT access.make_days('movement_visit', %s)", [[DAY]])
    with made.connect("jobs") as jobs:
        jobs.execute("SELECT access.open('job', 'retention', 'retention', 'erasure', 'test', 'all')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="for an import"):
            jobs.execute("SELECT access.make_days('movement_visit', %s)", [[DAY]])
