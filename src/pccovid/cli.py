"""The `pccovid` command: reads its arguments, brings up the database where one is needed, calls one function."""

from __future__ import annotations

import argparse
import os
import sys

from pccovid.config.commands import (
    audit,
    backing_up,
    benching,
    breaches,
    carrying,
    conformance,
    database,
    exporting,
    insuring,
    keys,
    laboratories,
    linkage,
    measuring,
    outbreaks,
    retention,
    scanning,
    sealing,
    serving,
    statistics,
    telling,
    tracing,
    verifying,
    working,
)
from pccovid.foundation.cluster import ClusterDidNotStart
from pccovid.foundation.environment import EnvironmentIsWrong
from pccovid.foundation.roles import RolesCouldNotBeMade

_TOLD_FAILURES = (
    EnvironmentIsWrong, ClusterDidNotStart, RolesCouldNotBeMade,
    *backing_up.TOLD_FAILURES, *benching.TOLD_FAILURES, *breaches.TOLD_FAILURES,
    *carrying.TOLD_FAILURES, *exporting.TOLD_FAILURES, *insuring.TOLD_FAILURES,
    *keys.TOLD_FAILURES, *laboratories.TOLD_FAILURES,
    *linkage.TOLD_FAILURES, *measuring.TOLD_FAILURES, *outbreaks.TOLD_FAILURES, *retention.TOLD_FAILURES,
    *scanning.TOLD_FAILURES, *sealing.TOLD_FAILURES, *serving.TOLD_FAILURES,
    *statistics.TOLD_FAILURES, *verifying.TOLD_FAILURES,
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code. Known failures are told in one sentence, never as a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pccovid.config.settings")
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options) or 0)
    except _TOLD_FAILURES as failure:
        print(f"pccovid: {failure}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("pccovid: interrupted; run the same command again to go on", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pccovid", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for group in (
        serving,
        telling,
        tracing,
        verifying,
        insuring,
        working,
        database,
        audit,
        backing_up,
        keys,
        laboratories,
        conformance,
        carrying,
        linkage,
        measuring,
        outbreaks,
        benching,
        retention,
        exporting,
        breaches,
        statistics,
        scanning,
        sealing,
    ):
        group.add_commands(commands)
    return parser
