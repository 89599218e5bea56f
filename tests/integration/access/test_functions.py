"""Functions that look past row security for their caller tell nothing about a person without an opened access."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from integration.access.made_nation import AN, Nation

_FUNCTIONS = """
    SELECT p.proname, format_type(p.prorettype, NULL), array_agg(format_type(t.type, NULL) ORDER BY t.place)
    FROM pg_proc p, unnest(p.proargtypes) WITH ORDINALITY AS t (type, place)
    WHERE p.pronamespace = 'access'::regnamespace AND has_function_privilege(%s, p.oid, 'EXECUTE')
      AND p.prosecdef AND p.provolatile <> 'v'
    GROUP BY p.oid, p.proname, p.prorettype
    HAVING 'uuid' = ANY (array_agg(format_type(t.type, NULL)))
        OR 'uuid[]' = ANY (array_agg(format_type(t.type, NULL))) ORDER BY 1
"""
_TRIED = {
    "uuid": AN, "uuid[]": [AN], "text": "00001", "integer": 7, "bigint": 1, "boolean": False, "text[]": ["identity"],
    "timestamp with time zone": datetime(2021, 11, 20, tzinfo=UTC),
}  # fmt: skip


def functions_about_persons(nation: Nation, role: str) -> list[tuple[str, list[str]]]:
    """Functions that a role may call with a person, and that change nothing."""
    with nation.made.connect("owner") as owner:
        return [(name, kinds) for name, _, kinds in owner.execute(_FUNCTIONS, [f"pccovid_{role}"])]


def answer(connection: psycopg.Connection, name: str, kinds: list[str]) -> list[tuple[object, ...]]:
    """What the function says about AN; nothing where it refuses."""
    call = sql.SQL("SELECT * FROM access.{}({})").format(
        sql.Identifier(name), sql.SQL(", ").join(sql.SQL("%s::{}").format(sql.SQL(kind)) for kind in kinds)
    )
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(call, [_TRIED[kind] for kind in kinds]).fetchall()
    except psycopg.errors.InsufficientPrivilege:
        return []


@pytest.mark.parametrize("role", ["web", "jobs"])
def test_no_function_tells_of_a_person_without_an_opened_access(nation: Nation, role: str) -> None:
    functions = functions_about_persons(nation, role)
    assert {"who_looked", "lives_in_area_seen"} <= {name for name, _ in functions}
    with nation.made.connect(role) as connection:
        told = {name: answer(connection, name, kinds) for name, kinds in functions}
    assert {name: rows for name, rows in told.items() if any(any(row) for row in rows)} == {}


def test_another_persons_own_access_opens_nothing_by_way_of_a_function(nation: Nation) -> None:
    with nation.made.connect("web") as web:
        other = UUID(int=2)
        web.execute(
            "SELECT access.open('citizen', %s, '', 'own_record', 'test', 'own', ARRAY[%s]::uuid[])", [str(other), other]
        )
        told = {name: answer(web, name, kinds) for name, kinds in functions_about_persons(nation, "web")}
    assert {name: rows for name, rows in told.items() if any(any(row) for row in rows)} == {}


def test_analysis_may_call_no_function_that_looks_past_row_security(nation: Nation) -> None:
    with nation.made.connect("owner") as owner:
        callable_by_analysis = owner.execute(
            "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'access'::regnamespace"
            " AND has_function_privilege('pccovid_analysis', p.oid, 'EXECUTE')"
            " AND p.prosecdef AND p.prorettype <> 'trigger'::regtype"
        ).fetchall()
        may_enter = owner.execute("SELECT has_schema_privilege('pccovid_analysis', 'access', 'USAGE')").fetchone()
    assert callable_by_analysis == []
    assert may_enter == (False,)
