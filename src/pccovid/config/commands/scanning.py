"""pccovid scan …: the hot lane alone, its devices, the keys of codes, and the scans that are held."""

from __future__ import annotations

import argparse
import secrets
import signal
import subprocess

import psycopg

from pccovid.config.commands.ports import LANE, free_port
from pccovid.config.commands.session import Session, add_json_option, print_json, session, talk
from pccovid.config.commands.times import now
from pccovid.config.lane_process import lane_command, lane_environment
from pccovid.foundation.roles import JOBS, OWNER, SCAN
from pccovid.movement.folding import Folded, fold_scans, take_up_held
from pccovid.personal_codes.keys import CodeKeysAreWrong, add_key_set, code_keys, keys_file
from pccovid.web.scan_lane.postgres import hash_of

TOLD_FAILURES = (CodeKeysAreWrong,)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    scan = commands.add_parser("scan", help="the hot lane that takes scans in, its devices and keys")
    verbs = scan.add_subparsers(required=True, metavar="VERB")
    serve = verbs.add_parser("serve", help="take scans in, on the database as it is")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, help=f"default: {LANE}, or the next free one")
    serve.set_defaults(run=_serve)
    device = verbs.add_parser("device", help="register a device; its secret is shown this once")
    where = device.add_mutually_exclusive_group(required=True)
    where.add_argument("--place", help="the key of the place it stands at")
    where.add_argument("--checkpoint", help="the name of the checkpoint")
    device.set_defaults(run=_device)
    keys = verbs.add_parser("keys", help="the sets of keys that codes are made with")
    keys.add_argument("--rotate", action="store_true", help="make a fresh set, in use from now on")
    add_json_option(keys)
    keys.set_defaults(run=_keys)
    fold = verbs.add_parser("fold", help="fold in what waits now")
    fold.add_argument("--held", action="store_true", help="try again those whose holder was not certain")
    add_json_option(fold)
    fold.set_defaults(run=_fold)


def start_lane(opened: Session, host: str, port: int) -> subprocess.Popen[bytes]:
    """The lane's process, told no more than it needs."""
    return subprocess.Popen(lane_command(host, port), env=lane_environment(opened.url(SCAN), code_keys()))


def fold_all(opened: Session) -> Folded:
    """Fold in what waits, pass by pass, until nothing does."""
    whole = Folded()
    with psycopg.connect(opened.url(JOBS), autocommit=True, application_name="pccovid scans") as connection:
        while (done := fold_scans(connection, code_keys(), now=now())).scans:
            whole.visits, whole.passed = whole.visits + done.visits, whole.passed + done.passed
            whole.held += done.held
    return whole


def _serve(options: argparse.Namespace) -> int:
    with session(JOBS) as opened:
        port = free_port(options.host, options.port, LANE)
        lane = start_lane(opened, options.host, port)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: lane.terminate())
        talk.print(f"http://{options.host}:{port}/scans")
        lane.wait()
        return 0


def _device(options: argparse.Namespace) -> int:
    secret = secrets.token_urlsafe(32)
    kind = "place" if options.place else "checkpoint"
    with session(JOBS) as opened, psycopg.connect(opened.url(OWNER)) as owner:
        owner.execute(
            "INSERT INTO access.scan_device (kind, place_key, name, key_hash, registered_by)"
            " VALUES (%s, %s, %s, %s, 'operator')",
            [kind, options.place, options.place or options.checkpoint, hash_of(secret)],
        )
    print(secret)
    return 0


def _keys(options: argparse.Namespace) -> int:
    made = add_key_set(keys_file()) if options.rotate else None
    keys = code_keys()
    talk.print(f"sets of keys: {', '.join(map(str, sorted(keys.sets)))}; codes are made with set {keys.active}")
    if made:
        talk.print("start the hot lane anew, so that it knows the fresh set; codes of the others are read as before")
    if options.json:
        print_json({"sets": sorted(keys.sets), "active": keys.active})
    return 0


def _fold(options: argparse.Namespace) -> int:
    with session(JOBS) as opened:
        if options.held:
            with psycopg.connect(opened.url(JOBS), autocommit=True) as connection:
                take_up_held(connection)
        folded = fold_all(opened)
    talk.print(f"visits {folded.visits}, past checkpoints {folded.passed}, held {folded.held}")
    if options.json:
        print_json({"visits": folded.visits, "passed": folded.passed, "held": folded.held})
    return 0
