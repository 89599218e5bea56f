"""What devices send and are answered, and each scan read by itself: a bad one fails alone, with its reason. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec

from pccovid.people.qr_codes import LONGEST_CODE, read_personal_qr
from pccovid.personal_codes.keys import LaneKeys
from pccovid.personal_codes.letterbox import put_in
from pccovid.personal_codes.rules import CodeRefused, check_for_lane, is_safe_code, use_of

MOST_IN_A_BATCH = 500
MOST_BYTES = 2_000_000
WAYS = {"in": 0, "out": 1, "past": 2}
SAFE_CODE, OTHER_CODE = 1, 2
LONGEST_WAIT = timedelta(days=7)
"""A device may be without a connection for so long; what is older would come after its code's use is forgotten."""
CLOCK_IS_RIGHT_WITHIN = timedelta(seconds=60)
CONTENT_OF_CODE = 35
"""The part of a safe code that the worker needs to open whose it is."""


class Scan(msgspec.Struct, frozen=True, gc=False):
    """One scan as sent. `id` is the device's own and stays the same when sent again; `at` is the device's time."""

    id: UUID
    code: str
    way: str
    at: datetime


class Device(NamedTuple):
    """A registered device, as the database told."""

    id: UUID
    kind: str
    place_key: str | None


class Row(NamedTuple):
    """A scan as it is stored; the columns of access.take_scans."""

    once: UUID
    scan_id: UUID
    device_id: UUID
    kind: int
    way: int
    device_at: datetime
    happened_at: datetime
    content: bytes


class ScanRefused(ValueError):
    """This scan is not stored, and sending it again would not help; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


REASONS = (
    "malformed", "wrong_way", "no_time_zone", "too_old", "unreadable", "replayed", "refused_by_database",
    "not_ours", "unknown_key", "changed", "not_yet", "expired",
)  # fmt: skip
"""Every word with which a scan may be refused."""

_one = msgspec.json.Decoder(Scan)
_many = msgspec.json.Decoder(list[msgspec.Raw])


def split(body: bytes) -> list[bytes | msgspec.Raw]:
    """The scans of a request, still unread: one object, or a list of them. Raises msgspec.DecodeError, ValueError."""
    if body[:1] == b"{":
        return [body]
    rows = _many.decode(body)
    if len(rows) > MOST_IN_A_BATCH:
        raise ValueError(f"more than {MOST_IN_A_BATCH} scans at once")
    return list(rows)


def reader(
    keys: LaneKeys, device: Device, sent: datetime | None, received: datetime
) -> Callable[[bytes | msgspec.Raw], Row]:
    """A function that reads one scan of this request. `sent`: the device's own clock as it sent. Raises ScanRefused."""
    ahead = (sent - received) if sent is not None else timedelta()
    if abs(ahead) < CLOCK_IS_RIGHT_WITHIN:
        ahead = timedelta()
    ways = (0, 1) if device.kind == "place" else (2,)
    place = (device.place_key or str(device.id)).encode()

    def row_of(raw: bytes | msgspec.Raw) -> Row:
        scan = _scan(raw)
        way = WAYS.get(scan.way, -1)
        if way not in ways:
            raise ScanRefused("wrong_way")
        happened = happened_at(scan.at, ahead, received)
        if is_safe_code(scan.code):
            once, kind, content = _of_safe_code(scan.code, keys, place, way, happened, received)
        else:
            once, kind, content = scan.id, OTHER_CODE, _of_other_code(scan, keys)
        return Row(once, scan.id, device.id, kind, way, scan.at, happened, content)

    return row_of


def happened_at(device_at: datetime, ahead: timedelta, received: datetime) -> datetime:
    """When a scan happened, by our clock: the device's time less what its clock is ahead, never after we received it.

    A time that cannot be (in the future, for a clock that nobody compared) becomes the moment of receipt. Raises
    ScanRefused for one that is too long ago.
    """
    if device_at.tzinfo is None:
        raise ScanRefused("no_time_zone")
    try:
        happened = device_at - ahead
    except OverflowError:
        return received
    if happened > received:
        return received
    if received - happened > LONGEST_WAIT:
        raise ScanRefused("too_old")
    return happened


def _scan(raw: bytes | msgspec.Raw) -> Scan:
    try:
        return _one.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ScanRefused("malformed") from None


def _of_safe_code(
    text: str, keys: LaneKeys, place: bytes, way: int, happened: datetime, received: datetime
) -> tuple[UUID, int, bytes]:
    try:
        code = check_for_lane(text, keys.macs, now=happened)
    except CodeRefused as refused:
        raise ScanRefused(refused.reason) from None
    return use_of(code, place, way), SAFE_CODE, code.octets[:CONTENT_OF_CODE]


def _of_other_code(scan: Scan, keys: LaneKeys) -> bytes:
    """A card's or an earlier app's code, sealed for the worker. It says nothing that would show it is used twice."""
    if len(scan.code) > LONGEST_CODE or read_personal_qr(scan.code).problem is not None:
        raise ScanRefused("unreadable")
    return put_in(keys.letterbox, keys.letterbox_number, scan.code, scan.id.bytes)
