"""The whole linkage against Splink alone on the same records, in turn; against recordlinkage on fewer; how it grows.

Everything is linked from one Parquet file of claims to one of answers, under the same limit of memory and threads,
each time in a process of its own. How right each lane is comes from the truth of the made nation.
"""

from __future__ import annotations

import math
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from pccovid.config.benches.filled_index import TODAY
from pccovid.config.benches.linkage_lane import OURS, RECORDLINKAGE, SPLINK, Lane, measure
from pccovid.linkage.measuring import measure as measure_quality
from pccovid.linkage.workspace import Limits
from pccovid.relinking.deliveries import claims_of_delivery
from pccovid.sandbox.nation import create

Progress = Callable[[str, float], None]
_Times = list[tuple[Lane, dict[str, float]]]
"""What a lane took, and how right it was, each time."""

ROWS_OF_A_PERSON = 6.2
"""Fewer than a made person has on average, so that there are rows enough."""

ROWS_FOR_RECORDLINKAGE = 100_000
"""Pairs and their comparisons stand in memory there."""


@dataclass(frozen=True)
class MadeClaims:
    """Claims of a made nation, and its truth."""

    claims: Path
    truth: Path
    rows: int


def run(
    *, rows: int, seed: int, repeat: int, limits: Limits, with_recordlinkage: bool, progress: Progress
) -> dict[str, Any]:
    """Link `rows` records of a made nation. `ratios` are our records/s ÷ theirs, and their peak memory ÷ ours.

    `scaling_exponent` is the power of the number of rows by which our time grows, from a tenth of the rows to all.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        few = make_claims(folder / "tenth", rows // 10, seed, limits, progress)
        all_rows = make_claims(folder / "whole", rows, seed, limits, progress)
        lanes = _in_turn(all_rows, folder, (OURS, SPLINK), repeat, limits, progress)
        tenth = _in_turn(few, folder, (OURS,), repeat, limits, progress)
        report = _report(all_rows, lanes) | _growth(few, tenth[OURS], all_rows, lanes[OURS])
        if with_recordlinkage and find_spec("recordlinkage") is not None:
            less = all_rows if rows <= ROWS_FOR_RECORDLINKAGE else make_claims(
                folder / "less", ROWS_FOR_RECORDLINKAGE, seed, limits, progress
            )  # fmt: skip
            report |= _against_recordlinkage(less, _in_turn(less, folder, (OURS, RECORDLINKAGE), 1, limits, progress))
        return {"bench": "linkage", "seed": seed, "memory": limits.memory, "threads": limits.threads} | report


def make_claims(folder: Path, rows: int, seed: int, limits: Limits, progress: Progress) -> MadeClaims:
    """Exactly `rows` claims, of a nation as large as they need; which are left out, a hash decides."""
    create(people=max(1, math.ceil(rows / ROWS_OF_A_PERSON)), seed=seed, out=folder, progress=progress)
    claims = claims_of_delivery(folder, folder / "work", today=TODAY, memory=limits.memory)
    kept = folder / "claims.parquet"
    with duckdb.connect() as duck:
        duck.sql(
            "FROM read_parquet(?) ORDER BY hash(record), record LIMIT ?", params=[str(claims), rows]
        ).write_parquet(str(kept))
        duck.sql(
            "SELECT system || ':' || file || ':' || key AS record, CAST(person AS VARCHAR) AS person, '' AS fault"
            " FROM read_parquet(?)",
            params=[str(folder / "truth.parquet")],
        ).write_parquet(str(folder / "true.parquet"))
        ((found,),) = duck.execute("SELECT count(*) FROM read_parquet(?)", [str(kept)]).fetchall()
    claims.unlink()
    return MadeClaims(kept, folder / "true.parquet", int(found))


def _in_turn(
    made: MadeClaims, folder: Path, names: tuple[str, ...], repeat: int, limits: Limits, progress: Progress
) -> dict[str, _Times]:
    """Each lane `repeat` times; who begins changes, so that a busy machine is busy for all."""
    measured: dict[str, _Times] = {name: [] for name in names}
    for time in range(repeat):
        for name in names[:: 1 if time % 2 == 0 else -1]:
            lane = measure(name, made.claims, folder / name, limits)
            measured[name].append((lane, _quality(made, folder / name / "assignments.parquet")))
            progress(f"linking {made.rows:,} rows", sum(map(len, measured.values())) / (repeat * len(names)))
    return measured


def _quality(made: MadeClaims, answer: Path) -> dict[str, float]:
    with duckdb.connect() as duck:
        duck.execute("CREATE TABLE assigned AS SELECT record, cluster AS person FROM read_parquet(?)", [str(answer)])
        duck.execute(
            "CREATE TABLE truth AS FROM read_parquet(?) WHERE record IN (SELECT record FROM read_parquet(?))",
            [str(made.truth), str(made.claims)],
        )
        quality = measure_quality(duck)
    return {"wrong_merges": quality.wrong_merges, "pair_precision": quality.pair_precision,
            "pair_recall": quality.pair_recall}  # fmt: skip


def _median(lanes: _Times) -> dict[str, Any]:
    """The median of each figure, over the times it was measured."""
    figures = ("seconds", "processor_seconds", "peak_mb")
    medians = {name: statistics.median(lane[name] for lane, _ in lanes) for name in figures}  # type: ignore[literal-required]
    return {**medians, "pairs": lanes[0][0]["pairs"], "stages_seconds": lanes[0][0]["stages_seconds"], **lanes[0][1]}


def _report(made: MadeClaims, measured: dict[str, _Times]) -> dict[str, Any]:
    lanes = {name: _median(of_one) for name, of_one in measured.items()}
    ours, theirs = lanes[OURS], lanes[SPLINK]
    return {
        "rows": made.rows,
        "ratios": {
            "linkage_vs_splink": theirs["seconds"] / ours["seconds"],
            "linkage_vs_splink_processor": theirs["processor_seconds"] / ours["processor_seconds"],
            "memory_vs_splink": theirs["peak_mb"] / ours["peak_mb"],
        },
        "rows_per_second": round(made.rows / ours["seconds"]),
        "seconds_each_time": {name: [lane["seconds"] for lane, _ in of_one] for name, of_one in measured.items()},
        **lanes,
    }  # fmt: skip


def _growth(few: MadeClaims, tenth: _Times, made: MadeClaims, whole: list[tuple[Lane, Any]]) -> dict[str, Any]:
    before, after = _median(tenth), _median(whole)

    def exponent(figure: str) -> float:
        return round(math.log(after[figure] / before[figure]) / math.log(made.rows / few.rows), 3)

    return {
        "scaling_exponent": exponent("seconds"), "scaling_exponent_processor": exponent("processor_seconds"),
        "tenth": {"rows": few.rows, **before},
    }  # fmt: skip


def _against_recordlinkage(made: MadeClaims, measured: dict[str, _Times]) -> dict[str, Any]:
    lanes = {name: _median(of_one) for name, of_one in measured.items()}
    ratio = lanes[RECORDLINKAGE]["seconds"] / lanes[OURS]["seconds"]
    return {"recordlinkage": {"rows": made.rows, "linkage_vs_recordlinkage": ratio, **lanes}}
