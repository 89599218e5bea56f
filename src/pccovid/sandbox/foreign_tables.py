"""Tables as other people save them: CSV of any delimiter and encoding, and workbooks, each sheet a table of texts.

Lines above the headers (a title, a date of export) are passed over and counted. What is no table is named, not hidden.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pccovid.foundation.sheet_cells import shown
from pccovid.sandbox.foreign_columns import is_captions
from pccovid.sandbox.foreign_names import KNOWN, ROW_NAME, normal

TEXTS, WORKBOOKS = (".csv", ".tsv", ".txt"), (".xlsx", ".xlsm")
_DELIMITERS = ",;\t|"
_OF_A_COUNTRY = ("cp1258", "cp949", "gb18030", "shift_jis", "cp1252", "latin-1")
_LOOKED_AT = 12
"""So many lines of a file are looked at for its headers."""
_LEAST_KNOWN = 2
_BYTE_ORDER_MARKS = {b"\xff\xfe", b"\xfe\xff"}
Row = dict[str, str]


class Sheet(NamedTuple):
    """A table: its file (and sheet), headers, rows with the line each stands in, and lines above the headers."""

    name: str
    headers: tuple[str, ...]
    rows: list[Row]
    lines: list[int]
    above: int = 0


class Unread(NamedTuple):
    """A file that was left alone, and why."""

    name: str
    why: str


def sheets_in(folder: Path) -> Iterator[Sheet | Unread]:
    """Every table of the folder's files, by name, or of one file; folders below it are not looked into."""
    for file in [folder] if folder.is_file() else sorted(folder.glob("*")):
        if file.name.startswith((".", "~$")) or file.is_dir():
            continue
        ending = file.suffix.lower()
        if ending in TEXTS:
            yield _text(file)
        elif ending in WORKBOOKS:
            yield from _workbook(file)
        else:
            yield Unread(file.name, f"no table: {', '.join((*TEXTS, *WORKBOOKS))} are read")


def _text(file: Path) -> Sheet | Unread:
    try:
        return _sheet(file.name, _lines_of_text(file.read_bytes()))
    except csv.Error as wrong:
        return Unread(file.name, f"no table that can be divided into cells ({wrong})")


def _workbook(file: Path) -> Iterator[Sheet | Unread]:
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError) as wrong:
        yield Unread(file.name, f"no workbook that can be opened ({type(wrong).__name__})")
        return
    for sheet in book.worksheets:
        name = file.name if len(book.worksheets) == 1 else f"{file.name}: {sheet.title}"
        lines = [[shown(one, timespec="seconds") for one in row] for row in sheet.iter_rows(values_only=True)]
        if any(map(any, lines)):
            yield _sheet(name, lines)


def _lines_of_text(whole: bytes) -> list[list[str]]:
    """The cells of each line: in the encoding and with the delimiter that bring out most headers that are known."""
    best: tuple[int, list[list[str]]] = (-1, [])
    for text in _decoded(whole):
        for delimiter in sorted(_DELIMITERS, key=lambda one: -text[:2000].count(one)):
            lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
            known = max((_known(line) for line in lines[:_LOOKED_AT]), default=0)
            if known > best[0]:
                best = (known, lines)
    return best[1]


def _decoded(whole: bytes) -> Iterator[str]:
    """The text, or what it may be where only the encoding of some country reads it."""
    if whole[:2] in _BYTE_ORDER_MARKS:
        yield whole.decode("utf-16", errors="replace")
    elif b"\x00" in whole[:2]:
        yield whole.decode("utf-16-le" if whole[1:2] == b"\x00" else "utf-16-be", errors="replace")
    else:
        try:
            yield whole.decode("utf-8-sig")
        except UnicodeDecodeError:
            yield from _of_a_country(whole)


def _of_a_country(whole: bytes) -> Iterator[str]:
    for encoding in _OF_A_COUNTRY:
        try:
            yield whole.decode(encoding)
        except UnicodeDecodeError:
            continue


def _known(line: Sequence[str]) -> int:
    return sum(normal(one) in KNOWN for one in line)


def _sheet(name: str, lines: list[list[str]]) -> Sheet:
    """The first line with two known headers is that of headers; where none is, the first that is not empty."""
    full = [number for number, line in enumerate(lines) if any(one.strip() for one in line)]
    at = next((number for number in full[:_LOOKED_AT] if _known(lines[number]) >= _LEAST_KNOWN), full[0] if full else 0)
    headers = _headers(lines[at]) if full else ()
    held = [(dict(zip(headers, _cells(lines[number], headers), strict=True)), number + 1)
            for number in full if number > at]  # fmt: skip
    if held and is_captions(held[0][0]):
        held = held[1:]
    return Sheet(name, headers, [row for row, _ in held], [line for _, line in held], sum(one < at for one in full))


def _headers(line: Sequence[str]) -> tuple[str, ...]:
    """Each once; a first one that is empty names the rows."""
    told: list[str] = []
    for number, one in enumerate(line):
        text = " ".join(one.split()) or (ROW_NAME if number == 0 else f"column {number + 1}")
        told.append(text if text not in told else f"{text} ({number + 1})")
    return tuple(told)


def _cells(line: Sequence[str], headers: Sequence[str]) -> list[str]:
    return [*line[: len(headers)], *("" for _ in headers[len(line) :])]
