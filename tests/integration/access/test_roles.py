"""The database roles: each may what its list says, none may more, and drift is brought back."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from conftest import MadeDatabase, database_from
from pccovid.foundation.roles import ANALYSIS, GROUPS, SCAN, set_up_roles, states_of_roles
from pccovid.foundation.table_privileges import COLUMN_PRIVILEGES, granted_tables, strays


@pytest.fixture(scope="module")
def made(prepared_url: str, home: Path) -> MadeDatabase:
    return database_from(prepared_url, home)


@pytest.mark.parametrize("role", GROUPS)
def test_what_a_role_may_do_with_tables_equals_its_declared_list(made: MadeDatabase, role: str) -> None:
    with made.connect("owner") as owner:
        assert strays(owner, role) == []
        # The hot lane calls two functions and has no table at all.
        assert (len(granted_tables(owner, role)) >= 2) == (role != SCAN)


def test_a_grant_that_is_not_declared_is_told(made: MadeDatabase) -> None:
    with made.connect("owner") as owner, owner.transaction(force_rollback=True):
        owner.execute("GRANT SELECT ON access.log TO pccovid_analysis")
        owner.execute("GRANT DELETE ON people_link TO PUBLIC")
        assert strays(owner, ANALYSIS) == [
            "access.log: may SELECT, declared nothing", "people_link: may DELETE, declared nothing",
        ]  # fmt: skip


def test_columns_given_singly_equal_the_declared_list(made: MadeDatabase) -> None:
    with made.connect("owner") as owner:
        rows = owner.execute(
            "SELECT a.grantee::regrole::text, att.attrelid::regclass::text, a.privilege_type,"
            " array_agg(att.attname::text ORDER BY att.attname) FROM pg_attribute att, aclexplode(att.attacl) a"
            " JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname LIKE 'pccovid%' GROUP BY 1, 2, 3"
        ).fetchall()
    declared = {
        (GROUPS[role], table, kind): sorted(columns.split())
        for (role, table, kind), columns in COLUMN_PRIVILEGES.items()
    }
    assert {(grantee, table, kind): columns for grantee, table, kind, columns in rows} == declared


def test_no_role_owns_anything_or_may_pass_row_security(made: MadeDatabase) -> None:
    with made.connect("owner") as owner:
        states = states_of_roles(owner)
    assert [state.role for state in states] == list(GROUPS)
    assert {state.role: state.faults for state in states} == dict.fromkeys(GROUPS, ())


@pytest.mark.parametrize("role", GROUPS)
def test_no_role_can_become_another(made: MadeDatabase, role: str) -> None:
    with made.connect("owner") as owner:
        others = {
            name for (name,) in owner.execute("SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'").fetchall()
        } - {made.connect(role).info.user, GROUPS[role]}
    assert {"pccovid_owner", *GROUPS.values()} - {GROUPS[role]} <= others
    with made.connect(role, autocommit=True) as connection:
        for other in others:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(other)))
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(other)))


@pytest.mark.parametrize("statement", [
    "SELECT * FROM people_person", "SELECT * FROM access.log", "SELECT * FROM access.chain",
    "SELECT name FROM movement_place",
    "SELECT access.open('job', 'carry_over', 'carry_over', 'carry_over', 'law', 'all')", "SELECT * FROM auth_user",
    "SELECT published_by FROM people_importrun", "CREATE TABLE mine (x int)", "DELETE FROM people_importfile",
])  # fmt: skip
def test_analysis_sees_no_person_no_log_and_changes_nothing(made: MadeDatabase, statement: str) -> None:
    with made.connect(ANALYSIS) as analysis, pytest.raises(psycopg.errors.InsufficientPrivilege):
        analysis.execute(statement)


def test_analysis_reads_the_counts_of_the_ledger(made: MadeDatabase) -> None:
    with made.connect(ANALYSIS) as analysis:
        assert analysis.execute("SELECT sum(received) FROM people_importfile").fetchone() == (None,)
        assert analysis.execute("SELECT count(id) FROM people_importrun").fetchone() == (0,)


def test_setting_up_again_takes_away_what_a_role_must_not_have(prepared_url: str, home: Path) -> None:
    made = database_from(prepared_url, home)
    login = sql.Identifier(made.connect("web").info.user)
    with made.connect("owner", autocommit=True) as owner:
        owner.execute(sql.SQL("ALTER ROLE {} BYPASSRLS CREATEROLE").format(login))
        owner.execute(sql.SQL("GRANT pccovid_jobs TO {}").format(login))
        (web, *_) = states_of_roles(owner)
        assert len(web.faults) == 3
        set_up_roles(made.owner_url, home)
        assert states_of_roles(owner)[0].faults == ()


def test_what_a_role_left_behind_for_its_next_sessions_is_told_and_taken_away(prepared_url: str, home: Path) -> None:
    made = database_from(prepared_url, home)
    with made.connect("jobs", autocommit=True) as jobs:
        jobs.execute("ALTER ROLE CURRENT_USER SET search_path = staging, public")
        jobs.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {jobs.info.dbname} SET row_security = off")
    with made.connect("owner") as owner:
        (jobs_state,) = (state for state in states_of_roles(owner) if state.role == "jobs")
        assert jobs_state.faults == (f"{jobs_state.login} begins with settings of its own",)
    set_up_roles(made.owner_url, home)
    with made.connect("owner") as owner:
        assert {state.faults for state in states_of_roles(owner)} == {()}
    with made.connect("jobs") as jobs:
        assert jobs.execute("SHOW search_path").fetchone() == ('"$user", public',)


@pytest.mark.parametrize("role", ["web", "analysis", "scan"])
def test_only_jobs_make_temporary_tables(made: MadeDatabase, role: str) -> None:
    with made.connect(role) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TEMP TABLE big AS SELECT generate_series(1, 10)")


def test_a_role_that_owns_a_table_is_told(prepared_url: str, home: Path) -> None:
    made = database_from(prepared_url, home)
    with made.connect("owner", autocommit=True) as owner:
        owner.execute("CREATE TABLE stray (x integer)")
        owner.execute(sql.SQL("ALTER TABLE stray OWNER TO {}").format(sql.Identifier(made.connect("web").info.user)))
        assert states_of_roles(owner)[0].faults == ("owns 1 objects",)
