"""The bench of bundles: every bundle is taken, and the hub's memory stays flat; how fast is told, not promised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_every_bundle_is_taken_and_memory_stays_flat(tmp_path: Path) -> None:
    command = [Path(sys.executable).parent / "pccovid", "bench", "exchange", "--json", "--people", "2000",
               "--messages", "300", "--laboratory", "50", "--at-once", "70"]  # fmt: skip
    done = subprocess.run(
        command, env={**os.environ, "PCCOVID_HOME": str(tmp_path / "home")}, capture_output=True, text=True, check=True
    )
    report = json.loads(done.stdout.splitlines()[-1])
    assert sum(report["entries"].values()) == 900
    assert set(report["entries"]) <= {"201", "202", "200"}
    assert report["worker_memory_growth"] <= 1.1
    assert report["hl7_answers"] == {"AA": 120}
    assert 0 < report["ratios"]["bundles_vs_bare_insert"] < 1
