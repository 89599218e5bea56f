"""What is sent to a cluster's workers imports there, where nothing else of ours is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pccovid.linkage.on_spark.session import packed_for_workers

_ALONE = "import sys; sys.path.insert(0, sys.argv[1]); import {0}; print(sys.modules['{0}'].__file__)"


@pytest.mark.parametrize("module", ["pccovid.linkage.on_spark.parts", "pccovid.linkage.on_spark.comparing"])
def test_what_is_sent_to_workers_needs_nothing_that_stays_behind(tmp_path: Path, module: str) -> None:
    packed = packed_for_workers(tmp_path)
    told = subprocess.run(
        [sys.executable, "-c", _ALONE.format(module), str(packed)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.startswith(str(packed))
