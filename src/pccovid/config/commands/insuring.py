"""pccovid insurance check: asks the insurer about cards; `pccovid work` asks about those whose holders wished it."""

from __future__ import annotations

import argparse
import os
from datetime import timedelta

import psycopg

from pccovid.config.commands.session import Session, add_json_option, print_json, progress_bars, session, talk
from pccovid.config.commands.times import now
from pccovid.config.commands.whereabouts import OFFICER, address_of
from pccovid.connectors.calling import AddressIsWrong
from pccovid.connectors.social_insurance.client import SYSTEM
from pccovid.connectors.social_insurance.connecting import (
    ADDRESS_VARIABLE,
    InsurerIsNotSetUp,
    officer_named,
    social_insurance,
)
from pccovid.foundation.roles import JOBS
from pccovid.insurance_checks.operations import Asking, Checked, check_due
from pccovid.people.operations import IndexIsBusy

_AT_A_TIME = 50
_PER_SECOND = 10.0

TOLD_FAILURES = (InsurerIsNotSetUp, AddressIsWrong, IndexIsBusy)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    insurance = commands.add_parser("insurance", help="cards, as the insurer tells of them")
    verbs = insurance.add_subparsers(required=True, metavar="VERB")
    check = verbs.add_parser("check", help="ask about whoever wished it, then whoever was not asked about for long")
    check.add_argument("--url", help=f"the insurer; else {ADDRESS_VARIABLE}, else the sandbox that runs")
    check.add_argument("--per-second", type=float, default=_PER_SECOND, help="the rate that the insurer allows")
    check.add_argument("--days", type=float, default=30.0, help="for so long an answer is good")
    check.add_argument("--most", type=int, default=1_000_000, help="persons to ask about, at most")
    add_json_option(check)
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    with session(JOBS) as opened:
        around = _asking(opened, options.url, options.per_second)
        if around is None:
            raise InsurerIsNotSetUp(f"no insurer: name its address with --url or {ADDRESS_VARIABLE}")
        done = Checked()
        with _connected(opened) as connection, progress_bars() as bars:
            while done.answered < options.most:
                few = min(_AT_A_TIME, options.most - done.answered)
                came = check_due(connection, around, older_than=timedelta(days=options.days), most=few)
                done = Checked(
                    done.answered + came.answered, done.written + came.written, done.unanswered + came.unanswered
                )
                bars("asking the insurer", min(done.answered / options.most, 1.0))
                if not came.answered:
                    break
    talk.print(
        f"{done.answered} answers, {done.written} records say something new, {done.unanswered} without an answer"
    )
    if options.json:
        print_json({"answered": done.answered, "written": done.written, "unanswered": done.unanswered})
    return 3 if done.unanswered else 0


def check_wished(opened: Session) -> Checked:
    """Ask about those who wished it, where an insurer is named or the sandbox's runs. Raises IndexIsBusy."""
    around = _asking(opened, None, _PER_SECOND)
    if around is None:
        return Checked()
    with _connected(opened) as connection:
        return check_due(connection, around, older_than=timedelta(days=1), most=_AT_A_TIME, only_wished=True)


def _asking(opened: Session, url: str | None, per_second: float) -> Asking | None:
    """How the insurer is asked; None where nobody has said where it is. Raises InsurerIsNotSetUp, AddressIsWrong."""
    home, is_sandbox = opened.environment.home, opened.environment.is_sandbox
    address = url or os.environ.get(ADDRESS_VARIABLE) or address_of(home, SYSTEM)
    if not address:
        return None
    insurer = social_insurance(address, os.environ, is_sandbox=is_sandbox)
    officer = officer_named(os.environ, address_of(home, OFFICER) or "")
    return Asking(insurer, officer, max(per_second, 0.1), now)


def _connected(opened: Session) -> psycopg.Connection:
    return psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid insurance")
