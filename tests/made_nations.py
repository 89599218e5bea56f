"""What made nations share: where the public lists lie, their word lists, how one is made by command and read back."""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


def shared_data() -> Path:
    """Where the public lists lie: beside the project, unless the environment says otherwise."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("PCCOVID_SHARED_DATA", beside))


def command(make: Callable[..., list[Any]]) -> None:
    """`python -m … --people 20000 --seed 1 --out DIR`: makes the nation, and says how many people it has."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    print(len(make(asked.out, people=asked.people, seed=asked.seed)), "people")


def word_lists(path: Path) -> dict[str, list[str]]:
    """The lists of a file with lines `name: word, word`; its lines that begin with # are for the reader."""
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if not line.startswith("#"))
    return {key: words.split(", ") for key, words in pairs}


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a plain table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def rows_of(exports: Path, file: str, *, is_table: bool) -> Iterator[dict[str, object]]:
    """The rows of all parts of one kind of file in a delivery: a table's, or one in each line."""
    for path in sorted(exports.glob(f"{file}.*")):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = data.decode("utf-8-sig")
        if is_table:
            yield from csv.DictReader(io.StringIO(text, newline=""))
        else:
            yield from (json.loads(line) for line in text.split("\n") if line)
