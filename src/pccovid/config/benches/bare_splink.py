"""The same records linked by Splink alone: our blocking rules, comparisons and trained weights, its own machinery.

What Splink has no word for is left away: nodes, guards, tiers, what a record waits for, the review queue. A pair joins
at a probability, and whatever hangs together is one person. Claims are read and reduced to comparable columns by the
same statement as ours, keys too common to be used are left out as ours are, and the answer is a Parquet file as ours.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule

from pccovid.linkage.blocking import COMPARED, RULES, BlockingRule
from pccovid.linkage.comparing import COMPARISONS, NAME, Comparison, columns_compared
from pccovid.linkage.model import Model, default_model
from pccovid.linkage.preparing import load_claims
from pccovid.linkage.workspace import Limits, open_workspace

LEAST_PROBABILITY = 0.99
_OTHER_RECORDS_OF_A_PERSON = 5
_NOT_OF_RECORDS = ("tokens", "family", "given", "words", "reads_otherwise")
_WHOLE_NAMES = ("same_accented", "same_plain", "rotated")


def link_bare(claims: Path, folder: Path, limits: Limits) -> tuple[int, dict[str, float]]:
    """Write `assignments.parquet` (record, cluster) in `folder`; returns how many pairs were scored and kept."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    with open_workspace(limits) as db:
        records = load_claims(db, claims)
        prepare_people(db)
        linker = Linker(
            DuckDBAPI(connection=db).register("people"), _settings(default_model(), records), log_level=logging.ERROR
        )
        pairs = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY, warning_mode="never")
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, LEAST_PROBABILITY)
        db.sql(f"SELECT unique_id AS record, cluster_id AS cluster FROM {clusters.physical_name}").write_parquet(  # noqa: S608
            str(folder / "assignments.parquet")
        )
        ((kept,),) = db.execute(f"SELECT count(*) FROM {pairs.physical_name}").fetchall()  # noqa: S608
        return int(kept), {}


def keys_of_people() -> dict[str, tuple[str, int]]:
    """Column → the key as SQL, and how many may share it: every key of every blocking rule."""
    return {
        f"key_{number}_{place}": (key, rule.most_nodes)
        for number, rule in enumerate(RULES)
        for place, key in enumerate(rule.keys)
    }


def prepare_people(db: duckdb.DuckDBPyConnection) -> None:
    """Makes `people` of `claims`: what is compared, and each blocking key, empty where too many share it."""
    columns = ", ".join(column for column in columns_compared() if column not in _NOT_OF_RECORDS)
    db.execute(f"""CREATE TABLE named AS
        SELECT record AS unique_id, {columns}, account, string_split(name_key, ' ') AS tokens,
            string_split(name_key, ' ')[1] AS family, string_split(name_key, ' ')[-1] AS given
        FROM claims""")  # noqa: S608
    few = ", ".join(
        f"CASE WHEN count(*) OVER (PARTITION BY {key}) <= {most} THEN {key} END AS {name}"
        for name, (key, most) in keys_of_people().items()
    )
    db.execute(f"CREATE TABLE people AS SELECT *, {few} FROM named WHERE {COMPARED}")  # noqa: S608
    db.execute("DROP TABLE named; DROP TABLE claims")


def _settings(model: Model, records: int) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=[_with_weights(comparison, model) for comparison in COMPARISONS],
        blocking_rules_to_generate_predictions=[
            CustomRule(rule) for number, one in enumerate(RULES) for rule in _equalities(number, one)
        ],
        probability_two_random_records_match=_OTHER_RECORDS_OF_A_PERSON / records,
    )


def _equalities(number: int, rule: BlockingRule) -> list[str]:
    """A rule's keys stand for each other: the birthday as written, and with day and month exchanged."""
    names = [f"key_{number}_{place}" for place in range(len(rule.keys))]
    return [f"l.{one} = r.{other}" for one in names for other in names if one == other == names[0] or one != other]


def _with_weights(comparison: Comparison, model: Model) -> dict[str, Any]:
    missing = {"sql_condition": comparison.missing, "label_for_charts": "missing", "is_null_level": True}
    levels: list[dict[str, Any]] = [missing]
    for level in comparison.levels:
        weights = model.levels[comparison.name][level.name]
        is_last = level is comparison.levels[-1]
        made: dict[str, Any] = {
            "sql_condition": "ELSE" if is_last else level.sql, "label_for_charts": level.name,
            "m_probability": weights.m, "u_probability": weights.u,
        }  # fmt: skip
        if comparison is NAME and level.name in _WHOLE_NAMES:
            made |= {"tf_adjustment_column": "name_key", "tf_adjustment_weight": 1.0}
        levels.append(made)
    return {"output_column_name": comparison.name, "comparison_levels": levels}
