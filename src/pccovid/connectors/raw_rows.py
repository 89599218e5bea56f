"""Lines that did not become a row: how their text is kept, so that it can be read again."""

from __future__ import annotations

import re
from typing import NamedTuple

from pccovid.connectors.delimited import Header
from pccovid.connectors.json_values import JsonObject
from pccovid.connectors.streams import Spilled

RAW, REASON, COLUMNS, DELIMITER, SPILLED = "_raw", "_reason", "_columns", "_delimiter", "_spilled"

_MEMBERS = frozenset((RAW, REASON, COLUMNS, DELIMITER, SPILLED, "bytes", "start"))

FINAL_REASONS = frozenset({"truncated", "wrong_header", "row_too_long"})
"""Reasons that reading the same text again cannot remove."""

# Coordinates stand in lines that could not be split into columns; they must not be stored there either.
_COORDINATE = re.compile(rb"(?<![\d.])-?\d{1,3}\.\d{4,}(?![\d.])")
_COORDINATE_TEXT = re.compile(r"(?<![\d.])-?\d{1,3}\.\d{4,}(?![\d.])", re.ASCII)


class RawRow(NamedTuple):
    """A stored line: its text, why it was no row, and for CSV the header it stood under."""

    text: str
    reason: str
    header: Header | None


def without_coordinates(line: bytes) -> bytes:
    """The bytes with every decimal number that could be a coordinate blotted out."""
    return _COORDINATE.sub(b"~", line)


def raw_values(text: str, reason: str, header: Header | None, *, masked: bool) -> JsonObject:
    """Payload of a line that is no row."""
    shown = _COORDINATE_TEXT.sub("~", text) if masked else text
    values: JsonObject = {RAW: shown, REASON: reason}
    if header is not None:
        values |= {COLUMNS: list(header.columns), DELIMITER: header.delimiter}
    return values


def spilled_values(line: Spilled) -> JsonObject:
    """Payload of a line that went to the spill folder."""
    return {
        SPILLED: line.name,
        "bytes": line.size,
        "start": line.start.decode("utf-8", "replace"),
        REASON: "row_too_long",
    }


def stored_raw_row(values: JsonObject) -> RawRow | None:
    """The line behind such a payload; None for the payload of an ordinary row."""
    reason = values.get(REASON)
    if not isinstance(reason, str) or not (RAW in values or SPILLED in values) or not _MEMBERS.issuperset(values):
        return None
    columns = values.get(COLUMNS)
    header = None
    if isinstance(columns, list):
        header = Header(tuple(map(str, columns)), str(values.get(DELIMITER) or ","))
    return RawRow(str(values.get(RAW, "")), reason, header)
