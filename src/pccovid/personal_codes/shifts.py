"""What a checkpoint's device holds for a shift: keys that check codes and read standings, a list of revocations. Pure.

Nothing in it makes a code or says whose one is. The keys that read standings are of single days; a handle is six bytes
of a keyed hash of that day, so that ten thousand revocations take little room and name nobody to whoever finds the
device.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from pccovid.personal_codes.keys import CodeKeys
from pccovid.personal_codes.rules import handle_of

_HERE = ZoneInfo("Asia/Ho_Chi_Minh")


class Revocation(NamedTuple):
    """Whose codes, and issued until when, are nobody's."""

    person: UUID
    since: datetime


def days_of(starts: datetime, ends: datetime) -> list[str]:
    """The days whose codes can be met in a shift: codes live for hours, so the day before as well."""
    first, last = (starts - timedelta(days=1)).astimezone(_HERE).date(), ends.astimezone(_HERE).date()
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def shift_bundle(
    keys: CodeKeys, revoked: Iterable[Revocation], *, starts: datetime, ends: datetime
) -> dict[str, object]:
    """The device's part, as JSON values. `revoked`: handle (hex) → the second until which its codes are nobody's."""
    days = days_of(starts, ends)
    return {
        "ends": ends.timestamp(),
        "checks": {str(number): _text(check.public_bytes_raw()) for number, check in keys.signature_checks().items()},
        "standings": {f"{number} {day}": _text(one.shift(day)) for number, one in keys.sets.items() for day in days},
        "revoked": {
            handle_of(one, day, gone.person).hex(): int(gone.since.timestamp())
            for gone in revoked for one in keys.sets.values() for day in days
        },
    }  # fmt: skip


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
