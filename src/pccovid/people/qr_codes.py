"""Reading and writing of the QR codes a citizen may show: unified personal QR, CCCD card, health-insurance card, VNeID.

Unified personal QR: Decision 1405/QĐ-BTTTT v1.1. Card formats are as seen in practice, without a published
specification at hand (†), and are read tolerantly: a field that cannot be read stays empty. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from pccovid.linkage.identifiers import read_identifier, read_insurance
from pccovid.linkage.phones import read_phone
from pccovid.linkage.sexes import read_sex
from pccovid.linkage.syllables import fold_to_ascii


class PersonalQr(NamedTuple):
    """What a code says about its holder; a claim, not yet anybody's identity. Absent values are None."""

    kind: str | None = None
    """'unified', 'cccd', 'bhyt', 'vneid' or None where the text is none of them."""
    personal_id: str | None = None
    old_id: str | None = None
    name: str | None = None
    """As the code writes it (upper-case ASCII in the unified QR)."""
    birth_date: date | None = None
    birth_precision: str | None = None
    """'day', 'month' or 'year'; a masked code shows the year only."""
    sex: str | None = None
    insurance_no: str | None = None
    insurance_card: str | None = None
    phone: str | None = None
    """National form; digits as written where they are no number of today (as in the official example)."""
    declared_by_other: bool = False
    declarant_qid: str | None = None
    qid: str | None = None
    address: str | None = None
    is_masked: bool = False
    problem: str | None = None
    """'qr_unreadable' (none of the four kinds), 'qr_empty', 'qr_too_long', 'qr_identifier_malformed'."""
    passport: str | None = None
    document_tail: str | None = None
    """The visible end of a masked document number."""


LONGEST_CODE = 2953
"""Bytes in the largest QR code (version 40, level L)."""

_MASK = "*"
_MASKS = re.compile(r"[*xX#•]")
_MASKED_ID = re.compile(r"(?:[*#•]{2,}|[xX]{6,})[0-9A-Za-z]*[*#•xX]*")
_AFTER_MASK = re.compile(r"(?<=[*#•xX])[0-9A-WYZa-wyz]{3,}$", re.ASCII)
_DATE = re.compile(r"(\d{4})-([\d*xX#•]{1,2})-([\d*xX#•]{1,2})", re.ASCII)
_DECLARED_BY = re.compile(r"[01]", re.ASCII)
_COMPACT_DATE = re.compile(r"(\d\d)(\d\d)(\d{4})", re.ASCII)
_SLASHED_DATE = re.compile(r"(?:(\d\d?)/)?(?:(\d\d?)/)?(\d{4})", re.ASCII)
_UNIFIED_DATE = re.compile(rf"{_DATE.pattern}|\d\d?/\d\d?/\d{{4}}", re.ASCII)
_NAME = re.compile(r"[^\W\d_]+(?:[ '’.-]+[^\W\d_]+)+")
_TWELVE_DIGITS = re.compile(r"\d{12}", re.ASCII)
_CARD_NUMBER = re.compile(r"[A-Za-z]{2}\d{13}|\d{10}", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+", re.ASCII)
_NO_HEX = re.compile(rf"(?!(?:{_HEX.pattern})$).*", re.DOTALL)
_PHONE_DIGITS = re.compile(r"\+?\d{9,12}", re.ASCII)
_VNEID_PREFIX = re.compile(r"\s*(?:vneid|vn-eid|eid)\s*[:|;=]\s*", re.IGNORECASE)
_FORBIDDEN_IN_NAME = re.compile(r"[^A-Z ]+")


def read_personal_qr(text: str) -> PersonalQr:
    """The text of a scanned code → what it says; never raises."""
    if len(text) > LONGEST_CODE:
        return PersonalQr(problem="qr_too_long")
    scanned = text.strip(" \t\r\n\x00\ufeff")
    if not scanned:
        return PersonalQr(problem="qr_empty")
    if scanned.startswith("{"):
        return _read_object(scanned)
    prefix = _VNEID_PREFIX.match(scanned)
    if prefix:
        inner = _read_fields(scanned[prefix.end() :].split("|"))
        return inner if inner.kind is None else inner._replace(kind="vneid")
    return _read_fields(scanned.split("|"))


def _read_object(text: str) -> PersonalQr:
    """A JSON object of texts: its values by their form, whatever their names."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return PersonalQr(problem="qr_unreadable")
    texts = [value.strip() for value in values.values() if isinstance(value, str)] if isinstance(values, dict) else []
    return _read_by_form(texts) or PersonalQr(problem="qr_unreadable")


def _read_fields(fields: list[str]) -> PersonalQr:
    fields = [field.strip() for field in fields]
    read = next((form.read for form in _FORMS if form.fits(fields)), _read_by_form)
    return read(fields) or PersonalQr(problem="qr_unreadable")


def _read_by_form(fields: list[str]) -> PersonalQr | None:
    """A code in an order that nobody published (VNeID's †): each field is known by its own form.

    A citizen number and, beside it, a name or a birth date: a number alone may be anything.
    """
    number = next((field for field in fields if _TWELVE_DIGITS.fullmatch(field)), "")
    name = next((field for field in fields if _NAME.fullmatch(field) and not read_sex(field)), "")
    birth_date, precision = next((date for date in map(_any_date, fields) if date[0]), (None, None))
    identifier = read_identifier(number)
    if identifier.personal_id is None or not (name or birth_date):
        return None
    return PersonalQr(
        kind="vneid",
        personal_id=identifier.personal_id,
        name=_text(name),
        birth_date=birth_date,
        birth_precision=precision,
        sex=next((sex for field in fields if field.isalpha() and (sex := read_sex(field))), None),
        address=next((_text(field) for field in fields if "," in field), None),
    )


def _read_unified(fields: list[str]) -> PersonalQr:
    """SoGiayTo|HoTen|NgaySinh|LoaiDinhDanh|QID|EXT with EXT = declarant's QID<sex<BHYT<phone<signature."""
    document, name, born, kind, qid = fields[:5]
    extension = ("|".join(fields[5:]).split("<") + [""] * 5)[:5]
    birth_date, precision = _any_date(born)
    has_hidden_document = bool(_MASKED_ID.fullmatch(document))
    identifier = read_identifier(None if has_hidden_document else document)
    insurance_no, insurance_card, _ = read_insurance(extension[2])
    return PersonalQr(
        kind="unified",
        personal_id=identifier.personal_id,
        old_id=identifier.old_id,
        passport=identifier.passport,
        name=_text(name),
        birth_date=birth_date,
        birth_precision=precision,
        sex=read_sex(extension[1], coding="one_two"),
        insurance_no=insurance_no,
        insurance_card=insurance_card,
        phone=_phone(extension[3]),
        declared_by_other=kind == "1",
        declarant_qid=_text(extension[0]),
        qid=_text(qid),
        document_tail=_visible_tail(document) if has_hidden_document else None,
        is_masked=has_hidden_document or bool(_MASKS.search(born)),
        problem="qr_identifier_malformed" if identifier.problem else None,
    )


def _visible_tail(document: str) -> str | None:
    tail = _AFTER_MASK.search(document)
    return tail.group().upper() if tail else None


def _read_cccd(fields: list[str]) -> PersonalQr:
    """cccd|cmnd|name|ddmmyyyy|sex|address|ddmmyyyy †; later cards add fields (left out), some have no CMND."""
    number, old, name, born, sex, address = (fields + [""])[:6]
    birth_date, precision = _day_first_date(_COMPACT_DATE.fullmatch(born))
    identifier = read_identifier(number)
    return PersonalQr(
        kind="cccd",
        personal_id=identifier.personal_id,
        old_id=read_identifier(old).old_id,
        name=_text(name),
        birth_date=birth_date,
        birth_precision=precision,
        sex=read_sex(sex),
        address=_text(address),
        problem="qr_identifier_malformed" if identifier.problem else None,
    )


def _read_bhyt(fields: list[str]) -> PersonalQr:
    """card|hex name|birth date|sex 1/2|hex address|…  † ; the later fields differ by year and are left out."""
    insurance_no, insurance_card, problem = read_insurance(fields[0])
    birth_date, precision = _any_date(fields[2])
    address = _hex_text(fields[4]) if len(fields) > 4 else None
    return PersonalQr(
        kind="bhyt",
        name=_hex_text(fields[1]),
        birth_date=birth_date,
        birth_precision=precision,
        sex=read_sex(fields[3], coding="one_two"),
        insurance_no=insurance_no,
        insurance_card=insurance_card,
        address=address,
        problem="qr_identifier_malformed" if problem else None,
    )


def _read_cccd_without_cmnd(fields: list[str]) -> PersonalQr:
    return _read_cccd([fields[0], "", *fields[1:]])


def _refuse_separators(values: list[str], extension: str) -> None:
    if any("|" in value for value in values) or extension.count("<") != 4:
        raise ValueError("a value contains a separator of the code")


class _Form(NamedTuple):
    """How a kind of code is known: at least so many fields, and what stands in some of them."""

    least: int
    marks: dict[int, re.Pattern[str]]
    read: Callable[[list[str]], PersonalQr | None]

    def fits(self, fields: list[str]) -> bool:
        return len(fields) >= self.least and all(mark.fullmatch(fields[at]) for at, mark in self.marks.items())


_FORMS = (
    _Form(5, {1: _NO_HEX, 2: _UNIFIED_DATE, 3: _DECLARED_BY}, _read_unified),
    _Form(5, {0: _TWELVE_DIGITS, 2: _COMPACT_DATE}, _read_cccd_without_cmnd),
    _Form(5, {0: _TWELVE_DIGITS, 3: _COMPACT_DATE}, _read_cccd),
    _Form(4, {0: _CARD_NUMBER, 1: _HEX}, _read_bhyt),
)
"""The first that fits is taken."""


def write_unified_qr(
    *,
    document: str | None,
    name: str,
    birth_date: date,
    qid: str,
    birth_precision: str = "day",
    declared_by_other: bool = False,
    declarant_qid: str | None = None,
    sex: str | None = None,
    insurance: str | None = None,
    phone: str | None = None,
    signature: str | None = None,
    masked: bool = False,
) -> str:
    """The text of a unified personal QR; `document` is CCCD, CMND or passport (optional when declared by another).

    Masked, the first six characters of the document and day and month are stars, and no extension is shown.
    Raises ValueError for a person's own code without a document, or for a value that contains a separator.
    """
    if not document and not declared_by_other:
        raise ValueError("a code for oneself needs an identity document")
    extension = "<".join(part or "" for part in (declarant_qid, _SEX_CODE[sex], insurance, phone, signature))
    values = [_masked_document(document or "", masked), _qr_name(name), _qr_date(birth_date, birth_precision, masked)]
    values += ["1" if declared_by_other else "0", qid]
    _refuse_separators([*values, extension], extension)
    return "|".join([*values, "" if masked else extension.rstrip("<")])


_SEX_CODE = {None: "0", "male": "1", "female": "2"}


def _masked_document(document: str, masked: bool) -> str:
    return _MASK * min(6, len(document)) + document[6:] if masked else document


def _qr_name(name: str) -> str:
    return " ".join(_FORBIDDEN_IN_NAME.sub(" ", fold_to_ascii(name).upper()).split())


def _qr_date(birth_date: date, precision: str, masked: bool) -> str:
    if masked:
        return f"{birth_date:%Y}-{_MASK * 2}-{_MASK * 2}"
    month = f"{birth_date:%m}" if precision != "year" else "00"
    return f"{birth_date:%Y}-{month}-{birth_date:%d}" if precision == "day" else f"{birth_date:%Y}-{month}-00"


def _iso_date(text: str) -> tuple[date | None, str | None]:
    """YYYY-MM-DD, also with masked or zero month and day."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None, None
    month, day = (int(part) if part.isdigit() else 0 for part in found.group(2, 3))
    return _padded(int(found.group(1)), month, day)


def _any_date(text: str) -> tuple[date | None, str | None]:
    """YYYY-MM-DD, dd/mm/yyyy, mm/yyyy, yyyy or ddmmyyyy."""
    if _DATE.fullmatch(text):
        return _iso_date(text)
    return _day_first_date(_SLASHED_DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text))


def _day_first_date(found: re.Match[str] | None) -> tuple[date | None, str | None]:
    """Day, month and year groups; one group alone before the year is the month."""
    if found is None:
        return None, None
    first, second, year = found.groups()
    if second is None:
        return _padded(int(year), int(first or 0), 0)
    return _padded(int(year), int(second), int(first))


def _padded(year: int, month: int, day: int) -> tuple[date | None, str | None]:
    """The date, padded with ones, and its precision; (None, None) where the calendar has no such date."""
    precision = "year" if month == 0 else "month" if day == 0 else "day"
    try:
        return date(year, month or 1, day if month and day else 1), precision
    except ValueError:
        return None, None


def _hex_text(text: str) -> str | None:
    """UTF-8 text written as hexadecimal digits; None where it is not."""
    if not _HEX.fullmatch(text):
        return None
    try:
        return _text(bytes.fromhex(text).decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _phone(text: str) -> str | None:
    reading = read_phone(text)
    return reading.phone or (text if _PHONE_DIGITS.fullmatch(text) else None)


def _text(text: str) -> str | None:
    """Single blanks, nothing that a database refuses (NUL, lone surrogates); None where nothing is left."""
    kept = "".join(c if c.isprintable() or c.isspace() else "" for c in text)
    return " ".join(kept.split()) or None
