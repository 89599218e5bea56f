"""A CSV file's rows, whatever its letters, separators and line ends: UTF-8, UTF-16 or Windows-1252, with a byte-order
mark or none, parted by comma, semicolon, tab or bar.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from pathlib import Path

SEPARATORS = ",;\t|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_LOOKED_AT = 1 << 16
_UNREADABLE = "\ufffd"
_LONGEST_FIELD = 1 << 20


class BrokenTable(ValueError):
    """The file's lines are no table; the message says which line and why."""


def table_rows(path: Path) -> Iterator[list[str]]:
    """The file's rows, its head first, each as long as the head. Blank lines are left out. Raises BrokenTable.

    A row shorter than the head lacks its last values; one that holds more values than the head is refused, since nobody
    can say which of them are where they belong.
    """
    csv.field_size_limit(_LONGEST_FIELD)
    with path.open(encoding=_encoding(path), errors="replace", newline="") as file:
        lines = (line.replace("\0", "") for line in file)
        first = next((line for line in lines if line.strip() and not _names_separator(line)), "")
        rows = csv.reader(chain([first], lines), delimiter=_separator(first), strict=True)
        try:
            head = next(rows, [])
            yield head
            for row in rows:
                if any(row):
                    yield _as_long_as(head, row, rows.line_num)
        except csv.Error as failure:
            raise BrokenTable(f"line {rows.line_num:,}: {_in_plain_words(failure)}") from failure


def _as_long_as(head: list[str], row: list[str], line: int) -> list[str]:
    if any(row[len(head) :]):
        raise BrokenTable(
            f"line {line:,} holds {len(row)} values, the head {len(head)}:"
            " does one hold a separator without standing in quotation marks?"
        )
    return row[: len(head)] + [""] * (len(head) - len(row))


def _in_plain_words(failure: csv.Error) -> str:
    told = str(failure)
    if "unexpected end" in told or "field limit" in told:
        return "a quotation mark is opened and never closed"
    return "a quotation mark stands within a value" if "expected after" in told else told


def _names_separator(line: str) -> bool:
    """A spreadsheet's own first line."""
    return line.strip().strip('"').lower() in {f"sep={sign}".strip() for sign in SEPARATORS}


def _separator(head: str) -> str:
    return max(SEPARATORS, key=lambda sign: _fields(head, sign))


def _fields(head: str, sign: str) -> int:
    with suppress(csv.Error):
        return len(next(csv.reader([head], delimiter=sign), []))
    return 0


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(_LOOKED_AT)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if start[1::2].count(0) > len(start) // 5:
        return "utf-16-le"
    if start[::2].count(0) > len(start) // 5:
        return "utf-16-be"
    return "utf-8" if _is_utf_8(path) else "cp1252"


def _is_utf_8(path: Path) -> bool:
    """Whether most of what is beyond ASCII can be read so: a file cut off within a letter is no other file."""
    read = broken = 0
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if chunk.isascii():
                continue
            text = decoder.decode(chunk)
            broken += text.count(_UNREADABLE)
            read += len(text) - len(text.encode("ascii", "ignore"))
    return broken <= read - broken
