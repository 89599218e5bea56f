"""pccovid backup …: sealed copies of the database, made, listed, looked through, brought back, and made unreadable."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import psycopg
from rich.table import Table

from pccovid.backups.keys import FILE_VARIABLE, BackupKeys, BackupKeysAreWrong, KeyIsGone, keys_file, read_keys
from pccovid.backups.making import BackupFailed, make
from pccovid.backups.restoring import TargetIsNotEmpty, restore, verify
from pccovid.backups.rules import LIFE_DAYS
from pccovid.backups.sealed_file import BackupIsBroken
from pccovid.backups.shredding import Shredded, shred
from pccovid.config.commands.session import Session, add_json_option, print_json, session, talk
from pccovid.config.commands.times import now
from pccovid.foundation.environment import read_environment
from pccovid.foundation.roles import JOBS

TOLD_FAILURES = (BackupKeysAreWrong, KeyIsGone, BackupFailed, BackupIsBroken, TargetIsNotEmpty)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser("backup", help="sealed copies that forget with the database they were made of")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    making = actions.add_parser("make", help="write a sealed copy into a new folder below FOLDER")
    making.add_argument("folder", type=Path, metavar="FOLDER")
    making.add_argument(
        "--days", type=int, default=LIFE_DAYS, choices=range(1, LIFE_DAYS + 1), metavar="N",
        help=f"how long it can be read (1 to {LIFE_DAYS})",
    )  # fmt: skip
    listing = actions.add_parser("list", help="the copies whose keys are here, and the days still to come")
    looking = actions.add_parser("verify", help="read a copy to its end: is it whole, and what is gone for ever")
    looking.add_argument("backup", type=Path, metavar="BACKUP")
    restoring = actions.add_parser("restore", help="bring a copy back into a new, empty database")
    restoring.add_argument("backup", type=Path, metavar="BACKUP")
    restoring.add_argument("--into", required=True, metavar="URL", help="the owner's address of the empty database")
    shredding = actions.add_parser("shred", help="destroy the keys whose day has come; the worker does it daily")
    for action, run in (
        (making, _make), (listing, _list), (looking, _verify), (restoring, _restore), (shredding, _shred),
    ):  # fmt: skip
        add_json_option(action)
        action.set_defaults(run=run)


def keys_of(opened: Session) -> BackupKeys:
    """The keys of this deployment's backups. Raises BackupKeysAreWrong."""
    return read_keys(keys_file(opened.environment.home, is_sandbox=opened.environment.is_sandbox))


def keeps_backups(opened: Session) -> bool:
    """Whether this deployment's backups are ours at all: another means of making them has keys of its own."""
    return opened.environment.is_sandbox or FILE_VARIABLE in os.environ


def shred_keys(opened: Session) -> Shredded:
    """Destroy the keys whose day has come. Raises BackupKeysAreWrong."""
    with psycopg.connect(opened.owner_url, autocommit=True) as owner:
        return shred(owner, keys_of(opened), now=now())


def _make(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, talk.status("") as line:
        backup, made = make(
            opened.owner_url, options.folder, keys_of(opened), now=now(), days=options.days, progress=_to(line.update)
        )
    rows = sum(one.rows for one in made.segments)
    talk.print(f"{backup}: {made.size / 1e6:,.1f} MB; {rows:,} rows apart by the day they are due", markup=False)
    if options.json:
        print_json({"backup": str(backup), "bytes": made.size, "rows_by_day": rows, "left_out_as_due": made.left_out})


def _list(options: argparse.Namespace) -> None:
    environment = read_environment()
    keys = read_keys(keys_file(environment.home, is_sandbox=environment.is_sandbox))
    table = Table(title="Backups that can be read")
    for column in ("backup", "made", "until"):
        table.add_column(column)
    for name, one in keys.backups.items():
        table.add_row(name, f"{one.made_at:%Y-%m-%d %H:%M}", f"{one.until:%Y-%m-%d %H:%M}")
    talk.print(table)
    if options.json:
        backups = {name: {"made_at": one.made_at, "until": one.until} for name, one in keys.backups.items()}
        print_json({"backups": backups, "days": sorted(keys.days)})


def _verify(options: argparse.Namespace) -> None:
    environment = read_environment()
    keys = read_keys(keys_file(environment.home, is_sandbox=environment.is_sandbox))
    manifest, gone = verify(options.backup.absolute(), keys)
    lost = sum(one.rows for one in gone)
    talk.print(f"whole, made {manifest.made_at}; {lost:,} rows of {len(gone)} days are gone for ever", markup=False)
    if options.json:
        print_json({"made_at": manifest.made_at, "segments": len(manifest.segments), "rows_gone": lost})


def _restore(options: argparse.Namespace) -> None:
    environment = read_environment()
    keys = read_keys(keys_file(environment.home, is_sandbox=environment.is_sandbox))
    with talk.status("") as line:
        done = restore(options.backup.absolute(), keys, options.into, progress=_to(line.update))
    talk.print(
        f"{done.rows.total():,} rows with a period came back, {done.gone.total():,} are gone for ever."
        " Now: `pccovid retention run`, and docs/runbooks/backups.md, what has to be erased again", markup=False,
    )  # fmt: skip
    if options.json:
        print_json(dict(done.told()))


def _shred(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        done = shred_keys(opened)
    talk.print(f"keys destroyed: of {len(done.backups)} backups and of {len(done.days)} days")
    if options.json:
        print_json(asdict(done))


def _to(update: Callable[[str], None]) -> Callable[[str, int], None]:
    return lambda table, rows: update(f"{table}: {rows:,} rows")
