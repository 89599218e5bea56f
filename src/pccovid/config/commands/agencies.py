"""pccovid sandbox agencies: the made nation's agencies as real processes, on this machine alone.

Where each answers is written to `agencies.json` in the home folder while they run, so that other commands find them.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

from pccovid.config.commands.ports import AGENCIES, PortIsTaken, free_port
from pccovid.config.commands.session import print_json, talk
from pccovid.connectors.population_database.client import SYSTEM as POPULATION
from pccovid.connectors.population_database.register import write_register
from pccovid.connectors.sandbox_server.http_server import HOST
from pccovid.connectors.social_insurance.client import SYSTEM as INSURER
from pccovid.foundation.environment import read_environment
from pccovid.sandbox.nation import MANIFEST
from pccovid.sandbox.registers import police_register

SERVERS: dict[str, str] = {
    POPULATION: "pccovid.connectors.population_database.sandbox_server",
    INSURER: "pccovid.connectors.social_insurance.sandbox_server",
}
"""Agency → the module whose process it is; each takes --people and --port and prints its address."""
_ADDRESSES, _PEOPLE = "agencies.json", "people-of-agencies.jsonl"


class NoNation(RuntimeError):
    """There is no made nation whose people the agencies could know."""


class AgencyDidNotStart(RuntimeError):
    """A server ended before it told its address."""


TOLD_FAILURES = (NoNation, AgencyDidNotStart, PortIsTaken)


def add_to(actions: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """The action `agencies` of the command `sandbox`."""
    agencies = actions.add_parser("agencies", help="start the agencies' servers, as real processes on this machine")
    agencies.add_argument("--nation", type=Path, help="the folder of a made nation (default: that of `pccovid up`)")
    agencies.add_argument("--seed", type=int, default=1, help="of the faults that are ordered from them")
    agencies.add_argument("--json", action="store_true", help="print the addresses as one JSON object")
    agencies.set_defaults(run=_run)


def address_of(home: Path, agency: str) -> str | None:
    """Where an agency of the sandbox answers; None where none is running."""
    try:
        found = json.loads((home / _ADDRESSES).read_text(encoding="utf-8")).get(agency)
    except (OSError, ValueError):
        return None
    return str(found) if found else None


def _run(options: argparse.Namespace) -> int:
    home = read_environment().home
    people = _people_file(options.nation or home / "nation", home)
    running: list[subprocess.Popen[str]] = []
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    try:
        addresses = {name: _started(running, module, people, options.seed) for name, module in SERVERS.items()}
        (home / _ADDRESSES).write_text(json.dumps(addresses) + "\n", encoding="utf-8")
        for name, address in addresses.items():
            talk.print(f"{name:<16} {address}", markup=False)
        talk.print("Ctrl-C stops them.")
        if options.json:
            print_json(dict(addresses))
        while not told.wait(0.5):
            if any(process.poll() is not None for process in running):
                raise AgencyDidNotStart("an agency's process has ended")
    finally:
        (home / _ADDRESSES).unlink(missing_ok=True)
        _stop(running)
    return 0


def _people_file(nation: Path, home: Path) -> Path:
    """The people that agencies know, written anew where the nation is another one than last time."""
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


def _started(running: list[subprocess.Popen[str]], module: str, people: Path, seed: int) -> str:
    port = free_port(HOST, None, AGENCIES)
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--people", str(people), "--port", str(port), "--seed", str(seed)],
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    running.append(process)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise AgencyDidNotStart(f"{module} did not start")
    return str(json.loads(line)["url"])


def _stop(running: list[subprocess.Popen[str]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        process.wait()
