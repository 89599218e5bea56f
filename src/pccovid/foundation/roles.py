"""The database roles: the owner migrates; web and jobs own nothing and see rows only through access.

`pccovid_web` and `pccovid_jobs` are groups that hold the privileges. Each database has its own login for each
group, so several databases of one server stay apart.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from pccovid.foundation.cluster import secret

OWNER, WEB, JOBS = "owner", "web", "jobs"
GROUPS = {WEB: "pccovid_web", JOBS: "pccovid_jobs"}


class RolesCouldNotBeMade(RuntimeError):
    """The owner's connection may not create roles; the message says what to ask the administrator for."""


def role_url(owner_url: str, role: str, home: Path) -> str:
    """Connection URL of a role of the same database; the owner's own for `owner`."""
    if role == OWNER:
        return owner_url
    parts = urlsplit(owner_url)
    login, password = _login(parts.path.lstrip("/"), role), secret(home, f"postgres-{role}")
    address = f"{quote(login)}:{quote(password)}@{parts.hostname}:{parts.port or 5432}"
    return urlunsplit(parts._replace(netloc=address))


def set_up_roles(owner_url: str, home: Path) -> None:
    """Make the group roles and this database's logins, as they should be; harmless to repeat.

    Raises RolesCouldNotBeMade when the owner lacks CREATEROLE.
    """
    database = urlsplit(owner_url).path.lstrip("/")
    try:
        with psycopg.connect(owner_url) as connection:
            # Two processes setting up at once would collide in the catalogue.
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('pccovid roles'))")
            for role, group in GROUPS.items():
                _ensure_role(connection, group, "NOLOGIN")
                _ensure_login(connection, _login(database, role), group, secret(home, f"postgres-{role}"))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))
            for group in GROUPS.values():
                connection.execute(
                    sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}").format(
                        sql.Identifier(database), sql.Identifier(group)
                    )
                )
    except psycopg.errors.InsufficientPrivilege as error:
        raise RolesCouldNotBeMade(
            f"the owner in PCCOVID_DATABASE_URL may not create roles ({error.diag.message_primary}); give it CREATEROLE"
        ) from error


def _login(database: str, role: str) -> str:
    return f"{database}_{role}_login"


def _ensure_role(connection: psycopg.Connection, name: str, attributes: str) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    verb = "ALTER" if known else "CREATE"
    connection.execute(
        sql.SQL("{} ROLE {} {} NOCREATEDB NOCREATEROLE").format(
            sql.SQL(verb),
            sql.Identifier(name),
            sql.SQL(attributes),
        )
    )


def _ensure_login(connection: psycopg.Connection, login: str, group: str, password: str) -> None:
    _ensure_role(connection, login, "LOGIN")
    connection.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(password)))
    connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(login)))
