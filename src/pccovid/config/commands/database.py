"""pccovid db …: the embedded cluster and connection addresses."""

from __future__ import annotations

import argparse

from pccovid.config.commands.session import session, talk
from pccovid.foundation.cluster import Cluster
from pccovid.foundation.environment import read_environment
from pccovid.foundation.roles import GROUPS, JOBS, OWNER


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser("db", help="the embedded PostgreSQL and connection addresses")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("start", help="start the embedded server and leave it running").set_defaults(run=_start)
    actions.add_parser("stop", help="stop the embedded server").set_defaults(run=_stop)
    actions.add_parser("prepare", help="migrate and write the rules of access").set_defaults(run=_prepare)
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


def _url(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        print(opened.url(options.role))
