"""Writes the delivery: orders, parts, gzip, byte-order marks, line ends, fillers for nothing, NFD."""

from __future__ import annotations

import csv
import gzip
import io
import json
import unicodedata
from pathlib import Path
from random import Random

from .book import Book, Row

JSON_FILES = {"tokhaiyte_entry", "ncovi", "vneid"}
FILLERS = ["NULL", "null", "-", "", " ", "N/A"]
PARTS = {"sskdt_doses": 3, "qr_visits": 2, "ncovi": 2}
ZIPPED = {"tokhaiyte_domestic", "ncovi", "sskdt_doses"}
DECOMPOSED = {"sampling", "tokhaiyte_movement"}
NEVER_FILLED = {"id", "level", "name", "parentId", "iso2"}


def deliver(book: Book, folder: Path) -> int:
    """Every file of the book; the number of rows written."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, count = book.rng, 0
    for file, rows in book.rows.items():
        rng.shuffle(rows)
        count += len(rows)
        kind = "jsonl" if file in JSON_FILES else "csv"
        parts = PARTS.get(file, 1)
        for number in range(parts):
            part = rows[number::parts]
            text = (
                _jsonl(part, rng) if kind == "jsonl" else _csv(part, rng, reference=file.endswith(("areas", "nations")))
            )
            if file in DECOMPOSED:
                text = unicodedata.normalize("NFD", text)
            name = f"{file}.part-{number + 1:04d}.{kind}" if parts > 1 else f"{file}.{kind}"
            data = text.encode("utf-8-sig" if rng.random() < 0.4 else "utf-8")
            if file in ZIPPED and (parts == 1 or number != 1):
                (folder / f"{name}.gz").write_bytes(gzip.compress(data, 3, mtime=0))
            else:
                (folder / name).write_bytes(data)
    return count


def _csv(rows: list[Row], rng: Random, *, reference: bool) -> str:
    columns = list(rows[0]) if rows else []
    rng.shuffle(columns)
    columns = [one for one in columns if one in NEVER_FILLED or any(row.get(one) for row in rows)]
    filler, stream = rng.choice(FILLERS), io.StringIO(newline="")
    writer = csv.writer(
        stream, quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), lineterminator=rng.choice(["\r\n", "\n"])
    )
    writer.writerow(columns)
    for row in rows:
        values = [row.get(one) for one in columns]
        if not reference:
            values = [filler if value in ("", None) and rng.random() < 0.3 else value for value in values]
        writer.writerow(values)
    return stream.getvalue()


def _jsonl(rows: list[Row], rng: Random) -> str:
    escaped = rng.random() < 0.3
    return "".join(json.dumps(_loose(row, rng), ensure_ascii=escaped) + "\n" for row in rows)


def _loose(value: Row, rng: Random) -> Row:
    """Keys in any order; nothing is an empty text, null, a filler or absent."""
    items = list(value.items())
    rng.shuffle(items)
    out: Row = {}
    for word, content in items:
        if isinstance(content, list):
            content = [_loose(one, rng) if isinstance(one, dict) else one for one in content]
        if content in ("", None) and word != "memberId":
            how = rng.choices(["empty", "null", "absent", "filler"], [5, 3, 3, 1])[0]
            if how == "absent":
                continue
            content = {"empty": "", "null": None, "filler": "NULL"}[how]
        out[word] = content
    return out
