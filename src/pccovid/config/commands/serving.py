"""pccovid up, serve: the whole system on one machine, and the web service alone."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.core.management import call_command

from pccovid.carry_over.operations import carry_over
from pccovid.config.commands import ports
from pccovid.config.commands.carrying import show_ledger, surroundings
from pccovid.config.commands.laboratories import LISTENER
from pccovid.config.commands.ports import PortIsTaken, free_port
from pccovid.config.commands.scanning import start_lane
from pccovid.config.commands.session import Session, progress_bars, session, talk
from pccovid.config.commands.telling import HUB
from pccovid.config.commands.times import now
from pccovid.config.commands.whereabouts import APP, LABORATORIES, SERVICES, told
from pccovid.config.commands.whereabouts import HUB as HUB_SERVICE
from pccovid.config.commands.working import WORKER
from pccovid.config.web_server import web_server
from pccovid.foundation.cluster import secret
from pccovid.foundation.database import ROLE_URL_VARIABLE
from pccovid.foundation.roles import JOBS, OWNER, WEB
from pccovid.officers.sandbox import make_sandbox_officers
from pccovid.sandbox.nation import create
from pccovid.web.catalogues import compile_catalogues

TOLD_FAILURES = (PortIsTaken,)
# The made nation's records end in these days (sandbox/exports): how far back a purpose sees counts from here.
_SANDBOX_DAY = datetime(2021, 11, 1, tzinfo=UTC)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    up = commands.add_parser("up", help="make a nation, carry everybody over, serve app and console")
    up.add_argument("--people", type=int, default=20_000)
    up.add_argument("--seed", type=int, default=1)
    _add_address(up)
    up.set_defaults(run=_up)
    serve = commands.add_parser("serve", help="serve app and console on the database as it is")
    _add_address(serve)
    serve.set_defaults(run=_serve)


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, help="default: 8000, or the next free one where that is taken")


def _up(options: argparse.Namespace) -> int:
    options.port = free_port(options.host, options.port, ports.APP)
    with session(JOBS) as opened:
        nation = opened.environment.home / "nation"
        if opened.environment.is_sandbox and not _carried_over_before(opened):
            _make_nation(opened, nation, options)
        if opened.environment.is_sandbox:
            _live_on_its_day(opened)
        officers = _officers(opened) if opened.environment.is_sandbox else []
        _greet(options, nation, officers)
        return _run_web(opened, options)


def _serve(options: argparse.Namespace) -> int:
    options.port = free_port(options.host, options.port, ports.APP)
    with session(JOBS) as opened:
        talk.print(f"http://{options.host}:{options.port}/")
        return _run_web(opened, options)


def _carried_over_before(opened: Session) -> bool:
    with psycopg.connect(opened.url(JOBS)) as connection:
        found = connection.execute("SELECT 1 FROM people_importrun WHERE stage = 'published' LIMIT 1").fetchone()
    return found is not None


def _make_nation(opened: Session, nation: Path, options: argparse.Namespace) -> None:
    with progress_bars() as progress:
        if not (nation / "citizens.json").exists():
            create(people=options.people, seed=options.seed, out=nation, progress=progress)
        around = surroundings(opened)
        ledger = carry_over(nation / "exports", around, by="pccovid up", now=now(), progress=progress)
    show_ledger(ledger)


def _live_on_its_day(opened: Session) -> None:
    with psycopg.connect(opened.url(OWNER)) as connection:
        connection.execute(
            "INSERT INTO access.sandbox_day (day) VALUES (%s) ON CONFLICT (is_the_one) DO NOTHING", [_SANDBOX_DAY]
        )


def _officers(opened: Session) -> list[dict[str, str]]:
    with psycopg.connect(opened.url(OWNER)) as connection:
        return make_sandbox_officers(connection, opened.environment.home, now=now())


def _greet(options: argparse.Namespace, nation: Path, officers: list[dict[str, str]]) -> None:
    address = f"http://{options.host}:{options.port}"
    talk.print(f"\nCitizen app      {address}/")
    talk.print(f"Officer console  {address}/can-bo/")
    citizens = nation / "citizens.json"
    if citizens.exists():
        talk.print(
            f"Messages         {address}/sandbox/tin-nhan   (instead of a telecom)\n\nMade citizens to sign in as:"
        )
        for made in json.loads(citizens.read_text()):
            talk.print(
                f"  {made['phone']}  {made['name']}, {made['birth_date']}  ({made.get('why', '')})", soft_wrap=True
            )
    for officer in officers:
        talk.print(f"  officer {officer['username']} / {officer['password']}  ({officer['office']})", soft_wrap=True)
    if officers:
        talk.print(f"Officers' codes  {address}/can-bo/sandbox/ma   (instead of their phones)", soft_wrap=True)
    talk.print("\nCtrl-C stops everything.")


def _run_web(opened: Session, options: argparse.Namespace) -> int:
    compile_catalogues()
    call_command("collectstatic", verbosity=0, interactive=False)
    # The web's processes get the web role's address and nothing of the owner's.
    environment = {**os.environ, ROLE_URL_VARIABLE: opened.url(WEB)}
    environment.pop("PCCOVID_DATABASE_URL", None)
    address = f"{options.host}:{options.port}"
    port = free_port(options.host, None, ports.LANE)
    environment["PCCOVID_SCAN_LANE"] = f"http://{options.host}:{port}"
    identities = _start_vneid(opened, options, environment)
    hub, laboratories = (free_port(options.host, None, first) for first in (ports.HUB, ports.LABORATORIES))
    server = subprocess.Popen(web_server(address), env=environment)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.terminate())
    beside = [
        subprocess.Popen(WORKER), subprocess.Popen([*HUB, "--port", str(hub)]),
        subprocess.Popen([*LISTENER, "--host", options.host, "--port", str(laboratories)]),
        start_lane(opened, options.host, port), *identities,
    ]  # fmt: skip
    talk.print(f"Scans are taken in at http://{options.host}:{port}/scans")
    try:
        with told(opened.environment.home, SERVICES, _services(options.host, options.port, hub, laboratories)):
            return server.wait()
    finally:
        for process in beside:
            process.terminate()
        for process in beside:
            process.wait()


def _services(host: str, app: int, hub: int, laboratories: int) -> dict[str, str]:
    """Where each answers, for the sandbox's agencies and other commands."""
    return {APP: f"http://{host}:{app}", HUB_SERVICE: f"http://{host}:{hub}", LABORATORIES: f"{host}:{laboratories}"}


def _start_vneid(
    opened: Session, options: argparse.Namespace, environment: dict[str, str]
) -> list[subprocess.Popen[bytes]]:
    """The sandbox's provider of electronic identities, where there is a made nation and no other is named."""
    accounts = opened.environment.home / "nation" / "exports" / "vneid.jsonl"
    if not opened.environment.is_sandbox or not accounts.exists() or "PCCOVID_VNEID_ISSUER" in os.environ:
        return []
    port = free_port("127.0.0.1", None, ports.VNEID)
    environment["PCCOVID_VNEID_ISSUER"] = f"http://127.0.0.1:{port}"
    environment["PCCOVID_VNEID_CLIENT"] = "pccovid"
    environment["PCCOVID_VNEID_SECRET"] = secret(opened.environment.home, "vneid-client")
    command = [sys.executable, "-m", "pccovid.sandbox.vneid_provider", "--port", str(port), "--accounts", str(accounts)]
    return [subprocess.Popen(command, env=environment)]
