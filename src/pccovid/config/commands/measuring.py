"""pccovid evaluate …, bench …: how right and how fast."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.table import Table

from pccovid.carry_over.evaluating import TruthIsUnreadable, evaluate
from pccovid.carry_over.jobs import only_import
from pccovid.config.benches import access_bench, import_bench, match_bench, scan_bench, sealing_bench, trace_bench
from pccovid.config.commands.carrying import surroundings
from pccovid.config.commands.session import add_json_option, print_json, progress_bars, session, talk
from pccovid.foundation.facts import registered
from pccovid.foundation.roles import JOBS

TOLD_FAILURES = (TruthIsUnreadable,)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    evaluating = commands.add_parser("evaluate", help="compare the index with the truth of a made nation")
    evaluating.add_argument("--truth", type=Path, required=True, help="truth.parquet or truth.csv")
    add_json_option(evaluating)
    evaluating.set_defaults(run=_evaluate)

    bench = commands.add_parser("bench", help="throughput as ratios, side by side in one run")
    names = bench.add_subparsers(required=True, metavar="NAME")
    importing = names.add_parser("import", help="import against COPY of the same bytes into a bare table")
    importing.add_argument("--people", type=int, default=100_000)
    importing.add_argument("--seed", type=int, default=1)
    importing.add_argument("--repeat", type=int, default=3, help="how often the reference is measured (median)")
    importing.add_argument("--growth", action="store_true", help="import a tenth first, and compare the memory")
    add_json_option(importing)
    importing.set_defaults(run=_bench_import)
    access = names.add_parser("access", help="pages with row security against the same without it")
    access.add_argument("--people", type=int, default=20_000)
    access.add_argument("--seed", type=int, default=1)
    access.add_argument("--requests", type=int, default=150, help="people whose pages are asked for")
    access.add_argument("--repeat", type=int, default=5, help="rounds (median)")
    add_json_option(access)
    access.set_defaults(run=_bench_access)
    matching = names.add_parser("match-one", help="matches of one record against the bare query for its candidates")
    matching.add_argument("--people", type=int, default=20_000)
    matching.add_argument("--seed", type=int, default=1)
    matching.add_argument("--requests", type=int, default=1_000, help="records that are matched")
    matching.add_argument("--growth", action="store_true", help="match against a tenth first, and compare the times")
    add_json_option(matching)
    matching.set_defaults(run=_bench_match)
    scanning = names.add_parser("scan", help="durable scans over HTTP against single-row inserts by pgbench")
    scanning.add_argument("--scans", type=int, default=30_000, help="scans of one round")
    scanning.add_argument("--connections", type=int, default=64, help="of the load, and of pgbench")
    scanning.add_argument("--repeat", type=int, default=3, help="rounds (median)")
    add_json_option(scanning)
    scanning.set_defaults(run=_bench_scan)
    tracing = names.add_parser("trace", help="contacts of one case, and of a thousand, against bare SQL")
    tracing.add_argument("--visits", type=int, default=1_000_000)
    tracing.add_argument("--requests", type=int, default=200, help="cases that are traced one at a time")
    tracing.add_argument("--repeat", type=int, default=3, help="rounds of the thousand (median)")
    add_json_option(tracing)
    tracing.set_defaults(run=_bench_trace)
    sealing = names.add_parser(
        "sealing", help="import and look-ups with sealed numbers against the same with bare ones"
    )
    sealing.add_argument("--people", type=int, default=20_000)
    sealing.add_argument("--seed", type=int, default=1)
    sealing.add_argument("--requests", type=int, default=1_000, help="people who are looked up")
    sealing.add_argument("--repeat", type=int, default=2, help="imports in each lane (the quicker counts)")
    add_json_option(sealing)
    sealing.set_defaults(run=_bench_sealing)


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


def _bench_import(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, progress_bars() as progress:
        report = import_bench.run(
            opened.owner_url, opened.environment, people=options.people, seed=options.seed, repeat=options.repeat,
            growth=options.growth, progress=progress,
        )  # fmt: skip
    for name, ratio in report["ratios"].items():  # type: ignore[attr-defined]
        talk.print(f"{name}: {ratio:.4f}")
    if options.json:
        print_json(report)
    return 0


def _bench_access(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, progress_bars() as progress:
        report = access_bench.run(
            opened.owner_url, opened.environment, people=options.people, seed=options.seed, requests=options.requests,
            repeat=options.repeat, progress=progress,
        )  # fmt: skip
    for name, ratio in report["ratios"].items():  # type: ignore[attr-defined]
        talk.print(f"{name}: {ratio:.4f}")
    if options.json:
        print_json(report)
    return 0


def _bench_match(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, progress_bars() as progress:
        report = match_bench.run(
            opened.owner_url, opened.environment, people=options.people, seed=options.seed, requests=options.requests,
            growth=options.growth, progress=progress,
        )  # fmt: skip
    for name, ratio in report["ratios"].items():  # type: ignore[attr-defined]
        talk.print(f"{name}: {ratio:.4f}")
    if options.json:
        print_json(report)
    return 0


def _bench_scan(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, progress_bars() as progress:
        report = scan_bench.run(
            opened.owner_url, opened.environment, scans=options.scans, connections=options.connections,
            repeat=options.repeat, progress=progress,
        )  # fmt: skip
    for name, ratio in report["ratios"].items():  # type: ignore[attr-defined]
        talk.print(f"{name}: {ratio:.4f}")
    if options.json:
        print_json(report)
    return 0


def _bench_trace(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, progress_bars() as progress:
        report = trace_bench.run(
            opened.owner_url, opened.environment, visits=options.visits, asked=options.requests,
            repeat=options.repeat, progress=progress,
        )  # fmt: skip
    talk.print(report)
    if options.json:
        print_json(report)
    return 0


def _bench_sealing(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, progress_bars() as progress:
        report = sealing_bench.run(
            opened.owner_url, opened.environment, people=options.people, seed=options.seed, requests=options.requests,
            repeat=options.repeat, progress=progress,
        )  # fmt: skip
    for name, ratio in report["ratios"].items():  # type: ignore[attr-defined]
        talk.print(f"{name}: {ratio:.4f}")
    if options.json:
        print_json(report)
    return 0
