"""What every command that needs the database does first, and how commands report."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import django
import psycopg
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn

from pccovid.config.prepared_mark import current_mark, read_mark
from pccovid.foundation.database import ROLE_URL_VARIABLE, act_as, database_in_use
from pccovid.foundation.environment import Environment, read_environment
from pccovid.foundation.roles import OWNER, role_url
from pccovid.foundation.server_faults import server_faults

# Progress and talk go to standard error, so that standard output is only the report.
talk = Console(stderr=True, highlight=False)


@dataclass(frozen=True)
class Session:
    """A command's hold on the database while it runs."""

    environment: Environment
    owner_url: str

    def url(self, role: str) -> str:
        return role_url(self.owner_url, role, self.environment.home)


@contextlib.contextmanager
def session(role: str) -> Iterator[Session]:
    """Bring the database up, ready and migrated, and act as `role` from here on."""
    environment = read_environment()
    with database_in_use(environment) as owner_url:
        prepare_where_needed(owner_url, environment)
        act_as(role, owner_url, environment)
        django.setup()
        yield Session(environment, owner_url)


def prepare_where_needed(owner_url: str, environment: Environment) -> None:
    """Prepare the database unless it carries the mark of this very version, and tell what is wrong with its server."""
    with psycopg.connect(owner_url) as connection:
        if read_mark(connection) == current_mark():
            return
        for fault in server_faults(connection):
            talk.print(f"the server: {fault}", markup=False)
    prepare_in_child(owner_url, environment)


def prepare_in_child(owner_url: str, environment: Environment) -> None:
    """Migrate in a process of its own: this one must never have held the owner's connection."""
    done = subprocess.run(
        [sys.executable, "-c", "from pccovid.config.preparation import prepare; prepare()"],
        env={**os.environ, ROLE_URL_VARIABLE: role_url(owner_url, OWNER, environment.home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise DatabaseCouldNotBePrepared(
            f"the database could not be prepared: {' / '.join(done.stderr.strip().splitlines()[-3:])}"
        )


class DatabaseCouldNotBePrepared(RuntimeError):
    """Migrations or rules failed; the message is the last line of what they said."""


def add_json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object last on standard output")


def print_json(report: dict[str, object]) -> None:
    """One JSON object as the last line of standard output."""
    print(json.dumps(report, ensure_ascii=False, default=str), flush=True)


@contextlib.contextmanager
def progress_bars() -> Iterator[Callable[[str, float], None]]:
    """A function (stage, fraction 0–1) that draws one bar for each stage."""
    with Progress(
        TextColumn("{task.description:<28}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(), console=talk
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, fraction: float) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=1.0)
            bars.update(tasks[stage], completed=min(fraction, 1.0))

        yield show
