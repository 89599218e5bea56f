"""The database itself refuses a read that has no purpose."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest

from conftest import MadeDatabase

ANH, BINH = UUID(int=1), UUID(int=2)
PERSONAL_SQL = """
    SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
      AND a.attname IN ('person_id', 'payload', 'kept_id')
    UNION SELECT 'people_person' ORDER BY 1
"""


@pytest.fixture
def two_people(database: MadeDatabase) -> MadeDatabase:
    with database.connect("owner") as owner:
        for person, province, commune in ((ANH, "01", "00001"), (BINH, "79", "27259")):
            owner.execute(
                "INSERT INTO people_person"
                " (id, province_code, commune_code, is_identity_verified, attribute_sources, created_at)"
                " VALUES (%s, %s, %s, false, '{}', now())",
                [person, province, commune],
            )
        owner.execute(
            "INSERT INTO access.appointment (officer_id, role, area_code, office, valid_from, appointed_by)"
            " VALUES (7, 'tracer', '01', 'Trạm thử nghiệm', now() - interval '1 day', 'test')"
        )
    return database


def people_seen(connection: psycopg.Connection) -> set[UUID]:
    return {row[0] for row in connection.execute("SELECT id FROM people_person")}


def open_own(connection: psycopg.Connection, actor: UUID, *persons: UUID) -> None:
    connection.execute(
        "SELECT access.open('citizen', %s, '', 'own_record', 'right of access', 'own', %s::uuid[])",
        [str(actor), list(persons)],
    )


def test_every_personal_table_is_empty_for_web_and_jobs_without_context(two_people: MadeDatabase) -> None:
    with two_people.connect("owner") as owner:
        personal = [row[0] for row in owner.execute(PERSONAL_SQL)]
    assert len(personal) >= 15
    for role in ("web", "jobs"):
        with two_people.connect(role) as connection:
            for table in personal:
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_every_table_with_a_person_has_row_security(two_people: MadeDatabase) -> None:
    with two_people.connect("owner") as owner:
        personal = {row[0] for row in owner.execute(PERSONAL_SQL)}
        secured = {row[0] for row in owner.execute("SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity")}
    assert personal - secured == set()


def test_a_citizen_sees_their_own_row_and_no_other(two_people: MadeDatabase) -> None:
    with two_people.connect("web") as web:
        open_own(web, ANH, ANH)
        assert people_seen(web) == {ANH}


def test_context_ends_with_its_transaction(two_people: MadeDatabase) -> None:
    with two_people.connect("web") as web:
        open_own(web, ANH, ANH)
        web.commit()
        assert people_seen(web) == set()


def test_a_citizen_cannot_open_the_record_of_another(two_people: MadeDatabase) -> None:
    with two_people.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege, match="own"):
        open_own(web, ANH, ANH, BINH)


def test_an_officer_of_ha_noi_sees_only_its_people(two_people: MadeDatabase) -> None:
    with two_people.connect("web") as web:
        web.execute(
            "SELECT access.open('officer', '7', 'tracer', 'contact_tracing', 'law', 'area', '{}', '01', 'case 1')"
        )
        assert people_seen(web) == {ANH}


@pytest.mark.parametrize("outside", ["79", "27259", None])
def test_an_officer_cannot_open_a_scope_outside_the_appointment(two_people: MadeDatabase, outside: str | None) -> None:
    with two_people.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege, match="appointment"):
        web.execute(
            "SELECT access.open('officer', '7', 'tracer', 'contact_tracing', 'law', 'area', '{}', %s)", [outside]
        )


def test_naming_a_person_does_not_widen_an_officers_area(two_people: MadeDatabase) -> None:
    with two_people.connect("web") as web:
        web.execute(
            "SELECT access.open('officer', '7', 'tracer', 'contact_tracing', 'law', 'person', %s::uuid[], '01')",
            [[ANH, BINH]],
        )
        assert people_seen(web) == {ANH}


def test_web_may_not_act_as_a_job(two_people: MadeDatabase) -> None:
    with two_people.connect("web") as web, pytest.raises(psycopg.errors.InsufficientPrivilege, match="act as a job"):
        web.execute("SELECT access.open('job', 'carry_over', 'carry_over', 'carry_over', 'law', 'all')")


@pytest.mark.parametrize(
    "statement",
    ["UPDATE access.log SET purpose = 'x'", "DELETE FROM access.log", "TRUNCATE access.log CASCADE",
     "INSERT INTO access.rule VALUES ('x', 'identity', 'citizen', '', true, 'all', 'x')",
     "SELECT * FROM access.log", "UPDATE people_person SET name = 'x'",
     "ALTER TABLE people_person DISABLE ROW LEVEL SECURITY"],
)  # fmt: skip
@pytest.mark.parametrize("role", ["web", "jobs"])
def test_roles_cannot_touch_log_rules_or_policies(two_people: MadeDatabase, role: str, statement: str) -> None:
    with two_people.connect(role) as connection:
        if role == "jobs" and statement.startswith("UPDATE people_person"):
            assert connection.execute(statement).rowcount == 0
            return
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_what_was_shown_is_told_to_the_person_it_is_about(two_people: MadeDatabase) -> None:
    with two_people.connect("web") as web:
        web.execute(
            "SELECT access.open('officer', '7', 'tracer', 'contact_tracing', 'law', 'area', '{}', '01', 'case 1')"
        )
        web.execute("SELECT access.disclose(%s::uuid[], ARRAY['identity'])", [[ANH]])
        web.commit()
        open_own(web, ANH, ANH)
        looked = web.execute(
            "SELECT role, office, purpose, case_reference FROM access.who_looked(%s)", [ANH]
        ).fetchall()
        assert looked == [("tracer", "Trạm thử nghiệm", "contact_tracing", "case 1")]
        assert web.execute("SELECT * FROM access.who_looked(%s)", [BINH]).fetchall() == []
