"""Reading of identifiers: one untyped field that may hold a CCCD, a CMND, a passport or a health-insurance number.

Form decides what a value is; the digits' own meaning only raises doubts. Where a spreadsheet dropped leading zeros they
are put back and flagged; where it dropped digits the value is refused, for nobody can know them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from pccovid.linkage.digits import from_scientific, is_placeholder, without_float_tail
from pccovid.linkage.edits import is_single_edit
from pccovid.linkage.id_structure import PROVINCE_CODES, is_credible, is_known_series, structure_doubts


class IdReading(NamedTuple):
    """What one identifier field held; every value has the form that Claim asks for."""

    personal_id: str | None = None
    old_id: str | None = None
    passport: str | None = None
    insurance_no: str | None = None
    insurance_card: str | None = None
    flags: tuple[str, ...] = ()
    """'id_zero_restored', 'id_ambiguous', 'id_letter_repaired', 'id_province_unknown', 'id_series_unknown',
    'id_birth_conflict', 'id_sex_conflict'; 'insurance_unsure' and 'passport_unsure' (see UNSURE)."""
    problem: str | None = None
    """'id_malformed', 'id_placeholder', 'id_truncated_by_spreadsheet', 'id_is_phone'."""


INSURANCE_UNSURE, PASSPORT_UNSURE = "insurance_unsure", "passport_unsure"
UNSURE = frozenset({INSURANCE_UNSURE, PASSPORT_UNSURE})
"""What a number could be by its form, and could as well be another one mistyped: ten digits where an insurance number
was not asked for (an old identity card's with one digit more), a Vietnamese passport's letter with one digit less than
seven. It finds whose it is where it agrees with a number; it is never another number than theirs."""

_NOTHING = IdReading()
_MALFORMED = IdReading(problem="id_malformed")
_PLACEHOLDER = IdReading(problem="id_placeholder")
_TRUNCATED = IdReading(problem="id_truncated_by_spreadsheet")
_IS_PHONE = IdReading(problem="id_is_phone")
_RESTORED = ("id_zero_restored",)

_LONGEST = 120
_MADE_UP = frozenset({"012345678912", "12345678912", "123456789123"})
_EMPTY_WORDS = frozenset(
    {"", "0", "K", "KO", "KOCO", "KHONG", "KHONGCO", "KHONGRO", "CHUACO", "CHUARO", "CHUACAP"}
    | {"NA", "NULL", "NONE", "NAN", "NIL", "UNDEFINED", "UNKNOWN"}
)
_LABELS = re.compile(
    r"^(?:SO)?(?:CCCD|CMND|CMTND|CMT|CC|CMTQD|CMQD|PASSPORT|HOCHIEU|HC|ID|BHYT|THEBHYT|BHXH)(?=\d|[A-Z]{1,2}\d{6})"
)
_SIGNS = re.compile(r"[\s.\-_/\\:'\"`,;#*()=<]+")
_SEVERAL = re.compile(r"[/;,|\n]|\s-\s|\s{2,}")
_CARD = re.compile(r"[A-Z]{2}[1-9]\d{12}", re.ASCII)
_PASSPORT = re.compile(r"(?=.*\d{4})[A-Z0-9]{6,9}", re.ASCII)
_SHORT_PASSPORT = re.compile(r"[A-Z]\d{6}", re.ASCII)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOOKS_LIKE_ZERO_OR_ONE = str.maketrans("OIL", "011")
_OLD_ELEVEN_DIGIT_PHONE = re.compile(r"01[2689]\d{8}", re.ASCII)
_PHONE = re.compile(r"0[35789]\d{8}", re.ASCII)


def read_identifier(text: str | None, *, birth_year: int | None = None, sex: str | None = None) -> IdReading:
    """Any text of an identifier field → what it holds; never raises. Empty → nothing and no problem.

    `birth_year` and `sex` ('male', 'female') of the same row help to tell lost zeros and raise conflict flags.
    """
    if not text or text.isspace():
        return _NOTHING
    if len(text) > _LONGEST:
        return _MALFORMED
    reading = _read_one(text, birth_year, sex)
    pieces = [piece for piece in _SEVERAL.split(text) if piece.strip()] if reading.problem else []
    if len(pieces) < 2:
        return reading
    return _together([_read_one(piece, birth_year, sex) for piece in pieces]) or reading


def read_insurance(text: str | None) -> tuple[str | None, str | None, str | None]:
    """(10-digit number, 15-character card or None, problem) of a health-insurance field; never raises."""
    if not text or text.isspace() or _compact(text) in _EMPTY_WORDS:
        return None, None, None
    if len(text) > _LONGEST:
        return None, None, "insurance_malformed"
    compact = _without_label(_compact(without_float_tail(text.strip())))
    digits, is_scientific = from_scientific(text.strip())
    if is_scientific and digits is None:
        return None, None, "insurance_truncated_by_spreadsheet"
    return _insurance_of(digits or compact)


def _without_label(compact: str) -> str:
    """HC, ID and the like in front are words, unless the whole is a card: object code HC is one too."""
    return compact if _CARD.fullmatch(compact) else _LABELS.sub("", compact)


def compare_ids(a: str, b: str) -> str:
    """'same', 'typo' (one digit changed, lost or added, or two neighbours exchanged) or 'different'."""
    if a == b:
        return "same"
    return "typo" if is_single_edit(a, b) else "different"


def _insurance_of(compact: str) -> tuple[str | None, str | None, str | None]:
    if _CARD.fullmatch(compact):
        return compact[5:], compact, "insurance_placeholder" if is_placeholder(compact[5:]) else None
    if len(compact) == 9 and _is_digits(compact):
        compact = "0" + compact
    if len(compact) == 10 and _is_digits(compact):
        return (None, None, "insurance_placeholder") if is_placeholder(compact) else (compact, None, None)
    return None, None, "insurance_malformed"


def _read_one(text: str, birth_year: int | None, sex: str | None) -> IdReading:
    plain = unicodedata.normalize("NFKC", text).strip().strip("'\"")
    digits, is_scientific = from_scientific(plain)
    if is_scientific and digits is None:
        return _TRUNCATED
    compact = digits or _compact(without_float_tail(plain))
    if compact in _EMPTY_WORDS:
        return _NOTHING
    compact = _without_label(compact)
    if _is_digits(compact):
        return _read_digits(compact, birth_year, sex)
    return _read_mixed(compact, birth_year, sex)


def _read_digits(digits: str, birth_year: int | None, sex: str | None) -> IdReading:
    if digits in _MADE_UP or (is_placeholder(digits) and digits != "012345678"):
        return _PLACEHOLDER
    match len(digits):
        case 12:
            return IdReading(personal_id=digits, flags=structure_doubts(digits, birth_year, sex))
        case 11:
            return _eleven_digits(digits, birth_year, sex)
        case 10:
            return _ten_digits(digits, birth_year, sex)
        case 9:
            return _old_id(digits, ())
        case 8:
            return _old_id("0" + digits, _RESTORED)
        case _:
            return _MALFORMED


def _eleven_digits(digits: str, birth_year: int | None, sex: str | None) -> IdReading:
    """A personal id without its first zero. A zero in front again cannot come from a spreadsheet."""
    if _OLD_ELEVEN_DIGIT_PHONE.fullmatch(digits) and not is_credible("0" + digits, birth_year):
        return _IS_PHONE
    if not is_credible("0" + digits, None):
        return _MALFORMED
    return _restored("0" + digits, birth_year, sex, ("id_ambiguous",) if digits.startswith("0") else ())


def _ten_digits(digits: str, birth_year: int | None, sex: str | None) -> IdReading:
    """A personal id of a 00x province without both zeros, a social-insurance number, or a phone in the wrong field."""
    may_be_insurance = digits[:2] in PROVINCE_CODES
    may_be_person = not digits.startswith("0") and is_credible("00" + digits, birth_year)
    if may_be_person:
        is_open = may_be_insurance and birth_year is None
        return _restored("00" + digits, birth_year, sex, ("id_ambiguous",) if is_open else ())
    if _PHONE.fullmatch(digits):
        return _IS_PHONE
    if not may_be_insurance:
        return _MALFORMED
    was_person = not digits.startswith("0") and is_credible("00" + digits, None)
    return IdReading(insurance_no=digits, flags=(INSURANCE_UNSURE, *(("id_ambiguous",) if was_person else ())))


def _restored(personal_id: str, birth_year: int | None, sex: str | None, doubts: tuple[str, ...]) -> IdReading:
    flags = _RESTORED + doubts + structure_doubts(personal_id, birth_year, sex)
    return IdReading(personal_id=personal_id, flags=flags)


def _old_id(digits: str, flags: tuple[str, ...]) -> IdReading:
    if len(set(digits)) == 1:
        return _PLACEHOLDER
    return IdReading(old_id=digits, flags=flags if is_known_series(digits) else (*flags, "id_series_unknown"))


def _read_mixed(compact: str, birth_year: int | None, sex: str | None) -> IdReading:
    """Letters and digits: an insurance card, a personal id with O for 0, or a passport."""
    if _CARD.fullmatch(compact):
        return IdReading(insurance_no=compact[5:], insurance_card=compact)
    repaired = compact.translate(_LOOKS_LIKE_ZERO_OR_ONE)
    if len(compact) == 12 and _is_digits(repaired) and is_credible(repaired, birth_year):
        flags = ("id_letter_repaired", *structure_doubts(repaired, birth_year, sex))
        return IdReading(personal_id=repaired, flags=flags)
    if not _PASSPORT.fullmatch(compact):
        return _MALFORMED
    if len(set(compact.lstrip(_LETTERS))) == 1:
        return _PLACEHOLDER
    return IdReading(passport=compact, flags=(PASSPORT_UNSURE,) if _SHORT_PASSPORT.fullmatch(compact) else ())


def _together(readings: list[IdReading]) -> IdReading | None:
    """Several identifiers in one field, each in its own place; None where one is unreadable or two claim one place."""
    merged: dict[str, object] = {}
    for reading in readings:
        values = {k: v for k, v in reading._asdict().items() if v and k != "flags"}
        if "problem" in values or merged.keys() & values.keys():
            return None
        merged |= values
    flags = tuple(dict.fromkeys(flag for reading in readings for flag in reading.flags))
    return IdReading(**merged, flags=flags) if merged else None  # type: ignore[arg-type]


def _compact(text: str) -> str:
    """Upper-case ASCII-folded text without blanks, signs and marks."""
    if text.isascii():
        return _SIGNS.sub("", text).upper()
    decomposed = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return _SIGNS.sub("", "".join(c for c in decomposed if unicodedata.category(c) not in {"Mn", "Cf"})).upper()


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
