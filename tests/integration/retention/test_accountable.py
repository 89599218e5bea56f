"""What is kept for accountability goes as a whole, five years after it ended; what is open, or needed, stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from conftest import MadeDatabase, database_from, use_in_django
from integration.access.made_nation import AN, HOMES
from integration.access.row_filler import Filler, read_tables
from integration.retention.conftest import KEY, count
from pccovid.retention.accountable import OUTLIVES, WHOLES, written

YEARS_AGO = "interval '2300 days'"
ERASED = [one.table_name for one in written() if not one.outlives]
# What makes the one row of each kind that the filler made a thing that has ended, where it would be open otherwise.
ENDING = (
    "UPDATE access.breach_step SET to_state = 'closed'",
    "UPDATE access.inspection_case SET state = 'decided'",
    "UPDATE access.break_glass SET reviewed_at = broken_at, reviewed_by = 99999, outcome = 'justified'",
    "UPDATE access.right_request SET state = 'fulfilled'",
    "UPDATE access.restriction SET lifted_at = since",
    "UPDATE access.correction SET state = 'corrected'",
    "UPDATE access.feedback SET state = 'answered'",
    "UPDATE access.laboratory_upload SET taken_at = uploaded_at, sealed = NULL",
    "UPDATE access.mass_notice SET withdrawn_at = proposed_at",
    "UPDATE relinking_shadow SET stage = 'discarded'",
    "UPDATE access.verification_campaign SET ended_at = started_at",
    "UPDATE link_review_split SET done_at = asked_at, outcome = 'split'",
    "UPDATE access.source_alert SET ended_at = noticed_at",
    "UPDATE access.epidemic_end SET withdrawn_at = proposed_at, withdrawn_by = 'x', withdrawn_why = 'x'",
    "UPDATE access.appointment SET valid_to = valid_from + interval '1 day'",
    "UPDATE access.appointment SET officer_id = (SELECT min(id) FROM auth_user)",
    "UPDATE auth_user SET username = 'erased-' || id",
)  # fmt: skip
OPEN_WITHOUT_ENDING = (
    "access.breach", "access.inspection_case", "access.break_glass", "access.right_request", "access.right_step",
    "access.right_value", "access.restriction", "access.correction", "access.correction_step", "access.feedback",
    "access.feedback_photo", "access.laboratory_upload", "access.agreement", "access.mass_notice", "relinking_shadow",
    "link_review_split",
    "access.verification_campaign", "access.source_alert", "access.epidemic_end", "access.appointment",
    "access.consent_decision",
)  # fmt: skip


class Register:
    """A database with one row of everything that is kept for accountability, made by its owner."""

    def __init__(self, made: MadeDatabase) -> None:
        self.made = made

    def tell(self, *statements: str) -> None:
        """As the owner, whom no trigger and no foreign key holds up."""
        with self.made.connect("owner", autocommit=True) as owner:
            owner.execute("SET session_replication_role = replica")
            for statement in statements:
                owner.execute(statement)  # type: ignore[call-overload]

    def age(self, tables: list[str]) -> None:
        """Put every moment of these tables some six years back."""
        with self.made.connect("owner") as owner:
            moments = owner.execute(
                "SELECT c.oid::regclass::text, string_agg(format('%%1$I = %%1$I - %%2$s', a.attname,"
                " CASE WHEN a.atttypid = 'date'::regtype THEN '2300' ELSE %s END), ', ')"
                " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
                " WHERE c.oid = ANY (%s::regclass[]) AND a.atttypid IN ('timestamptz'::regtype, 'date'::regtype)"
                " GROUP BY c.oid",
                [YEARS_AGO, tables],
            ).fetchall()
        self.tell(*(f"UPDATE {table} SET {changes}" for table, changes in moments))

    def erase(self, *, batch: int = 100, progress: Any = lambda table, rows: None) -> Any:
        from pccovid.retention.operations import erase_due

        use_in_django(self.made, "jobs")
        with self.made.connect("jobs", autocommit=True) as jobs:
            return erase_due(jobs, key=KEY, by="test", now=datetime.now(UTC), progress=progress, batch=batch)

    def due(self) -> dict[str, int]:
        from pccovid.retention.operations import plan

        with self.made.connect("jobs", autocommit=True) as jobs:
            return {line.table: line.due for line in plan(jobs, now=datetime.now(UTC)) if line.due}

    def filled(self) -> set[str]:
        with self.made.connect("owner") as owner:
            return {table for table in ERASED if count(owner, table)}

    def one(self, statement: str) -> Any:
        with self.made.connect("owner") as owner:
            return (owner.execute(statement).fetchone() or (None,))[0]  # type: ignore[call-overload]


def drop_checks(owner: psycopg.Connection) -> None:
    """A made row need not be one that could have come about: what is asked here is what becomes of it."""
    for table, name in owner.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype = 'c' AND conrelid = ANY (%s::regclass[])",
        [[one.table_name for one in written()]],
    ).fetchall():
        owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


@pytest.fixture(scope="module")
def filled_register(prepared_url: str, home: Any) -> Register:
    made = database_from(prepared_url, home)
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("SET session_replication_role = replica")
        drop_checks(owner)
        tables = read_tables(owner)
        now = datetime.now(UTC)
        filler = Filler(owner, tables, now, now, {AN: HOMES[AN]})
        filler.fill([*ERASED, "auth_user"])
        owner.execute("UPDATE access.reading_day SET day = current_date")
        owner.execute("UPDATE access.program_day SET day = current_date")
    return Register(made)


def copy_of(register: Register, home: Any) -> Register:
    from django.db import connections

    connections["default"].close()
    return Register(database_from(register.made.owner_url, home))


@pytest.fixture
def register(filled_register: Register, home: Any) -> Register:
    return copy_of(filled_register, home)


@pytest.fixture
def ended(register: Register) -> Register:
    """Everything ended six years ago."""
    register.age(ERASED)
    register.tell(*ENDING)
    return register


@dataclass
class Run:
    """A register of things that all ended six years ago, after a run: what was told and there before, and what went."""

    register: Register
    told: dict[str, int]
    outliving: dict[str, int]
    erased: Any


@pytest.fixture(scope="module")
def run(filled_register: Register, home: Any) -> Run:
    register = copy_of(filled_register, home)
    register.age(ERASED)
    register.tell(*ENDING)
    assert register.filled() == set(ERASED)
    told = register.due()
    outliving = {table: register.one(f"SELECT count(*) FROM {table}") for table in OUTLIVES}
    return Run(register, told, outliving, register.erase())


def test_everything_that_ended_its_years_ago_goes_with_all_its_parts(run: Run) -> None:
    assert run.register.filled() == set()
    assert {table for table in ERASED if run.erased.rows[table]} == set(ERASED)


def test_every_table_that_lost_rows_has_proofs_of_as_many(run: Run) -> None:
    from pccovid.retention.proofs import verify_erasures

    with run.register.made.connect("owner") as owner:
        proven = dict(owner.execute("SELECT table_name, sum(rows)::int FROM access.erasure GROUP BY 1").fetchall())
        verdict = verify_erasures(owner)
    assert {table: proven[table] for table in ERASED} == {table: run.erased.rows[table] for table in ERASED}
    assert verdict.is_whole


def test_the_dry_run_tells_of_as_many_rows_as_the_run_erases(run: Run) -> None:
    # What goes only once something else has gone is due when that has: told after it, not before.
    waiting = {"access.break_glass", "access.agreement", "access.appointment", "access.mass_notice",
               "access.inspection_case", "access.export_request", "relinking_shadow",
               "link_review_opinion"}  # fmt: skip
    waiting |= {one.table_name for one in written() if one.goes_with in waiting}
    for table in set(ERASED) - waiting:
        assert run.told.get(table) == run.erased.rows[table], table
    assert {table for table in run.register.due() if table in ERASED} == set()


def test_what_outlives_its_years_is_there_after_the_run(run: Run) -> None:
    for table, rows in run.outliving.items():
        assert run.register.one(f"SELECT count(*) FROM {table}") >= rows, table


def test_what_is_younger_than_its_years_stays_although_it_has_ended(register: Register) -> None:
    register.tell(*ENDING)
    register.erase()
    assert register.filled() == set(ERASED)


def test_what_is_still_open_or_in_force_stays_however_old_it_is(register: Register) -> None:
    register.age(ERASED)
    register.tell(
        "UPDATE access.agreement SET valid_until = now() + interval '1 day'",
        "UPDATE access.agreement_opinion SET approves = true", "DELETE FROM access.agreement_end",
        "UPDATE access.consent_decision SET gives = true",
    )  # fmt: skip
    register.erase()
    assert set(OPEN_WITHOUT_ENDING) - register.filled() == set()


def test_a_no_never_goes_before_the_yes_that_it_took_back(ended: Register) -> None:
    ended.tell(
        "UPDATE access.consent_decision SET gives = true, decided_at = now() - interval '9 years'",
        "INSERT INTO access.consent_decision"
        " (person_id, purpose, version, language, gives, shown_digest, decided_at, log_id)"
        " SELECT person_id, purpose, version, language, false, shown_digest, now() - interval '1 year', log_id"
        " FROM access.consent_decision",
    )  # fmt: skip
    ended.erase(batch=1)
    assert ended.one("SELECT array_agg(gives ORDER BY id) FROM access.consent_decision") == [True, False]
    ended.tell("UPDATE access.consent_decision SET decided_at = now() - interval '6 years' WHERE NOT gives")
    ended.erase(batch=1)
    assert ended.one("SELECT count(*) FROM access.consent_decision") == 0


def test_what_something_still_rests_on_stays_with_it(ended: Register) -> None:
    ended.tell(
        "UPDATE access.breach_step SET to_state = 'assessed'",
        "UPDATE access.breach SET case_id = (SELECT min(id) FROM access.inspection_case)",
        "UPDATE access.inspection_case SET glass_id = (SELECT min(id) FROM access.break_glass)",
        "UPDATE access.restriction SET lifted_at = NULL",
        "UPDATE access.exchange_message SET received_at = now(), agreement_id = (SELECT min(id) FROM access.agreement)",
    )
    ended.erase()
    assert ended.filled() == {
        "access.breach", "access.breach_step", "access.breach_source", "access.breach_person", "access.inspection_case",
        "access.inspection_decision", "access.break_glass", "access.appointment", "access.right_request",
        "access.right_step", "access.right_part", "access.right_value", "access.restriction", "access.exchange_message",
        "access.agreement", "access.agreement_key", "access.agreement_opinion", "access.agreement_end",
        "access.agency_token", "access.agency_assertion", "access.feed_notice",
    }  # fmt: skip


def test_found_damage_stays_in_the_register_and_an_appointment_while_its_officer_has_a_name(ended: Register) -> None:
    ended.tell("UPDATE access.breach SET source = 'audit'", "UPDATE auth_user SET username = 'named'")
    ended.erase()
    assert {"access.breach", "access.breach_step", "access.appointment"} <= ended.filled()
    assert "access.right_request" not in ended.filled()


def test_a_run_that_was_killed_anywhere_is_finished_by_the_next(ended: Register) -> None:
    class Killed(Exception):
        pass

    def die(table: str, rows: int) -> None:
        if table == "access.right_step":
            raise Killed

    with pytest.raises(Killed):
        ended.erase(progress=die)
    assert {"access.breach", "access.right_step"} & ended.filled() == set()
    assert "access.correction_step" in ended.filled()
    ended.erase()
    assert ended.filled() == set()


@pytest.mark.parametrize("table", ["access.inspection_decision", "access.breach", "access.right_request",
                                   "access.consent_decision", "link_review_opinion", "access.officer_act"])  # fmt: skip
def test_nobody_deletes_by_hand_what_the_run_may_erase(filled_register: Register, table: str) -> None:
    for role in ("owner", "jobs", "web"):
        with filled_register.made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("role", ["web", "jobs", "analysis"])
def test_no_role_erases_without_the_purpose_or_says_that_it_does(filled_register: Register, role: str) -> None:
    for statement in (
        "SELECT * FROM access.erase_accountable('access.breach', now(), 10, gen_random_uuid(), 0, sha256('x'))",
        "SELECT * FROM access.erase_bare_lines(0, now(), 10, gen_random_uuid(), 0, sha256('x'))",
        "INSERT INTO access.erasing VALUES (pg_current_xact_id())",
        "SELECT access.let_erasing_through()",
    ):
        with filled_register.made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_erasing_is_over_within_the_transaction_that_did_it(ended: Register) -> None:
    from pccovid.foundation.access import open_for_job
    from pccovid.retention.operations import JOB, PURPOSE

    use_in_django(ended.made, "jobs")
    with ended.made.connect("jobs") as jobs:
        open_for_job(jobs, JOB, purpose=PURPOSE, legal_basis="test", case="test")
        lost = jobs.execute(
            "SELECT sum(rows) FROM access.erase_accountable("
            "'access.officer_act', now(), 10, gen_random_uuid(), 0, sha256('x'))"
        ).fetchone()
        assert lost == (1,)
        assert jobs.execute("SELECT access.is_erasing()").fetchone() == (False,)


@pytest.mark.parametrize("whole", [whole.table for whole in WHOLES])
def test_whatever_refers_to_what_is_erased_goes_before_it_or_keeps_it(filled_register: Register, whole: str) -> None:
    rules = {one.table_name: one for one in written()}
    with filled_register.made.connect("owner") as owner:
        referring = {
            table
            for (table,) in owner.execute(
                "SELECT conrelid::regclass::text FROM pg_constraint"
                " WHERE contype = 'f' AND confrelid = %s::regclass",
                [whole],
            )
        }  # fmt: skip
    for table in referring:
        part = rules.get(table)
        goes_with = part is not None and part.goes_with == whole and part.position < rules[whole].position
        keeps = table in rules[whole].only_where
        assert goes_with or keeps, f"{table} refers to {whole}"
