"""Reading of phone numbers: every way of writing a Vietnamese number → the national form of today.

Eleven-digit mobile numbers were shortened between 15 September 2018 and 2019; the last seven digits stayed (domain
handbook §2). A phone is contact data and never proves who somebody is.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from pccovid.linkage.digits import from_scientific, is_placeholder, without_float_tail


class PhoneReading(NamedTuple):
    """`phone` has ten digits from 0 (mobile) or ten to eleven from 02 (landline); `problem` says why there is none."""

    phone: str | None = None
    problem: str | None = None
    """'phone_malformed', 'phone_foreign', 'phone_placeholder', 'phone_truncated_by_spreadsheet'."""


SHORTENED_PREFIXES: dict[str, str] = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035",
    "0166": "036", "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
"""Old four-digit prefix → prefix of today (Ministry of Information and Communications, change of 2018–19)."""

_NOTHING = PhoneReading()
_MALFORMED = PhoneReading(problem="phone_malformed")
_FOREIGN = PhoneReading(problem="phone_foreign")
_PLACEHOLDER = PhoneReading(problem="phone_placeholder")
_TRUNCATED = PhoneReading(problem="phone_truncated_by_spreadsheet")

_EMPTY_WORDS = frozenset(
    {"", "0", "-", "--", "n/a", "na", "null", "none", "nan", "không", "khong", "ko", "k", "không có", "khong co"}
)
_SIGNS = {ord(c): None for c in " .-()/_\t\u00a0'\"‘’"}
_MOBILE = re.compile(r"0[35789]\d{8}", re.ASCII)
_USUAL = re.compile(r"(?:\+84|84|0)?([35789]\d{8})", re.ASCII)
_LANDLINE = re.compile(r"02\d{8,9}", re.ASCII)
_SEVERAL = re.compile(r"[/;,|\n]|\s-\s|[^\W\d_]+|\s{2,}")
_LONGEST = 80


def read_phone(text: str | None) -> PhoneReading:
    """Any text of a phone field → the first number it holds; never raises. Empty → no phone and no problem."""
    if not text:
        return _NOTHING
    if len(text) > _LONGEST:
        return _MALFORMED
    reading = _read_digits(text.translate(_SIGNS))
    return reading if reading.problem is not _MALFORMED.problem else _read_odd(text)


def _read_digits(digits: str) -> PhoneReading:
    """A number without signs, perhaps with a leading plus."""
    usual = _USUAL.fullmatch(digits)
    if usual:
        return _unless_made_up("0" + usual.group(1))
    is_international = digits.startswith(("+", "00"))
    national = _national(digits)
    if len(digits) < 3 or not national.isascii() or not national.isdigit():
        return _MALFORMED
    if is_placeholder(national) or is_placeholder(digits):
        return _PLACEHOLDER
    if is_international and not digits.lstrip("+0").startswith("84"):
        return _FOREIGN if 7 <= len(national) <= 15 else _MALFORMED
    return _read_national(national)


def _national(digits: str) -> str:
    """Country code off, leading zero on. '84…' of nine digits is a number that lost its zero, not a country code."""
    bare = digits.lstrip("+").removeprefix("00")
    if bare.startswith("84") and len(bare) >= 11:
        bare = bare[2:]
    return bare if bare.startswith("0") else "0" + bare


def _read_national(national: str) -> PhoneReading:
    if len(national) == 11 and national[:4] in SHORTENED_PREFIXES:
        national = SHORTENED_PREFIXES[national[:4]] + national[4:]
    if not (_MOBILE.fullmatch(national) or _LANDLINE.fullmatch(national)):
        return _MALFORMED
    return _unless_made_up(national)


def _unless_made_up(national: str) -> PhoneReading:
    """A number of valid form, unless it was typed to get past the form: 0987654321, or the last seven digits alike."""
    is_made_up = national[-7:] == national[-1] * 7 or national == "0987654321"
    return _PLACEHOLDER if is_made_up else PhoneReading(national)


def _read_odd(text: str) -> PhoneReading:
    """What a plain number is not: spreadsheet forms, words round it, several numbers (the first good one counts)."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain.lower() in _EMPTY_WORDS:
        return _NOTHING
    digits, is_scientific = from_scientific(plain)
    if is_scientific:
        return _read_digits(digits) if digits else _TRUNCATED
    pieces = (without_float_tail(plain), *_SEVERAL.split(plain), *plain.split())
    readings = [_read_piece(piece) for piece in pieces if piece]
    return next((r for r in readings if r.phone), next((r for r in readings if r != _MALFORMED), _MALFORMED))


def _read_piece(piece: str) -> PhoneReading:
    return _read_digits("".join(c for c in piece.translate(_SIGNS) if unicodedata.category(c) != "Cf"))
