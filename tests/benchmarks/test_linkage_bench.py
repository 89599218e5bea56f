"""The bench of the linkage links the same records in every lane, and keeps its promise against Splink alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def _bench(home: Path, *options: str) -> dict[str, Any]:
    command = [Path(sys.executable).parent / "pccovid", "bench", "linkage", "--json", *options]
    done = subprocess.run(
        command, env={**os.environ, "PCCOVID_HOME": str(home)}, capture_output=True, text=True, check=True
    )
    report = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(report, dict)
    return report


def test_both_lanes_link_the_same_records_and_ours_joins_more_people_without_a_wrong_merge(tmp_path: Path) -> None:
    report = _bench(tmp_path, "--rows", "2000", "--repeat", "1", "--without-recordlinkage")
    assert report["rows"] == 2_000
    assert {"linkage_vs_splink", "linkage_vs_splink_processor", "memory_vs_splink"} == set(report["ratios"])
    ours, splink = report["ours"], report["splink"]
    assert min(lane[figure] for lane in (ours, splink) for figure in ("seconds", "peak_mb", "pairs")) > 0
    assert ours["wrong_merges"] == 0
    assert ours["pair_recall"] > 0.9
    # Were Splink's lane broken, its answer would be nobody's: it must join most of what is joined.
    assert splink["pair_recall"] > 0.5


@pytest.mark.slow
def test_the_linkage_takes_at_most_1_3_times_as_long_as_splink_alone(tmp_path: Path) -> None:
    report = _bench(tmp_path, "--rows", "300000", "--repeat", "3")
    assert report["ratios"]["linkage_vs_splink"] >= 1 / 1.3
    assert report["scaling_exponent"] <= 1.1
