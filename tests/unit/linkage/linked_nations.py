"""Made nations linked by their claims alone, with what was measured."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from pccovid.carry_over.evaluating import evaluate_linked
from pccovid.linkage.engine import Limits, link_into
from pccovid.relinking.deliveries import claims_of_delivery

TODAY = date(2022, 7, 1)


class LinkedNation(NamedTuple):
    """What `evaluate_linked` reports, and the file of assignments."""

    report: dict[str, Any]
    assignments: Path


def link_nation(make: Callable[..., object], folder: Path, *, truth: str, people: int, seed: int) -> LinkedNation:
    """Makes a nation in `folder`, reads its delivery, links it, and measures by its file `truth`."""
    make(folder, people=people, seed=seed)
    work = folder / "work"
    work.mkdir()
    claims = claims_of_delivery(folder / "exports", work, today=TODAY, memory="500MB")
    assignments = link_into(work, claims, limits=Limits(memory="1GB", threads=1)).assignments
    report = evaluate_linked(folder / truth, claims, assignments, work=work, memory="500MB")
    return LinkedNation(report, assignments)
