"""What one source record claims about a person, normalised and ready to be compared.

A claim never decides who the person is: it holds comparable values beside the name as it was written.
Field order is the column order of the tables and Arrow batches that carry claims.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple


class Claim(NamedTuple):
    """The person columns of one source record. Absent values are None, never the empty string."""

    name: str | None = None
    """Name to show: repaired encoding, NFC, single blanks, letter case as the source wrote it."""
    name_full: str | None = None
    """Lower-case NFC with diacritics, canonical tone-mark placement; tokens in written order."""
    name_key: str | None = None
    """ASCII lower-case tokens in family-first order, đ→d, y→i at a token's end: the blocking name."""
    name_sorted: str | None = None
    """The tokens of name_key in alphabetical order: equal for any word order."""
    birth_date: date | None = None
    """Complete or padded date (year-only → 1 January); read it together with birth_precision."""
    birth_precision: str | None = None
    """'day', 'month' or 'year'. A written 01/01 stays 'day' and is flagged 'birth_default' in flags."""
    birth_swapped: date | None = None
    """The date with day and month exchanged, where both readings are possible and differ."""
    sex: str | None = None
    """'male', 'female' or None."""
    personal_id: str | None = None
    """12-digit citizen number (CCCD or personal id) of valid form."""
    old_id: str | None = None
    """9-digit CMND of valid form."""
    passport: str | None = None
    """Upper-case letters and digits, no blanks."""
    insurance_no: str | None = None
    """10-digit social-insurance number (the last ten of a 15-character card)."""
    insurance_card: str | None = None
    """15-character card number, where the source gave it."""
    qid: str | None = None
    """Number of the person's code on the national QR platform: the same on every code printed for them."""
    id_tail: str | None = None
    """What a masked document number still shows: its last characters (six of a citizen number, three of a CMND)."""
    id_verified: bool = False
    """True where the source itself is the population database or has verified the id there."""
    phone: str | None = None
    """National form of today, ten digits from 0; eleven-digit numbers are already converted."""
    phone_is_own: bool = True
    """False where the phone belongs to whoever typed the form (declared for another)."""
    email: str | None = None
    province_code: str | None = None
    district_code: str | None = None
    commune_code: str | None = None
    """Codes of the 2021 list (2, 3 and 5 digits)."""
    address: str | None = None
    nationality: str | None = None
    """ISO 3166 alpha-2 where it could be read, else None."""
    account: str | None = None
    """Record reference (`system:kind:key`) of the person's account that this row points to, e.g. a dose's personId."""
    household: str | None = None
    """Reference of the household list this record stands in; two members of one list are different people."""
    dose: str | None = None
    """Number and day of the dose that this row tells of (doses.dose_text): nobody has the same dose twice."""
    flags: tuple[str, ...] = ()
    """Doubts to weigh and to show: 'birth_default', 'birth_two_digit_year', 'id_birth_conflict', 'id_sex_conflict',
    'id_zero_restored', 'insurance_unsure', 'passport_unsure', 'name_mojibake', 'name_single_token', 'name_reordered',
    'not_a_name', 'test_entry' …"""
