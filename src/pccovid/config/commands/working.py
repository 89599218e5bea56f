"""pccovid work: does in the background what people have decided on the pages; `up` and `serve` start it themselves."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import time

import psycopg
from django.conf import settings

from pccovid.accounts.ports import message_sender
from pccovid.breaches.operations import mark_overdue
from pccovid.carry_over.jobs import AnotherImportIsRunning, ImportBrokeOff
from pccovid.carry_over.operations import replay
from pccovid.config.commands.audit import audit_key, chain_and_anchor
from pccovid.config.commands.backing_up import keeps_backups, shred_keys
from pccovid.config.commands.breaches import enter, of_log, of_message_log
from pccovid.config.commands.carrying import surroundings
from pccovid.config.commands.exporting import make_exports
from pccovid.config.commands.insuring import check_wished
from pccovid.config.commands.retention import run_retention
from pccovid.config.commands.scanning import fold_all
from pccovid.config.commands.sealing import seal_log
from pccovid.config.commands.session import Session, add_json_option, print_json, session, talk
from pccovid.config.commands.times import now
from pccovid.config.commands.tracing import trace_all
from pccovid.config.commands.verifying import follow_population
from pccovid.connectors.calling import AddressIsWrong
from pccovid.connectors.social_insurance.connecting import InsurerIsNotSetUp
from pccovid.corrections.carrying_out import carry_out as carry_out_corrections
from pccovid.exchange.seal_keys import SealKeysAreWrong
from pccovid.exchange.uploads import take_in_uploads
from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.foundation.roles import JOBS
from pccovid.inspection.operations import Inspected, inspect_log
from pccovid.link_review.operations import IndexIsBusy, apply_rulings
from pccovid.link_review.splitting import carry_out_splits
from pccovid.notices.pushing import VapidPush, own_key
from pccovid.notices.sending import send_waiting
from pccovid.published_statistics.operations import publish_flows_due
from pccovid.rebinding.operations import carry_out as carry_out_rebindings
from pccovid.retention.operations import IndexIsTaken, look
from pccovid.rights.carrying_out import CarriedOut, carry_out
from pccovid.rights.working_days import local_day
from pccovid.source_board.operations import count_sources, watch_sources

WORKER = (sys.executable, "-c", "from pccovid.cli import main; raise SystemExit(main())", "work")
"""The command line of the worker, for who starts it beside something else."""

_LOOK_AGAIN_SECONDS = 60.0
_ANCHOR_SECONDS = 600.0
_ERASE_SECONDS = _VERIFY_SECONDS = 24 * 60 * 60.0
_COUNT_SECONDS = 60 * 60.0
_BY = "link review"


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    work = commands.add_parser("work", help="do what officers have decided, as they decide it")
    work.add_argument("--once", action="store_true", help="do what there is to do now, and end")
    add_json_option(work)
    work.set_defaults(run=_work)


def _work(options: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with session(JOBS) as opened:
        if options.once:
            parted = take_apart(opened)
            placed = take_up(opened)
            answered = answer_requests(opened)
            corrected = put_corrections_in_place(opened)
            inspected = look_for_unusual_reading(opened)
            sealed = seal_what_passed(opened)
            overdue = watch_breaches(opened)
            stale = look_at_sources(opened, with_counts=True)
            damaged = watch_log(opened)
            folded = fold_all(opened)
            files = take_in_files(opened)
            followed, cards = ask_sources(opened)
            told = tell_people(opened)
            traced = trace_all(opened)
            weeks = publish_flows(opened)
            if options.json:
                print_json({"persons_taken_apart": parted, "records_linked_anew": placed,
                            "log_entries_inspected": inspected.entries,
                            "findings_opened_or_grown": inspected.findings,
                            "breaches_newly_overdue": overdue, "sources_newly_stale": list(stale),
                            "breaches_of_the_log": damaged, "messages_sealed": sealed, "scans_folded": folded.scans,
                            "laboratory_files_taken_in": files, "changes_followed": followed, "cards_checked": cards,
                            "cases_opened": traced.opened, "cases_traced": traced.traced,
                            "requests_carried_out": answered.requests,
                            "requests_escalated": answered.escalated,
                            "facts_corrected": corrected, "people_told": told,
                            "weeks_of_flows_published": weeks})  # fmt: skip
            return 0
        with contextlib.suppress(KeyboardInterrupt):
            _work_on(opened)
    return 0


def _work_on(opened: Session) -> None:
    """Look at once, then whenever an opinion is given, and once a minute for what another job was in the way of.

    The log is chained and inspected each time, its end anchored every ten minutes. Once a day it is verified, flows of
    weeks that are over are published, and what is due is erased.
    """
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid work") as listening:
        listening.execute("LISTEN link_review")
        anchored_at = -_ANCHOR_SECONDS
        erased_at = verified_at = -_ERASE_SECONDS
        counted_at = -_COUNT_SECONDS
        while True:
            # First, and whatever else is in the way: an import of hours must not keep the log out of the chain.
            is_due = time.monotonic() - anchored_at >= _ANCHOR_SECONDS
            look_for_unusual_reading(opened, with_anchor=is_due)
            anchored_at = time.monotonic() if is_due else anchored_at
            seal_what_passed(opened)
            if time.monotonic() - verified_at >= _VERIFY_SECONDS:
                watch_log(opened)
                verified_at = time.monotonic()
            try:
                fold_all(opened)
                trace_all(opened)
                watch_breaches(opened)
                is_counting = time.monotonic() - counted_at >= _COUNT_SECONDS
                look_at_sources(opened, with_counts=is_counting)
                counted_at = time.monotonic() if is_counting else counted_at
                take_apart(opened)
                take_up(opened)
                answer_requests(opened)
                put_corrections_in_place(opened)
                take_in_files(opened)
                ask_sources(opened)
                tell_people(opened)
                make_exports(opened)
                if time.monotonic() - erased_at >= _ERASE_SECONDS:
                    publish_flows(opened)  # before what they are counted from is erased
                    keep_to_periods(opened)
                    erased_at = time.monotonic()
            except (IndexIsBusy, IndexIsTaken, AnotherImportIsRunning, ImportBrokeOff) as later:
                talk.print(f"pccovid work: {later}", markup=False)
            for _ in listening.notifies(timeout=_LOOK_AGAIN_SECONDS, stop_after=1):
                pass


def look_for_unusual_reading(opened: Session, *, with_anchor: bool = False) -> Inspected:
    """Chain what is new in the log, perhaps anchor its end, and open cases of inspection for what is unusual in it."""
    chain_and_anchor(opened, with_anchor=with_anchor)
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid inspection") as connection:
        return inspect_log(connection)


def seal_what_passed(opened: Session) -> int:
    """Seal what is new in the log of messages; returns how many entries. Keys that are wrong are told, and no reason
    for the rest to wait."""
    try:
        return seal_log(opened)
    except SealKeysAreWrong as wrong:
        talk.print(f"pccovid work: {wrong}", markup=False)
        return 0


def watch_log(opened: Session) -> list[int]:
    """Verify the log of access and that of messages; damage goes into the register of breaches.

    Returns the numbers of the breaches: the same damage is the same breach, however often it is found.
    """

    def silent(_stage: str, _share: float) -> None:
        return None

    entered = enter(opened, (*of_log(opened, progress=silent), *of_message_log(opened, progress=silent)))
    for number, words in entered:
        talk.print(f"pccovid work: SC-{number}: {words}", markup=False)
    return [number for number, _words in entered]


def watch_breaches(opened: Session) -> int:
    """Mark the breaches whose hours passed without a notification; returns how many are newly so."""
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid breaches") as connection:
        return mark_overdue(connection)


def look_at_sources(opened: Session, *, with_counts: bool = False) -> tuple[str, ...]:
    """Notice the sources that went stale, and perhaps count what each one's records hold; returns the new ones."""
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid sources") as connection:
        if with_counts:
            count_sources(connection)
        stale = watch_sources(connection)
    for source in stale:
        talk.print(f"pccovid work: nothing has come from {source} for too long", markup=False)
    return stale


def answer_requests(opened: Session) -> CarriedOut:
    """Carry out what persons were granted about their data, and hand what is late to the inspectorate.

    Raises IndexIsBusy.
    """
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid rights") as connection:
        return carry_out(connection, key=audit_key(opened), now=now())


def put_corrections_in_place(opened: Session) -> int:
    """Put in place what two parties have signed: facts, and numbers bound anew. Raises IndexIsBusy."""
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid corrections") as connection:
        return carry_out_corrections(connection, now=now()) + carry_out_rebindings(connection, now=now())


def take_in_files(opened: Session) -> int:
    """Take in what small laboratories have handed in; returns how many files."""
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid laboratory files") as connection:
        return take_in_uploads(connection, secret=settings.EXCHANGE_SECRET, now=now())


def ask_sources(opened: Session) -> tuple[int, int]:
    """Follow the population database's changes, and ask the insurer about those who wished it; (persons, cards).

    Only where somebody has said where they answer. Raises IndexIsBusy.
    """
    try:
        return follow_population(opened), check_wished(opened).answered
    except (AddressIsWrong, InsurerIsNotSetUp) as wrong:
        talk.print(f"pccovid work: {wrong}", markup=False)
        return 0, 0


def tell_people(opened: Session) -> int:
    """Tell those who asked to be told, by push or SMS, that there is something new; returns how many."""
    push = VapidPush(own_key(opened.environment.home), settings.PUSH_CONTACT)
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid notices") as connection:
        return send_waiting(connection, push=push, sms=message_sender(), now=now())


def publish_flows(opened: Session) -> int:
    """Publish the weeks of flows between communes that are due; returns how many."""
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid statistics") as connection:
        return len(publish_flows_due(connection, by="pccovid work", today=local_day(now())))


def keep_to_periods(opened: Session) -> None:
    """Erase what is due. A sandbox only counts it: its people lived in 2021, and all would be gone by the first night.

    Raises IndexIsTaken.
    """
    if opened.environment.is_sandbox:
        with psycopg.connect(opened.url(JOBS), autocommit=True) as connection:
            look(connection, now=now())
    else:
        run_retention(opened, at=now())
        # What was erased here goes from every backup with its day's key.
        if keeps_backups(opened):
            shred_keys(opened)


def take_apart(opened: Session) -> int:
    """Take apart the persons whom stewards have agreed to take apart; returns how many. Raises IndexIsBusy."""
    with psycopg.connect(opened.url(JOBS)) as connection, connection.transaction():
        open_for_job(connection, "link_repair", purpose="data_repair", legal_basis=EPIDEMIC_LAW)
        return carry_out_splits(connection, by=_BY, now=now())


def take_up(opened: Session) -> int:
    """Do what newly given opinions come to, and link anew the held records they place; returns how many those were.

    Raises IndexIsBusy, AnotherImportIsRunning, ImportBrokeOff.
    """
    with psycopg.connect(opened.url(JOBS)) as connection, connection.transaction():
        open_for_job(connection, "link_repair", purpose="data_repair", legal_basis=EPIDEMIC_LAW)
        waiting = apply_rulings(connection, by=_BY, now=now())
    if waiting:
        # No received row has this reason: only what was held before is judged anew, with the rulings.
        replay(
            surroundings(opened), reason="ruled_by_officers", by=_BY, now=now(), progress=lambda _stage, _share: None
        )
    return len(waiting)
