"""A nation of a fifth generator, by its claims alone: nobody in another's record, and most people whole."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fifth_nation.land import has_official_list
from fifth_nation.making import make
from unit.linkage.linked_nations import link_nation

pytestmark = pytest.mark.skipif(not has_official_list(), reason="the official list of areas is not here")


def figures(folder: Path, *, people: int, seed: int) -> dict[str, float]:
    return link_nation(make, folder, truth="truth.parquet", people=people, seed=seed).report


def test_a_small_nation_of_a_fifth_hand_is_joined_without_a_wrong_merge(tmp_path: Path) -> None:
    report = figures(tmp_path, people=1_200, seed=4)
    assert report["wrong_merges"] == 0
    assert report["pair_recall_tellable"] >= 0.975
    assert report["people_complete_tellable"] >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_twenty_thousand_people_of_a_fifth_hand_are_joined_without_a_wrong_merge(tmp_path: Path, seed: int) -> None:
    report = figures(tmp_path, people=20_000, seed=seed)
    assert report["wrong_merges"] == 0
    assert report["people_complete_tellable"] >= 0.97
    assert report["people_complete_wholly_tellable"] >= 0.972


def test_each_key_of_a_delivery_has_one_truth_and_the_same_seed_makes_the_same_rows(tmp_path: Path) -> None:
    for folder in ("first", "again"):
        make(tmp_path / folder, people=300, seed=5)
    truth = pq.read_table(tmp_path / "first" / "truth.parquet").to_pylist()
    keys = [(row["file"], row["key"]) for row in truth]
    assert len(keys) == len(set(keys))
    assert {"sskdt_doses", "ncovi", "qr_visits", "sampling", "vneid", "bluezone_users"} <= {file for file, _ in keys}
    for path in sorted((tmp_path / "first" / "exports").iterdir()):
        assert path.read_bytes() == (tmp_path / "again" / "exports" / path.name).read_bytes(), path.name
