"""pccovid statistics …: counts of people by area and day, for everybody, with small numbers left out."""

from __future__ import annotations

import argparse
import csv
import sys
from datetime import date

import psycopg

from pccovid.bulk_export.suppression import AlreadyDisclosed
from pccovid.config.commands.session import add_json_option, print_json, session, talk
from pccovid.config.commands.times import now
from pccovid.foundation.roles import ANALYSIS, JOBS
from pccovid.published_statistics.operations import Release, cells, publish, releases
from pccovid.published_statistics.rules import THEMES, WeekIsWrong
from pccovid.rights.working_days import local_day


class NoSuchRelease(LookupError):
    """Nothing was published under that number, or no province has that code."""


TOLD_FAILURES = (WeekIsWrong, AlreadyDisclosed, NoSuchRelease)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser("statistics", help="publish counts of people, list them, write one out as CSV")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    publishing = actions.add_parser("publish", help="publish a week by province; by commune in the provinces named")
    publishing.add_argument("--theme", choices=tuple(THEMES), required=True)
    publishing.add_argument("--week", type=date.fromisoformat, required=True, help="its Monday, as 2021-10-25")
    publishing.add_argument("--province", action="append", default=[], help="code of the 2021 list; may be repeated")
    add_json_option(publishing)
    publishing.set_defaults(run=_publish)
    listing = actions.add_parser("list", help="everything that was published")
    add_json_option(listing)
    listing.set_defaults(run=_list)
    showing = actions.add_parser("show", help="one release as CSV; a cell left blank is empty")
    showing.add_argument("release", type=int)
    showing.set_defaults(run=_show)


def _publish(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.url(JOBS), autocommit=True) as connection:
        try:
            made = publish(
                connection, theme=options.theme, week=options.week, provinces=options.province, by="pccovid statistics",
                today=local_day(now()),
            )  # fmt: skip
        except LookupError as unknown:
            raise NoSuchRelease(str(unknown)) from unknown
    _tell(made)
    if options.json:
        print_json(made.__dict__)


def _list(options: argparse.Namespace) -> None:
    """As the analysis role: what is published is all it may read."""
    with session(JOBS) as opened, psycopg.connect(opened.url(ANALYSIS), autocommit=True) as connection:
        found = releases(connection)
    for one in found:
        _tell(one)
    if options.json:
        print_json({"releases": [one.__dict__ for one in found]})


def _show(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.url(ANALYSIS), autocommit=True) as connection:
        found = cells(connection, options.release)
    if not found:
        raise NoSuchRelease(f"no release {options.release}")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("area", "day", "people"))
    writer.writerows((cell.area, cell.column, "" if people is None else people) for cell, people in found.items())


def _tell(one: Release) -> None:
    talk.print(f"{one.number}: {one.theme}, week of {one.week}: {one.cells:,} cells, {one.blank:,} left blank")
