"""Registering, moving, closing places, and checking in. The database checks who may; REFUSALS names its codes."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from pccovid.officers.database import call
from pccovid.personal_codes.keys import code_keys
from pccovid.personal_codes.letterbox import put_in
from pccovid.places.paper_list import TypedScan
from pccovid.places.rules import KINDS, PlaceKind, print_of

REFUSALS = {"PC461": "not_theirs", "PC462": "not_so", "PC463": "closed"}
IN, OUT = 0, 1
_WRITE_KIND = "INSERT INTO access.place_kind VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


class Office(NamedTuple):
    """The officer and the appointment they act through."""

    officer: int
    through: int


def write_rules(kinds: Sequence[PlaceKind] = KINDS) -> None:
    """Write the kinds to where the database's functions read them; as the owner."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM access.place_kind")
        cursor.executemany(_WRITE_KIND, kinds)


def register_own(*, name: str, kind: str, commune: str, address: str) -> UUID:
    """A place of the signed-in person's, inside their own opened access; returns its id. Raises Refused."""
    return UUID(str(call("register_own_place", name, kind, commune, address, print_of(name, address))))


def register(*, by: Office, name: str, kind: str, commune: str, address: str) -> UUID:
    """A place in the office's area. Raises Refused."""
    return UUID(str(call("register_place", *by, name, kind, commune, address, print_of(name, address))))


def take_up(*, by: Office, key: str, kind: str, name: str, address: str) -> UUID:
    """A place of an earlier system, under its own key. Raises Refused."""
    return UUID(str(call("take_up_place", *by, key, kind, print_of(name, address))))


def move(place: UUID, *, by: Office | None, name: str, commune: str, address: str) -> None:
    """To another address; `by` None: the registrant, inside their own opened access. Raises Refused."""
    call("change_place", place, *_who(by), "moved", commune, address, print_of(name, address), None)


def close(place: UUID, *, by: Office | None) -> None:
    """Nobody checks in any more. Raises Refused."""
    call("change_place", place, *_who(by), "closed", None, None, None, None)


def open_again(place: UUID, *, by: Office | None) -> None:
    """People check in again. Raises Refused."""
    call("change_place", place, *_who(by), "opened_again", None, None, None, None)


def found_same(place: UUID, *, same_as: UUID, by: Office) -> None:
    """This entry is the other one's place: its poster leads there from now on. Raises Refused."""
    call("change_place", place, *by, "found_same", None, None, None, same_as)


def check_in(
    place: UUID, persons: Sequence[UUID], *, way: int, scan: UUID, seats: Sequence[str] | None = None,
    at: datetime | None = None,
) -> int:  # fmt: skip
    """The signed-in person and dependants, inside their own opened access; how many were new. Raises Refused.

    `seats`: for a vehicle, one for each person, '' where none was said. `at`: when it happened, where a phone kept it.
    """
    return int(call("check_in", place, list(persons), way, scan, list(seats) if seats else None, at))


def add_scanner(place: UUID, *, by: Office | None, name: str) -> str:
    """A device for the place; its secret, which is shown this once and kept as a hash. Raises Refused."""
    secret = secrets.token_urlsafe(32)
    call("register_scanner", *_who(by), place, name, sha256(secret.encode()).digest())
    return secret


def revoke_scanner(place: UUID, device: UUID, *, by: Office | None) -> None:
    """Nothing is taken from this device any more. Raises Refused."""
    call("revoke_scanner", place, *_who(by), device)


def type_in(place: UUID, scans: Sequence[TypedScan], *, by: Office) -> int:
    """The passages of a paper list, each sealed for the worker; how many were new. Raises Refused."""
    if not scans:
        return 0
    keys = code_keys().for_lane()
    sealed = [put_in(keys.letterbox, keys.letterbox_number, one.code, one.scan.bytes) for one in scans]
    columns = ([one.scan for one in scans], [one.way for one in scans], [one.happened_at for one in scans])
    return int(call("type_in_scans", *by, place, *columns, sealed))


def start_shift(*, by: Office, name: str) -> tuple[str, datetime]:
    """A checkpoint's device for twelve hours: its secret, shown this once, and when the shift ends. Raises Refused."""
    secret = secrets.token_urlsafe(32)
    return secret, call("start_shift", *by, name, sha256(secret.encode()).digest())


def revoke_own_codes() -> None:
    """The signed-in person's codes issued until now are nobody's, inside their own opened access. Raises Refused."""
    call("revoke_own_codes")


def _who(by: Office | None) -> tuple[int | None, int | None]:
    return by if by else (None, None)
