"""The database roles: the owner migrates; web, jobs, analysis and scan own nothing and see only what each needs.

`pccovid_web`, `pccovid_jobs`, `pccovid_analysis` and `pccovid_scan` are groups that hold the privileges (declared in
table_privileges.py; `scan`, the hot lane's, has none on any table and calls two functions). Each database has its own
login for each group, so several databases of one server stay apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from pccovid.foundation.cluster import secret

OWNER, WEB, JOBS, ANALYSIS, SCAN = "owner", "web", "jobs", "analysis", "scan"
GROUPS = {WEB: "pccovid_web", JOBS: "pccovid_jobs", ANALYSIS: "pccovid_analysis", SCAN: "pccovid_scan"}
_MUST_NOT = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
# The import makes and drops its own tables in `staging`, and anybody their temporary ones.
_OWNED = """
    WITH ours AS (SELECT oid FROM pg_roles WHERE rolname = ANY (%s))
    SELECT (SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relowner IN (SELECT oid FROM ours) AND n.nspname NOT IN ('staging', 'pg_toast')
              AND n.nspname NOT LIKE 'pg%%temp%%')
         + (SELECT count(*) FROM pg_proc WHERE proowner IN (SELECT oid FROM ours))
         + (SELECT count(*) FROM pg_operator WHERE oprowner IN (SELECT oid FROM ours))
         + (SELECT count(*) FROM pg_largeobject_metadata WHERE lomowner IN (SELECT oid FROM ours))
         + (SELECT count(*) FROM pg_namespace
            WHERE nspowner IN (SELECT oid FROM ours) AND nspname NOT LIKE 'pg%%temp%%')
         + (SELECT count(*) FROM pg_database WHERE datdba IN (SELECT oid FROM ours))
"""


class RolesCouldNotBeMade(RuntimeError):
    """The owner's connection may not create roles; the message says what to ask the administrator for."""


def role_url(owner_url: str, role: str, home: Path) -> str:
    """Connection URL of a role of the same database; the owner's own for `owner`."""
    if role == OWNER:
        return owner_url
    parts = urlsplit(owner_url)
    login, password = _login(_database(owner_url), role), secret(home, f"postgres-{role}")
    address = f"{quote(login)}:{quote(password)}@{parts.hostname}:{parts.port or 5432}"
    return urlunsplit(parts._replace(netloc=address))


def set_up_roles(owner_url: str, home: Path) -> None:
    """Make the group roles and this database's logins, as they should be; harmless to repeat.

    Raises RolesCouldNotBeMade when the owner lacks CREATEROLE, or a role may more than it should and the owner may
    not take that away.
    """
    database = _database(owner_url)
    try:
        with psycopg.connect(owner_url) as connection:
            # Two processes setting up at once would collide in the catalogue.
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('pccovid roles'))")
            for role, group in GROUPS.items():
                _ensure_role(connection, group, "NOLOGIN")
                _ensure_login(connection, _login(database, role), group, secret(home, f"postgres-{role}"))
                _forget_settings(connection, database, _login(database, role), group)
            _open_database(connection, database)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RolesCouldNotBeMade(
            f"the owner in PCCOVID_DATABASE_URL may not make the roles as they must be ({error.diag.message_primary});"
            " give it CREATEROLE and ADMIN of the pccovid roles that exist"
        ) from error


@dataclass(frozen=True)
class RoleState:
    """A role's login as it really is in this database; `faults` is empty where it is as it should be."""

    role: str
    login: str
    group: str
    faults: tuple[str, ...]


def states_of_roles(connection: psycopg.Connection) -> tuple[RoleState, ...]:
    """How the logins and groups of the connected database stand. As the owner."""
    database = connection.info.dbname
    return tuple(
        RoleState(role, _login(database, role), group, tuple(_faults(connection, _login(database, role), group)))
        for role, group in GROUPS.items()
    )


def _faults(connection: psycopg.Connection, login: str, group: str) -> list[str]:
    faults = [f"{name} has {attribute}" for name in (login, group) for attribute in _attributes(connection, name)]
    owned = connection.execute(_OWNED, [[login, group]]).fetchone()
    if owned and owned[0]:
        faults.append(f"owns {owned[0]} objects")
    others = {name for (name,) in _memberships(connection, login)} ^ {group}
    if others:
        faults.append(f"member of other roles than {group}: {', '.join(sorted(others))}")
    faults += [f"{group} is a member of {name}" for (name,) in _memberships(connection, group)]
    return faults + [f"{name} begins with settings of its own" for name in _with_settings(connection, login, group)]


def _attributes(connection: psycopg.Connection, name: str) -> list[str]:
    """Which of the attributes that no role of ours may have this one has."""
    row = connection.execute(
        sql.SQL("SELECT {} FROM pg_roles WHERE rolname = %s").format(
            sql.SQL(", ").join(map(sql.Identifier, _MUST_NOT))
        ),
        [name],
    ).fetchone()
    return [attribute for attribute, has in zip(_MUST_NOT, row, strict=True) if has] if row else ["not been made"]


def _memberships(connection: psycopg.Connection, name: str) -> list[tuple[str]]:
    return connection.execute(
        "SELECT DISTINCT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = %s",
        [name],
    ).fetchall()


def _with_settings(connection: psycopg.Connection, *names: str) -> list[str]:
    """Which of these roles begin a session with other settings than the server's: a role may write them for itself."""
    rows = connection.execute(
        "SELECT DISTINCT r.rolname::text FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole"
        " WHERE r.rolname = ANY (%s) AND s.setdatabase IN (0, (SELECT oid FROM pg_database"
        " WHERE datname = current_database())) ORDER BY 1",
        [list(names)],
    )
    return [name for (name,) in rows]


def _forget_settings(connection: psycopg.Connection, database: str, *names: str) -> None:
    for name in _with_settings(connection, *names):
        for where in (sql.SQL(""), sql.SQL(" IN DATABASE {}").format(sql.Identifier(database))):
            connection.execute(sql.SQL("ALTER ROLE {}{} RESET ALL").format(sql.Identifier(name), where))


def _open_database(connection: psycopg.Connection, database: str) -> None:
    """Connecting for every group; temporary tables for jobs, which alone make any."""
    at = sql.Identifier(database)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(at))
    for role, group in GROUPS.items():
        to = sql.Identifier(group)
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(at, to))
        temporary = (
            "GRANT TEMPORARY ON DATABASE {} TO {}" if role == JOBS else "REVOKE TEMPORARY ON DATABASE {} FROM {}"
        )
        connection.execute(sql.SQL(temporary).format(at, to))


def _database(owner_url: str) -> str:
    return urlsplit(owner_url).path.lstrip("/")


def _login(database: str, role: str) -> str:
    return f"{database}_{role}_login"


def _ensure_role(connection: psycopg.Connection, name: str, attributes: str) -> None:
    """Make the role, or take from it what it must not have."""
    has = _attributes(connection, name)
    if has == ["not been made"]:
        statement = "CREATE ROLE {} " + attributes
    elif has:
        statement = "ALTER ROLE {} " + " ".join(attribute.replace("rol", "NO", 1).upper() for attribute in has)
    else:
        return
    connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def _ensure_login(connection: psycopg.Connection, login: str, group: str, password: str) -> None:
    _ensure_role(connection, login, "LOGIN")
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(password)))
    member_of = {name for (name,) in _memberships(connection, login)}
    for other in member_of - {group}:
        connection.execute(sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(other), sql.Identifier(login)))
    if group not in member_of:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(login)))
