"""Collects rows and the truth about them, and ships the files the way deliveries come."""

import csv
import gzip
import io
import json
import shutil
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from fifth_nation.people import Person

Row = dict[str, object]
LARGEST_UNSPLIT = 8_000


@dataclass
class Delivery:
    """Rows by file, and `system, file, key, person, fault` of every key."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    truth: list[tuple[str, str, str, str, str]] = field(default_factory=list)

    def add(self, file: str, key: str, row: Row, person: Person | None, fault: str = "") -> None:
        """One row of `file` (its ending included), whose key stands in the column `key`."""
        self.rows.setdefault(file, []).append(row)
        self.know(file, str(row[key]), person, fault)

    def know(self, file: str, key: str, person: Person | None, fault: str = "") -> None:
        """Whose the row under that key is; a household member has no line of their own."""
        kind = file.split(".")[0]
        self.truth.append((kind.split("_")[0], kind, key, str(person.number) if person else "", fault))


def ship(rng: Random, delivery: Delivery, out: Path) -> None:
    """Writes `exports/` and `truth.parquet` below `out`."""
    exports = out / "exports"
    shutil.rmtree(exports, ignore_errors=True)
    exports.mkdir(parents=True)
    for name, rows in delivery.rows.items():
        _ship_file(rng, name, _some_twice(rng, rows), exports)
    columns = list(zip(*delivery.truth, strict=True))
    names = ("system", "file", "key", "person", "fault")
    pq.write_table(
        pa.table({n: pa.array(c, pa.string()) for n, c in zip(names, columns, strict=True)}), out / "truth.parquet"
    )


def _some_twice(rng: Random, rows: list[Row]) -> list[Row]:
    """Two rows in a thousand come again unchanged, one with another address; the later one counts."""
    again = []
    for row in rows:
        if (lot := rng.random()) < 0.002:
            again.append(row)
        elif lot < 0.003 and row.get("address"):
            again.append(row | {"address": f"{row['address']} "})
    return rows + again


def _ship_file(rng: Random, name: str, rows: list[Row], exports: Path) -> None:
    stem, ending = name.split(".")
    parts = [rows]
    if len(rows) > LARGEST_UNSPLIT and rng.random() < 0.6:
        parts = [rows[: len(rows) // 2], rows[len(rows) // 2 :]]
    zipped, mark, decomposed, strange = (rng.random() < share for share in (0.4, 0.25, 0.2, 0.3))
    order = list(dict.fromkeys(column for row in rows for column in row))
    if strange:
        order.append("appVersion")
    rng.shuffle(order)
    for number, part in enumerate(parts, 1):
        text = _as_csv(part, order) if ending == "csv" else _as_lines(part)
        text = unicodedata.normalize("NFD", text) if decomposed else text
        data = text.encode("utf-8-sig" if mark else "utf-8")
        path = exports / (name if len(parts) == 1 else f"{stem}.part-{number:04d}.{ending}")
        if zipped:
            path, data = path.with_name(path.name + ".gz"), gzip.compress(data, mtime=0)
        path.write_bytes(data)


def _as_csv(rows: list[Row], order: list[str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, order, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _as_lines(rows: list[Row]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
