"""Closing what PostgreSQL leaves open to everybody: the last step of preparing a database, whatever modules it has.

* A function that does not fix its search path resolves operators by the caller's. The jobs role may make objects in
  `staging`; with an operator `=` of its own there, what decides about row security would have said yes to everything.
* A new function may be called by everybody until somebody takes that away.
* Everybody may write functions, anonymous blocks and large objects; no process of ours needs to. Only a superuser can
  take these away, so on another PostgreSQL they may stay; `pccovid db roles` tells.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

from pccovid.foundation.roles import GROUPS

TRUSTED_PATH = "pg_catalog, access, public, pg_temp"

_CALLABLE_WITHOUT_PATH = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'access'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%%')
      AND EXISTS (SELECT 1 FROM unnest(%s::text[]) g WHERE has_function_privilege(g, p.oid, 'EXECUTE'))
    ORDER BY 1
"""
_OPEN_TO_EVERYBODY = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    LEFT JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a ON true
    WHERE p.pronamespace = 'access'::regnamespace AND a.grantee = 0 AND a.privilege_type = 'EXECUTE'
    ORDER BY 1
"""
_LANGUAGES = "SELECT lanname::text FROM pg_language WHERE lanpltrusted AND has_language_privilege(%s, oid, 'USAGE')"
_LARGE_OBJECTS = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN ('lo_create', 'lo_creat', 'lo_from_bytea')
      AND has_function_privilege(%s, p.oid, 'EXECUTE')
"""


def close(connection: psycopg.Connection) -> None:
    """Fix search paths, and take from everybody what nobody was meant to have. As the owner; harmless to repeat."""
    for (function,) in connection.execute(_OPEN_TO_EVERYBODY).fetchall():
        connection.execute(sql.SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC").format(sql.SQL(function)))
    for (function,) in connection.execute(_CALLABLE_WITHOUT_PATH, [list(GROUPS.values())]).fetchall():
        connection.execute(
            sql.SQL("ALTER FUNCTION {} SET search_path = {}").format(sql.SQL(function), sql.SQL(TRUSTED_PATH))
        )
    if _is_superuser(connection):
        _take_away_authorship(connection)


def left_open(connection: psycopg.Connection) -> list[str]:
    """What is still open to a role of ours and should not be, each in words. As the owner."""
    groups = list(GROUPS.values())
    told = [f"{name} takes its search path from its caller" for (name,) in
            connection.execute(_CALLABLE_WITHOUT_PATH, [groups])]  # fmt: skip
    told += [f"{name} may be called by everybody" for (name,) in connection.execute(_OPEN_TO_EVERYBODY)]
    told += [f"every role may write functions in {name}" for (name,) in connection.execute(_LANGUAGES, groups[:1])]
    return told + [f"every role may call {name}" for (name,) in connection.execute(_LARGE_OBJECTS, groups[:1])]


def _is_superuser(connection: psycopg.Connection) -> bool:
    row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    return bool(row and row[0])


def _take_away_authorship(connection: psycopg.Connection) -> None:
    anybody = list(GROUPS.values())[:1]
    for (language,) in connection.execute(_LANGUAGES, anybody).fetchall():
        connection.execute(sql.SQL("REVOKE USAGE ON LANGUAGE {} FROM PUBLIC").format(sql.Identifier(language)))
    for (function,) in connection.execute(_LARGE_OBJECTS, anybody).fetchall():
        connection.execute(sql.SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC").format(sql.SQL(function)))
