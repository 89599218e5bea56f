"""pccovid linkage shadow …: everybody linked anew beside what stands, looked at, approved, swapped in, taken back."""

from __future__ import annotations

import argparse
import getpass
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from rich.table import Table

from pccovid.carry_over.models_in_force import model_in_force
from pccovid.config.commands.carrying import surroundings
from pccovid.config.commands.session import Session, add_json_option, print_json, progress_bars, session, talk
from pccovid.config.commands.times import now
from pccovid.foundation import access
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.foundation.roles import JOBS, WEB
from pccovid.linkage.model import Model, load_model
from pccovid.officers.at_terminal import NotProven, prove
from pccovid.officers.offices import DATA_STEWARD
from pccovid.relinking import queries
from pccovid.relinking.making import AnotherShadowIsMade, make_shadow
from pccovid.relinking.queries import ApprovalRefused, ChangePage, PersonChange, ShadowLine
from pccovid.relinking.rolling_back import roll_back
from pccovid.relinking.swapping import SwapRefused, swap

_SAID = {
    "PC442": "no such shadow waits for approval",
    "PC443": "this officer has approved it already; a second one is needed",
}


class NoSuchShadow(LookupError):
    """There is no shadow, or none of that number, or it would not change that person."""


class ModelIsUnreadable(ValueError):
    """The file is no model."""


class ApprovalFailed(PermissionError):
    """The officer could not be proven, or may not approve this shadow."""


TOLD_FAILURES = (NoSuchShadow, ModelIsUnreadable, ApprovalFailed, AnotherShadowIsMade, SwapRefused)


def add_actions(actions: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    shadow = actions.add_parser("shadow", help="the whole index linked anew beside what stands")
    steps = shadow.add_subparsers(required=True, metavar="STEP")
    making = steps.add_parser("make", help="link everybody anew and compare; run again to go on, or to refresh")
    making.add_argument("--model", type=Path, metavar="FILE", help="a model file; else the model in force")
    showing = steps.add_parser("show", help="what the newest shadow (or the named one) would change")
    showing.add_argument("number", type=int, nargs="?")
    showing.add_argument("--kind", choices=queries.PERSON_KINDS, default="", help="only persons who would change so")
    showing.add_argument("--reason", default="", help="only persons with a record moved for this reason")
    showing.add_argument("--page", type=int, default=1)
    showing.add_argument("--person", type=UUID, help="one person, record by record, before and after")
    approving = steps.add_parser(
        "approve", help="one data steward's approval, proven by password and code; two are needed"
    )
    approving.add_argument("number", type=int)
    approving.add_argument("--officer", required=True, metavar="NAME", help="user name of the data steward")
    swapping = steps.add_parser("swap", help="make the approved shadow what stands, in one transaction")
    rolling = steps.add_parser("rollback", help="take the last swap back, in one transaction")
    for step, run in (
        (making, _make), (showing, _show), (approving, _approve), (swapping, _swap), (rolling, _roll_back),
    ):  # fmt: skip
        add_json_option(step)
        step.set_defaults(run=run)


def _make(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        model = read_model_file(options.model) if options.model else in_force(opened)
        with progress_bars() as progress:
            made = make_shadow(surroundings(opened), model=model, by=_operator(), now=now(), progress=progress)
        with reading(f"shadow {made.id}"):
            shadow = queries.shadow(made.id)
    assert shadow is not None
    _tell(shadow)
    if options.json:
        print_json(as_report(shadow))


def read_model_file(path: Path) -> Model:
    """A model from its file. Raises ModelIsUnreadable."""
    try:
        return load_model(path)
    except OSError as error:
        raise ModelIsUnreadable(f"{path}: {error.strerror}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise ModelIsUnreadable(f"{path} is no model: {error}") from error


def in_force(opened: Session) -> Model:
    """The model that links what arrives."""
    with psycopg.connect(opened.url(JOBS)) as connection:
        return model_in_force(connection)


def reading(case: str) -> Any:
    """Access of the job that repairs data to everybody's records, for the block."""
    return access.open(
        access.job("link_repair"), purpose="data_repair", legal_basis=EPIDEMIC_LAW, scope=access.everybody(), case=case
    )


def as_report(shadow: ShadowLine) -> dict[str, object]:
    """What `--json` prints of a shadow."""
    return {**asdict(shadow), "approvals": [asdict(one) for one in shadow.approvals], "approved": shadow.is_approved}


def chosen(number: int | None) -> ShadowLine:
    """The shadow of that number, or the newest. Raises NoSuchShadow."""
    found = queries.shadow(number) if number is not None else next(iter(queries.shadows(most=1)), None)
    if found is None:
        raise NoSuchShadow("there is no such shadow; make one with `pccovid linkage shadow make`")
    return found


def _show(options: argparse.Namespace) -> None:
    with session(JOBS), reading("show a shadow") as shown:
        shadow = chosen(options.number)
        if options.person:
            person = queries.person_change(shadow.id, options.person)
            if person is None:
                raise NoSuchShadow(f"shadow {shadow.id} would not change person {options.person}")
            shown.add(person.persons, ["identity", "source_record"])
            return _show_person(person, options)
        page = queries.changes(shadow.id, kind=options.kind, reason=options.reason, page=options.page)
    _tell(shadow)
    _tell_page(page)
    if options.json:
        print_json({**as_report(shadow), "page": asdict(page)})
    return None


def _show_person(person: PersonChange, options: argparse.Namespace) -> None:
    table = Table(title=f"{person.name or '?'}: {', '.join(person.line.kinds)}")
    for column in ("record", "name", "born", "before", "after", "why", "other person"):
        table.add_column(column)
    for one in person.records:
        table.add_row(
            one.record, one.name or "", str(one.birth_date or ""), "x" if one.is_before else "",
            "x" if one.is_after else "", f"{one.kind} {one.reason}".strip(), str(one.other or ""),
        )  # fmt: skip
    talk.print(table)
    if options.json:
        print_json({"person": str(person.line.person), **asdict(person)})


def _tell(shadow: ShadowLine) -> None:
    counts = shadow.counts
    talk.print(f"shadow {shadow.id}: model {shadow.model_version}, {shadow.stage}", markup=False)
    if "persons_changed" in counts:
        talk.print(
            f"  {counts['persons_changed']:,} people would change ({counts['verified_persons_changed']:,} verified),"
            f" {counts['persons_opened_or_restored']:,} would be opened; {len(shadow.approvals)} of 2 approvals"
        )
        for line in counts["by_reason"]:
            talk.print(f"  {line['kind']:>8} {line['reason']}: {line['records']:,} records, {line['persons']:,} people")


def _tell_page(page: ChangePage) -> None:
    table = Table(title=f"page {page.number} of {page.pages}, {page.total:,} people")
    for column in ("person", "how", "records before", "after"):
        table.add_column(column)
    for line in page.rows:
        table.add_row(str(line.person), ", ".join(line.kinds), str(line.records_before), str(line.records_after))
    talk.print(table)


def _approve(options: argparse.Namespace) -> None:
    with session(WEB):
        account = _proven(options.officer)
        try:
            with access.open(
                access.officer(account, DATA_STEWARD), purpose="data_repair", legal_basis=EPIDEMIC_LAW,
                scope=access.everybody(), case=f"shadow {options.number}",
            ):  # fmt: skip
                queries.approve(options.number)
                shadow = chosen(options.number)
        except ApprovalRefused as refused:
            raise ApprovalFailed(_SAID.get(refused.code, "refused")) from refused
        except access.AccessRefused as refused:
            raise ApprovalFailed("only a data steward for the whole country approves shadows") from refused
    talk.print(f"approved; {len(shadow.approvals)} of 2 approvals")
    if options.json:
        print_json(as_report(shadow))


def _proven(username: str) -> int:
    """The account whose password and one-time code are typed now. Raises ApprovalFailed."""
    try:
        return prove(username, _asked("password"), _asked("one-time code"), now=now())
    except NotProven as refused:
        raise ApprovalFailed("name, password or code is wrong, or there were too many tries") from refused


def _asked(what: str) -> str:
    """A secret from the terminal, never shown; from a pipe, one line each."""
    return getpass.getpass(f"{what}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def _swap(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        with progress_bars() as progress:
            done = swap(surroundings(opened), by=_operator(), now=now(), progress=progress)
        _told_done(done.id, options)


def _roll_back(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        with progress_bars() as progress:
            done = roll_back(surroundings(opened), by=_operator(), now=now(), progress=progress)
        _told_done(done.id, options)


def _told_done(number: int, options: argparse.Namespace) -> None:
    with reading(f"shadow {number}"):
        shadow = chosen(number)
    _tell(shadow)
    if options.json:
        print_json(as_report(shadow))


def _operator() -> str:
    return f"operator {getpass.getuser()}"
