"""A paper list of visitors, as the commune types it in later: one line each, read by itself. Pure.

    001090000001; Nguyễn Văn An; 1990; 8:05; 9:30

Number of a citizen card, old card, passport or insurance card, or ĐT and a phone number for who has none of them; name;
year of birth; came; left (may be missing). A line becomes the text of a code as its holder would have shown it, so
that it is placed by the same rules as a scanned card.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import NamedTuple
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from pccovid.linkage.phones import read_phone
from pccovid.people.qr_codes import read_personal_qr

MOST_LINES = 200
IN, OUT = 0, 1
_HERE = ZoneInfo("Asia/Ho_Chi_Minh")
_TIME = re.compile(r"(\d{1,2})[:hHg.](\d{2})?", re.ASCII)
_PHONE = re.compile(r"[đdĐD]\.?[tT]\.?\s*:?\s*(.+)")
_INSURANCE = re.compile(r"[A-Za-z]{2}\d{13}|\d{10}", re.ASCII)


class TypedScan(NamedTuple):
    """One passage of the list: its own number (the same when the list is typed in again), what the code would say."""

    scan: UUID
    way: int
    happened_at: datetime
    code: str


class Read(NamedTuple):
    """What could be read, and the lines that could not, as they were typed."""

    scans: tuple[TypedScan, ...]
    unread: tuple[str, ...]


def read_list(text: str, *, place: UUID, on: date) -> Read:
    """Each line by itself; more than MOST_LINES are left unread."""
    scans: list[TypedScan] = []
    unread: list[str] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        found = _read_line(line, place, on) if number < MOST_LINES else ()
        scans += found
        unread += [] if found else [line]
    return Read(tuple(scans), tuple(unread))


def _read_line(line: str, place: UUID, on: date) -> tuple[TypedScan, ...]:
    parts = [part.strip() for part in line.split(";")]
    if len(parts) not in (4, 5):
        return ()
    code = _code(*parts[:3])
    moments = _moments(parts[3:], on)
    if code is None:
        return ()
    return tuple(
        TypedScan(uuid5(place, f"{way}|{moment.isoformat()}|{code}"), way, moment, code)
        for way, moment in zip((IN, OUT), moments, strict=False)
    )


def _moments(parts: list[str], on: date) -> list[datetime]:
    """Coming and going as far as they are written; none where one cannot be read, or going comes before coming."""
    read = [_moment(part, on) for part in parts if part]
    known = [moment for moment in read if moment is not None]
    return known if len(known) == len(read) and known == sorted(known) else []


def _code(number: str, name: str, year: str) -> str | None:
    plain = re.sub(r"[\s.]", "", number)
    if not re.fullmatch(r"(19|20)\d\d", year, re.ASCII) or "|" in plain + name or not name:
        return None
    phone = _PHONE.fullmatch(number)
    if phone:
        national = read_phone(phone[1]).phone
        return f"|{name}|{year}-00-00|1||<<<{national}" if national and "<" not in name else None
    if _INSURANCE.fullmatch(plain):
        code = f"{plain}|{name.encode().hex()}|{year}|0|"
    else:
        code = f"{plain}|{name}|{year}-00-00|0||"
    read = read_personal_qr(code)
    numbers = (read.personal_id, read.old_id, read.passport, read.insurance_no)
    return code if read.problem is None and any(numbers) else None


def _moment(text: str, on: date) -> datetime | None:
    found = _TIME.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return None
    return datetime.combine(on, time(int(found[1]), int(found[2] or 0)), _HERE)
