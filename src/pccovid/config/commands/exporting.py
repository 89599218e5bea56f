"""pccovid export …: what was exported, making what is approved, tracing a leaked file to its request."""

from __future__ import annotations

import argparse
import os
from dataclasses import asdict
from pathlib import Path

import psycopg

from pccovid.bulk_export.exporting import MadeExport, made_exports, make_approved, trace
from pccovid.bulk_export.watermark import Marks
from pccovid.config.commands.session import Session, add_json_option, print_json, session, talk
from pccovid.config.commands.times import now
from pccovid.foundation.cluster import secret
from pccovid.foundation.roles import JOBS

KEY_VARIABLE = "PCCOVID_EXPORT_KEY"


class FileIsNotText(ValueError):
    """The file to trace is not there, still encrypted, or no text."""


TOLD_FAILURES = (FileIsNotText,)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser("export", help="approved exports: list, make, trace a leaked file")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="every export ever made, to whom, how many rows")
    listing.set_defaults(run=_list)
    making = actions.add_parser("run", help="make what is approved now; the worker does so by itself")
    making.set_defaults(run=_run)
    tracing = actions.add_parser("trace", help="which request a leaked, decrypted file came from")
    tracing.add_argument("file", type=Path)
    tracing.set_defaults(run=_trace)
    for action in (listing, making, tracing):
        add_json_option(action)


def export_key(opened: Session) -> bytes:
    """The key of the marks; the database never sees it, and without it no file can be traced."""
    return (os.environ.get(KEY_VARIABLE) or secret(opened.environment.home, "export-marks")).encode()


def make_exports(opened: Session) -> tuple[int, ...]:
    """Make every approved export; returns their numbers."""
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid export") as connection:
        return make_approved(connection, secret=export_key(opened), now=now())


def _run(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        made = make_exports(opened)
    talk.print(f"{len(made)} exports made")
    if options.json:
        print_json({"made": made})


def read_leaked(file: Path) -> str:
    """The text of a leaked file, its line ends as they are. Raises FileIsNotText."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise FileIsNotText(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise FileIsNotText(f"{file} is no text: decrypt it first, and save it as UTF-8") from error


def _list(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.url(JOBS), autocommit=True) as connection:
        exports = made_exports(connection)
    for one in exports:
        talk.print(_told(one), markup=False)
    if options.json:
        print_json({"exports": [asdict(one) for one in exports]})


def _trace(options: argparse.Namespace) -> int:
    text = read_leaked(options.file)
    with session(JOBS) as opened, psycopg.connect(opened.url(JOBS), autocommit=True) as connection:
        found = trace(connection, text, secret=export_key(opened))
    for one, marks in found:
        talk.print(f"{_told(one)}\n  {_told_marks(marks)}", markup=False)
    if found:
        talk.print("Enter it into the register of breaches: pccovid breach report --from-export FILE")
    else:
        talk.print("no request's marks were found")
    if options.json:
        print_json({"requests": [{**asdict(one), "marks": asdict(marks)} for one, marks in found]})
    return 0 if found else 1


def _told(one: MadeExport) -> str:
    return (
        f"XD-{one.number} {one.purpose}, {one.rows:,} rows, {one.area or 'whole country'}, made {one.made_at:%Y-%m-%d},"
        f" asked by {one.asked_office}, for {one.organisation} ({one.recipient}), {one.downloads} downloads"
    )


def _told_marks(marks: Marks) -> str:
    return (
        f"{marks.references:,} rows with its references; order {marks.order:.1f} and quotes {marks.quotes:.1f} standard"
        " deviations from chance"
    )
