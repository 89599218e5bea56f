"""The declared end: two officers, not before its day, everything of the epidemic, and nothing of the accounts kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from conftest import MadeDatabase
from integration.retention.conftest import count

DECISION = "Quyết định thử số 1, chỉ để kiểm thử"
GONE = (
    "people_person", "people_recordclaim", "people_identifier", "people_contactpoint", "people_sourcerecord",
    "people_link", "people_address", "people_unplacedrow", "vaccination_dose", "lab_tests_test", "movement_visit",
    "declarations_declaration", "movement_place",
)  # fmt: skip


def today() -> date:
    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()


@pytest.fixture
def officers(owner: psycopg.Connection) -> list[tuple[int, int]]:
    """Two officers of data protection and one who has left: (account, appointment)."""
    from pccovid.officers.operations import appoint, dismiss, enrol

    now, made = datetime.now(UTC) - timedelta(hours=1), []
    for name in ("one", "two", "left"):
        account = enrol(owner, username=name, full_name=name, password="một mật khẩu dài, chỉ để thử", now=now)
        made.append(
            (account, appoint(owner, officer=account, role="data_protection", area=None, office=f"Cơ quan {name}",
                              by="test", now=now))
        )  # fmt: skip
    dismiss(owner, appointment=made[2][1], by="test", now=datetime.now(UTC))
    return made


def approve(made: MadeDatabase, officer: tuple[int, int], declaration: int) -> None:
    with made.connect("web") as web:
        web.execute("SELECT access.approve_epidemic_end(%s, %s, %s)", [*officer, declaration])


def declare(owner: psycopg.Connection, days: int = 10) -> int:
    from pccovid.retention.ending import declare_end

    return declare_end(owner, ends_on=today() + timedelta(days=days), decision=DECISION, by="operator test")


def declare_in_the_past(owner: psycopg.Connection) -> int:
    """A declaration made a month ago for yesterday; only the owner could write it so."""
    row = owner.execute(
        "INSERT INTO access.epidemic_end (ends_on, decision, proposed_by, proposed_at)"
        " VALUES (current_date - 1, %s, 'operator test', now() - interval '30 days') RETURNING id",
        [DECISION],
    ).fetchone()
    assert row is not None
    return int(row[0])


def approve_as_owner(owner: psycopg.Connection, declaration: int, *officers: tuple[int, int]) -> None:
    for account, appointment in officers:
        owner.execute(
            "INSERT INTO access.epidemic_end_approval (end_id, officer_id, appointment_id, office, approved_at)"
            " VALUES (%s, %s, %s, 'x', now() - interval '20 days')",
            [declaration, account, appointment],
        )


def test_one_officer_alone_ends_nothing_and_cannot_count_twice(
    nation: MadeDatabase, owner: psycopg.Connection, officers: list[tuple[int, int]]
) -> None:
    declaration = declare(owner)
    approve(nation, officers[0], declaration)
    with pytest.raises(psycopg.DatabaseError) as refused:
        approve(nation, officers[0], declaration)
    assert refused.value.sqlstate == "PC424"
    assert owner.execute("SELECT access.approved_end()").fetchone() == (None,)
    approve(nation, officers[1], declaration)
    assert owner.execute("SELECT access.approved_end()").fetchone() == (today() + timedelta(days=10),)


def test_who_does_not_hold_the_office_cannot_approve(
    nation: MadeDatabase, owner: psycopg.Connection, officers: list[tuple[int, int]]
) -> None:
    declaration = declare(owner)
    for stranger in (officers[2], (officers[0][0], officers[1][1])):
        with pytest.raises(psycopg.DatabaseError) as refused:
            approve(nation, stranger, declaration)
        assert refused.value.sqlstate == "PC423"


def test_an_approved_end_erases_nothing_of_the_record_before_its_day(
    owner: psycopg.Connection, officers: list[tuple[int, int]], nation: MadeDatabase, erase: Callable[..., Any]
) -> None:
    declaration, people = declare(owner), count(owner, "people_person")
    approve(nation, officers[0], declaration)
    approve(nation, officers[1], declaration)
    erase(datetime.now(UTC))
    assert count(owner, "people_person") == people
    assert count(owner, "vaccination_dose") > 0


def test_an_unapproved_end_erases_nothing_of_the_record_after_its_day(
    owner: psycopg.Connection, officers: list[tuple[int, int]], erase: Callable[..., Any]
) -> None:
    approve_as_owner(owner, declare_in_the_past(owner), officers[0])
    people = count(owner, "people_person")
    erase(datetime.now(UTC))
    assert count(owner, "people_person") == people > 0


def test_on_its_day_everything_of_the_epidemic_goes_and_the_log_and_proofs_remain(
    owner: psycopg.Connection, officers: list[tuple[int, int]], erase: Callable[..., Any]
) -> None:
    approve_as_owner(owner, declare_in_the_past(owner), *officers[:2])
    owner.execute("UPDATE people_importrun SET started_at = now(), published_at = now()")
    logged = count(owner, "access.log")
    before = {table: count(owner, table) for table in GONE}
    erased = erase(datetime.now(UTC), batch=200)
    assert {table: count(owner, table) for table in GONE} == dict.fromkeys(GONE, 0)
    assert {table: erased.rows[table] for table in GONE} == before
    assert count(owner, "access.log") > logged
    assert count(owner, "people_importfile") > 0, "the ledger is kept for its own years"
    assert count(owner, "access.erasure", "because = 'end_of_epidemic'") >= len(GONE)


def test_the_dry_run_of_the_end_says_what_will_remain(nation: MadeDatabase) -> None:
    from pccovid.retention.operations import plan

    with nation.connect("jobs", autocommit=True) as jobs:
        lines = {line.table: line for line in plan(jobs, now=datetime.now(UTC), as_if_over=True)}
    assert all(lines[table].kept == 0 and lines[table].due > 0 for table in GONE)
    assert lines["access.log"].due == 0
    assert lines["access.log"].kept > 0
    assert lines["people_importfile"].kept > 0


def test_an_end_is_withdrawn_before_its_day_and_not_after(
    nation: MadeDatabase, owner: psycopg.Connection, officers: list[tuple[int, int]]
) -> None:
    from pccovid.retention.ending import EndRefused, withdraw_end

    declaration = declare(owner)
    approve(nation, officers[0], declaration)
    approve(nation, officers[1], declaration)
    withdraw_end(owner, why="dịch trở lại", by="operator test")
    assert owner.execute("SELECT access.approved_end()").fetchone() == (None,)
    approve_as_owner(owner, declare_in_the_past(owner), *officers[:2])
    with pytest.raises(EndRefused, match="has come"):
        withdraw_end(owner, why="quá muộn rồi", by="operator test")


def test_a_day_in_the_past_or_a_second_end_is_refused(owner: psycopg.Connection) -> None:
    from pccovid.retention.ending import EndRefused

    with pytest.raises(EndRefused, match="future"):
        declare(owner, days=0)
    declare(owner)
    with pytest.raises(EndRefused, match="already"):
        declare(owner)
