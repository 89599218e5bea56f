"""Writes rows as files of a delivery, in the shapes that senders use, and the truth beside them.

Shapes differ by file: column order, an unknown column, gzip, parts, a byte-order mark, decomposed letters.
Memory stays bounded: rows go straight to disk, the truth by row groups.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from random import Random
from types import TracebackType
from typing import IO, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from pccovid.sandbox.telling import Mark, Row

COLUMNS: dict[str, str] = {
    "tokhaiyte_domestic.csv": (
        "id createdAt otherUser fullName passport birthYear gender nation provinceId districtId wardId "
        "address phone email showCountryPassing countryPassing showSignal showSignalNote hasPatient "
        "hasFromSickCountry hasSick isLocalTransport lat long"
    ),
    "tokhaiyte_entry.jsonl": (
        "id createdAt gate fullName birthYear gender nation passport vehicleType vehicleNo seatNo "
        "departureDate entryDate departureCountry departureProvince destinationProvince placesPassed "
        "provinceId districtId wardId address phone email symptoms vaccinesUsed contactAnimals "
        "contactSick"
    ),
    "tokhaiyte_movement.csv": (
        "id createdAt fullName birthYear gender phone passport provinceId districtId wardId address "
        "departurePlace destinationPlace transport plateOrFlight seat departureAt"
    ),
    "tokhaiyte_areas.csv": ("id level name parentId"),
    "tokhaiyte_nations.csv": ("id name iso2"),
    "ncovi.jsonl": (
        "accountId createdAt fullName dob sex idNumber phone provinceCode districtCode communeCode "
        "address household declarations"
    ),
    "bluezone_users.csv": ("userId registeredAt phone fullName address"),
    "sskdt_people.csv": (
        "personId registeredAt fullName dob sex phone idNumber bhytNumber occupation ethnicity "
        "nationality priorityGroup provinceCode districtCode communeCode address"
    ),
    "sskdt_doses.csv": (
        "doseId personId fullName dob sex phone idNumber doseNumber product lotNumber injectedAt "
        "siteCode siteName reactionNote enteredAt"
    ),
    "vneid.jsonl": (
        "id createdAt fullName dob sex citizenId oldIdNumber phone permanentCommuneCode permanentAddress "
        "temporaryCommuneCode temporaryAddress stayCommuneCode stayAddress movements"
    ),
    "qr_places.csv": ("placeId registeredAt name kind communeCode address registrantName registrantPhone"),
    "qr_visits.csv": ("visitId placeId scannedAt leftAt via qrText cccd bhyt phone fullName"),
    "sampling.csv": (
        "sampleId tubeBarcode pooled collectedAt siteName fullName dob sex phone idNumber communeCode "
        "method result ctValue resultAt labName"
    ),
}
"""File name → its columns (exports.md); the first one is the key."""

KEY_COLUMN = {name.partition(".")[0]: columns.split(" ", 1)[0] for name, columns in COLUMNS.items()}
_TRUTH_ROWS = 100_000
_TRUTH_SCHEMA = pa.schema(
    [
        ("system", pa.string()),
        ("file", pa.string()),
        ("key", pa.string()),
        ("person", pa.int64()),
        ("fault", pa.string()),
    ]
)
_UNKNOWN_COLUMNS = ("appVersion", "ghiChu", "syncStatus")
_SHAPEABLE = (
    "tokhaiyte_domestic",
    "ncovi",
    "bluezone_users",
    "sskdt_people",
    "sskdt_doses",
    "vneid",
    "qr_visits",
    "sampling",
)


def system_of(file: str) -> str:
    """The system word of a file word: 'sskdt_doses' → 'sskdt'."""
    return file.partition("_")[0]


@dataclass(frozen=True)
class Shape:
    """How a sender ships one file."""

    name: str
    columns: tuple[str, ...]
    unknown: str = ""
    gzipped: bool = False
    rows_per_part: int = 0
    byte_order_mark: bool = False
    decomposed: bool = False

    def part_name(self, part: int) -> str:
        """File name of one part (all of it, if the file is not split)."""
        stem, _, ending = self.name.partition(".")
        split = f".part-{part:04d}" if self.rows_per_part else ""
        return f"{stem}{split}.{ending}{'.gz' if self.gzipped else ''}"


def draw_shapes(rng: Random, people: int) -> dict[str, Shape]:
    """A shape for every file. Each way of shipping falls to two or three of the larger files, whatever the seed."""
    gzipped, split, marked, decomposed, unknown = (rng.sample(_SHAPEABLE, count) for count in (3, 2, 2, 2, 3))
    shapes = {}
    for name, listed in COLUMNS.items():
        file, columns = name.partition(".")[0], listed.split()
        if rng.random() < 0.6:
            rng.shuffle(columns)
        extra = rng.choice(_UNKNOWN_COLUMNS) if file in unknown else ""
        part = max(20, people // 4) if file in split else 0
        shapes[file] = Shape(
            name, tuple(columns), extra, file in gzipped, part, file in marked, file in decomposed
        )  # fmt: skip
    return shapes


class ExportFile:
    """One file of a delivery while it is written; opens its parts as it goes."""

    def __init__(self, folder: Path, shape: Shape) -> None:
        self._folder = folder
        self._shape = shape
        self._raw: IO[bytes] | None = None
        self._text: TextIO | None = None
        self._part = 0
        self._in_part = 0
        self._pick = itemgetter(*shape.columns)
        self._open()

    def write(self, values: Mapping[str, object]) -> None:
        """Append one row."""
        if self._shape.rows_per_part and self._in_part == self._shape.rows_per_part:
            self.close()
            self._open()
        self._in_part += 1
        if self._shape.name.endswith(".csv"):
            cells = self._pick(values)
            self._writer.writerow((*cells, "1.0") if self._shape.unknown else cells)
            return
        record = {column: values[column] for column in self._shape.columns}
        if self._shape.unknown:
            record[self._shape.unknown] = "1.0"
        self._put(json.dumps(record, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Finish the part that is open."""
        if self._text:
            self._text.close()
        if self._raw:
            self._raw.close()

    def _open(self) -> None:
        self._part, self._in_part = self._part + 1, 0
        path = self._folder / self._shape.part_name(self._part)
        self._raw = path.open("wb")
        # No name and no time inside, so that equal content gives equal bytes.
        packed = gzip.GzipFile("", "wb", 4, self._raw, 0) if self._shape.gzipped else self._raw
        encoding = "utf-8-sig" if self._shape.byte_order_mark else "utf-8"
        self._text = io.TextIOWrapper(packed, encoding, newline="")
        self._put = self._write_decomposed if self._shape.decomposed else self._text.write
        self._writer = csv.writer(_Sink(self._put))
        if self._shape.name.endswith(".csv"):
            self._writer.writerow(
                (*self._shape.columns, self._shape.unknown) if self._shape.unknown else self._shape.columns
            )

    def _write_decomposed(self, text: str) -> int:
        assert self._text
        return self._text.write(unicodedata.normalize("NFD", text))


class _Sink:
    """What csv.writer needs of a file."""

    def __init__(self, write: Callable[[str], int]) -> None:
        self.write = write


class Truth:
    """Writes truth.parquet by row groups."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, _TRUTH_SCHEMA)
        self._rows: list[tuple[str, str, str, int | None, str]] = []
        self.count = 0

    def write(self, file: str, mark: Mark) -> None:
        """Append one line of the truth."""
        self._rows.append((system_of(file), file, mark.key, mark.person, mark.fault))
        self.count += 1
        if len(self._rows) == _TRUTH_ROWS:
            self._flush()

    def _flush(self) -> None:
        columns = [list(column) for column in zip(*self._rows, strict=True)] if self._rows else [[]] * 5
        self._writer.write_table(pa.table(columns, schema=_TRUTH_SCHEMA))
        self._rows = []

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        self._writer.close()


class Delivery:
    """A folder with `exports/` and `truth.parquet`, while it is written."""

    def __init__(self, out: Path, rng: Random, people: int) -> None:
        exports = out / "exports"
        exports.mkdir(parents=True, exist_ok=True)
        for earlier in exports.iterdir():
            if earlier.name.partition(".")[0] in KEY_COLUMN:
                earlier.unlink()
        self._files = {file: ExportFile(exports, shape) for file, shape in draw_shapes(rng, people).items()}
        self._truth = Truth(out / "truth.parquet")
        self.rows: Counter[str] = Counter()

    def __enter__(self) -> Delivery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()
        self._truth.close()

    @property
    def truth_rows(self) -> int:
        """Lines of the truth so far."""
        return self._truth.count

    def add(self, row: Row) -> None:
        """Write a row that comes for the first time, with its truth."""
        self.repeat(row)
        for mark in row.marks:
            self._truth.write(row.file, mark)

    def repeat(self, row: Row) -> None:
        """Write a row whose key already has its line in the truth."""
        self._files[row.file].write(row.values)
        self.rows[row.file] += 1
