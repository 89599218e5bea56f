"""Pairs of rows that may be one person, each with the weight of the evidence, learnt from the files themselves.

Splink does the statistics; here is decided what is compared and which pairs are looked at.
"""

from __future__ import annotations

from typing import Any

import duckdb
from splink import block_on

from pccovid.linkage.anybody.comparisons import comparisons_of
from pccovid.linkage.anybody.keys import keys_of
from pccovid.linkage.anybody.learning import learnt, linker_of
from pccovid.linkage.workspace import count

LEAST_FILLED = 0.02
"""Share of rows of each file that must fill a column for it to be compared."""


class NothingToCompare(ValueError):
    """The files have no filled column in common beside the record's id."""


def match(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], *, least_weight: float) -> None:
    """Makes `matches` (l, r, weight, probability, and a column each of compared levels and weights).

    One table: pairs within it. Two: pairs of a row of the first (l) and one of the second (r). `least_weight` in bits.
    Raises NothingToCompare.
    """
    if not all(count(db, f"SELECT count(*) FROM {table}") for table in tables):
        db.execute("CREATE OR REPLACE TABLE matches (l TEXT, r TEXT, weight DOUBLE, probability DOUBLE, evidence JSON)")
        return
    filled = _filled(db, tables)
    comparisons = comparisons_of(filled)
    if not comparisons:
        raise NothingToCompare("the files have no filled column in common that tells people apart")
    settings = learnt(db, tables, filled, comparisons)
    keys = [block_on(*key).create_blocking_rule_dict("duckdb") for key in keys_of(db, tables, filled)]
    linker = linker_of(db, tables, settings | {"blocking_rules_to_generate_predictions": keys})
    found = linker.inference.predict(threshold_match_weight=least_weight, warning_mode="never")
    _keep(db, found.physical_name, comparisons)


def _keep(db: duckdb.DuckDBPyConnection, predicted: str, comparisons: list[dict[str, Any]]) -> None:
    names = [str(comparison["output_column_name"]) for comparison in comparisons]
    kept = ", ".join(f"gamma_{name}" for name in names)
    evidence = ", ".join(
        f"'{name}': {_level_name(comparison)}" for name, comparison in zip(names, comparisons, strict=True)
    )
    db.execute(f"""CREATE OR REPLACE TABLE matches AS
        SELECT unique_id_l AS l, unique_id_r AS r, match_weight AS weight, match_probability AS probability,
            to_json({{{evidence}}}) AS evidence, {kept} FROM {predicted}""")


def _level_name(comparison: dict[str, Any]) -> str:
    levels = comparison["comparison_levels"]
    branches = " ".join(
        f"WHEN {len(levels) - 1 - place} THEN '{level['label_for_charts']}'"
        for place, level in enumerate(levels[1:], 1)
    )
    return f"CASE gamma_{comparison['output_column_name']} WHEN -1 THEN 'missing' {branches} END"


def _filled(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...]) -> set[str]:
    """Columns that enough rows of every file fill."""
    enough: list[set[str]] = []
    for table in tables:
        columns = [name for name, *_ in db.execute(f"DESCRIBE {table}").fetchall() if name != "unique_id"]
        counts = db.execute(
            f"SELECT {', '.join(f'count({name})' for name in columns)}, count(*) FROM {table}"
        ).fetchone()
        assert counts is not None
        enough.append({name for name, n in zip(columns, counts[:-1], strict=True) if n > LEAST_FILLED * counts[-1]})
    return set.intersection(*enough)
