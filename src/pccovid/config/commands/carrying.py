"""pccovid import …, sandbox …: deliveries in, ledgers out."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.table import Table

from pccovid.carry_over.jobs import AnotherImportIsRunning, ImportBrokeOff
from pccovid.carry_over.ledger import RunLedger
from pccovid.carry_over.operations import NothingToCarryOver, Surroundings, carry_over, replay
from pccovid.config.commands import agencies, sandbox_day
from pccovid.config.commands.session import (
    DatabaseCouldNotBePrepared,
    Session,
    add_json_option,
    print_json,
    progress_bars,
    session,
    talk,
)
from pccovid.config.commands.times import now
from pccovid.foundation.roles import JOBS
from pccovid.sandbox.nation import create

TOLD_FAILURES = (NothingToCarryOver, AnotherImportIsRunning, ImportBrokeOff, DatabaseCouldNotBePrepared,
                 *agencies.TOLD_FAILURES, *sandbox_day.TOLD_FAILURES)  # fmt: skip


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    importing = commands.add_parser(
        "import", help="carry a delivery over: import FOLDER, or: import replay [--reason CODE]"
    )
    importing.add_argument("folder", help="the delivery's folder, or the word replay")
    importing.add_argument("--reason", help="replay only rows held or rejected for this reason")
    add_json_option(importing)
    importing.set_defaults(run=_import)

    sandbox = commands.add_parser("sandbox", help="the made nation")
    actions = sandbox.add_subparsers(required=True, metavar="ACTION")
    making = actions.add_parser("create", help="make people and the exports of their earlier apps")
    making.add_argument("--people", type=int, default=20_000)
    making.add_argument("--seed", type=int, default=1)
    making.add_argument("--out", type=Path, required=True)
    add_json_option(making)
    making.set_defaults(run=_create)
    agencies.add_to(actions)
    sandbox_day.add_to(actions)


def surroundings(opened: Session) -> Surroundings:
    """Where imports of this home work."""
    work = opened.environment.home / "import"
    return Surroundings(opened.url(JOBS), work, opened.environment.import_memory, opened.environment.spark_master)


def _import(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, progress_bars() as progress:
        if options.folder == "replay":
            ledger = replay(surroundings(opened), reason=options.reason, by="operator", now=now(), progress=progress)
        else:
            folder = Path(options.folder).absolute()
            ledger = carry_over(folder, surroundings(opened), by="operator", now=now(), progress=progress)
    show_ledger(ledger)
    if options.json:
        print_json(ledger.as_json())
    return 0


def show_ledger(ledger: RunLedger) -> None:
    """The ledger as a table for people."""
    columns = ("received", "linked", "new", "held", "rejected")
    table = Table(title=f"Ledger of run {ledger.run}: received = linked + new + held + rejected")
    table.add_column("file")
    for column in columns:
        table.add_column(column, justify="right")
    for file in ledger.files:
        if file.name in ledger.unknown:
            continue
        table.add_row(file.name, *(f"{getattr(file, column):,}" for column in columns))
    table.add_section()
    table.add_row("all", *(f"{ledger.total(column):,}" for column in columns))
    talk.print(table)
    if ledger.unknown:
        talk.print(f"Not read, for their names are of no known kind of file: {', '.join(ledger.unknown)}", markup=False)


def _create(options: argparse.Namespace) -> int:
    with progress_bars() as progress:
        created = create(people=options.people, seed=options.seed, out=options.out, progress=progress)
    talk.print(f"{options.people:,} made people in {options.out}")
    if options.json:
        print_json({"people": options.people, "seed": options.seed, "out": str(options.out), "rows": created.rows})
    return 0
