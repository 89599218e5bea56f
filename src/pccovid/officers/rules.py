"""One-time codes, recovery codes and the limits of officers' sign-in and look-ups. Pure.

Codes follow RFC 6238 (TOTP) over RFC 4226 (HOTP) with what authenticator apps understand: SHA-1, six digits, thirty
seconds. The figures of the limits are our own choice; no source prescribes them.
"""

from __future__ import annotations

import base64
import hmac
import ipaddress
import struct
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote, urlencode

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
STEPS_AROUND = 1
"""A phone's clock may be half a minute off, either way."""
RECOVERY_CODES = 10
RECOVERY_CODE_LENGTH = 12
RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Nothing that is read wrongly from paper: no 0, 1, i, l, o. Twelve signs are 59 bits."""


class Limit(NamedTuple):
    """How many turns within which time."""

    kind: str
    allowed: int
    within: timedelta


CODES_FROM_NETWORK = Limit("officer_code_from_network", 5, timedelta(minutes=15))
"""Wrong codes of one officer from one network."""
CODES_OF_OFFICER = Limit("officer_code", 20, timedelta(hours=1))
"""Wrong codes of one officer from anywhere: at six digits, a year of guessing finds one with a chance of a half."""
LOOK_UPS_QUICK = Limit("officer_look_up", 30, timedelta(minutes=10))
LOOK_UPS_A_DAY = Limit("officer_look_up_day", 300, timedelta(days=1))


def step_of(now: datetime) -> int:
    """The time step `now` lies in (RFC 6238, T0 = 0, X = 30)."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The six digits of a time step (RFC 4226, section 5.3)."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 0x0F
    (number,) = struct.unpack(">I", digest[offset : offset + 4])
    return f"{(number & 0x7FFFFFFF) % 10**DIGITS:0{DIGITS}d}"


def step_of_code(secret: bytes, code: str, *, now: datetime, used: int) -> int | None:
    """The time step whose code this is, later than the last one used; None where there is none.

    Every step is compared, in the same time whichever fits.
    """
    fitting = None
    for step in range(step_of(now) - STEPS_AROUND, step_of(now) + STEPS_AROUND + 1):
        is_this = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if is_this and step > used:
            fitting = step
    return fitting


def next_code(secret: bytes, *, now: datetime, used: int) -> str | None:
    """The first code that would still be accepted now; None where all of them were used."""
    steps = range(step_of(now) - STEPS_AROUND + 1, step_of(now) + STEPS_AROUND + 1)
    return next((code_at(secret, step) for step in steps if step > used), None)


def spelled(secret: bytes) -> str:
    """The secret as people type it into an app: base 32 in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def enrolment_address(secret: bytes, *, account: str, issuer: str) -> str:
    """The otpauth: address that authenticator apps read from a QR code."""
    query = urlencode({"secret": base64.b32encode(secret).decode().rstrip("="), "issuer": issuer})
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"


def tidied_recovery_code(typed: str) -> str:
    """A recovery code as it was made, whatever blanks, hyphens or capitals it was typed with."""
    return "".join(sign for sign in typed.lower() if sign in RECOVERY_ALPHABET)


def wide_network_of(address: str) -> str:
    """The wide network an address lies in: /16 of IPv4, /32 of IPv6; '' for anything else.

    Wide enough that a phone moving between masts of one carrier mostly stays inside.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    ip = mapped or ip
    return str(ipaddress.ip_network((ip, 16 if ip.version == 4 else 32), strict=False))
