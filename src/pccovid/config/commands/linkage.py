"""pccovid linkage …: people in files of a steward's own, records asked of the index, and shadows of the index."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psycopg

from pccovid.carry_over.match_lines import match_lines
from pccovid.config.commands import models, shadows
from pccovid.config.commands.session import add_json_option, print_json, session, talk
from pccovid.config.commands.times import now
from pccovid.foundation.environment import read_environment
from pccovid.foundation.roles import JOBS
from pccovid.linkage.anybody.answers import Answered, UnwritableAnswer, dedupe, link
from pccovid.linkage.anybody.matching import NothingToCompare
from pccovid.linkage.anybody.person_files import NotPeople
from pccovid.linkage.workspace import Limits

TOLD_FAILURES = (NotPeople, NothingToCompare, UnwritableAnswer, *shadows.TOLD_FAILURES, *models.TOLD_FAILURES)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser(
        "linkage",
        help="find the same people in files: dedupe, link; the index anew: shadow; models: train, evaluate, compare",
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    deduping = actions.add_parser("dedupe", help="which rows of one file are the same person")
    deduping.add_argument("file", type=Path)
    deduping.set_defaults(run=_dedupe)
    linking = actions.add_parser("link", help="which rows of two files are the same person")
    linking.add_argument("left", type=Path)
    linking.add_argument("right", type=Path)
    linking.set_defaults(run=_link)
    matching = actions.add_parser("match", help="whose each record is (JSON lines), asked of the index")
    matching.add_argument(
        "file", type=Path, help="one JSON object a line with the person columns; - for standard input"
    )
    matching.set_defaults(run=_match)
    for action in (deduping, linking):
        action.add_argument("--out", type=Path, required=True, help="the answer, as .csv or .parquet")
        add_json_option(action)
    shadows.add_actions(actions)
    models.add_actions(actions)


def _dedupe(options: argparse.Namespace) -> None:
    with talk.status(f"looking for the same people in {options.file.name}"):
        answered = dedupe(options.file, options.out, limits=_limits(), today=now().date())
    talk.print(f"{answered.rows[0]:,} rows; {answered.found:,} people have several; written to {options.out}")
    _report(options, answered)


def _link(options: argparse.Namespace) -> None:
    with talk.status(f"looking for people of {options.left.name} in {options.right.name}"):
        answered = link(options.left, options.right, options.out, limits=_limits(), today=now().date())
    talk.print(
        f"{answered.rows[0]:,} and {answered.rows[1]:,} rows; {answered.found:,} pairs; written to {options.out}"
    )
    _report(options, answered)


def _match(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.url(JOBS), application_name="pccovid match") as connection:
        decisions: Counter[str] = Counter()
        for answer in match_lines(connection, _lines(options.file), now=now()):
            decisions[answer["decision"]] += 1
            print_json(answer)
    talk.print(", ".join(f"{rows:,} {decision}" for decision, rows in sorted(decisions.items())) or "no lines")


def _lines(path: Path) -> Iterator[str]:
    """The file's lines; what is no UTF-8 is replaced, and such a line answers for itself."""
    if str(path) == "-":
        yield from sys.stdin
        return
    if not path.is_file():
        raise NotPeople(f"there is no file {path}")
    with path.open(encoding="utf-8", errors="replace") as lines:
        yield from lines


def _limits() -> Limits:
    environment = read_environment()
    return Limits(memory=environment.import_memory, spark_master=environment.spark_master)


def _report(options: argparse.Namespace, answered: Answered) -> None:
    if answered.unread:
        talk.print(f"columns not read: {', '.join(answered.unread)}")
    if options.json:
        print_json({"out": str(options.out), **asdict(answered)})
