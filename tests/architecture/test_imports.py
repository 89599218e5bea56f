"""The layers of the architecture hold, and every module has its place."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "pccovid"


@pytest.fixture(scope="module")
def contracts() -> list[dict[str, object]]:
    found: list[dict[str, object]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    return found


def test_every_import_contract_of_the_project_is_kept() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_layers_are_exhaustive_over_the_whole_package(contracts: list[dict[str, object]]) -> None:
    (layers,) = [contract for contract in contracts if contract["type"] == "layers"]
    assert layers["exhaustive"] is True
    placed = {name.strip() for layer in layers["layers"] for name in layer.split("|")}  # type: ignore[attr-defined]
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert placed == modules - {"__init__", "__pycache__"}


def test_the_tables_of_every_feature_are_protected_by_a_contract(contracts: list[dict[str, object]]) -> None:
    protected = {
        module
        for contract in contracts
        if contract["type"] == "protected"
        for module in contract["protected_modules"]  # type: ignore[attr-defined]
    }
    assert protected == {f"pccovid.{path.parent.name}.models" for path in PACKAGE.glob("*/models.py")}
