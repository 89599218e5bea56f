"""The limits of sign-in, and what they decide. Pure.

Codes that nobody proves are what an attacker leaves behind, so those are counted: a family or a whole village behind
one network address may sign in one after the other, while a guesser is stopped. The figures are our own choice
(no source prescribes them).
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from typing import NamedTuple

CODE_LIFETIME = timedelta(minutes=5)
CODE_TRIES = 5
PROOF_LIFETIME = timedelta(minutes=15)
NAME_TRIES = 5
WINDOW = timedelta(minutes=15)
UNPROVEN_A_NUMBER = 3
UNPROVEN_A_NETWORK = 100
CODES_A_NUMBER_A_DAY = 20
KEPT = timedelta(days=1)
"""How long a used or unused code's row is kept, to count by."""


class AskedBefore(NamedTuple):
    """What the last day saw: unproven codes within WINDOW for the number and the network, all codes for the number."""

    unproven_for_number: int
    unproven_for_network: int
    for_number_today: int


def may_ask(before: AskedBefore) -> bool:
    """Whether one more code may be sent to this number from this network."""
    return (
        before.unproven_for_number < UNPROVEN_A_NUMBER
        and before.unproven_for_network < UNPROVEN_A_NETWORK
        and before.for_number_today < CODES_A_NUMBER_A_DAY
    )


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
