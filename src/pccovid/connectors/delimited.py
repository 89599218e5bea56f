"""Physical lines of a CSV file to records: header, delimiter, quotes, quoted line breaks, broken quotes.

A quote that is never closed costs one line, not the file: the search for its partner is bounded.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pccovid.connectors.streams import BrokenOff, Line, Spilled

LOOK_AHEAD_LINES = 20
LOOK_AHEAD_BYTES = 64 * 1024
DELIMITERS = (",", ";", "\t", "|")

# The csv module refuses fields beyond 128 KiB; a line is bounded by streams.LINE_LIMIT, so a field is too.
csv.field_size_limit(4 << 20)


class Header(NamedTuple):
    """Columns in file order (recognised names in the spelling of the file kind) and the delimiter between them."""

    columns: tuple[str, ...]
    delimiter: str


class Unreadable(NamedTuple):
    """A line that is no record, and why ('unbalanced_quote')."""

    text: str
    reason: str


Record = list[str] | Unreadable | Spilled | BrokenOff


def decoded(line: bytes) -> str:
    """UTF-8; bytes that are not become lone surrogates (PEP 383), so nothing is lost."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("utf-8", "surrogateescape")


def read_header(text: str, known: Iterable[str]) -> Header:
    """Header of a first line: the delimiter under which most names are known. Names match in any letter case."""
    spelling = {name.casefold(): name for name in known}
    readings = [_read_header(text, delimiter, spelling) for delimiter in DELIMITERS]
    names = set(spelling.values())
    return max(readings, key=lambda header: sum(column in names for column in header.columns))


def _read_header(text: str, delimiter: str, spelling: dict[str, str]) -> Header:
    columns: dict[str, None] = {}
    for cell in split_line(text, delimiter) or [text]:
        name = cell.strip().strip("\ufeff")
        column = spelling.get(name.casefold(), name)
        columns[column if column not in columns else f"{column}#{len(columns) + 1}"] = None
    return Header(tuple(columns), delimiter)


def split_line(text: str, delimiter: str) -> list[str] | None:
    """Cells of one complete record; None where a quote stays open."""
    if '"' not in text:
        return text.split(delimiter)
    try:
        return next(csv.reader((text,), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return _split_leniently(text, delimiter)


def _split_leniently(text: str, delimiter: str) -> list[str] | None:
    """Cells where quotes stand amid text or a bare CR stands in a cell: a quote opens only at a cell's start."""
    cells: list[str] = []
    at = 0
    while True:
        end = _quoted_end(text, at, delimiter) if text.startswith('"', at) else text.find(delimiter, at)
        if end is None:
            return None
        cell = text[at:] if end < 0 else text[at:end]
        cells.append(cell[1:-1].replace('""', '"') if text.startswith('"', at) else cell)
        if end < 0:
            return cells
        at = end + 1


def _quoted_end(text: str, at: int, delimiter: str) -> int | None:
    """Index of the delimiter after a quoted cell, −1 at the text's end, None where the quote stays open."""
    close = text.find('"' + delimiter, at + 1)
    if close >= 0:
        return close + 1
    return -1 if len(text) > at + 1 and text.endswith('"') else None


def records(lines: Iterable[Line], header: Header) -> Iterator[Record]:
    """Records in file order; each line that came is in exactly one of them. Blank lines come as [''] or similar."""
    return _RecordReader(iter(lines), header).records()


class _RecordReader:
    def __init__(self, lines: Iterator[Line], header: Header) -> None:
        self._lines = lines
        self._ahead: deque[Line] = deque()
        self._width = len(header.columns)
        self._delimiter = header.delimiter

    def records(self) -> Iterator[Record]:
        delimiter = self._delimiter
        while (line := self._next()) is not None:
            if not isinstance(line, bytes):
                yield line
            elif b'"' not in line:
                yield decoded(line).split(delimiter)
            else:
                yield self._quoted(line)

    def _next(self) -> Line | None:
        return self._ahead.popleft() if self._ahead else next(self._lines, None)

    def _quoted(self, line: bytes) -> Record:
        text = decoded(line)
        cells = split_line(text, self._delimiter)
        if cells is not None and (len(cells) >= self._width or text.count('"') % 2 == 0):
            return cells
        spanning = self._spanning(text)
        if spanning is not None:
            return spanning
        return Unreadable(text, "unbalanced_quote") if cells is None else cells

    def _spanning(self, text: str) -> list[str] | None:
        """A record with quoted line breaks; on None the lines looked at are still to come."""
        taken = 0
        for ahead in self._look_ahead(len(text)):
            taken += 1
            text += "\n" + decoded(ahead)
            if b'"' not in ahead or text.count('"') % 2:
                continue
            cells = split_line(text, self._delimiter)
            if cells is None:
                continue
            if len(cells) != self._width or any(self._has_swallowed_a_row(cell) for cell in cells):
                return None
            for _ in range(taken):
                self._ahead.popleft()
            return cells
        return None

    def _look_ahead(self, size: int) -> Iterator[bytes]:
        for index in range(LOOK_AHEAD_LINES):
            if index == len(self._ahead):
                following = next(self._lines, None)
                if following is None:
                    return
                self._ahead.append(following)
            line = self._ahead[index]
            size += len(line)
            if not isinstance(line, bytes) or size > LOOK_AHEAD_BYTES:
                return
            yield line

    def _has_swallowed_a_row(self, cell: str) -> bool:
        """Two rows with one stray quote each can look like one row: then a cell holds most of a row's delimiters."""
        return "\n" in cell and cell.count(self._delimiter) >= max(2, self._width // 2)
