"""Learning a model from what this deployment holds, and keeping it as a file that says how it came about.

The file holds shares and weights, never a value of anybody: parts of names that few bear are left out, and where the
deployment knows too little of a name, the share of the model in force stands.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pccovid.carry_over.linking import export_claims
from pccovid.carry_over.operations import Surroundings
from pccovid.linkage import training
from pccovid.linkage.model import Model, NameShares
from pccovid.linkage.workspace import Limits
from pccovid.relinking.making import only_making
from pccovid.relinking.shadows import open_relinking
from pccovid.relinking.statements import claims_of_everybody

Progress = Callable[[str, float], None]
LEAST_HOLDERS = 50
"""A part of a name borne by fewer distinct claims is not written into a model."""

_SYSTEMS = """
SELECT c.system, count(*), min(s.received_at), max(s.received_at) FROM people_recordclaim c
    JOIN people_sourcerecord s ON s.id = c.source_record_id WHERE NOT c.is_about_nobody GROUP BY 1 ORDER BY 1"""


@dataclass(frozen=True)
class TrainedModel:
    """A model, the file it was written to, and how it came about."""

    path: Path
    model: Model
    made: Mapping[str, Any]


class NothingToLearnFrom(ValueError):
    """The index holds no claims."""


def train_model(around: Surroundings, home: Path, *, base: Model, now: datetime, progress: Progress) -> TrainedModel:
    """Learn a model from every claim of the index and write it under `home`/models.

    Raises NothingToLearnFrom, AnotherShadowIsMade.
    """
    work = around.work / "training"
    with only_making(around.url) as connection:
        shutil.rmtree(work, ignore_errors=True)
        try:
            with connection.transaction():
                open_relinking(connection, "train a model")
                systems = connection.execute(_SYSTEMS).fetchall()
                if not systems:
                    raise NothingToLearnFrom("the index holds no record to learn from; carry a delivery over first")
                progress("reading claims", 0.0)
                claims = export_claims(connection, claims_of_everybody(), work / "claims.parquet", around.memory)
            progress("reading claims", 1.0)
            learnt = _learn(claims, work, around.memory, base, _version(home, now), systems, progress)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    made = _made(systems, base, now)
    return TrainedModel(_write(home, learnt, made), learnt, made)


def with_floor(learnt: Model, base: Model) -> Model:
    """The learnt model with the base's shares where it knows none: what it has not seen must not look rare."""
    shares = NameShares(**{
        part: {**getattr(base.name_shares, part), **getattr(learnt.name_shares, part)}
        for part in ("family", "middle", "given")
    })  # fmt: skip
    return replace(learnt, name_shares=shares, name_words={**base.name_words, **learnt.name_words})


def _learn(
    claims: Path, work: Path, memory: str, base: Model, name: str, systems: list[tuple[Any, ...]], progress: Progress
) -> Model:
    progress("learning", 0.0)
    records = sum(row[1] for row in systems)
    told = f"{records:,} claims of {', '.join(row[0] for row in systems)}"
    limits = Limits(memory=memory, threads=2, temp_directory=work)
    learnt = training.train(claims, version=name, trained_on=told, limits=limits, least_holders=LEAST_HOLDERS)
    progress("learning", 1.0)
    return with_floor(learnt, base)


def _version(home: Path, now: datetime) -> str:
    """The next free name of the day."""
    day = f"trained-{now:%Y%m%d}"
    number = 1
    while (home / "models" / f"{day}-{number}.json").exists():
        number += 1
    return f"{day}-{number}"


def _made(systems: list[tuple[Any, ...]], base: Model, now: datetime) -> dict[str, Any]:
    return {
        "when": now.isoformat(),
        "on": {
            "records": sum(row[1] for row in systems),
            "systems": {system: {"records": records, "received_from": str(first), "received_to": str(last)}
                        for system, records, first, last in systems},
        },
        "how": {
            "engine": {name: version(name) for name in ("splink", "duckdb", "pccovid")},
            "random_pairs": training.RANDOM_PAIRS, "most_nodes": training.MOST_NODES, "seed": training.SEED,
            "blocks": [list(block) for block in training.BLOCKS], "least_holders_of_a_name_part": LEAST_HOLDERS,
            "shares_of_unseen_names_from": base.version,
        },
    }  # fmt: skip


def _write(home: Path, model: Model, made: Mapping[str, Any]) -> Path:
    folder = home / "models"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{model.version}.json"
    draft = path.with_suffix(".draft")
    text = json.dumps({**asdict(model), "made": made}, indent=1, sort_keys=True, ensure_ascii=False)
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(path)
    return path
