"""pccovid retention …: what is due to be erased, erasing it, proofs, and the declared end of the epidemic."""

from __future__ import annotations

import argparse
import getpass
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import psycopg
from rich.table import Table

from pccovid.config.commands.audit import audit_key
from pccovid.config.commands.session import Session, add_json_option, print_json, session, talk
from pccovid.config.commands.times import now
from pccovid.foundation.roles import JOBS, OWNER
from pccovid.retention.ending import EndRefused, declare_end, standing_end, withdraw_end
from pccovid.retention.operations import Due, Erased, IndexIsTaken, erase_due, plan
from pccovid.retention.proofs import verify_erasures

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


class DayIsToCome(ValueError):
    """Erasing as of a day that has not come."""


TOLD_FAILURES = (DayIsToCome, EndRefused, IndexIsTaken)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser("retention", help="what is due to be erased, erasing it, and the declared end")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    planning = actions.add_parser("plan", help="dry run: what is due in each table, why, and what stays")
    planning.add_argument("--if-ended", action="store_true", help="as if the end of the epidemic had come")
    running = actions.add_parser("run", help="erase what is due; run again to go on after an interruption")
    for action, run in ((planning, _plan), (running, _run)):
        action.add_argument("--as-of", type=date.fromisoformat, metavar="DAY", help="as of the end of an earlier day")
        add_json_option(action)
        action.set_defaults(run=run)
    verifying = actions.add_parser("verify", help="see that no proof of erasure was changed or removed")
    add_json_option(verifying)
    verifying.set_defaults(run=_verify)
    _add_ending(actions)


def _add_ending(actions: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    declaring = actions.add_parser("declare-end", help="propose the end of the epidemic; two officers must approve it")
    declaring.add_argument("--date", type=date.fromisoformat, required=True, help="from this day everything is erased")
    declaring.add_argument("--decision", required=True, help="number, date and issuer of the decision")
    withdrawing = actions.add_parser("undeclare", help="take the declared end back, before its day")
    withdrawing.add_argument("--decision", required=True, help="why, and by whose decision")
    for action, run in ((declaring, _declare), (withdrawing, _withdraw)):
        add_json_option(action)
        action.set_defaults(run=run)
    standing = actions.add_parser("end", help="the declared end that stands, and who approved it")
    add_json_option(standing)
    standing.set_defaults(run=_standing)


def run_retention(opened: Session, *, at: datetime) -> Erased:
    """Erase everything due as of a moment. Raises IndexIsTaken."""
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid retention") as connection:
        return erase_due(
            connection, key=audit_key(opened), by=JOBS, now=at, progress=lambda _table, _rows: None
        )  # fmt: skip


def _moment(options: argparse.Namespace, *, may_be_future: bool) -> datetime:
    if options.as_of is None:
        return now()
    end = datetime.combine(options.as_of + timedelta(days=1), time(), VIET_NAM)
    if end > now() and not may_be_future:
        raise DayIsToCome(f"{options.as_of} is not over; nothing is erased before its time")
    return end


def _plan(options: argparse.Namespace) -> None:
    at = _moment(options, may_be_future=True)
    with session(JOBS) as opened, psycopg.connect(opened.url(JOBS), autocommit=True) as connection:
        lines = plan(connection, now=at, as_if_over=options.if_ended)
    talk.print(_as_table(lines, at))
    if options.json:
        tables = {line.table: asdict(line) for line in lines}
        print_json({"as_of": at, "if_ended": options.if_ended, "due": sum(one.due for one in lines), "tables": tables})


def _as_table(lines: tuple[Due, ...], at: datetime) -> Table:
    table = Table(title=f"Due to be erased as of {at:%Y-%m-%d %H:%M %Z}")
    for column in ("table", "kept for", "why"):
        table.add_column(column)
    for column in ("due", "stays"):
        table.add_column(column, justify="right")
    for line in lines:
        if line.due or line.because != "kept":
            period = f"{line.days} days" if line.days else f"until {line.until}"
            table.add_row(line.table, period, line.because, f"{line.due:,}", f"{line.kept:,}")
    return table


def _run(options: argparse.Namespace) -> None:
    at = _moment(options, may_be_future=False)
    with session(JOBS) as opened:
        erased = run_retention(opened, at=at)
    talk.print(f"{sum(erased.rows.values()):,} rows erased; {erased.persons:,} golden records derived anew")
    if options.json:
        rows = {table: count for table, count in erased.rows.items() if count}
        print_json({"as_of": at, "run": erased.run, "erased": rows, "golden_records_derived_anew": erased.persons})


def _verify(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, psycopg.connect(opened.url(OWNER)) as connection:
        verdict = verify_erasures(connection)
    talk.print(f"{verdict.proofs:,} proofs of {verdict.rows:,} erased rows, {verdict.anchors:,} ends in the log")
    for kind, position in verdict.findings:
        talk.print(f"  {kind} at {position}")
    if options.json:
        print_json({**asdict(verdict), "whole": verdict.is_whole})
    return 0 if verdict.is_whole else 1


def _declare(options: argparse.Namespace) -> None:
    by = f"operator {getpass.getuser()}"
    with session(JOBS) as opened, psycopg.connect(opened.url(OWNER), autocommit=True) as connection:
        number = declare_end(connection, ends_on=options.date, decision=options.decision, by=by)
    talk.print(f"proposed; two officers of data protection must approve it before {options.date}, in the console")
    if options.json:
        print_json({"declaration": number, "ends_on": options.date, "approvals": 0})


def _withdraw(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.url(OWNER), autocommit=True) as connection:
        number = withdraw_end(connection, why=options.decision, by=f"operator {getpass.getuser()}")
    talk.print("withdrawn; the periods of each table go on")
    if options.json:
        print_json({"withdrawn": number})


def _standing(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.url(OWNER), autocommit=True) as connection:
        end = standing_end(connection)
    told = "no end is declared"
    if end is not None:
        told = f"{end.ends_on}: {end.decision}; {len(end.approvals)} of 2 approvals"
    talk.print(told, markup=False)
    if options.json:
        print_json({"end": None if end is None else {**asdict(end), "is_approved": end.is_approved}})
