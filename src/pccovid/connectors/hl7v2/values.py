"""HL7 v2 times and birth dates, as FHIR writes them. Pure; nothing raises."""

from __future__ import annotations

import re

_TIME = re.compile(r"(\d{4})(\d{2})?(\d{2})?(?:(\d{2})(\d{2})(?:(\d{2})(?:\.\d{1,6})?)?)?([+-]\d{4})?")
_ZONE = "+07:00"
"""What a time without a zone is meant in."""


def moment(text: str, *, is_whole: bool = False) -> str | None:
    """A TS or DTM as dateTime, as far as it is written; `is_whole`: None unless it names a second's day and hour.

    What is no time is given as it stands, so that whoever checks it can tell.
    """
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        return text[:40]
    year, month, day, hour, minute, second, zone = found.groups()
    date = "-".join(filter(None, (year, month, day)))
    if hour is None or day is None:
        return None if is_whole else date
    return f"{date}T{hour}:{minute}:{second or '00'}{zone[:3] + ':' + zone[3:] if zone else _ZONE}"


def day_of_birth(text: str) -> str | None:
    """A birth date: year, month or day."""
    return moment(text[:8]) if text else None
