"""One campaign in a process of its own, which a test may kill: `python verification_to_be_killed.py URL ADDRESS`."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime


def main(url: str, address: str) -> None:
    """Go on with the campaign as the jobs role until nothing is due."""
    import django
    import psycopg

    from pccovid.foundation.database import ROLE_URL_VARIABLE

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
    os.environ[ROLE_URL_VARIABLE] = url
    django.setup()
    from pccovid.connectors.population_database.connecting import population_database
    from pccovid.identity_verification.asking import Around
    from pccovid.identity_verification.operations import go_on

    def connect() -> psycopg.Connection:
        return psycopg.connect(url, autocommit=True)

    def now() -> datetime:
        return datetime.now(UTC)

    around = Around(connect, "population", population_database(address, is_sandbox=True), now)
    with connect() as connection:
        print("begun", flush=True)
        go_on(connection, around, now=now)


if __name__ == "__main__":
    main(*sys.argv[1:])
