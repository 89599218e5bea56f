"""pccovid evaluate …: how right."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.table import Table

from pccovid.carry_over.evaluating import TruthIsUnreadable, evaluate
from pccovid.carry_over.jobs import only_import
from pccovid.config.commands.carrying import surroundings
from pccovid.config.commands.session import add_json_option, print_json, session, talk
from pccovid.foundation.facts import registered
from pccovid.foundation.roles import JOBS

TOLD_FAILURES = (TruthIsUnreadable,)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    evaluating = commands.add_parser("evaluate", help="compare the index with the truth of a made nation")
    evaluating.add_argument("--truth", type=Path, required=True, help="truth.parquet or truth.csv")
    add_json_option(evaluating)
    evaluating.set_defaults(run=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    with session(JOBS) as opened:
        around = surroundings(opened)
        with only_import(around.url) as connection:
            report = evaluate(connection, options.truth, registered(), work=around.work)
    table = Table(title="Index against truth")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, value in report.items():
        if isinstance(value, int | float):
            table.add_row(name, f"{value:,.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}")
    talk.print(table)
    if options.json:
        print_json(report)
    return 0
