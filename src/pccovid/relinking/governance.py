"""Which model is in force and since when, and what a model would make of the index, against a truth."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa

from pccovid.carry_over.evaluating import evaluate_linked
from pccovid.carry_over.linking import export_claims, ruled
from pccovid.carry_over.operations import Surroundings
from pccovid.linkage.engine import link_into
from pccovid.linkage.model import Model
from pccovid.relinking.deliveries import claims_of_delivery
from pccovid.relinking.making import only_making
from pccovid.relinking.shadows import open_relinking
from pccovid.relinking.statements import claims_of_everybody, manual_decisions

Progress = Callable[[str, float], None]
_HISTORY = """
SELECT coalesce(m.version, ''), coalesce(c.model_print, ''), c.changed_at, c.changed_by, c.shadow_id
FROM relinking_modelchange c LEFT JOIN relinking_model m ON m.print = c.model_print ORDER BY c.id"""


@dataclass(frozen=True)
class ModelChange:
    """A model came into force; an empty version is the one that ships."""

    version: str
    print: str
    since: datetime
    by: str
    shadow: int


def history(connection: psycopg.Connection) -> tuple[ModelChange, ...]:
    """Every change of the model in force, oldest first. Needs no opened access."""
    return tuple(ModelChange(*row) for row in connection.execute(_HISTORY))


def evaluate_model(
    around: Surroundings, truth: Path, model: Model, *, delivery: Path | None = None, now: datetime, progress: Progress
) -> dict[str, Any]:
    """Link the claims of the index, or of a delivery's files, with `model`, writing nothing, and compare with `truth`.

    Officers' decisions bind on the index; of a delivery there are none. Returns the figures of linkage/measuring.py.
    Raises TruthIsUnreadable, NoDelivery, AnotherShadowIsMade.
    """
    work = around.work / "evaluating"
    with only_making(around.url) as connection:
        shutil.rmtree(work, ignore_errors=True)
        try:
            progress("reading claims", 0.0)
            decisions = None
            if delivery is None:
                claims, decisions = _claims_of_index(connection, work, around.memory)
            else:
                claims = claims_of_delivery(delivery, work, today=now.date(), memory=around.memory)
            outcome = link_into(
                work, claims, decisions=decisions, model=model,
                limits=around.limits(work),
                progress=lambda _stage, share: progress("linking everybody", share),
            )  # fmt: skip
            figures = evaluate_linked(truth, claims, outcome.assignments, work=work, memory=around.memory)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return {"model": model.version, **figures}


def _claims_of_index(connection: psycopg.Connection, work: Path, memory: str) -> tuple[Path, pa.Table]:
    with connection.transaction():
        open_relinking(connection, "evaluate a model")
        claims = export_claims(connection, claims_of_everybody(), work / "claims.parquet", memory)
        return claims, ruled(connection, manual_decisions())
