"""Proposing a new number for who lost the old one, proving it, agreeing, and carrying it out.

Refusals (`Refused.code`): PC421 the office or area is not held; PC443 three in a day; PC451 the person was not in
sight; PC453 not in this state; PC457 one's own proposal; PC459 the phone is not proven, or it is another card.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg

from pccovid.foundation.access import open_for_job
from pccovid.foundation.purposes import EPIDEMIC_LAW
from pccovid.foundation.sealing import sealer
from pccovid.officers.database import call, call_rows
from pccovid.people.correcting import correct_attribute
from pccovid.people.numbers import findable
from pccovid.people.qr_codes import PersonalQr, read_personal_qr

ABOUT_PHONE = "rebinding_phone"
"""What sealed numbers are sealed about."""
_JOB, _PURPOSE = "link_repair", "data_repair"


class CardUnreadable(ValueError):
    """The text is not that of a citizen card's code."""


class Proposal(NamedTuple):
    """One re-binding as desks see it: nobody's name. `challenge` is for who proposed it alone."""

    number: int
    proposed_office: str
    proposed_at: datetime
    is_own: bool
    state: str
    challenge: UUID | None


def read_card(text: str) -> PersonalQr:
    """What a citizen card's code says. Raises CardUnreadable: for any other code, or one that hides its number."""
    card = read_personal_qr(text)
    if card.kind != "cccd" or not card.personal_id or not card.name or card.birth_date is None:
        raise CardUnreadable
    return card


def propose(*, officer: int, through: int, person: UUID, card: PersonalQr, phone: str, challenge: UUID) -> int:
    """Propose inside the access that found the person. Raises Refused (PC421, PC443, PC451)."""
    sealed = sealer().seal(phone, ABOUT_PHONE)
    return int(call("propose_rebinding", officer, through, person, _hashes(card), sealed, challenge))


def prove(*, officer: int, through: int, proposal: int) -> None:
    """The code that went to the new phone was proven. Raises Refused (PC421, PC453, PC459)."""
    call("prove_rebinding", officer, through, proposal)


def approve(*, officer: int, through: int, proposal: int, card: PersonalQr) -> None:
    """The second officer agrees, with the same card. Raises Refused (PC421, PC453, PC457, PC459)."""
    call("approve_rebinding", officer, through, proposal, _hashes(card))


def proposals(*, officer: int, through: int) -> tuple[Proposal, ...]:
    """The last week's in this area, newest first. Raises Refused (PC421)."""
    return tuple(Proposal(*row) for row in call_rows("rebindings", officer, through))


def carry_out(connection: psycopg.Connection, *, now: datetime) -> int:
    """Make every agreed number its person's only own one; returns how many. As the jobs role. Raises IndexIsBusy."""
    waiting = connection.execute("SELECT * FROM access.approved_rebindings()").fetchall()
    for number, person, sealed in waiting:
        with connection.transaction():
            open_for_job(connection, _JOB, purpose=_PURPOSE, legal_basis=EPIDEMIC_LAW, case=f"GL-{number}")
            connection.execute("SELECT access.disclose(%s::uuid[], %s)", [[person], ["contact"]])
            phone = sealer().unseal(sealed, ABOUT_PHONE)
            correct_attribute(
                connection, person=person, attribute="phone", value=phone, case=f"GL-{number}", by="rebinding", now=now
            )
            connection.execute("SELECT access.finish_rebinding(%s)", [number])
    return len(waiting)


def _hashes(card: PersonalQr) -> Sequence[str]:
    return findable("personal_id", card.personal_id or "")
