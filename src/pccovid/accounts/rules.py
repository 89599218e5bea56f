"""The limits of sign-in, and what they decide. Pure.

Codes that nobody proves are what an attacker leaves behind, so those are counted: a family or a whole village behind
one network address may sign in one after the other, while a guesser is stopped. A number is closed first where it was
asked from, so that a stranger elsewhere does not lock its owner out; and where a network of many (a carrier's, behind
one address) has used its share, each number's first code still goes out, until the network's last limit. The figures
are our own choice (no source prescribes them).
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

CODE_LIFETIME = timedelta(minutes=5)
CODE_TRIES = 5
PROOF_LIFETIME = timedelta(minutes=15)
NAME_TRIES = 5
WINDOW = timedelta(minutes=15)
UNPROVEN_A_NUMBER_FROM_HERE = 3
UNPROVEN_A_NUMBER = 10
UNPROVEN_A_NETWORK = 100
"""After these, a network's numbers get their first code only."""
MOST_UNPROVEN_A_NETWORK = 1000
CODES_A_DAY_FROM_HERE = 20
CODES_A_DAY = 60
KEPT = timedelta(days=1)
"""How long a used or unused code's row is kept, to count by."""


class Asked(NamedTuple):
    """A code asked within KEPT: when, whether for this number, whether from this network, whether it was proven."""

    at: datetime
    for_number: bool
    from_network: bool
    is_proven: bool


def seconds_to_wait(asked: Iterable[Asked], *, now: datetime) -> int:
    """0 if one more code may be sent to this number from this network, else seconds until one may."""
    today = [one for one in asked if one.at > now - KEPT]
    unproven = [one for one in today if not one.is_proven and one.at > now - WINDOW]
    is_first_code = not _for_number(unproven)
    return max(
        _wait(_from_network(_for_number(unproven)), UNPROVEN_A_NUMBER_FROM_HERE, WINDOW, now),
        _wait(_for_number(unproven), UNPROVEN_A_NUMBER, WINDOW, now),
        _wait(_from_network(unproven), MOST_UNPROVEN_A_NETWORK if is_first_code else UNPROVEN_A_NETWORK, WINDOW, now),
        _wait(_from_network(_for_number(today)), CODES_A_DAY_FROM_HERE, KEPT, now),
        _wait(_for_number(today), CODES_A_DAY, KEPT, now),
    )


def _for_number(asked: Iterable[Asked]) -> list[Asked]:
    return [one for one in asked if one.for_number]


def _from_network(asked: Iterable[Asked]) -> list[Asked]:
    return [one for one in asked if one.from_network]


def _wait(asked: list[Asked], allowed: int, within: timedelta, now: datetime) -> int:
    if len(asked) < allowed:
        return 0
    blocking = sorted(one.at for one in asked)[-allowed]
    return max(1, math.ceil((blocking + within - now).total_seconds()))


def network_of(address: str) -> str:
    """What counts as one network: the IPv4 address, the /64 of an IPv6 address, '' for anything else."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
