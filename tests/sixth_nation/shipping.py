"""Files as they arrive: plain or zipped, split, with a byte-order mark or without, composed or decomposed, columns in
any order, rows repeated."""

import csv
import gzip
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from sixth_nation.columns import COLUMNS, KEYS
from sixth_nation.delivery import Delivery, Row

LARGEST_UNSPLIT = 500
NEVER_SPLIT = ("tokhaiyte_areas", "tokhaiyte_nations")


def ship(delivery: Delivery, exports: Path) -> None:
    """Writes every file of the delivery."""
    exports.mkdir(parents=True, exist_ok=True)
    for file in KEYS:
        rows = delivery.rows[file]
        delivery.rng.shuffle(rows)
        rows = _some_twice(delivery.rng, rows)
        columns = _columns(delivery.rng, file, rows)
        _ship_file(delivery.rng, exports, f"{file}.{'csv' if columns else 'jsonl'}", rows, columns)


def write_table(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table beside the delivery."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def _some_twice(rng: Random, rows: list[Row]) -> list[Row]:
    """The same key twice: the same row, or a worse first one followed by the right one."""
    shipped = []
    for row in rows:
        lot = rng.random()
        field = "address" if row.get("address") else "siteName"
        if lot < 0.0015:
            shipped.append(row)
        elif lot < 0.003 and row.get(field):
            shipped.append(row | {field: f"{str(row[field])[:3]}?"})
        shipped.append(row)
    return shipped


def _columns(rng: Random, file: str, rows: list[Row]) -> list[str]:
    """Of a table: in any order, now and then with a column nobody named, or without the e-mail. Of the others none."""
    if file not in COLUMNS:
        return []
    columns = list(COLUMNS[file])
    if rng.random() < 0.5:
        rng.shuffle(columns)
    if rng.random() < 0.3:
        columns.append("appVersion")
        for row in rows:
            row["appVersion"] = rng.choice(("1.0.3", "2.1", ""))
    if rng.random() < 0.15 and "email" in columns:
        columns.remove("email")
        for row in rows:
            row.pop("email", None)
    return columns


def _ship_file(rng: Random, exports: Path, name: str, rows: list[Row], columns: list[str]) -> None:
    stem, ending = name.split(".")
    can_split = len(rows) > LARGEST_UNSPLIT and stem not in NEVER_SPLIT
    parts = rng.choice((1, 1, 2, 3)) if can_split else 1
    size = -(-len(rows) // parts) or 1
    is_decomposed, comes_again = rng.random() < 0.12, rng.random() < 0.10
    for part in range(parts):
        text = _text(rows[part * size : (part + 1) * size], columns)
        if is_decomposed:
            text = unicodedata.normalize("NFD", text)
        data = text.encode("utf-8-sig" if rng.random() < 0.3 else "utf-8")
        path = exports / (name if parts == 1 else f"{stem}.part-{part + 1:04d}.{ending}")
        is_zipped = rng.random() < 0.4
        _save(path, data, is_zipped=is_zipped)
        if comes_again and parts == 1:
            _save(path, data, is_zipped=not is_zipped)
    if parts > 1 and rng.random() < 0.4:
        (exports / f"{stem}.part-{parts + 1:04d}.{ending}").write_bytes(b"")


def _text(rows: list[Row], columns: list[str]) -> str:
    if not columns:
        return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _save(path: Path, data: bytes, *, is_zipped: bool) -> None:
    if is_zipped:
        path = path.with_name(path.name + ".gz")
        data = gzip.compress(data, 6, mtime=0)
    path.write_bytes(data)
