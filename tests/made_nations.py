"""What the generators of made nations share: where the public lists lie, and how one is made by command."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def shared_data() -> Path:
    """Where the public lists lie: beside the project, unless the environment says otherwise."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("PCCOVID_SHARED_DATA", beside))


def command(make: Callable[..., list[Any]]) -> None:
    """`python -m … --people 20000 --seed 1 --out DIR`: makes the nation, and says how many people it has."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    print(len(make(asked.out, people=asked.people, seed=asked.seed)), "people")
