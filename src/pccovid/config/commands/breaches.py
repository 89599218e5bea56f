"""pccovid breach report: what a program or whoever runs the system found goes into the register, and the hours run."""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable
from pathlib import Path

import psycopg

from pccovid.breaches.operations import Finding, report_breach
from pccovid.breaches.rules import KINDS, SHORTEST_WORDS
from pccovid.bulk_export.exporting import MadeExport, trace
from pccovid.config.commands.audit import verified
from pccovid.config.commands.exporting import export_key, read_leaked
from pccovid.config.commands.sealing import verified_messages
from pccovid.config.commands.session import Session, add_json_option, print_json, progress_bars, session, talk
from pccovid.config.commands.times import now
from pccovid.exchange.seal_keys import SealKeysAreWrong
from pccovid.exchange.seal_verifying import SealVerdict
from pccovid.foundation.audit import Verdict
from pccovid.foundation.roles import JOBS

_MOST_NAMED = 5


class FindingIsIncomplete(ValueError):
    """What was typed says too little to be entered."""


TOLD_FAILURES = (FindingIsIncomplete,)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser("breach", help="enter what was found into the register of breaches")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    report = actions.add_parser(
        "report", help="verify the log, trace a leaked file, or say what was found; then enter it"
    )
    found = report.add_mutually_exclusive_group(required=True)
    found.add_argument(
        "--from-audit", action="store_true", help="verify the logs of access and of messages, enter what is found"
    )
    found.add_argument(
        "--from-export", type=Path, metavar="FILE", help="trace a leaked file to its export and enter that"
    )
    found.add_argument("--told", metavar="WORDS", help="what happened, without anybody's name")
    report.add_argument("--kind", action="append", choices=KINDS, help="with --told; may be given several times")
    add_json_option(report)
    report.set_defaults(run=_report)


def _report(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        entered = enter(opened, tuple(findings(opened, options)))
    for number, words in entered:
        talk.print(f"SC-{number}: {words}", markup=False)
    if not entered:
        talk.print("nothing was found, and nothing entered")
    if options.json:
        print_json({"breaches": [number for number, _words in entered]})


def findings(opened: Session, options: argparse.Namespace) -> list[Finding]:
    """What the options ask to look for. Raises FindingIsIncomplete, FileIsNotText."""
    if options.from_audit:
        with progress_bars() as progress:
            return [*of_log(opened, progress=progress), *of_message_log(opened, progress=progress)]
    if options.from_export:
        text = read_leaked(options.from_export)
        with psycopg.connect(opened.url(JOBS), autocommit=True) as connection:
            return [of_export(one, text) for one, _marks in trace(connection, text, secret=export_key(opened))]
    if not options.kind or len(options.told.strip()) < SHORTEST_WORDS:
        raise FindingIsIncomplete(f"--told needs at least {SHORTEST_WORDS} characters, and --kind")
    subject = f"operator:{_digest(options.told.strip())}"
    return [Finding("operator", subject, tuple(options.kind), options.told, now())]


def of_log(opened: Session, *, progress: Callable[[str, float], None]) -> list[Finding]:
    """Verify the log; the damage found as one breach, none where it is whole."""
    verdict = verified(opened, progress=progress)
    return [] if verdict.is_whole else [of_audit(verdict)]


def of_message_log(opened: Session, *, progress: Callable[[str, float], None]) -> list[Finding]:
    """Verify the log of messages; the damage found as one breach, none where it is whole.

    Keys that are wrong show nothing of the log; who keeps them is told on the way.
    """
    try:
        verdict = verified_messages(opened, progress=progress)
    except SealKeysAreWrong as wrong:
        talk.print(str(wrong), markup=False)
        return []
    return [] if verdict.is_whole else [of_audit(verdict, "nhật ký thông điệp trao đổi")]


def enter(opened: Session, found: tuple[Finding, ...]) -> list[tuple[int, str]]:
    """Enter each finding; returns (number, words). What was entered before keeps its number and its hours."""
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid breach") as connection:
        return [(report_breach(connection, one), one.words) for one in found]


def of_audit(verdict: Verdict | SealVerdict, log: str = "nhật ký xem hồ sơ") -> Finding:
    """The damage that verifying the log found: the same damage is the same breach."""
    named = sorted((one.kind, one.position or 0, one.log_id or 0) for one in verdict.findings)
    told = "; ".join(f"{kind} @ {position}" for kind, position, _entry in named[:_MOST_NAMED])
    words = f"Kiểm tra {log} ({verdict.entries} dòng) thấy {len(named)} chỗ không đúng: {told}"
    return Finding("audit", f"audit:{_digest(repr(named))}", ("integrity",), words, now())


def of_export(export: MadeExport, text: str) -> Finding:
    """A leaked file that carries an export's marks; everybody in that export is drawn with it."""
    words = (
        f"Một tệp ở ngoài mang dấu của XD-{export.number}, lập {export.made_at:%Y-%m-%d} cho {export.organisation},"
        f" {export.rows} dòng, đã tải {export.downloads} lần"
    )
    subject = f"export:{export.number}:{_digest(text)}"
    return Finding("export_trace", subject, ("confidentiality",), words, now(), export=export.number)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
