"""pccovid hub: the process that takes in what agencies send; tell: tells them of changes; outbox: what was given up.

The hub alone holds the jobs role's address beside the web's, and serves nothing but the agencies' interface.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from random import Random

import psycopg
from django.conf import settings

from pccovid.config.commands import ports
from pccovid.config.commands.session import Session, add_json_option, print_json, session, talk
from pccovid.config.commands.times import now
from pccovid.config.web_server import web_server
from pccovid.exchange.telling import Signer, tell
from pccovid.foundation.database import ROLE_URL_VARIABLE
from pccovid.foundation.outbox import Delivered, dead_letters, replay
from pccovid.foundation.roles import JOBS, WEB

HUB = (sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())", "hub")
TELLER = (sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())", "tell")
"""The command line of the teller, for who starts it beside something else."""

_LOOK_AGAIN_SECONDS = 0.5
"""What is noted while an older transaction is under way is news only when that has ended, of which nobody tells."""
_KEPT_CHANGES = "90 days"


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    hub = commands.add_parser("hub", help="take in what agencies send, and answer them")
    hub.add_argument("--host", default="127.0.0.1")
    hub.add_argument("--port", type=int, default=ports.HUB)
    hub.add_argument("--workers", type=int, default=2)
    hub.set_defaults(run=_hub)
    telling = commands.add_parser("tell", help="tell agencies of changes, as they happen")
    telling.add_argument("--once", action="store_true", help="tell what there is to tell now, and end")
    add_json_option(telling)
    telling.set_defaults(run=_tell)
    outbox = commands.add_parser("outbox", help="messages that were given up")
    what = outbox.add_subparsers(required=True, metavar="WHAT")
    dead = what.add_parser("dead", help="list them")
    dead.add_argument("--endpoint", help="of one receiver alone")
    add_json_option(dead)
    dead.set_defaults(run=_dead)
    again = what.add_parser("replay", help="let a range of them be tried again, at a rate")
    again.add_argument("--first", type=int, required=True)
    again.add_argument("--last", type=int, required=True)
    again.add_argument("--per-minute", type=float, default=30.0)
    again.add_argument("--endpoint", help="of one receiver alone")
    add_json_option(again)
    again.set_defaults(run=_replay)


def _hub(options: argparse.Namespace) -> int:
    with session(JOBS) as opened:
        environment = {
            **os.environ, ROLE_URL_VARIABLE: opened.url(WEB), "PCCOVID_EXCHANGE_URL": opened.url(JOBS),
            "PCCOVID_SERVES": "exchange",
        }  # fmt: skip
        environment.pop("PCCOVID_DATABASE_URL", None)
        address = f"{options.host}:{options.port}"
        server = subprocess.Popen(web_server(address, workers=options.workers), env=environment)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: server.terminate())
        teller = subprocess.Popen(TELLER)
        talk.print(f"Agencies         http://{options.host}:{options.port}/api/fhir/R4/metadata", soft_wrap=True)
        try:
            return server.wait()
        finally:
            teller.terminate()
            teller.wait()


def _tell(options: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with session(JOBS) as opened, contextlib.suppress(KeyboardInterrupt), _connected(opened) as connection:
        connection.execute("SELECT access.sweep_changes(%s::interval)", [_KEPT_CHANGES])
        if not options.once:
            _go_on_telling(opened, connection)
        done = _round(opened, connection)
        if options.json:
            print_json({"taken": done.taken, "failed": done.failed, "dead": done.dead})
    return 0


def _go_on_telling(opened: Session, connection: psycopg.Connection) -> None:
    connection.execute("LISTEN agency_feed")
    while True:
        _round(opened, connection)
        for _ in connection.notifies(timeout=_LOOK_AGAIN_SECONDS, stop_after=1):
            pass


def _round(opened: Session, connection: psycopg.Connection) -> Delivered:
    signer = Signer(settings.WEBHOOK_SECRET)
    return tell(connection, signer, now=now, chance=Random(), plain_http=opened.environment.is_sandbox)


def _connected(opened: Session) -> psycopg.Connection:
    return psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid tell")


def _dead(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, _connected(opened) as connection:
        letters = dead_letters(connection, options.endpoint)
    for one in letters:
        talk.print(f"{one.id}  {one.endpoint}  {one.topic}  {one.attempts} tries: {one.last_error}", markup=False)
    if options.json:
        print_json({"dead": [one.id for one in letters]})
    return 0


def _replay(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, _connected(opened) as connection:
        count = replay(
            connection, first=options.first, last=options.last, per_minute=max(options.per_minute, 0.1), now=now(),
            endpoint=options.endpoint,
        )  # fmt: skip
    if options.json:
        print_json({"replayed": count})
    return 0
