"""Attacks on the access layer by whoever holds a role's connection, each as it once worked or might."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from conftest import MadeDatabase
from integration.access.made_nation import AN, Nation
from pccovid.foundation.closing import left_open
from pccovid.foundation.roles import GROUPS, states_of_roles

_OPEN_OWN = "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', %s::uuid[])"
_OPEN_ERASURE = "SELECT access.open('job', 'retention', 'retention', 'erasure', 'test', 'all')"
_YES = "CREATE FUNCTION {schema}.yes(text, text) RETURNS boolean LANGUAGE {language} AS {body}"
_EQUALS = "CREATE OPERATOR {schema}.= (LEFTARG = text, RIGHTARG = text, FUNCTION = {schema}.yes)"


def opened_by(connection: psycopg.Connection, person: UUID) -> int:
    row = connection.execute(_OPEN_OWN, [str(person), [person]]).fetchone()
    assert row is not None
    return int(row[0])


def people_seen(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM public.people_person").fetchone()
    assert row is not None
    return int(row[0])


def shadow_equality(owner: psycopg.Connection, schema: str) -> None:
    """An operator that finds all texts equal, as a role could make it where it may write functions."""
    language, body = sql.Identifier("sql"), sql.Literal("SELECT true")
    for statement in (_YES, _EQUALS):
        owner.execute(sql.SQL(statement).format(schema=sql.Identifier(schema), language=language, body=body))
    owner.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO PUBLIC").format(sql.Identifier(schema)))


def test_an_operator_of_ones_own_does_not_decide_what_is_seen(nation: Nation) -> None:
    with nation.made.connect("owner") as owner:
        shadow_equality(owner, "staging")
        with nation.made.connect("web", autocommit=True) as web:
            web.execute(_OPEN_OWN.replace("open", "announce"), [str(AN), [AN]])
        for opening, role in ((_OPEN_ERASURE, "pccovid_jobs"), (_OPEN_OWN, "pccovid_web")):
            with owner.transaction(force_rollback=True):
                owner.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(
                    sql.Identifier(f"{owner.info.dbname}_{role.removeprefix('pccovid_')}_login")))  # fmt: skip
                owner.execute(opening, [str(AN), [AN]] if role == "pccovid_web" else [])
                honest = [seen(owner, table) for table in sorted(nation.personal)]
                owner.execute("SET LOCAL search_path = staging, pg_catalog, public")
                shadowed = [seen(owner, table) for table in sorted(nation.personal)]
                assert shadowed == honest
                assert any(honest)
                assert not all(honest)
        owner.rollback()


def seen(connection: psycopg.Connection, table: str) -> int | None:
    """How many rows of a table are seen; None where it may not be read."""
    name = sql.SQL(".").join(map(sql.Identifier, table.split("."))) if "." in table else sql.Identifier("public", table)
    try:
        with connection.transaction(force_rollback=True):
            row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return None
    return int(row[0]) if row else None


@pytest.mark.parametrize("role", GROUPS)
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE FUNCTION staging.f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'",
        "DO 'BEGIN PERFORM 1; END'",
        "SELECT lo_create(0)", "SELECT lo_from_bytea(0, 'kept')",
        "CREATE SCHEMA mine", "CREATE TABLE public.mine (a int)", "CREATE EXTENSION lo",
        "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION access.refuse_change()",
        "COPY (SELECT 1) TO PROGRAM 'true'", "COPY (SELECT 1) TO '/tmp/never'",
        "SELECT pg_read_file('postgresql.conf')", "SELECT * FROM pg_statistic", "SELECT * FROM pg_authid",
        "SET log_min_messages = panic", "SET session_replication_role = replica",
        "SELECT nextval('access.log_id_seq')", "SELECT setval('access.log_id_seq', 1)",
        "LOCK TABLE access.chain_run IN ACCESS SHARE MODE", "SELECT access.note_act(1, 'x', 1, NULL, '')",
        "SELECT access.person_lies_in('00000000-0000-0000-0000-000000000001', '01')",
        "SELECT access.tell_server_log(1, 'officer', '1', 'x', 'x')",
    ],
)  # fmt: skip
def test_no_role_of_ours_may(nation: Nation, role: str, statement: str) -> None:
    with nation.made.connect(role) as connection, pytest.raises(
        # A role with no schema of its own to look into is told that instead.
        (psycopg.errors.InsufficientPrivilege, psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSchemaName)
    ):  # fmt: skip
        connection.execute(statement)


def test_nothing_is_left_open_that_preparing_closes(nation: Nation) -> None:
    with nation.made.connect("owner") as owner:
        assert left_open(owner) == []
        owner.execute("CREATE FUNCTION access.fresh(a text) RETURNS text LANGUAGE sql AS 'SELECT a'")
        assert left_open(owner) == [
            "access.fresh(text) takes its search path from its caller", "access.fresh(text) may be called by everybody",
        ]  # fmt: skip
        owner.rollback()


def test_objects_a_role_owns_outside_staging_are_told(nation: Nation) -> None:
    with nation.made.connect("owner") as owner, owner.transaction(force_rollback=True):
        owner.execute("GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC")
        owner.execute("SET LOCAL ROLE pccovid_web")
        owner.execute("SELECT lo_create(0)")
        owner.execute("RESET ROLE")
        assert {state.role: state.faults for state in states_of_roles(owner)}["web"] == ("owns 1 objects",)


def test_a_restored_log_opens_nothing_on_a_server_that_counts_anew(database: MadeDatabase) -> None:
    with database.connect("owner", autocommit=True) as owner:
        owner.execute(
            "INSERT INTO people_person (id, name, birth_precision, is_identity_verified, attribute_sources, created_at)"
            " VALUES (%s, 'Nguyễn Văn An', '', false, '{}', now())",
            [AN],
        )
        # What pg_restore brings: accesses of long ago under numbers that this server has still to hand out.
        owner.execute(
            "INSERT INTO access.log (opened_at, transaction_id, actor_kind, actor, role, office, purpose, legal_basis,"
            " scope_kind, scope_persons, scope_area, readable, writable, connected_as)"
            " SELECT now() - interval '1 day', n::text::xid8, 'job', 'x', 'x', '', 'carry_over', 'test', kind,"
            " ARRAY[%s], '01', '{identity}', '{}', 'x' FROM generate_series(pg_current_xact_id()::text::bigint + 1,"
            # Enough of them that the server's own work between ours (a vacuum takes numbers too) does not run past.
            " pg_current_xact_id()::text::bigint + 1000) n, unnest('{all,person}'::text[]) kind",
            [AN],
        )
    drawn = set()
    for _ in range(40):
        with database.connect("web") as web:
            drawn.add(int(web.execute("SELECT pg_current_xact_id()::text").fetchone()[0]))  # type: ignore[index]
            assert people_seen(web) == 0
            assert web.execute("SELECT access.lives_in_area_seen(%s, '01')", [AN]).fetchone() == (False,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("SELECT access.disclose(ARRAY[%s], ARRAY['identity'])", [AN])
    with database.connect("owner") as owner:
        hit = owner.execute(
            "SELECT count(DISTINCT transaction_id) FROM access.log WHERE transaction_id::text::bigint = ANY (%s)",
            [sorted(drawn)],
        ).fetchone()
    assert hit == (40,), "the numbers of the restored log were really drawn"


def test_a_reading_that_is_rolled_back_leaves_its_number_and_a_line(nation: Nation, home: Path) -> None:
    server_log = home / "postgres" / "server.log"
    before = server_log.stat().st_size
    with nation.made.connect("web") as web:
        entry = opened_by(web, AN)
        assert people_seen(web) == 1
        web.rollback()
    with nation.made.connect("owner") as owner:
        assert owner.execute("SELECT count(*) FROM access.log WHERE id = %s", [entry]).fetchone() == (0,)
    with nation.made.connect("web") as web:
        assert opened_by(web, AN) > entry, "a number is never given again"
    told = _line_of(server_log, before, f"access {entry} by a citizen as - for own_record")
    assert str(AN) not in told


def _line_of(log: Path, start: int, wanted: str) -> str:
    """What the server's log holds from `start`, once it has the line; the server writes it a moment later."""
    for _ in range(50):
        with log.open("rb") as file:
            file.seek(start)
            told = file.read().decode()
        if wanted in told:
            return told
        time.sleep(0.1)
    raise AssertionError(f"the server's log has no line {wanted!r}")


def test_a_refused_row_does_not_stand_in_the_servers_log(nation: Nation, home: Path) -> None:
    server_log = home / "postgres" / "server.log"
    before = server_log.stat().st_size
    with nation.made.connect("owner") as owner, pytest.raises(psycopg.errors.NotNullViolation):
        owner.execute("INSERT INTO people_person (id, name) VALUES (gen_random_uuid(), 'Người Không Được Ghi')")
    told = _line_of(server_log, before, "violates not-null constraint")
    assert "Người Không Được Ghi" not in told


_REFUSED: list[Callable[[psycopg.Connection], object]] = [
    lambda web: web.execute(_OPEN_OWN, [str(AN), None]),
    lambda web: web.execute(_OPEN_OWN, [str(AN), []]),
    lambda web: web.execute(_OPEN_OWN, [str(AN), [AN, UUID(int=2)]]),
    lambda web: web.execute(_OPEN_OWN, [str(AN), [None, AN]]),
    lambda web: web.execute(_OPEN_OWN, [str(AN), [[AN], [UUID(int=2)]]]),
    lambda web: web.execute(_OPEN_OWN.replace("'test'", "'  '"), [str(AN), [AN]]),
    lambda web: web.execute(_OPEN_OWN.replace("'test'", "NULL"), [str(AN), [AN]]),
    lambda web: web.execute(_OPEN_OWN.replace("'own',", "NULL,"), [str(AN), [AN]]),
    lambda web: web.execute(_OPEN_OWN.replace("'own',", "'OWN',"), [str(AN), [AN]]),
    lambda web: web.execute(_OPEN_OWN.replace("'own_record'", "NULL"), [str(AN), [AN]]),
    lambda web: web.execute(_OPEN_OWN.replace("'citizen'", "NULL"), [str(AN), [AN]]),
    lambda web: web.execute(_OPEN_OWN.replace("'citizen'", "'job'"), [str(AN), [AN]]),
    lambda web: web.execute(_OPEN_OWN.replace("'citizen'", "'officer'"), [str(AN), [AN]]),
    lambda web: web.execute(_OPEN_OWN.replace("'own',", "'person',"), [str(AN), [AN]]),
    lambda web: web.execute(_OPEN_OWN.replace("'own',", "'all',"), [str(AN), [AN]]),
    lambda web: web.execute(_OPEN_OWN, [None, [AN]]),
    lambda web: web.execute("SELECT access.open('officer', '7', NULL, 'contact_tracing', 'x', 'area', '{}', '01')"),
    lambda web: web.execute("SELECT access.open('officer', '7', 'tracer', 'contact_tracing', 'x', 'area')"),
    lambda web: web.execute("SELECT access.open('officer', '7', 'tracer', 'contact_tracing', 'x', 'person', NULL)"),
]


@pytest.mark.parametrize("number", range(len(_REFUSED)))
def test_access_is_not_opened_with_nothing_or_with_odd_arrays(nation: Nation, number: int) -> None:
    with nation.made.connect("web") as web:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            _REFUSED[number](web)
        web.rollback()
        assert people_seen(web) == 0


def test_a_citizen_cannot_put_an_office_into_the_log(nation: Nation) -> None:
    with nation.made.connect("web") as web:
        web.execute(_OPEN_OWN.replace("''", "'inspector'"), [str(AN), [AN]])
        assert web.execute("SELECT role, office FROM access.current_entry()").fetchone() == ("", "")
        web.rollback()


def test_a_prepared_statement_and_a_cursor_see_nothing_once_the_access_is_over(nation: Nation) -> None:
    with nation.made.connect("web", autocommit=True) as web:
        web.execute("PREPARE look AS SELECT count(*) FROM people_person")
        with web.transaction():
            opened_by(web, AN)
            assert web.execute("EXECUTE look").fetchone() == (1,)
        assert web.execute("EXECUTE look").fetchone() == (0,)
        with web.transaction():
            web.execute("DECLARE early CURSOR WITH HOLD FOR SELECT count(*) FROM people_person")
        with web.transaction():
            opened_by(web, AN)
            assert web.execute("FETCH early").fetchone() == (0,), "what a cursor began without an access stays empty"


def test_a_condition_that_leaks_is_asked_of_rows_in_sight_only(nation: Nation) -> None:
    with nation.made.connect("web") as web:
        for condition in ("1 / (length(name) - length(name)) = 1", "(name || 'x')::integer = 1", "name::xid8 = '1'"):
            assert web.execute(f"SELECT 1 FROM people_person WHERE {condition}").fetchall() == []
            assert web.execute(f"SELECT count(*) FILTER (WHERE {condition}) FROM people_person").fetchone() == (0,)


def test_statistics_of_personal_tables_are_told_to_no_role(nation: Nation) -> None:
    with nation.made.connect("owner", autocommit=True) as owner:
        owner.execute("ANALYZE")
    for role in GROUPS:
        with nation.made.connect(role) as connection:
            told = connection.execute("SELECT DISTINCT tablename FROM pg_stats WHERE schemaname <> 'pg_catalog'")
            assert {name for (name,) in told} & set(nation.personal) == set()


def test_another_role_cannot_keep_the_log_out_of_the_chain(database: MadeDatabase) -> None:
    from pccovid.foundation.audit import extend_chain

    with database.connect("web", autocommit=True) as web, web.transaction():
        opened_by(web, AN)
    with database.connect("analysis", autocommit=True) as hostile, database.connect("jobs", autocommit=True) as jobs:
        hostile.execute("SELECT pg_advisory_lock(hashtext('pccovid audit chain'))")
        assert extend_chain(jobs) == 1
