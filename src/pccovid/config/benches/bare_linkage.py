"""The linkage as an import calls it, for the bench: claims in a file, answers in files."""

from __future__ import annotations

import time
from pathlib import Path

from pccovid.linkage.engine import link_into
from pccovid.linkage.workspace import Limits


def link_bare(claims: Path, folder: Path, limits: Limits) -> tuple[int, dict[str, float]]:
    """Write the answers in `folder`; how many pairs were compared, and the seconds of each stage."""
    begun: dict[str, float] = {"starting": time.perf_counter()}

    def tell(stage: str, _share: float) -> None:
        begun.setdefault(stage, time.perf_counter())

    outcome = link_into(folder, claims, limits=limits, progress=tell)
    stages = list(begun)
    seconds = {one: round(begun[following] - begun[one], 2) for one, following in zip(stages, stages[1:], strict=False)}
    return outcome.counts["pairs"], seconds
