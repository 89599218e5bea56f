"""The personal code as a text that everybody reads, and the card of paper that carries it masked."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.utils.safestring import SafeString

from pccovid.people.qr_codes import write_unified_qr
from pccovid.people.queries import OwnIdentity
from pccovid.web.qr_drawing import drawn
from pccovid.web.words import masked

_QID_DIGITS = 18


class PaperCard(NamedTuple):
    """What stands on paper: name, year, end of the number, and the masked code ('' where there is none)."""

    name: str
    year: int | None
    document: str
    drawing: SafeString | str


def paper_card(identity: OwnIdentity) -> PaperCard:
    """Somebody's card on paper, which lives longer than a safe code may and can be lost."""
    text = unified_text(identity, is_masked=True)
    year = identity.birth_date.year if identity.birth_date else None
    return PaperCard(identity.name or "", year, masked(document_of(identity) or ""), drawn(text) if text else "")


def unified_text(identity: OwnIdentity, *, is_masked: bool) -> str | None:
    """The text of the person's own code; None while name, birth date or an identity document is unknown."""
    document = document_of(identity)
    if not document or not identity.name or identity.birth_date is None:
        return None
    return write_unified_qr(
        document=document,
        name=identity.name,
        birth_date=identity.birth_date,
        birth_precision=identity.birth_precision or "day",
        qid=identity.qr_number or made_qid(identity.person),
        sex=None if is_masked else identity.sex,
        insurance=None if is_masked else identity.number("insurance_no"),
        masked=is_masked,
    )


def has_unified(identity: OwnIdentity) -> bool:
    """Whether enough is known for a code that everybody reads: name, birth date and an identity document."""
    return bool(document_of(identity) and identity.name and identity.birth_date)


def document_of(identity: OwnIdentity) -> str | None:
    """The number a code names: the citizen number, else the older one, else the passport."""
    return identity.number("personal_id") or identity.number("old_id") or identity.number("passport")


def made_qid(person: UUID) -> str:
    """A number for the codes of somebody who has none yet: 18 digits of the index's own id, always the same."""
    return f"{person.int % 10**_QID_DIGITS:0{_QID_DIGITS}d}"
