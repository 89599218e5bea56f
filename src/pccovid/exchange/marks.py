"""Marks of places in the change feed, as they are given out: hidden, so that nobody builds on what they say. Pure."""

from __future__ import annotations

import base64
import re

from pccovid.exchange.outcomes import Issue, Refusal

_CURSOR = re.compile(r"(\d{1,20})-(\d{1,19})")
BEGINNING, END = "0-0", "now"


def read_mark(text: str | None) -> str:
    """A cursor as it was given: hidden, so that nobody builds on what it says. Raises Refusal."""
    if text is None:
        return BEGINNING
    if text == END:
        return END
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except ValueError:
        plain = ""
    found = _CURSOR.fullmatch(plain)
    if found is None or int(found.group(1)) >= 2**64 or int(found.group(2)) >= 2**63:
        raise Refusal(400, Issue("value", "_since must be a mark that this service gave, or now", "http"))
    return plain


def mark(cursor: str) -> str:
    """The text of a cursor."""
    return base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")
