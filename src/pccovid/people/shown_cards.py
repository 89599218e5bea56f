"""A card that somebody holds in front of a reader: whether it names a person, and what it answers. Pure.

A card is a claim. It fills fields in that its holder then sends under their own name; it proves nobody's identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pccovid.linkage.names import read_name
from pccovid.people.qr_codes import PersonalQr

_CITIZENS_ONLY = frozenset({"cccd", "vneid"})
"""Kinds that only citizens of Viet Nam hold."""


def names_person(card: PersonalQr, name: str | None, born: date | None, precision: str | None) -> bool:
    """Whether name and birth date on the card are this person's; as much of the date as both know."""
    own, shown = read_name(name).sorted_key, read_name(card.name).sorted_key
    if own is None or own != shown or born is None or card.birth_date is None:
        return False
    is_whole = precision == "day" and card.birth_precision == "day"
    return born == card.birth_date if is_whole else born.year == card.birth_date.year


def answers_on(card: PersonalQr) -> Mapping[str, str]:
    """Attribute → what the card says of it, as a form takes it; what a mask covers is left out."""
    document = card.personal_id or card.old_id or card.passport
    born = card.birth_date.isoformat() if card.birth_date and card.birth_precision == "day" else None
    found = {
        "name": card.name, "birth_date": born, "sex": card.sex, "document": document, "phone": card.phone,
        "residence": card.address, "nationality": "VN" if card.kind in _CITIZENS_ONLY else None,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def numbers_on(card: PersonalQr) -> Mapping[str, str]:
    """Identifier system → number."""
    found = {
        "personal_id": card.personal_id, "old_id": card.old_id, "passport": card.passport,
        "insurance_no": card.insurance_no,
    }  # fmt: skip
    return {system: number for system, number in found.items() if number}
