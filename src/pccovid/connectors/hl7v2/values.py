"""HL7 v2 times and birth dates, as FHIR writes them. Pure; nothing raises."""

from __future__ import annotations

import re

_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})(?:(\d{2})(?:\.\d{1,6})?)?)?([+-]\d{4})?")
VIET_NAM = "+07:00"
"""What a time without a zone is meant in, where the message names none either."""


def zone_of(sent_at: str) -> str:
    """The zone that a message's times are meant in where they name none: that of its own time (MSH-7)."""
    found = _TIME.fullmatch(sent_at)
    return _zone(found[7]) if found and found[7] else VIET_NAM


def _zone(text: str) -> str:
    return f"{text[:3]}:{text[3:]}"


def moment(text: str, *, zone: str = VIET_NAM, is_whole: bool = False) -> str | None:
    """A TS or DTM as dateTime, as far as it is written; `is_whole`: None unless it names a second's day and hour.

    `zone`: meant where none is named. What is no time is given as it stands, so that whoever checks it can tell.
    """
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        return text[:40]
    year, month, day, hour, minute, second, own = found.groups()
    date = "-".join(filter(None, (year, month, day)))
    if hour is None or day is None:
        return None if is_whole else date
    return f"{date}T{hour}:{minute}:{second or '00'}{_zone(own) if own else zone}"


def day_of_birth(text: str) -> str | None:
    """A birth date: year, month or day."""
    return moment(text[:8]) if text else None
