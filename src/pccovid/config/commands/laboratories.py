"""pccovid laboratories …: the listener for HL7 v2 messages, and the certificates by which laboratories are known.

The listener's process holds the jobs role's address, as the hub's does, and serves nothing but messages.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import ssl
import sys
from pathlib import Path

import psycopg
from django.conf import settings

from pccovid.agreements.certificates import NoSuchMachine, authority_in, certificate_for, server_certificate
from pccovid.agreements.operations import client_number
from pccovid.config.commands.ports import LABORATORIES, free_port
from pccovid.config.commands.session import Session, add_json_option, print_json, session, talk
from pccovid.config.commands.times import now
from pccovid.foundation.roles import JOBS
from pccovid.web.laboratory_lane.listening import Bounds, LaboratoryLane, tls_of

LISTENER = (sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())", "laboratories", "listen")
"""The command line of the listener, for who starts it beside something else."""

TOLD_FAILURES = (NoSuchMachine,)
CERTIFICATE_VARIABLE, KEY_VARIABLE = "PCCOVID_LABORATORIES_CERTIFICATE", "PCCOVID_LABORATORIES_KEY"


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    laboratories = commands.add_parser("laboratories", help="HL7 v2 messages of laboratories, and their certificates")
    verbs = laboratories.add_subparsers(required=True, metavar="VERB")
    listen = verbs.add_parser("listen", help="take ORU^R01 in by MLLP inside TLS")
    listen.add_argument("--host", default="127.0.0.1")
    listen.add_argument("--port", type=int, help=f"default: {LABORATORIES}, or the next free one")
    listen.add_argument("--connections", type=int, default=Bounds.connections, help="at once, at most")
    add_json_option(listen)
    listen.set_defaults(run=_listen)
    certificate = verbs.add_parser("certificate", help="a certificate for a key of an agreement in force")
    certificate.add_argument("--client", required=True, help="the agreement, such as CS-12")
    certificate.add_argument("--kid", required=True, help="the key's name in the agreement")
    certificate.add_argument("--out", type=Path, required=True)
    certificate.set_defaults(run=_certificate)
    authority = verbs.add_parser("authority", help="the authority's certificate, by which laboratories know us")
    authority.add_argument("--out", type=Path, required=True)
    authority.set_defaults(run=_authority)


def _secrets(opened: Session) -> Path:
    return opened.environment.home / "secrets"


def _listen(options: argparse.Namespace) -> int:
    with session(JOBS) as opened:
        folder = _secrets(opened)
        authority = authority_in(folder, now=now())
        given = os.environ.get(CERTIFICATE_VARIABLE), os.environ.get(KEY_VARIABLE)
        own = (
            (Path(given[0]), Path(given[1]))
            if given[0] and given[1]
            else server_certificate(authority, folder, options.host, now=now())
        )
        tls = tls_of(*own, folder / "laboratories-authority.pem")
        lane = LaboratoryLane(
            opened.url(JOBS), settings.EXCHANGE_SECRET, now, Bounds(connections=max(1, options.connections))
        )
        port = free_port(options.host, options.port, LABORATORIES)
        asyncio.run(_until_stopped(lane, options.host, port, tls))
        if options.json:
            print_json({"answers": dict(lane.counted.answers), "faults": dict(lane.counted.faults)})
    return 0


async def _until_stopped(lane: LaboratoryLane, host: str, port: int, tls: ssl.SSLContext) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with lane.listening(host, port, tls) as chosen:
        talk.print(f"Laboratories     mllps://{host}:{chosen}", soft_wrap=True)
        await stopped.wait()


def _certificate(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, psycopg.connect(opened.url(JOBS), autocommit=True) as connection:
        pem = certificate_for(
            connection, authority_in(_secrets(opened), now=now()), agreement=client_number(options.client),
            kid=options.kid, now=now(),
        )  # fmt: skip
        options.out.write_bytes(pem)
    return 0


def _authority(options: argparse.Namespace) -> int:
    with session(JOBS) as opened:
        options.out.write_bytes(authority_in(_secrets(opened), now=now()).pem())
    return 0
