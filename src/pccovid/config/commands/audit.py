"""pccovid audit …: the log of access, chained, anchored outside the database, and verified."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

import psycopg

from pccovid.config.commands.session import Session, add_json_option, print_json, progress_bars, session, talk
from pccovid.config.commands.times import now
from pccovid.foundation.audit import Verdict, anchor, extend_chain, settle, verify
from pccovid.foundation.cluster import secret
from pccovid.foundation.roles import JOBS, OWNER

ANCHORS_VARIABLE, KEY_VARIABLE = "PCCOVID_ANCHORS_FILE", "PCCOVID_AUDIT_KEY"
_MOST_SHOWN = 50


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser("audit", help="chain, anchor and verify the log of access")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    anchoring = actions.add_parser("anchor", help="chain what is new and write the chain's end to the anchors' file")
    add_json_option(anchoring)
    anchoring.set_defaults(run=_anchor)
    verifying = actions.add_parser("verify", help="find every change, removal or insertion in the log")
    add_json_option(verifying)
    verifying.set_defaults(run=_verify)


def chain_and_anchor(opened: Session, *, with_anchor: bool = True) -> tuple[int, int | None]:
    """Chain what is new, readings that left no entry too; returns how many, and the position anchored, if one was."""
    with psycopg.connect(opened.url(JOBS), autocommit=True) as connection:
        settle(connection)
        added = extend_chain(connection)
        made = anchor(connection, anchors_file(opened), audit_key(opened), now=now()) if with_anchor else None
    return added, made.position if made else None


def anchors_file(opened: Session) -> Path:
    """Where anchors are kept: best on another machine's disk (PCCOVID_ANCHORS_FILE)."""
    named = os.environ.get(ANCHORS_VARIABLE)
    return Path(named) if named else opened.environment.home / "anchors" / "access-log.jsonl"


def audit_key(opened: Session) -> bytes:
    """The key that signs anchors; the database never sees it."""
    return (os.environ.get(KEY_VARIABLE) or secret(opened.environment.home, "audit-key")).encode()


def _anchor(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        added, position = chain_and_anchor(opened)
    talk.print(f"{added:,} entries chained; " + (f"anchored at {position:,}" if position else "nothing new to anchor"))
    if options.json:
        print_json({"chained": added, "anchored_at": position})


def verified(opened: Session, *, progress: Callable[[str, float], None]) -> Verdict:
    """Chain what is new and compare log, chain and anchors; reads as the owner."""
    chain_and_anchor(opened, with_anchor=False)
    with psycopg.connect(opened.url(OWNER)) as connection:
        return verify(connection, anchors_file(opened), audit_key(opened), progress=progress)


def _verify(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, progress_bars() as progress:
        verdict = verified(opened, progress=progress)
    _tell(verdict)
    if options.json:
        print_json(
            {
                "whole": verdict.is_whole, "entries": verdict.entries, "anchors": verdict.anchors,
                "entries_since_last_anchor": verdict.unanchored,
                "numbers_without_entry": verdict.without_entry,
                "entries_of_readings_not_ended": verdict.left_open,
                "findings": [finding.__dict__ for finding in verdict.findings],
            }
        )  # fmt: skip
    return 0 if verdict.is_whole else 1


def _tell(verdict: Verdict) -> None:
    talk.print(f"{verdict.entries:,} entries against {verdict.anchors:,} anchors")
    for finding in verdict.findings[:_MOST_SHOWN]:
        where = " ".join(
            f"{name} {number}"
            for name, number in (("position", finding.position), ("entry", finding.log_id))
            if number is not None
        )
        talk.print(f"  {finding.kind} {where}: {finding.told}", markup=False)
    if len(verdict.findings) > _MOST_SHOWN:
        talk.print(f"  … and {len(verdict.findings) - _MOST_SHOWN:,} more (--json lists all)")
    if verdict.without_entry:
        numbers = sum(last - first + 1 for first, last in verdict.without_entry)
        talk.print(f"{numbers:,} openings left no entry: rolled back, failed or still open (docs/runbooks/audit.md)")
    if verdict.left_open:
        talk.print(f"{verdict.left_open:,} entries were written for readings that were announced and never ended")
    if verdict.is_whole:
        talk.print("The log is whole.")
    else:
        talk.print("Enter it into the register of breaches: pccovid breach report --from-audit")
