"""What benches share: a prepared database of their own, and a made nation carried over into it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from pccovid.carry_over.ledger import RunLedger
from pccovid.carry_over.operations import Surroundings, carry_over
from pccovid.config.commands.session import prepare_in_child
from pccovid.foundation.environment import Environment
from pccovid.foundation.roles import JOBS, role_url, set_up_roles

Progress = Callable[[str, float], None]


@contextlib.contextmanager
def scratch_database(owner_url: str, environment: Environment, *, name: str = "pccovid_bench") -> Iterator[str]:
    """The owner's URL of a prepared database for the bench alone, dropped afterwards."""
    admin, url = (urlsplit(owner_url)._replace(path=f"/{path}").geturl() for path in ("postgres", name))
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            set_up_roles(url, environment.home)
            prepare_in_child(url, environment)
            yield url
        finally:
            connection.execute(drop)


def carry_over_into(url: str, environment: Environment, exports: Path, work: Path, progress: Progress) -> RunLedger:
    """Import a delivery into the database of that owner's URL."""
    jobs_url = role_url(url, JOBS, environment.home)
    return carry_over_as_job(jobs_url, environment.import_memory, exports, work, progress)


def carry_over_as_job(jobs_url: str, memory: str, exports: Path, work: Path, progress: Progress) -> RunLedger:
    """Import a delivery into the database of that URL of the jobs role; `memory` is DuckDB's limit."""
    return carry_over(
        exports, Surroundings(jobs_url, work, memory), by="bench", now=datetime.now(UTC), progress=progress
    )
