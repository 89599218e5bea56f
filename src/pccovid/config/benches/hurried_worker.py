"""Our side of what is asked and told, as a process that a bench may kill, by a clock that runs faster.

    python -m pccovid.config.benches.hurried_worker URL POPULATION INSURER OFFICER BEGUN SPEED

It tells receivers of news, verifies whoever is unverified, and asks the insurer, each in a thread of its own as in
processes of their own otherwise, until it is killed. `SPEED` of its seconds pass in one of everybody else's.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import django
import psycopg

from pccovid.connectors.calling import Line
from pccovid.connectors.population_database.connecting import population_database
from pccovid.connectors.social_insurance.client import SocialInsurance
from pccovid.connectors.social_insurance.payloads import Officer
from pccovid.connectors.social_insurance.sandbox_server import SANDBOX_ACCOUNT
from pccovid.exchange.telling import Signer, tell
from pccovid.identity_verification import operations
from pccovid.identity_verification.asking import Around
from pccovid.insurance_checks.operations import Asking, check_due
from pccovid.people.operations import IndexIsBusy

ENDPOINT = "xroad:bench"
_PAUSE, _SECONDS, _BETWEEN_CAMPAIGNS = 0.1, 2.0, 1.0


def clock(begun: float, speed: float) -> Callable[[], datetime]:
    """A clock that showed the real time when it begun, and has run faster since."""
    return lambda: datetime.fromtimestamp(begun + (time.time() - begun) * speed, UTC)


def main(url: str, population: str, insurer: str, officer: str, begun: str, speed: str) -> None:
    """Work until killed. `officer`: `name|CCCD`."""
    django.setup()
    now = clock(float(begun), float(speed))
    threads = [
        threading.Thread(target=_over_and_over, args=(url, act), daemon=True)
        for act in (_teller(now), _verifier(url, population, now), _asker(insurer, officer, now))
    ]
    for thread in threads:
        thread.start()
    print("begun", flush=True)
    for thread in threads:
        thread.join()


def _over_and_over(url: str, act: Callable[[psycopg.Connection], object]) -> None:
    while True:
        with contextlib.suppress(psycopg.OperationalError, IndexIsBusy), _connected(url) as connection:
            while True:
                act(connection)
                time.sleep(_PAUSE)


def _connected(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True, application_name="pccovid bench")


def _teller(now: Callable[[], datetime]) -> Callable[[psycopg.Connection], object]:
    signer, chance = Signer("bench"), Random(1)
    return lambda connection: tell(connection, signer, now=now, chance=chance, plain_http=True)


def _verifier(url: str, population: str, now: Callable[[], datetime]) -> Callable[[psycopg.Connection], object]:
    police = population_database(population, is_sandbox=True, seconds=_SECONDS)
    around = Around(lambda: _connected(url), "population", police, now, sleep=lambda _: None)

    def verify(connection: psycopg.Connection) -> None:
        operations.start(
            connection, source="population", endpoint=ENDPOINT, per_second=10_000, by="bench", batch=40
        )  # fmt: skip
        operations.go_on(connection, around, now=now, most=4)
        time.sleep(_BETWEEN_CAMPAIGNS)

    return verify


def _asker(insurer: str, officer: str, now: Callable[[], datetime]) -> Callable[[psycopg.Connection], object]:
    name, _, number = officer.partition("|")
    asked = SocialInsurance(Line(insurer, seconds=_SECONDS, plain_http=True), SANDBOX_ACCOUNT)
    around = Asking(asked, Officer(name, number), 10_000, now, sleep=lambda _: None)
    return lambda connection: check_due(connection, around, older_than=timedelta(days=30), most=20)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
    main(*sys.argv[1:])
