"""One small made nation for all tests of the sandbox, and a reader of its files that knows nothing of their writer."""

from __future__ import annotations

import csv
import gzip
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pccovid.sandbox import nation

PEOPLE, SEED = 2500, 20_211_001


@dataclass
class Delivered:
    """A delivery read back: rows by file word (letters composed), truth by (file, key)."""

    folder: Path
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    truth: dict[tuple[str, str], dict[str, object]] = field(default_factory=dict)

    def column(self, file: str, name: str) -> list[str]:
        """All values of one column as text."""
        return [str(row[name]) for row in self.rows[file]]


def text_of(path: Path) -> str:
    """Content of a plain or gzip file, byte-order mark removed."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return raw.decode("utf-8-sig")


def rows_of(path: Path) -> Iterator[dict[str, object]]:
    """Rows of one file with composed letters."""
    text = unicodedata.normalize("NFC", text_of(path))
    if ".jsonl" in path.name:
        yield from (json.loads(line) for line in text.splitlines())
    else:
        yield from csv.DictReader(text.splitlines())


def read_back(folder: Path) -> Delivered:
    """Everything in a delivery folder."""
    delivered = Delivered(folder)
    for path in sorted((folder / "exports").iterdir()):
        delivered.rows.setdefault(path.name.partition(".")[0], []).extend(rows_of(path))
    for line in pq.read_table(folder / "truth.parquet").to_pylist():
        delivered.truth[(line["file"], line["key"])] = line
    return delivered


@pytest.fixture(scope="session")
def nation_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation")
    nation.create(people=PEOPLE, seed=SEED, out=folder)
    return folder


@pytest.fixture(scope="session")
def delivered(nation_folder: Path) -> Delivered:
    return read_back(nation_folder)


@pytest.fixture(scope="session")
def corrected(nation_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    folder = tmp_path_factory.mktemp("corrections")
    nation.create_corrections(nation_folder, folder, seed=7)
    return read_back(folder)
