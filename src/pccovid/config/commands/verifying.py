"""pccovid verify: checks everybody whose identity is unverified with the population database, within its rate.

The same command goes on with a campaign that was broken off, by Ctrl-C, kill -9 or a source that was down.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import ssl
import time
from datetime import datetime
from functools import partial

import psycopg

from pccovid.config.commands.session import Session, add_json_option, print_json, progress_bars, session, talk
from pccovid.config.commands.times import now
from pccovid.config.commands.whereabouts import address_of
from pccovid.connectors.calling import AddressIsWrong, Unanswered
from pccovid.connectors.population_database.client import SYSTEM, PopulationDatabase
from pccovid.connectors.population_database.connecting import ADDRESS_VARIABLE, certified, population_database
from pccovid.foundation.roles import JOBS
from pccovid.identity_verification import operations
from pccovid.identity_verification.asking import Around

ENDPOINT = "xroad:VN/GOV/MPS/population"
"""The population database as the outbox knows it, wherever its security server stands."""
_RANGES_A_LOOK = 1
_LONGEST_PAUSE = 5.0
_FOLLOWED_PER_SECOND = 20.0
_CERTIFICATE_VARIABLES = (
    "PCCOVID_POPULATION_CERTIFICATE", "PCCOVID_POPULATION_KEY", "PCCOVID_POPULATION_AUTHORITY",
)  # fmt: skip


class NoSource(RuntimeError):
    """Nobody has said where the population database is."""


class CertificateUnreadable(RuntimeError):
    """A file of the certificate is not there, or is none."""


TOLD_FAILURES = (NoSource, AddressIsWrong, CertificateUnreadable, Unanswered, operations.CampaignRuns)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    verify = commands.add_parser("verify", help="check unverified identities with the population database")
    verify.add_argument("--url", help=f"its security server; else {ADDRESS_VARIABLE}, else the sandbox that runs")
    verify.add_argument("--per-second", type=float, default=50.0, help="the rate that the source allows")
    verify.add_argument("--changes", action="store_true",
                        help="ask about whoever changed there since the last time, verified or not")  # fmt: skip
    for option, variable, about in zip(
        ("--certificate", "--key", "--authority"), _CERTIFICATE_VARIABLES,
        ("our certificate, for the security server (PEM)", "its key",
         "whom alone to trust for the security server's certificate"), strict=True,
    ):  # fmt: skip
        verify.add_argument(option, default=os.environ.get(variable), help=f"file: {about}; else {variable}")
    verify.add_argument("--once", action="store_true", help="end when nothing is due now, also if some still wait")
    verify.add_argument("--retry-dead", action="store_true", help="try again what was given up")
    add_json_option(verify)
    verify.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    with session(JOBS) as opened:
        address = options.url or os.environ.get(ADDRESS_VARIABLE) or address_of(opened.environment.home, SYSTEM)
        if not address:
            raise NoSource(f"no population database: name its security server with --url or {ADDRESS_VARIABLE}")
        context = _certified(options.certificate, options.key, options.authority)
        police = population_database(address, is_sandbox=opened.environment.is_sandbox, context=context)
        around = Around(partial(_connected, opened), SYSTEM, police, now)
        with _connected(opened) as connection:
            campaign = _campaign(connection, police, options)
            if campaign is None:
                talk.print("nobody here has a number that changed")
                if options.json:
                    print_json({"campaign": None, "persons": 0})
                return 0
            if options.retry_dead:
                operations.try_again(connection, ENDPOINT, now=now())
            _go_on(connection, around, campaign, stops_early=options.once)
            return _report(connection, campaign, options)


def follow_population(opened: Session) -> int:
    """Follow what changed at the population database, where it is named or the sandbox's runs; how many settled.

    A campaign that runs is gone on with instead; where the source does not answer, the next time does.
    """
    address = os.environ.get(ADDRESS_VARIABLE) or address_of(opened.environment.home, SYSTEM)
    if not address:
        return 0
    context = _certified(*map(os.environ.get, _CERTIFICATE_VARIABLES))
    police = population_database(address, is_sandbox=opened.environment.is_sandbox, context=context)
    around = Around(partial(_connected, opened), SYSTEM, police, now)
    with _connected(opened) as connection, contextlib.suppress(Unanswered, operations.CampaignRuns):
        operations.go_on(connection, around, now=now, most=_RANGES_A_LOOK)  # what was broken off
        campaign = operations.follow_changes(
            connection, changes=police, source=SYSTEM, endpoint=ENDPOINT, per_second=_FOLLOWED_PER_SECOND,
            by="pccovid work",
        )  # fmt: skip
        if campaign is not None:
            operations.go_on(connection, around, now=now, most=_RANGES_A_LOOK)
            return operations.progress(connection, campaign).settled
    return 0


def _campaign(connection: psycopg.Connection, police: PopulationDatabase, options: argparse.Namespace) -> int | None:
    start = partial(operations.follow_changes, changes=police) if options.changes else operations.start
    return start(connection, source=SYSTEM, endpoint=ENDPOINT, per_second=options.per_second, by="pccovid verify")


def _certified(certificate: str | None, key: str | None, authority: str | None) -> ssl.SSLContext | None:
    if not certificate:
        return None
    try:
        return certified(certificate, key or certificate, authority)
    except OSError as error:
        raise CertificateUnreadable(f"the certificate, its key or the authority cannot be read: {error}") from error


def _go_on(connection: psycopg.Connection, around: Around, campaign: int, *, stops_early: bool) -> None:
    with progress_bars() as bars:
        while True:
            delivered = operations.go_on(connection, around, now=now, most=_RANGES_A_LOOK)
            done = operations.progress(connection, campaign)
            bars(f"XM-{campaign}", done.settled / done.persons if done.persons else 1.0)
            if delivered.taken or delivered.unfinished:
                continue
            left = operations.waiting(connection, ENDPOINT)
            if not left.waiting or stops_early:
                return
            time.sleep(_pause(left.next_at))


def _pause(next_at: datetime | None) -> float:
    left = (next_at - now()).total_seconds() if next_at else 0.0
    return min(max(left, 0.1), _LONGEST_PAUSE)


def _report(connection: psycopg.Connection, campaign: int, options: argparse.Namespace) -> int:
    done, left = operations.progress(connection, campaign), operations.waiting(connection, ENDPOINT)
    counts = operations.counts(connection, campaign)
    talk.print(f"XM-{campaign}: {done.settled:,} of {done.persons:,} settled; {counts}", markup=False)
    if left.dead:
        talk.print(f"{left.dead} ranges were given up: pccovid verify --retry-dead, or pccovid outbox replay")
    if options.json:
        print_json({"campaign": campaign, "persons": done.persons, "settled": done.settled, **counts,
                    "ranges_waiting": left.waiting, "ranges_given_up": left.dead})  # fmt: skip
    return 0 if done.is_done else 3


def _connected(opened: Session) -> psycopg.Connection:
    return psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid verify")
