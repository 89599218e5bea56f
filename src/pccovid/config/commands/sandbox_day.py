"""pccovid sandbox day: one scripted day played against the running hub, and where each of its facts is seen.

A positive result at a laboratory, a dose at a site, an admission, an entry at a gate, a name corrected at the police, a
card renewed at the insurer: each must come into the citizen's record, into the feed of every agency whose agreement
covers it, and into nobody else's.
"""

from __future__ import annotations

import argparse
import random
import secrets
from functools import partial
from pathlib import Path

from django.utils.module_loading import import_string

from pccovid.config.commands.agencies import people_file
from pccovid.config.commands.day_stage import Played, Stage
from pccovid.config.commands.insuring import check_wished
from pccovid.config.commands.session import add_json_option, print_json, session, talk
from pccovid.config.commands.verifying import follow_population
from pccovid.config.commands.whereabouts import address_of
from pccovid.connectors.population_database.client import SYSTEM as POPULATION
from pccovid.connectors.population_database.register import read_register
from pccovid.connectors.social_insurance.client import SYSTEM as INSURER
from pccovid.connectors.social_insurance.payloads import Officer
from pccovid.foundation.roles import WEB
from pccovid.sandbox.agencies.cast import CAST
from pccovid.sandbox.agencies.script import NotPlayed

_TRIED = 20


class AgenciesAreNotRunning(RuntimeError):
    """`pccovid up` or `pccovid sandbox agencies` does not run."""


TOLD_FAILURES = (AgenciesAreNotRunning, NotPlayed)


def add_to(actions: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """The action `day` of the command `sandbox`."""
    day = actions.add_parser("day", help="play a scripted day, and show where each of its facts is seen")
    day.add_argument("--seed", type=int, help="which person it is about (default: another each time)")
    add_json_option(day)
    day.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    with session(WEB) as opened:
        play = import_string("pccovid.config.commands.day_played.play")  # its models need Django to be set up
        home = opened.environment.home
        addresses = _addresses(home)
        register = read_register(people_file(home / "nation", home))
        known = [one for one in register.values() if one.insurance_no and len(one.birth) == 10]
        chosen = random.Random(options.seed if options.seed is not None else secrets.randbits(32))
        receptionist = chosen.choice(known)
        stage = Stage(
            addresses, partial(follow_population, opened), partial(check_wished, opened),
            Officer(receptionist.name, receptionist.personal_id),
        )  # fmt: skip
        played = play(stage, chosen.sample(known, min(_TRIED, len(known))))
    _show(played)
    if options.json:
        print_json({"person": str(played.person), "facts": [one.told() for one in played.facts]})
    return 0 if all(one.is_well for one in played.facts) else 1


def _addresses(home: Path) -> dict[str, str]:
    """Where each server listens. Raises AgenciesAreNotRunning where one does not."""
    names = [POPULATION, INSURER, *(one.code for one in CAST)]
    addresses = {name: address_of(home, name) for name in names}
    if not all(addresses.values()):
        raise AgenciesAreNotRunning("first `pccovid up`, then `pccovid sandbox agencies`, each in its own window")
    return {name: str(address) for name, address in addresses.items()}


def _show(played: Played) -> None:
    talk.print(f"\nAbout {played.name}", markup=False)
    for one in played.facts:
        record = f"record after {one.record:.2f} s" if one.record is not None else "NOT IN THE RECORD"
        feeds = ", ".join(f"{code} {seconds:.2f} s" for code, seconds in one.seen.items()) or "nobody's feed"
        talk.print(f"{one.what:<34} {record}; {feeds}", markup=False, soft_wrap=True)
        for code in one.missing:
            talk.print(f"    MISSING in the feed of {code}", markup=False)
        for code in one.leaked:
            talk.print(f"    SEEN BY {code}, whose agreement does not cover it", markup=False)
    talk.print(f"what no agreement covers was shown to nobody: {not any(one.leaked for one in played.facts)}")
