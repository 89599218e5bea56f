"""The other nation keeps its own promises: one truth a row, the same bytes again, nobody unknown."""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path

import pytest

from other_nation.areas import AreasMissing
from other_nation.garbage import KEYS
from other_nation.make import make

ALL_KEYS = KEYS | {"tokhaiyte_entry": "id", "vneid": "id"}


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small nation on disk."""
    folder = tmp_path_factory.mktemp("nation")
    try:
        make(600, 11, folder)
    except AreasMissing as missing:
        pytest.skip(str(missing))
    return folder


def keys_of(folder: Path) -> set[tuple[str, str]]:
    """Every (file, key) that stands in the delivery, household members too."""
    found = set()
    for path in folder.iterdir():
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8-sig")
        file = path.name.split(".")[0]
        if file not in ALL_KEYS:
            continue
        rows = (
            [json.loads(line) for line in text.splitlines()]
            if ".jsonl" in path.name
            else csv.DictReader(text.splitlines())
        )
        for row in rows:
            found.add((file, row[ALL_KEYS[file]]))
            found |= {(file, member["memberId"]) for member in row.get("household") or []}
    return found


def test_each_row_has_one_truth(nation: Path) -> None:
    with (nation / "truth.csv").open(encoding="utf-8") as stream:
        truths = [(row["file"], row["key"]) for row in csv.DictReader(stream)]
    assert len(truths) == len(set(truths))
    assert set(truths) == keys_of(nation / "exports")


def test_the_tellable_are_people_with_records(nation: Path) -> None:
    with (nation / "truth.csv").open(encoding="utf-8") as stream:
        people = {row["person"] for row in csv.DictReader(stream) if row["person"]}
    told = set((nation / "tellable.txt").read_text().split())
    assert told < people
    assert len(told) > len(people) * 0.3


def test_the_same_seed_makes_the_same_nation(nation: Path, tmp_path: Path) -> None:
    make(600, 11, tmp_path)
    for path in sorted((nation / "exports").iterdir()):
        assert path.read_bytes() == (tmp_path / "exports" / path.name).read_bytes(), path.name
    assert (nation / "truth.csv").read_bytes() == (tmp_path / "truth.csv").read_bytes()
