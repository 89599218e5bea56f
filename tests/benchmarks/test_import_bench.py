"""The import's bench reports what it says it does, and its memory does not grow with the delivery."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def _bench(home: Path, people: int) -> dict[str, object]:
    command = [Path(sys.executable).parent / "pccovid", "bench", "import", "--growth", "--json"]
    done = subprocess.run(
        [*command, "--people", str(people), "--repeat", "1"],
        env={**os.environ, "PCCOVID_HOME": str(home)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    report = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(report, dict)
    return report


@pytest.mark.slow
def test_ten_times_the_rows_take_at_most_half_as_much_memory_again(tmp_path: Path) -> None:
    report = _bench(tmp_path / "home", 30_000)
    assert report["balances"] is True
    assert report["memory_growth"] <= 1.5  # type: ignore[operator]
    assert 0 < report["ratios"]["import_vs_copy"] < 1  # type: ignore[index]
