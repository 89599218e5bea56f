"""pccovid evaluate …, bench …: how right and how fast."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.table import Table

from pccovid.carry_over.evaluating import TruthIsUnreadable, evaluate
from pccovid.carry_over.jobs import only_import
from pccovid.config.benches import access_bench, import_bench, linkage_bench, match_bench, sealing_bench, spark_bench
from pccovid.config.benches.linkage_lane import LaneBroke
from pccovid.config.benches.spark_cluster import SparkDidNotStart
from pccovid.config.commands.carrying import surroundings
from pccovid.config.commands.session import add_json_option, print_json, progress_bars, session, talk
from pccovid.foundation.facts import registered
from pccovid.foundation.roles import JOBS
from pccovid.linkage.workspace import Limits

TOLD_FAILURES = (TruthIsUnreadable, LaneBroke, SparkDidNotStart)


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
    _add_linkage(names)
    matching = names.add_parser("match-one", help="matches of one record against the bare query for its candidates")
    matching.add_argument("--people", type=int, default=20_000)
    matching.add_argument("--seed", type=int, default=1)
    matching.add_argument("--requests", type=int, default=1_000, help="records that are matched")
    matching.add_argument("--growth", action="store_true", help="match against a tenth first, and compare the times")
    add_json_option(matching)
    matching.set_defaults(run=_bench_match)
    sealing = names.add_parser(
        "sealing", help="import and look-ups with sealed numbers against the same with bare ones"
    )
    sealing.add_argument("--people", type=int, default=20_000)
    sealing.add_argument("--seed", type=int, default=1)
    sealing.add_argument("--requests", type=int, default=1_000, help="people who are looked up")
    sealing.add_argument("--repeat", type=int, default=2, help="imports in each lane (the quicker counts)")
    add_json_option(sealing)
    sealing.set_defaults(run=_bench_sealing)


def _add_linkage(names: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    linking = names.add_parser("linkage", help="the whole linkage against Splink alone, and recordlinkage")
    linking.add_argument("--rows", type=int, default=100_000)
    linking.add_argument("--seed", type=int, default=1)
    linking.add_argument("--repeat", type=int, default=3, help="how often each is measured (median)")
    linking.add_argument("--memory", default="2GB", help="DuckDB's limit, for both")
    linking.add_argument("--threads", type=int, default=2, help="for both")
    linking.add_argument("--without-recordlinkage", action="store_true")
    add_json_option(linking)
    linking.set_defaults(run=_bench_linkage)
    spark = names.add_parser("spark", help="the linkage on a Spark cluster of this machine, and the same on DuckDB")
    spark.add_argument("--rows", type=int, default=100_000)
    spark.add_argument("--seed", type=int, default=1)
    spark.add_argument("--workers", type=int, default=2)
    spark.add_argument("--worker-memory", default="1g", help="of Spark, in its notation")
    spark.add_argument("--memory", default="2GB", help="DuckDB's limit in the process that calls Spark")
    add_json_option(spark)
    spark.set_defaults(run=_bench_spark)


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


def _bench_linkage(options: argparse.Namespace) -> int:
    with progress_bars() as progress:
        report = linkage_bench.run(
            rows=options.rows, seed=options.seed, repeat=options.repeat, progress=progress,
            limits=Limits(memory=options.memory, threads=options.threads),
            with_recordlinkage=not options.without_recordlinkage,
        )  # fmt: skip
    for name, ratio in report["ratios"].items():
        talk.print(f"{name}: {ratio:.4f}")
    if options.json:
        print_json(report)
    return 0


def _bench_spark(options: argparse.Namespace) -> int:
    with progress_bars() as progress:
        report = spark_bench.run(
            rows=options.rows, seed=options.seed, workers=options.workers, worker_memory=options.worker_memory,
            limits=Limits(memory=options.memory), progress=progress,
        )  # fmt: skip
    talk.print(f"same people, evidence and review: {report['same']}")
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
