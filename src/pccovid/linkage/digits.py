"""What spreadsheets and keyboards do to numbers written as text: '.0' tails, 1.09E+11, lost and doubled signs."""

from __future__ import annotations

import re

_FLOAT_TAIL = re.compile(r"(\d+)[.,]0+$")
_SCIENTIFIC = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$")


def without_float_tail(text: str) -> str:
    """'109302931.0' → '109302931'; anything else unchanged."""
    found = _FLOAT_TAIL.fullmatch(text)
    return found.group(1) if found else text


def from_scientific(text: str) -> tuple[str | None, bool]:
    """'1.09302E+11' → (digits or None, is it scientific notation); None where digits were lost."""
    found = _SCIENTIFIC.fullmatch(text)
    if found is None:
        return None, False
    digits = found.group(1) + (found.group(2) or "")
    length = int(found.group(3)) + 1
    return (digits[:length] if len(digits.rstrip("0")) <= length <= len(digits) else None), True


def is_placeholder(digits: str) -> bool:
    """All digits the same, or counting up or down ('123456789', '0123456789', '987654321')."""
    return len(set(digits)) <= 1 or digits in _COUNTING_UP or digits in _COUNTING_DOWN


_COUNTING_UP = "01234567890123456789"
_COUNTING_DOWN = _COUNTING_UP[::-1]
