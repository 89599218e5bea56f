"""pccovid cases …: what the worker does by itself: cases opened from positive tests, and whom they met."""

from __future__ import annotations

import argparse
import dataclasses
from functools import partial

import psycopg

from pccovid.config.commands.session import Session, add_json_option, print_json, session, talk
from pccovid.contact_tracing.in_lanes import Lanes
from pccovid.contact_tracing.on_cluster import Lane
from pccovid.contact_tracing.operations import Traced, trace
from pccovid.foundation.roles import JOBS
from pccovid.notices.sending import tell_exposures
from pccovid.quarantine.operations import settle


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    cases = commands.add_parser("cases", help="cases from positive tests, and whom they met")
    verbs = cases.add_subparsers(required=True, metavar="VERB")
    opening = verbs.add_parser("open", help="open cases from new positives and trace those that are due")
    add_json_option(opening)
    opening.set_defaults(run=_open)


def trace_all(opened: Session) -> Traced:
    """Open and trace what there is to open and trace now, release who is due, and tell whom a case met."""
    lanes = Lanes(partial(_connect, opened.url(JOBS)), opened.environment.tracing_lanes)
    with lanes.connect() as connection:
        done = trace(connection, lane=_lane(opened), lanes=lanes)
        settle(connection)
        tell_exposures(connection)
        return done


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True, application_name="pccovid tracing")


def _lane(opened: Session) -> Lane | None:
    """The cluster that is set, if any, with the folder that linking shares with it."""
    environment = opened.environment
    return Lane(environment.spark_master, environment.home / "import") if environment.spark_master else None


def _open(options: argparse.Namespace) -> int:
    with session(JOBS) as opened:
        done = trace_all(opened)
    talk.print(f"{done.opened} cases opened, {done.traced} traced: {done.contacts} F1, {done.contacts_of_contacts} F2")
    if options.json:
        print_json(dataclasses.asdict(done))
    return 0
