"""pccovid keys …: which keys there are and what they hold, new keys without stopping, keys destroyed."""

from __future__ import annotations

import argparse
from pathlib import Path

import psycopg
from rich.table import Table

from pccovid.config.commands.session import add_json_option, print_json, session, talk
from pccovid.foundation.key_ring import FAMILIES, KeysAreWrong, destroy_key, key_ring, write_new_keys
from pccovid.foundation.roles import JOBS
from pccovid.foundation.sealing import KeyIsMissing, SealIsBroken
from pccovid.people.key_rotation import key_use, rotate


class KeyIsInUse(RuntimeError):
    """Rows are still under the key that was to be destroyed."""


TOLD_FAILURES = (KeysAreWrong, KeyIsInUse, KeyIsMissing, SealIsBroken)


def add_commands(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = commands.add_parser("keys", help="the keys that seal numbers: make, status, rotate, destroy")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    making = actions.add_parser("make", help="write a file of fresh keys, for production")
    making.add_argument("file", type=Path)
    making.set_defaults(run=_make)
    status = actions.add_parser("status", help="which keys there are, and how many rows are under each")
    add_json_option(status)
    status.set_defaults(run=_status)
    rotating = actions.add_parser("rotate", help="new keys, and every row brought under them; run again to go on")
    rotating.add_argument("--only", choices=FAMILIES, help="rotate one family of keys instead of both")
    rotating.add_argument("--rest", action="store_true", help="make no new key: bring rows left under older ones")
    add_json_option(rotating)
    rotating.set_defaults(run=_rotate)
    destroying = actions.add_parser("destroy", help="destroy a key: what it sealed is gone, in every backup too")
    destroying.add_argument("family", choices=FAMILIES)
    destroying.add_argument("name")
    destroying.add_argument("--with-its-rows", action="store_true", help="also where rows are still under it")
    destroying.set_defaults(run=_destroy)


def _make(options: argparse.Namespace) -> None:
    if options.file.exists():
        raise KeysAreWrong(f"{options.file} is there already; keys are never written over")
    write_new_keys(options.file)
    talk.print(f"fresh keys in {options.file}; without them no number can be read: keep a copy apart", markup=False)


def _status(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.owner_url, autocommit=True) as owner:
        use, ring = key_use(owner), key_ring()
    table = Table(title="Keys and the rows under them")
    for column in ("family", "key", "state"):
        table.add_column(column)
    table.add_column("rows", justify="right")
    for family in FAMILIES:
        keys = ring.family(family)
        for name in dict.fromkeys((*keys.keys, *use[family])):
            state = "writes" if name == keys.active else "reads" if name in keys.keys else "not here"
            table.add_row(family, name, state, f"{sum(use[family].get(name, {}).values()):,}")
    talk.print(table)
    if options.json:
        families = {
            family: {"active": ring.family(family).active, "is_rotating": ring.family(family).is_rotating,
                     "keys": list(ring.family(family).keys), "rows": use[family]}
            for family in FAMILIES
        }  # fmt: skip
        print_json({"keys": families})


def _rotate(options: argparse.Namespace) -> None:
    families = (options.only,) if options.only else FAMILIES
    with session(JOBS) as opened, psycopg.connect(opened.owner_url, autocommit=True) as owner, talk.status("") as line:
        rewritten = rotate(
            owner, families, makes_keys=not options.rest,
            progress=lambda table, seen, new: line.update(f"{table}: {seen:,} rows looked at, {new:,} rewritten"),
        )  # fmt: skip
    talk.print(f"{sum(rewritten.values()):,} rows rewritten; old keys stay for older backups until they are destroyed")
    if options.json:
        print_json({"rotated": list(families), "rewritten": rewritten})


def _destroy(options: argparse.Namespace) -> None:
    with session(JOBS) as opened, psycopg.connect(opened.owner_url, autocommit=True) as owner:
        held = key_use(owner)[options.family].get(options.name, {})
    if held and not options.with_its_rows:
        raise KeyIsInUse(
            f"{sum(held.values()):,} rows are still under {options.family} key {options.name}; rotate first"
        )
    destroy_key(options.family, options.name)
    talk.print(f"{options.family} key {options.name} is destroyed; destroy copies of the file too")
