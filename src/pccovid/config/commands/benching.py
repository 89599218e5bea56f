"""pccovid bench NAME …: how fast, as ratios taken side by side in one run."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pccovid.config.benches import (
    access_bench,
    app_bench,
    exchange_bench,
    faults_bench,
    import_bench,
    linkage_bench,
    match_bench,
    scan_bench,
    sealing_bench,
    spark_bench,
    trace_bench,
    visible_bench,
)
from pccovid.config.benches.linkage_lane import LaneBroke
from pccovid.config.benches.spark_cluster import SparkDidNotStart
from pccovid.config.commands.session import add_json_option, print_json, progress_bars, session, talk
from pccovid.foundation.roles import JOBS
from pccovid.linkage.workspace import Limits

TOLD_FAILURES = (LaneBroke, SparkDidNotStart, faults_bench.NotAllAccountedFor)


class Option(NamedTuple):
    """An option of a bench: a number, or a yes where the default is no."""

    default: int
    help: str = ""


class Bench(NamedTuple):
    """A bench that measures in databases of its own; its options are passed on to `run` by name."""

    help: str
    run: Callable[..., dict[str, object]]
    options: Mapping[str, Option]


_SEED = Option(1)
_ROUNDS = Option(3, "rounds (median)")
_GROWTH = Option(False, "do it with a tenth first, and compare")

BENCHES: Mapping[str, Bench] = {
    "import": Bench("import against COPY of the same bytes into a bare table", import_bench.run, {
        "people": Option(100_000), "seed": _SEED, "growth": _GROWTH,
        "repeat": Option(3, "how often the reference is measured (median)"),
    }),
    "access": Bench("pages with row security against the same without it", access_bench.run, {
        "people": Option(20_000), "seed": _SEED, "requests": Option(150, "people whose pages are asked for"),
        "repeat": Option(5, "rounds (median)"),
    }),
    "app": Bench("home and QR pages against a bare view with the same SQL; a day of signing in", app_bench.run, {
        "people": Option(2_000), "seed": _SEED, "requests": Option(50, "people whose pages are asked for"),
        "repeat": Option(5, "rounds (median)"),
        "sign-ins": Option(10_000, "different people who sign in, as far as there are"),
    }),
    "match-one": Bench("matches of one record against the bare query for its candidates", match_bench.run, {
        "people": Option(20_000), "seed": _SEED, "requests": Option(1_000, "records that are matched"),
        "growth": _GROWTH,
    }),
    "exchange": Bench("agencies' bundles with everything on against bare inserts", exchange_bench.run, {
        "people": Option(20_000), "seed": _SEED, "messages": Option(1_000, "bundles that are sent"),
        "laboratory": Option(1_000, "HL7 messages that are sent one after another"),
        "at-once": Option(1_000, "HL7 messages that are sent without waiting for the answers"),
    }),
    "faults": Bench("an hour, hurried, in which everybody falls sick in turn", faults_bench.run, {
        "people": Option(300, "about each of whom three agencies send"), "seed": _SEED,
        "seconds": Option(120, "in which the hour passes"),
    }),
    "visible": Bench("from the sender's 200 to record, feed and receiver", visible_bench.run, {
        "people": Option(5_000), "seed": _SEED, "messages": Option(200, "bundles that are waited for"),
    }),
    "scan": Bench("durable scans over HTTP against single-row inserts by pgbench", scan_bench.run, {
        "scans": Option(30_000, "scans of one round"), "repeat": _ROUNDS,
        "connections": Option(64, "of the load, and of pgbench"),
    }),
    "trace": Bench("contacts of one case, and of a thousand, against bare SQL", trace_bench.run, {
        "visits": Option(1_000_000), "requests": Option(500, "cases that are traced one at a time"),
        "repeat": Option(3, "rounds of the thousand (median)"),
        "cluster": Option(False, "also on a Spark cluster of this machine (`make spark-env`)"),
    }),
    "sealing": Bench("import and look-ups with sealed numbers against the same with bare ones", sealing_bench.run, {
        "people": Option(20_000), "seed": _SEED, "requests": Option(1_000, "people who are looked up"),
        "repeat": Option(2, "imports in each lane (the quicker counts)"),
    }),
}  # fmt: skip


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    bench = commands.add_parser("bench", help="throughput as ratios, side by side in one run")
    names = bench.add_subparsers(required=True, metavar="NAME")
    for name, one in BENCHES.items():
        parser = names.add_parser(name, help=one.help)
        for option, (default, told) in one.options.items():
            if default is False:
                parser.add_argument(f"--{option}", action="store_true", help=told)
            else:
                parser.add_argument(f"--{option}", type=int, default=default, help=told)
        add_json_option(parser)
        parser.set_defaults(run=_bench, bench=one)
    _add_linkage(names)


def _bench(options: argparse.Namespace) -> int:
    bench: Bench = options.bench
    chosen = {name: getattr(options, name) for name in (option.replace("-", "_") for option in bench.options)}
    with session(JOBS) as opened, progress_bars() as progress:
        report = bench.run(opened.owner_url, opened.environment, progress=progress, **chosen)
    return _tell(report, options)


def _add_linkage(names: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    """Those that need no database."""
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


def _bench_linkage(options: argparse.Namespace) -> int:
    with progress_bars() as progress:
        report = linkage_bench.run(
            rows=options.rows, seed=options.seed, repeat=options.repeat, progress=progress,
            limits=Limits(memory=options.memory, threads=options.threads),
            with_recordlinkage=not options.without_recordlinkage,
        )  # fmt: skip
    return _tell(report, options)


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


def _tell(report: dict[str, object], options: argparse.Namespace) -> int:
    ratios = report["ratios"]
    assert isinstance(ratios, dict)
    for name, ratio in ratios.items():
        talk.print(f"{name}: {ratio:.4f}")
    if options.json:
        print_json(report)
    return 0
