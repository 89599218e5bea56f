"""The files of a made nation: formats of exports.md, truth for every row, equal bytes for an equal seed."""

from __future__ import annotations

import gzip
import hashlib
import unicodedata
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pccovid.sandbox import nation
from pccovid.sandbox.delivery import COLUMNS, KEY_COLUMN

from .conftest import Delivered, text_of


def fingerprints(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_gives_the_same_bytes_twice(tmp_path: Path) -> None:
    nation.create(people=400, seed=5, out=tmp_path / "first")
    nation.create(people=400, seed=5, out=tmp_path / "second")
    assert fingerprints(tmp_path / "first") == fingerprints(tmp_path / "second")


def test_another_seed_gives_another_nation(tmp_path: Path) -> None:
    nation.create(people=200, seed=5, out=tmp_path / "first")
    nation.create(people=200, seed=6, out=tmp_path / "second")
    first, second = (
        pq.read_table(tmp_path / name / "truth.parquet")["key"].to_pylist() for name in ("first", "second")
    )
    own = {key for key in first if len(key) == 18}
    assert own
    assert own.isdisjoint(second)


def test_making_again_replaces_the_files_of_an_earlier_nation(tmp_path: Path) -> None:
    nation.create(people=300, seed=1, out=tmp_path / "again")
    nation.create(people=150, seed=2, out=tmp_path / "again")
    nation.create(people=150, seed=2, out=tmp_path / "fresh")
    assert fingerprints(tmp_path / "again") == fingerprints(tmp_path / "fresh")


def test_a_nation_of_nobody_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one person"):
        nation.create(people=0, seed=1, out=tmp_path)


def test_a_nation_of_one_person_can_be_made(tmp_path: Path) -> None:
    created = nation.create(people=1, seed=1, out=tmp_path)
    people = set(pq.read_table(tmp_path / "truth.parquet")["person"].to_pylist()) - {None}
    assert created.people == 1
    assert people == {1}


def test_every_file_of_the_format_list_arrives_with_its_columns(delivered: Delivered) -> None:
    assert set(delivered.rows) == set(KEY_COLUMN)
    for name, columns in COLUMNS.items():
        row = delivered.rows[name.partition(".")[0]][0]
        assert set(columns.split()) <= set(row)


def test_every_row_and_household_member_has_its_truth(delivered: Delivered) -> None:
    sent = {(file, str(row[KEY_COLUMN[file]])) for file, rows in delivered.rows.items() for row in rows}
    members = {("ncovi", member["memberId"]) for row in delivered.rows["ncovi"] for member in row["household"]}  # type: ignore[attr-defined]
    assert sent | members == set(delivered.truth)


def test_truth_names_the_system_of_each_file(delivered: Delivered) -> None:
    systems = {(line["system"], line["file"]) for line in delivered.truth.values()}
    assert ("sskdt", "sskdt_doses") in systems
    assert ("ncovi", "ncovi") in systems
    assert {system for system, _ in systems} == {"tokhaiyte", "ncovi", "bluezone", "sskdt", "vneid", "qr", "sampling"}


def test_places_mapping_tables_and_test_rows_stand_for_nobody(delivered: Delivered) -> None:
    about_things = {"tokhaiyte_areas", "tokhaiyte_nations", "qr_places"}
    for (file, _), line in delivered.truth.items():
        assert (line["person"] is None) == (file in about_things or line["fault"] == "test_row")


def test_counts_reported_are_the_rows_written(tmp_path: Path) -> None:
    created = nation.create(people=250, seed=9, out=tmp_path)
    lines = sum(text_of(path).count("\n") - (".csv" in path.name) for path in (tmp_path / "exports").glob("sampling*"))
    assert created.rows["sampling"] == lines
    assert created.truth_rows == pq.read_metadata(tmp_path / "truth.parquet").num_rows


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_files_are_shipped_in_every_known_way(tmp_path: Path, seed: int) -> None:
    nation.create(people=150, seed=seed, out=tmp_path)
    paths = list((tmp_path / "exports").iterdir())
    raw = [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in paths]
    headers = {path.name.partition(".")[0]: text_of(path).partition("\n")[0] for path in paths if ".csv" in path.name}
    texts = [content.decode("utf-8-sig") for content in raw]
    assert any(path.suffix == ".gz" for path in paths)
    assert any(".part-0002." in path.name for path in paths)
    assert any(content.startswith(b"\xef\xbb\xbf") for content in raw)
    assert any(unicodedata.is_normalized("NFD", text) and not unicodedata.is_normalized("NFC", text) for text in texts)
    assert any(
        header.strip().split(",")[: len(columns.split())] != columns.split()
        for name, columns in COLUMNS.items()
        if (header := headers.get(name.partition(".")[0]))
    )


def test_some_file_carries_a_column_nobody_knows(delivered: Delivered) -> None:
    known = {name.partition(".")[0]: set(columns.split()) for name, columns in COLUMNS.items()}
    assert any(set(rows[0]) - known[file] for file, rows in delivered.rows.items())


def test_progress_rises_to_one(tmp_path: Path) -> None:
    heard: list[float] = []
    nation.create(people=2100, seed=3, out=tmp_path, progress=lambda _, share: heard.append(share))
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 1
