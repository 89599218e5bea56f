"""pccovid exchange …: the log of messages, sealed and signed, verified, and evidence of one message for a partner."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import psycopg

from pccovid.config.commands.session import Session, add_json_option, print_json, progress_bars, session, talk
from pccovid.config.commands.times import now
from pccovid.exchange.message_seals import change_key, seal_messages, seals_file
from pccovid.exchange.seal_evidence import EvidenceIsWrong, NoEvidence, check_evidence, evidence_for
from pccovid.exchange.seal_keys import PublicKey, SealKeysAreWrong, keys_file, seal_keys
from pccovid.exchange.seal_verifying import SealVerdict, verify_messages
from pccovid.foundation.roles import JOBS, OWNER

TOLD_FAILURES = (SealKeysAreWrong, NoEvidence, EvidenceIsWrong)
_MOST_SHOWN = 50


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser("exchange", help="seal and verify the log of messages, and prove one message")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    sealing = actions.add_parser("seal", help="seal what is new in the log (the worker does, each minute)")
    verifying = actions.add_parser("verify", help="find every change, removal or insertion in the log of messages")
    proving = actions.add_parser("evidence", help="write evidence of one message, for the partner it passed")
    which = proving.add_mutually_exclusive_group(required=True)
    which.add_argument("--message", type=Path, metavar="FILE", help="the message as it was sent to us")
    which.add_argument("--sha256", metavar="HEX", help="the SHA-256 of the message as it was sent to us")
    which.add_argument("--reference", help="the id of a question that we asked")
    checking = actions.add_parser("check", help="check evidence, without any database")
    checking.add_argument("evidence", type=Path)
    checking.add_argument("--message", type=Path, metavar="FILE", help="the message that it is about")
    checking.add_argument(
        "--keys", type=Path, required=True, help="our public keys, as /api/auth/signing-keys had them"
    )
    rotating = actions.add_parser("rotate-key", help="let another key sign from the next seal on")
    for action, run in ((sealing, _seal), (verifying, _verify), (proving, _prove), (checking, _check),
                        (rotating, _rotate)):  # fmt: skip
        add_json_option(action)
        action.set_defaults(run=run)


def seal_log(opened: Session) -> int:
    """Seal what is new in the log of messages; returns how many entries. Raises SealKeysAreWrong."""
    home = opened.environment.home
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid seals") as connection:
        return seal_messages(connection, seals_file(home), keys_file(home), now=now())


def verified_messages(opened: Session, *, progress: Callable[[str, float], None]) -> SealVerdict:
    """Seal what is new and compare log, seals and the file outside; reads as the owner. Raises SealKeysAreWrong."""
    seal_log(opened)
    home = opened.environment.home
    with psycopg.connect(opened.url(OWNER)) as connection:
        return verify_messages(connection, seals_file(home), _public(opened), now=now(), progress=progress)


def _public(opened: Session) -> tuple[PublicKey, ...]:
    return seal_keys(keys_file(opened.environment.home), may_make=True).public


def _seal(options: argparse.Namespace) -> None:
    with session(JOBS) as opened:
        sealed = seal_log(opened)
    talk.print(f"{sealed:,} entries sealed")
    if options.json:
        print_json({"sealed": sealed})


def _verify(options: argparse.Namespace) -> int:
    with session(JOBS) as opened, progress_bars() as progress:
        verdict = verified_messages(opened, progress=progress)
    talk.print(f"{verdict.entries:,} entries under {verdict.seals:,} seals; {verdict.unsealed:,} wait for the next one")
    for finding in verdict.findings[:_MOST_SHOWN]:
        where = f"seal {finding.position or '–'} entry {finding.log_id or '–'}"
        talk.print(f"  {finding.kind} {where}: {finding.told}", markup=False)
    talk.print("The log of messages is whole." if verdict.is_whole else "The log of messages is not as it was sealed.")
    if options.json:
        print_json({"whole": verdict.is_whole, "entries": verdict.entries, "seals": verdict.seals,
                    "unsealed": verdict.unsealed, "erased_after_their_years": verdict.erased,
                    "findings": [{"kind": one.kind, "seal": one.position, "entry": one.log_id, "told": one.told}
                                 for one in verdict.findings]})  # fmt: skip
    return 0 if verdict.is_whole else 1


def _prove(options: argparse.Namespace) -> None:
    digest = hashlib.sha256(options.message.read_bytes()).hexdigest() if options.message else options.sha256
    by, value = ("reference", options.reference) if options.reference else ("sha256", digest.lower())
    with session(JOBS) as opened:
        seal_log(opened)
        with psycopg.connect(opened.url(OWNER)) as connection:
            found = evidence_for(connection, _public(opened), by=by, value=value)
    talk.print(f"{len(found)} entries")
    print_json({"evidence": found})


def _check(options: argparse.Namespace) -> None:
    try:
        proofs = list(json.loads(options.evidence.read_text())["evidence"])
        known = [str(one.get("x")) for one in json.loads(options.keys.read_text())["keys"]]
        message = options.message.read_bytes() if options.message else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EvidenceIsWrong(f"a file cannot be read: {type(error).__name__}") from error
    held = [check_evidence(one, known=known, message=message) for one in proofs]
    for said in held:
        talk.print(f"It holds: entry {said['id']} of the log, sealed at {said['sealed_at']} under seal {said['seal']}.")
    if options.json:
        print_json({"holds": bool(held), "entries": held})


def _rotate(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.url(OWNER), autocommit=True) as connection:
        home = opened.environment.home
        name = change_key(connection, seals_file(home), keys_file(home))
    talk.print(f"{name} signs from the next seal on; the private half of the one before is gone")
    if options.json:
        print_json({"key": name})
