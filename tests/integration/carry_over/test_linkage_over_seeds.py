"""Several nations of three generators, through the whole import: nobody in another's record, and most people whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from carry_over_importing import import_delivery
from conftest import MadeDatabase, database_from
from fifth_nation import making
from fifth_nation.land import has_official_list
from other_nation.areas import AreasMissing
from other_nation.make import make
from pccovid.carry_over.evaluating import evaluate
from pccovid.foundation.facts import registered
from pccovid.sandbox.nation import create


def report_of(made: MadeDatabase, folder: Path, truth: str) -> dict[str, float]:
    import_delivery(made, folder / "exports", folder / "work")
    with made.connect("jobs", autocommit=True) as jobs:
        return evaluate(jobs, folder / truth, registered(), work=folder / "evaluation")  # type: ignore[return-value]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_a_sandbox_nation_is_joined_without_a_wrong_merge(
    prepared_url: str, home: Path, tmp_path: Path, seed: int
) -> None:
    create(people=2_000, seed=seed, out=tmp_path)
    report = report_of(database_from(prepared_url, home), tmp_path, "truth.parquet")
    assert (report["wrong_merges"], report["facts_wrong_person"]) == (0, 0)
    assert report["people_complete_tellable"] >= 0.95
    assert report["people_complete_wholly_tellable"] >= 0.97


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 4])
def test_a_nation_of_another_hand_has_at_most_the_wrong_merges_that_nothing_in_the_rows_shows(
    prepared_url: str, home: Path, tmp_path: Path, seed: int
) -> None:
    """Doses of a child entered bare under a parent's account are the most of them (docs/reference/linkage.md)."""
    try:
        make(2_000, seed, tmp_path)
    except AreasMissing as missing:
        pytest.skip(str(missing))
    report = report_of(database_from(prepared_url, home), tmp_path, "truth.csv")
    assert report["wrong_merges"] <= 4
    assert report["pair_precision"] >= 0.999


@pytest.mark.slow
@pytest.mark.skipif(not has_official_list(), reason="the official list of areas is not here")
@pytest.mark.parametrize("seed", [4, 9])
def test_a_nation_of_a_fifth_hand_is_carried_over_without_a_wrong_merge(
    prepared_url: str, home: Path, tmp_path: Path, seed: int
) -> None:
    making.make(tmp_path, people=2_500, seed=seed)
    report = report_of(database_from(prepared_url, home), tmp_path, "truth.parquet")
    assert (report["wrong_merges"], report["facts_wrong_person"]) == (0, 0)
    assert report["people_complete_tellable"] >= 0.95
