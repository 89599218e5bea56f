"""pccovid sandbox agencies: the made nation's agencies as real processes, on this machine alone.

Those that are asked (population database, insurer) run always; those that send (laboratory, vaccination site, hospital,
border gate, tracers) where the hub of `pccovid up` answers, each with its own key and an agreement in force. Where each
answers is written to `agencies.json` in the home folder while they run, so that other commands find them.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from pccovid.config.commands.agreeing import AgencyNotConnected, agree_with
from pccovid.config.commands.ports import AGENCIES as FIRST_PORT
from pccovid.config.commands.ports import PortIsTaken, free_port
from pccovid.config.commands.session import print_json, session, talk
from pccovid.config.commands.whereabouts import AGENCIES, HUB, LABORATORIES, OFFICER, address_of, told
from pccovid.connectors.population_database.client import SYSTEM as POPULATION
from pccovid.connectors.population_database.register import read_register, write_register
from pccovid.connectors.sandbox_server.http_server import HOST, TIED_VARIABLE
from pccovid.connectors.social_insurance.client import SYSTEM as INSURER
from pccovid.foundation.environment import read_environment
from pccovid.foundation.roles import JOBS
from pccovid.sandbox.agencies.cast import CAST
from pccovid.sandbox.nation import MANIFEST
from pccovid.sandbox.registers import police_register

ASKED: dict[str, str] = {
    POPULATION: "pccovid.connectors.population_database.sandbox_server",
    INSURER: "pccovid.connectors.social_insurance.sandbox_server",
}
"""Agency that is asked → the module whose process it is; each takes --people and --port and prints its address."""
SENDER = "pccovid.sandbox.agencies.server"
"""The module of the agencies that send; it takes --name and --port."""
_PEOPLE = "people-of-agencies.jsonl"


class NoNation(RuntimeError):
    """There is no made nation whose people the agencies could know."""


class AgencyDidNotStart(RuntimeError):
    """A server ended before it told its address."""


TOLD_FAILURES = (NoNation, AgencyDidNotStart, AgencyNotConnected, PortIsTaken)


def add_to(actions: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """The action `agencies` of the command `sandbox`."""
    agencies = actions.add_parser("agencies", help="start the agencies' servers, as real processes on this machine")
    agencies.add_argument("--nation", type=Path, help="the folder of a made nation (default: that of `pccovid up`)")
    agencies.add_argument("--seed", type=int, default=1, help="of the faults that are ordered from them")
    agencies.add_argument("--json", action="store_true", help="print the addresses as one JSON object")
    agencies.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    home = read_environment().home
    people = people_file(options.nation or home / "nation", home)
    running: list[subprocess.Popen[str]] = []
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        addresses = started_asked(running, people, options.seed) | _started_senders(running, home)
        with told(home, AGENCIES, addresses | {OFFICER: officer_of(people)}):
            for name, address in addresses.items():
                talk.print(f"{name:<24} {address}", markup=False)
            talk.print("Ctrl-C stops them.")
            if options.json:
                print_json(dict(addresses))
            while not ended.wait(0.5):
                if any(process.poll() is not None for process in running):
                    raise AgencyDidNotStart("an agency's process has ended")
    finally:
        stop(running)
    return 0


def people_file(nation: Path, home: Path) -> Path:
    """The people that agencies know, written anew where the nation is another one than last time. Raises NoNation."""
    try:
        made = json.loads((nation / MANIFEST).read_text(encoding="utf-8"))
    except OSError as error:
        raise NoNation(f"no made nation in {nation}; `pccovid sandbox create` or `pccovid up` makes one") from error
    path = home / f"{made['people']}-{made['seed']}-{_PEOPLE}"
    if not path.exists():
        part = path.with_suffix(".part")
        write_register(part, police_register(seed=int(made["seed"]), people=int(made["people"])))
        part.replace(path)
    return path


def officer_of(people: Path) -> str:
    """In whose name the sandbox's insurer is asked: the first grown-up that it knows, as `name|CCCD`."""
    known = read_register(people)
    first = min((one for one in known.values() if one.birth < "1995"), key=lambda one: one.personal_id)
    return f"{first.name}|{first.personal_id}"


def started_asked(running: list[subprocess.Popen[str]], people: Path, seed: int) -> dict[str, str]:
    """Start the agencies that are asked; agency → its address. Raises AgencyDidNotStart."""
    # Numbers of changes go on from those of the servers that ran before.
    options = ["--people", str(people), "--seed", str(seed), "--changes-after", str(int(time.time()))]
    return {name: started(running, module, options) for name, module in ASKED.items()}


def _started_senders(running: list[subprocess.Popen[str]], home: Path) -> dict[str, str]:
    hub, listener = address_of(home, HUB), address_of(home, LABORATORIES)
    if not hub or not listener:
        talk.print("No hub answers: those that send to it start once `pccovid up` runs.")
        return {}
    addresses = {one.code: started(running, SENDER, ["--name", one.code]) for one in CAST}
    with session(JOBS) as opened:
        agree_with(CAST, opened, addresses, hub=hub, listener=listener)
    return addresses


def started(running: list[subprocess.Popen[str]], module: str, options: Iterable[str]) -> str:
    """Start one server, which ends with this process however that ends; its address. Raises AgencyDidNotStart."""
    port = free_port(HOST, None, FIRST_PORT)
    process = subprocess.Popen(
        [sys.executable, "-m", module, *options, "--port", str(port)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, TIED_VARIABLE: "1"},
    )  # fmt: skip
    running.append(process)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise AgencyDidNotStart(f"{module} did not start")
    return str(json.loads(line)["url"])


def stop(running: Iterable[subprocess.Popen[str]]) -> None:
    """End these servers and wait for it."""
    processes = list(running)
    for process in processes:
        process.terminate()
    for process in processes:
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
