"""pccovid db …: the embedded cluster, the database roles and their connection addresses."""

from __future__ import annotations

import argparse

import psycopg
from rich.table import Table

from pccovid.config.commands.session import Session, add_json_option, print_json, session, talk
from pccovid.foundation.closing import left_open
from pccovid.foundation.cluster import Cluster
from pccovid.foundation.environment import read_environment
from pccovid.foundation.roles import GROUPS, JOBS, OWNER, RoleState, states_of_roles
from pccovid.foundation.server_faults import server_faults
from pccovid.foundation.table_privileges import granted_tables, strays


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser("db", help="the embedded PostgreSQL, the database roles and connection addresses")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("start", help="start the embedded server and leave it running").set_defaults(run=_start)
    actions.add_parser("stop", help="stop the embedded server").set_defaults(run=_stop)
    actions.add_parser("prepare", help="migrate and write the rules of access").set_defaults(run=_prepare)
    roles = actions.add_parser("roles", help="set up the database roles as they must be, and show how they stand")
    add_json_option(roles)
    roles.set_defaults(run=_roles)
    url = actions.add_parser("url", help="print a role's connection URL")
    url.add_argument("--role", choices=(OWNER, *GROUPS), default=OWNER)
    url.set_defaults(run=_url)


def _cluster() -> Cluster:
    return Cluster(read_environment().home)


def _start(options: argparse.Namespace) -> None:
    cluster = _cluster()
    cluster.start()
    cluster.keep_running(True)
    with session(JOBS):
        talk.print("PostgreSQL is running")


def _stop(options: argparse.Namespace) -> None:
    cluster = _cluster()
    if cluster.data.exists():
        cluster.keep_running(False)
        cluster.stop()
    talk.print("PostgreSQL is stopped")


def _prepare(options: argparse.Namespace) -> None:
    with session(JOBS):
        talk.print("the database is ready")


def _roles(options: argparse.Namespace) -> int:
    """Opening a session sets the roles up; what is told is how they stand then. 1 where one may more than it should."""
    with session(JOBS) as opened:
        told = _roles_as_they_stand(opened)
        server = _server_as_it_stands(opened)
    table = Table(title="Database roles")
    for column in ("role", "login", "group", "tables read", "tables written", "faults"):
        table.add_column(column)
    for one in told:
        table.add_row(*(", ".join(value) if isinstance(value, list) else str(value) for value in one.values()))
    talk.print(table)
    for fault in server:
        talk.print(f"server: {fault}", markup=False)
    if options.json:
        print_json({"roles": told, "server_faults": server})
    return 1 if server or any(one["faults"] for one in told) else 0


def _roles_as_they_stand(opened: Session) -> list[dict[str, object]]:
    with psycopg.connect(opened.url(OWNER)) as connection:
        return [_told(connection, state) for state in states_of_roles(connection)]


def _server_as_it_stands(opened: Session) -> list[str]:
    """What the server keeps in its log that it should not, and what every role may do that none should."""
    with psycopg.connect(opened.url(OWNER)) as connection:
        return [*server_faults(connection), *left_open(connection)]


def _told(connection: psycopg.Connection, state: RoleState) -> dict[str, object]:
    granted = granted_tables(connection, state.role)
    return {
        "role": state.role, "login": state.login, "group": state.group, "tables_read": len(granted),
        "tables_written": sum(len(kinds) > 1 for kinds in granted.values()),
        "faults": [*state.faults, *strays(connection, state.role)],
    }  # fmt: skip


def _url(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        print(opened.url(options.role))
