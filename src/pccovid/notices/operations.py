"""A person's choices about being told, and mass notices. The database's functions check and refuse.

Refusals (`Refused.code`): PC421 the office is not held, or not there; PC441 no own access; PC445 no such area; PC446
five devices; PC453 not open any more; PC454 too few or too many words; PC457 one's own; PC459 count anew.
"""

from __future__ import annotations

import hashlib

from pccovid.foundation.sealing import sealer
from pccovid.linkage.phones import read_phone
from pccovid.notices.rules import may_be_pushed_to
from pccovid.officers.database import call

ABOUT_ENDPOINT, ABOUT_PHONE = "push_endpoint", "notice_phone"
"""What sealed endpoints and numbers are sealed about."""


class EndpointRefused(ValueError):
    """This is no address of a push service that we know."""


class PhoneUnreadable(ValueError):
    """This is no Vietnamese phone number."""


def subscribe(endpoint: str) -> None:
    """Let this device be told. Raises EndpointRefused, Refused (PC441, PC446)."""
    if not may_be_pushed_to(endpoint):
        raise EndpointRefused
    call("subscribe_push", hashlib.sha256(endpoint.encode()).digest(), sealer().seal(endpoint, ABOUT_ENDPOINT))


def stop_push() -> None:
    """No device is told any more."""
    call("stop_push")


def choose_sms(phone: str) -> None:
    """Be told by SMS at this number; an empty one ends it. Raises PhoneUnreadable, Refused (PC441)."""
    number = read_phone(phone).phone if phone.strip() else ""
    if number is None:
        raise PhoneUnreadable
    call("choose_sms", sealer().seal(number, ABOUT_PHONE) if number else "")


def all_read() -> None:
    """The person has seen what there is."""
    call("notices_are_read")


def propose(*, officer: int, through: int, area: str, words: str) -> int:
    """Propose a mass notice; the dry run's number is kept with it. Raises Refused (PC421, PC445, PC454)."""
    return int(call("propose_mass_notice", officer, through, area, words))


def approve(*, officer: int, through: int, notice: int) -> int:
    """Approve and send; returns how many people have it. Raises Refused (PC421, PC453, PC457, PC459)."""
    return int(call("approve_mass_notice", officer, through, notice))


def withdraw(*, officer: int, through: int, notice: int) -> None:
    """Take a proposal of one's own back. Raises Refused (PC421, PC453)."""
    call("withdraw_mass_notice", officer, through, notice)
