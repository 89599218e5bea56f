"""The bench of single matches keeps its promise: a third of the bare query's rate, and no growth with the index."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def _bench(home: Path, *options: str) -> dict[str, object]:
    command = [Path(sys.executable).parent / "pccovid", "bench", "match-one", "--json", *options]
    done = subprocess.run(
        command, env={**os.environ, "PCCOVID_HOME": str(home)}, capture_output=True, text=True, check=True
    )
    report = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(report, dict)
    return report


@pytest.mark.slow
def test_a_match_takes_at_most_thrice_the_bare_query_and_hardly_grows_with_the_people(tmp_path: Path) -> None:
    report = _bench(tmp_path / "home", "--people", "20000", "--requests", "500", "--growth")
    assert (report["people"], report["requests"]) == (20_000, 500)
    assert sum(report["outcomes"].values()) == 500  # type: ignore[attr-defined]
    assert report["ratios"]["match_vs_query"] >= 1 / 3  # type: ignore[index]
    assert report["growth"]["match_ms_p50"] <= 3  # type: ignore[index]


def test_records_beyond_the_made_nation_are_other_people_under_the_same_names(tmp_path: Path) -> None:
    from pccovid.config.benches.filled_index import made_records, varied

    rows = made_records(tmp_path, people=60, seed=2, progress=lambda stage, share: None)
    others = [varied(row, 3) for row in rows]
    for name in ("personal_id", "old_id", "insurance_no", "phone", "account", "commune_code"):
        before, after = ({getattr(row.claim, name) for row in those} - {None} for those in (rows, others))
        assert len(before) == len(after)
        assert before.isdisjoint(after)
    assert [row.claim.name_sorted for row in rows] == [row.claim.name_sorted for row in others]
    assert {row.record for row in rows}.isdisjoint(row.record for row in others)
