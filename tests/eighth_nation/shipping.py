"""Files as they arrive: plain or zipped, split, with a byte-order mark or without, composed or decomposed, columns in
any order, rows repeated."""

import csv
import gzip
import io
import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from random import Random

from eighth_nation.delivery import Delivery, Row
from sixth_nation.columns import COLUMNS, KEYS

NEVER_SPLIT = ("tokhaiyte_areas", "tokhaiyte_nations", "qr_places")
NOBODY_NAMED = {
    "bluezone_users": "osVersion", "sskdt_people": "desiredDate", "sampling": "note", "tokhaiyte_domestic": "__v",
}  # fmt: skip
"""Columns that stand in no document."""
FORMER_VALUES = {
    "address": "", "reactionNote": "đau đầu", "labName": "CDC", "leftAt": "", "kind": "Khác",
}  # fmt: skip
"""What fields that say nothing of who it is held before."""
DECOMPOSED_FILES = 2
SENT_BEFORE, SENT_TWICE_ABOVE = 0.001, 0.997
HAS_UNNAMED, SHUFFLED, FIELDS_SHUFFLED = 0.5, 0.4, 0.5
ONE_PART, HAS_MARK, ZIPPED, HAS_EMPTY_PART, COMES_AGAIN = 0.6, 0.4, 0.35, 0.4, 0.1
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def ship(delivery: Delivery, exports: Path) -> None:
    """Writes every file of the delivery, and nothing else stays there."""
    rng = delivery.rng
    exports.mkdir(parents=True, exist_ok=True)
    for old in exports.iterdir():
        old.unlink()
    files = sorted(KEYS)
    decomposed = rng.sample(files, DECOMPOSED_FILES)
    for file in files:
        rows = [row for _, row in sorted(delivery.rows[file], key=lambda entry: entry[0])]
        shipment = _Shipment(rng, exports, file)
        lines = shipment.lines(rows)
        if file in decomposed:
            lines = [unicodedata.normalize("NFD", line) for line in lines]
        shipment.save(lines)


class _Shipment:
    """One file, or its parts."""

    def __init__(self, rng: Random, exports: Path, file: str) -> None:
        self.rng, self.exports, self.file = rng, exports, file
        self.columns = list(COLUMNS.get(file, ()))
        """Of a table; the others have none."""
        self.ending = "csv" if self.columns else "jsonl"
        self.can_split = file not in NEVER_SPLIT

    def lines(self, rows: list[Row]) -> list[str]:
        """The rows as sent, the columns as they then are."""
        if self.file in NOBODY_NAMED and self.rng.random() < HAS_UNNAMED:
            rows = self._with_unnamed(rows)
        sent = [one for row in rows for one in self._as_sent(row)]
        return self._as_table(sent) if self.columns else self._as_objects(sent)

    def save(self, lines: list[str]) -> None:
        """In one to three parts, perhaps with an empty one behind them; a single one may come zipped and plain."""
        rng = self.rng
        head = ",".join(self.columns) + "\n" if self.columns else ""
        parts = 1 if not self.can_split or rng.random() < ONE_PART else rng.choice((2, 3))
        mark = BYTE_ORDER_MARK if rng.random() < HAS_MARK else b""
        is_zipped = rng.random() < ZIPPED
        if parts == 1:
            data = mark + (head + "".join(lines)).encode()
            self._put(data, is_zipped=is_zipped)
            if self.can_split and rng.random() < COMES_AGAIN:
                self._put(data, is_zipped=not is_zipped)
            return
        for part in range(parts):
            within = lines[len(lines) * part // parts : len(lines) * (part + 1) // parts]
            data = mark + (head + "".join(within)).encode()
            self._put(data, f".part-{part + 1:04d}", is_zipped=rng.random() < ZIPPED)
        if rng.random() < HAS_EMPTY_PART:
            self._put(mark + head.encode(), f".part-{parts + 1:04d}", is_zipped=False)

    def _as_table(self, rows: list[Row]) -> list[str]:
        if self.rng.random() < SHUFFLED:
            self.rng.shuffle(self.columns)
        return [_line(row.get(column, "") for column in self.columns) for row in rows]

    def _as_objects(self, rows: list[Row]) -> list[str]:
        if self.rng.random() < FIELDS_SHUFFLED:
            rows = [dict(self.rng.sample(list(row.items()), len(row))) for row in rows]
        return [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]

    def _with_unnamed(self, rows: list[Row]) -> list[Row]:
        column = NOBODY_NAMED[self.file]
        self.columns.append(column)
        values = self.rng.choices(("", "0", "12", "ghi chú"), k=len(rows))
        return [row | {column: value} for row, value in zip(rows, values, strict=True)]

    def _as_sent(self, row: Row) -> list[Row]:
        """Once, or twice, or behind another row of the same key."""
        lot = self.rng.random()
        if self.can_split and lot < SENT_BEFORE:
            return [_as_it_was(row), row]
        return [row, row] if self.can_split and lot > SENT_TWICE_ABOVE else [row]

    def _put(self, data: bytes, part: str = "", *, is_zipped: bool) -> None:
        name = f"{self.file}{part}.{self.ending}"
        if not is_zipped:
            (self.exports / name).write_bytes(data)
            return
        with (
            (self.exports / f"{name}.gz").open("wb") as raw,
            gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as file,
        ):
            file.write(data)


def _as_it_was(row: Row) -> Row:
    """The same key with something else in one field."""
    for column, value in FORMER_VALUES.items():
        if row.get(column, value) != value:
            return row | {column: value}
    return dict(row)


def _line(values: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(values)
    return text.getvalue()
