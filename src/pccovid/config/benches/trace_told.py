"""What the bench of tracing tells of what it measured: percentiles, ratios, and the memory of a process."""

from __future__ import annotations

import statistics
from pathlib import Path


def ratios_of(one: dict[str, dict[str, float]], batch: dict[str, object]) -> dict[str, float]:
    """Best bare time ÷ ours, by what counts as bare."""
    told = {}
    for cut in ("p50_ms", "p99_ms"):
        best = min(one["bare_postgresql"][cut], one["bare_duckdb"][cut])
        told[f"one_case_{cut[:3]}"] = best / one["ours"][cut]
    fetching = batch["duckdb_fetch_seconds"]
    assert isinstance(fetching, float)
    for name in ("first", "first_and_second"):
        entry = batch[name]
        assert isinstance(entry, dict)
        seconds = entry["seconds"]
        ours = seconds["ours"]
        told[name] = min(seconds["bare_postgresql"], seconds["bare_duckdb"] + fetching) / ours
        told[f"{name}_in_one_lane"] = told[name] * ours / seconds["ours_in_one_lane"]
        told[f"{name}_without_keys"] = seconds["bare_postgresql_without_keys"] / ours
        told[f"{name}_in_equal_tables"] = seconds["bare_postgresql_in_equal_tables"] / ours
        told[f"{name}_duckdb_loaded"] = seconds["bare_duckdb"] / ours
        busy = entry["processor_seconds"]
        if busy["ours"]:
            told[f"{name}_of_the_processor"] = busy["bare_postgresql"] / busy["ours"]
            told[f"{name}_in_one_lane_of_the_processor"] = busy["bare_postgresql"] / busy["ours_in_one_lane"]
            told[f"{name}_in_equal_tables_of_the_processor"] = busy["bare_postgresql_in_equal_tables"] / busy["ours"]
    return told


def percentiles(seconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50_ms": cuts[49] * 1e3, "p99_ms": cuts[98] * 1e3}


def held_megabytes(process: int) -> float:
    """The most that a process held of its own."""
    status = Path(f"/proc/{process}/status").read_text()
    held = dict(line.split(":", 1) for line in status.splitlines())
    return (int(held["VmHWM"].split()[0]) - int(held["RssShmem"].split()[0])) / 1024
