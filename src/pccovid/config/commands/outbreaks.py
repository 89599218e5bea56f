"""pccovid outbreak …: an epidemic whose transmissions are known, traced as its days go by, and how much was found."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path
from statistics import mean

import psycopg
from rich.table import Table

from pccovid.config.benches.outbreak_truth import measured, second_generation
from pccovid.config.benches.outbreak_world import KINDS, World
from pccovid.config.benches.scratch import scratch_database
from pccovid.config.commands.session import add_json_option, print_json, progress_bars, session, talk
from pccovid.foundation.roles import JOBS, role_url
from pccovid.sandbox.covasim_epidemic import CovasimIsMissing, simulate
from pccovid.sandbox.drawing import stream
from pccovid.sandbox.foreign_outbreak import DAY_ZERO, Foreign, read_foreign
from pccovid.sandbox.outbreak import recorded
from pccovid.sandbox.outbreak_files import VIET_NAM, Outbreak, OutbreakIsUnreadable, read_outbreak, write_outbreak

TOLD_FAILURES = (CovasimIsMissing, OutbreakIsUnreadable)
BEGINS = datetime(2021, 10, 4, tzinfo=VIET_NAM)
Report = dict[str, object]
_LINES_SHOWN = 5
_NO_TRUTH = "No truth in it: nothing says who infected whom, so there is nothing to measure what was found by."
_NOTHING_TO_TRACE_BY = (
    "Nothing to trace by in it: neither visits, households, journeys nor declared contacts. Nothing found says nothing."
)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    outbreak = commands.add_parser("outbreak", help="an epidemic whose transmissions are known, and tracing it")
    verbs = outbreak.add_subparsers(required=True, metavar="VERB")
    making = verbs.add_parser("make", help="let covasim make one (needs `make epidemic-env`)")
    making.add_argument("folder", type=Path)
    for option, default, told in (("people", 3000, ""), ("days", 45, ""), ("seeds", 5, "infected at first"),
                                  ("seed", 1, "")):  # fmt: skip
        making.add_argument(f"--{option}", type=int, default=default, help=told)
    making.set_defaults(run=_make)
    reading = verbs.add_parser("read", help="write somebody else's line list, contacts and routes as such a folder")
    reading.add_argument("folder", type=Path)
    reading.add_argument("into", type=Path)
    reading.add_argument("--day-zero", type=date.fromisoformat, default=DAY_ZERO, help="where days are bare numbers")
    add_json_option(reading)
    reading.set_defaults(run=_read)
    tracing = verbs.add_parser("trace", help="trace the outbreak of a folder (docs/reference/outbreaks.md)")
    tracing.add_argument("folder", type=Path)
    tracing.add_argument("--every-kind", action="store_true", help="also without each kind of data in turn, and alone")
    tracing.add_argument("--second", action="store_true", help="also contacts of contacts, every seventh pass")
    add_json_option(tracing)
    tracing.set_defaults(run=_trace)


def _make(options: argparse.Namespace) -> int:
    epidemic = simulate(
        people=options.people, days=options.days, seeds=options.seeds, seed=options.seed, begins=BEGINS
    )  # fmt: skip
    outbreak = recorded(epidemic, stream(options.seed, "outbreak"))
    write_outbreak(options.folder, outbreak)
    talk.print(f"{len(epidemic.infections):,} infections, {len(outbreak.specimens):,} of them tested;"
               f" {len(outbreak.presences):,} visits: {options.folder}")  # fmt: skip
    return 0


def _read(options: argparse.Namespace) -> int:
    foreign = read_foreign(options.folder, day_zero=options.day_zero)
    write_outbreak(options.into, foreign.outbreak)
    _account(foreign)
    if options.json:
        print_json({"has_truth": foreign.has_truth, "files": [one._asdict() for one in foreign.accounts]})
    return 0


def _account(foreign: Foreign) -> None:
    """Each file on a line, and below it what was left out, noted, or stood for nothing."""
    for one in foreign.accounts:
        columns = ", ".join(f"{concept}={column}" for concept, column in one.columns.items())
        talk.print(f"{one.file}: {one.taken_for}, {one.rows:,} rows ({columns})", markup=False)
        for reason, count in one.left_out.items():
            talk.print(f"  left out: {count:,}, {reason}{_where(one.lines.get(reason, []))}", markup=False)
        for what, count in one.noted.items():
            talk.print(f"  noted: {count:,}, {what}", markup=False)
        if one.unused:
            talk.print(f"  columns that stood for nothing: {', '.join(one.unused)}", markup=False)
    if not foreign.has_truth:
        talk.print(_NO_TRUTH, markup=False)


def _where(lines: list[int]) -> str:
    if not lines:
        return ""
    shown = ", ".join(map(str, lines[:_LINES_SHOWN]))
    return f" (lines {shown}{', …' if len(lines) > _LINES_SHOWN else ''})"


def _outbreak_of(folder: Path) -> Outbreak:
    """As documented; where it is not, as somebody else's. Raises OutbreakIsUnreadable."""
    try:
        return read_outbreak(folder)
    except OutbreakIsUnreadable as wrong:
        talk.print(f"{wrong}; read as somebody else's", markup=False)
        foreign = read_foreign(folder)
        _account(foreign)
        return foreign.outbreak


def _trace(options: argparse.Namespace) -> int:
    outbreak = _outbreak_of(options.folder)
    ways = _ways(outbreak, every=options.every_kind)
    reports: dict[str, object] = {}
    with (
        session(JOBS) as opened,
        progress_bars() as progress,
        scratch_database(opened.owner_url, opened.environment, name="pccovid_outbreak") as url,
        psycopg.connect(url, autocommit=True) as owner,
        psycopg.connect(role_url(url, JOBS, opened.environment.home), autocommit=True) as jobs,
    ):
        for way, kinds in ways.items():
            reports[way] = _lived(World(owner, jobs, outbreak), kinds, partial(progress, way), second=options.second)
    _tell(reports)
    if not ways["everything"]:
        talk.print(_NOTHING_TO_TRACE_BY, markup=False)
    if not any(one.infector for one in outbreak.transmissions):
        talk.print(_NO_TRUTH, markup=False)
    if options.json:
        print_json({"outbreak": options.folder.name, "ways": reports})
    return 0


def _ways(outbreak: Outbreak, *, every: bool) -> dict[str, tuple[str, ...]]:
    """Which kinds of data are used: all that there are; if asked, without each, and each alone."""
    there = {"places": outbreak.presences, "households": any(one.household for one in outbreak.residents),
             "journeys": outbreak.journeys, "declared contacts": outbreak.declared}  # fmt: skip
    kinds = tuple(kind for kind in KINDS if there[kind])
    ways = {"everything": kinds}
    if every and len(kinds) > 1:
        ways |= {f"without {kind}": tuple(one for one in kinds if one != kind) for kind in kinds}
        ways |= {f"only {kind}": (kind,) for kind in kinds}
    return ways


def _lived(world: World, kinds: tuple[str, ...], hear: Callable[[float], None], *, second: bool) -> Report:
    for done, of in world.lived(kinds, second=second):
        hear(done / of)
    seconds = world.pass_seconds or [0.0]
    cases, contacts = world.cases(), world.contacts()
    first = {(one.case, one.person) for one in contacts}
    further = {"second": second_generation(world.outbreak, cases, world.second, first)} if second else {}
    return measured(world.outbreak, cases, contacts) | further | {
        "kinds": kinds, "passes": len(world.pass_seconds),
        "pass_seconds": {"mean": round(mean(seconds), 3), "longest": round(max(seconds), 3)},
    }  # fmt: skip


def _tell(reports: dict[str, object]) -> None:
    table = Table(title="What tracing found")
    for column in ("data", "F1", "infected found", "infectors found", "pairs joined", "precision of pairs",
                   "true contacts found", "precision"):  # fmt: skip
        table.add_column(column, justify="left" if column == "data" else "right")
    for way, report in reports.items():
        assert isinstance(report, dict)
        pairs, contacts = report["pairs"], report.get("true_contacts", {}).get("all", {})
        shares = (pairs["recall_of_infected"], pairs["recall_of_infector"], pairs["joined_either_way"],
                  pairs["precision"], contacts.get("recall"), contacts.get("precision"))  # fmt: skip
        table.add_row(way, str(report["contacts"]), *("–" if one is None else f"{one:.3f}" for one in shares))
    talk.print(table)
