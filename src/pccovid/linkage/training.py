"""Learning the model's parameters from claims, without anybody saying which records belong together.

Splink does it: u from random pairs of nodes, m by expectation–maximisation inside blocks where most pairs are one
person's (the same personal id; the same name and birthday; the same phone and birth year). Each comparison is learnt
in the blocks that do not use it. A level that no block shows keeps its prior; every share is kept off 0, so no single
level can decide alone. Nodes are distinct claims: agreement between identical records is not counted, which errs on
the careful side.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from pccovid.linkage.comparing import COMPARISONS, Comparison, Level, columns_compared
from pccovid.linkage.frequencies import count_frequencies
from pccovid.linkage.model import LevelWeights, Model, NameShares, prior_levels
from pccovid.linkage.preparing import build_nodes, load_claims
from pccovid.linkage.workspace import Limits, open_workspace

LEAST_M, LEAST_U = 5e-4, 1e-6
"""No m or u is smaller, so that no single level speaks for or against with more than some twenty bits."""

KNOWN_NAME_PARTS = 400
"""How many of the commonest parts of names the model keeps; rarer ones count as unseen."""

MOST_NODES = 150_000
RANDOM_PAIRS = 5_000_000
SEED = 20220301
BLOCKS = (("personal_id",), ("old_id",), ("name_key", "day"), ("phone", "year"))

TrainedLevels = dict[str, dict[str, LevelWeights]]


def train(
    claims: pa.Table | Path, *, version: str, trained_on: str, limits: Limits | None = None, least_holders: int = 1
) -> Model:
    """A model learnt from claims (same columns as `engine.link`).

    `version` names it, `trained_on` says in words what the claims were. Parts of names that fewer than `least_holders`
    bear are left out: a model must not tell that somebody of a rare name is among the claims. Same claims, same model.
    Raises NotClaims like `link`.
    """
    with open_workspace(limits or Limits()) as db:
        load_claims(db, claims)
        build_nodes(db)
        count_frequencies(db, Model(version, trained_on, prior_levels(), NameShares()))
        levels = _train_levels(db)
        return Model(version, trained_on, levels, _name_shares(db, least_holders), _name_words(db, least_holders))


def _train_levels(db: duckdb.DuckDBPyConnection) -> TrainedLevels:
    """Runs Splink over a sample of the nodes, taken by hash so that it is the same every time."""
    columns = ", ".join(columns_compared())
    db.execute(f"""CREATE TABLE trained_nodes AS SELECT node AS unique_id, {columns} FROM nodes
        ORDER BY hash(node) LIMIT {MOST_NODES}""")
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=db)
    linker = Linker(api.register("trained_nodes"), _settings(), log_level=logging.ERROR)
    linker.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED)
    for columns_blocked in BLOCKS:
        if _has_pairs(db, columns_blocked):
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns_blocked))
    learnt = {found["output_column_name"]: found for found in linker.misc.save_model_to_json()["comparisons"]}
    return {comparison.name: _merged(comparison, learnt[comparison.name]) for comparison in COMPARISONS}


def _has_pairs(db: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> bool:
    """Whether the block holds pairs enough (a thousand) to learn from."""
    present = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    ((pairs,),) = db.execute(f"""SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM (
        SELECT count(*) AS n FROM trained_nodes WHERE {present} GROUP BY {", ".join(columns)})""").fetchall()
    return int(pairs) >= 1_000


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=[_as_splink(comparison) for comparison in COMPARISONS],
        max_iterations=15,
    )


def _as_splink(comparison: Comparison) -> dict[str, Any]:
    missing = {"sql_condition": comparison.missing, "label_for_charts": "missing", "is_null_level": True}
    levels = [_level_as_splink(level) for level in comparison.levels[:-1]]
    last = {"sql_condition": "ELSE", "label_for_charts": comparison.levels[-1].name}
    return {"output_column_name": comparison.name, "comparison_levels": [missing, *levels, last]}


def _level_as_splink(level: Level) -> dict[str, Any]:
    return {"sql_condition": level.sql, "label_for_charts": level.name}


def _merged(comparison: Comparison, learnt: Mapping[str, Any]) -> dict[str, LevelWeights]:
    """Learnt m and u where there are any, priors elsewhere."""
    found = {level["label_for_charts"]: level for level in learnt["comparison_levels"]}
    return {level.name: _weights(level, found[level.name]) for level in comparison.levels}


def _weights(prior: Level, learnt: Mapping[str, Any]) -> LevelWeights:
    m, u = learnt.get("m_probability"), learnt.get("u_probability")
    if not (prior.learn and isinstance(m, float) and isinstance(u, float)):
        return LevelWeights(prior.m, prior.u)
    return LevelWeights(round(max(m, LEAST_M), 9), round(max(u, LEAST_U), 9), trained=True)


def _name_shares(db: duckdb.DuckDBPyConnection, least: int) -> NameShares:
    parts = {part: _shares(db, part, least) for part in ("family", "middle", "given")}
    return NameShares(**parts)


def _shares(db: duckdb.DuckDBPyConnection, part: str, least: int) -> dict[str, float]:
    rows = db.execute(f"""
        SELECT {part}, round(count(*) / (SELECT count(*) FROM peoplelike), 6) AS share FROM peoplelike GROUP BY {part}
        HAVING count(*) >= {int(least)} ORDER BY share DESC, {part} LIMIT {KNOWN_NAME_PARTS}""").fetchall()
    return dict(rows)


def _name_words(db: duckdb.DuckDBPyConnection, least: int) -> dict[str, float]:
    rows = db.execute(f"""
        WITH said AS (SELECT unnest(words).word AS word FROM nodes),
        holders AS (SELECT word, count(*) AS holders FROM said GROUP BY word)
        SELECT word, round(share, 6) AS share FROM word_shares JOIN holders USING (word)
        WHERE holders >= {int(least)} ORDER BY share DESC, word LIMIT {2 * KNOWN_NAME_PARTS}""").fetchall()
    return dict(rows)
