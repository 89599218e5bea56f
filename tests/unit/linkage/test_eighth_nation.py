"""A nation of an eighth generator, by its claims alone: nobody in another's record, and most people whole."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
import pytest

from eighth_nation.land import has_public_lists
from eighth_nation.making import make
from made_nations import table
from unit.linkage.linked_nations import link_nation

pytestmark = pytest.mark.skipif(not has_public_lists(), reason="the public lists of areas and names are not here")


class Linked(NamedTuple):
    """How many wrong merges there are, and which share of the tellable people have all their records together."""

    wrong_merges: int
    whole: float


def linked(folder: Path, *, people: int, seed: int) -> Linked:
    """Makes the nation, reads it, links it, and measures."""
    report, assignments = link_nation(make, folder, truth="truth.parquet", people=people, seed=seed)
    return Linked(report["wrong_merges"], share_of_whole(folder, assignments))


def share_of_whole(folder: Path, assignments: Path) -> float:
    """Of the people whom the nation itself calls tellable."""
    tellable = [int(row["person_id"]) for row in table(folder / "tellable.csv") if row["tellable"] == "1"]
    clusters = clusters_of_people(folder, assignments)
    return sum(len(clusters[person]) == 1 for person in tellable) / len(tellable)


def clusters_of_people(folder: Path, assignments: Path) -> dict[int, set[str]]:
    """By person where their records are; one that is held stands apart."""
    placed = {
        row["record"]: row["record"] if row["decision"] == "held" else row["cluster"]
        for row in pq.read_table(assignments, columns=["record", "cluster", "decision"]).to_pylist()
    }
    clusters: dict[int, set[str]] = defaultdict(set)
    for row in pq.read_table(folder / "truth.parquet").to_pylist():
        if row["person"] is not None:
            record = f"{row['system']}:{row['file']}:{row['key']}"
            clusters[row["person"]].add(placed[record])
    return clusters


def test_a_small_nation_of_an_eighth_hand_is_joined_without_a_wrong_merge(tmp_path: Path) -> None:
    found = linked(tmp_path, people=1_200, seed=4)
    assert found.wrong_merges == 0
    assert found.whole >= 0.96


@pytest.mark.slow
def test_twenty_thousand_people_of_an_eighth_hand_are_joined_without_a_wrong_merge(tmp_path: Path) -> None:
    found = linked(tmp_path, people=20_000, seed=1)
    assert found.wrong_merges == 0
    assert found.whole >= 0.97
