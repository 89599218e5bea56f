"""What agreement is worth among the people of these very files: Fellegi–Sunter weights, learnt without labels.

What a small file cannot show is taken from `comparisons` as if a few pairs more had been seen, and what pairs of one
person add to the agreement of random pairs is taken out of it: a file full of repeats would hide how rare a value is.
"""

from __future__ import annotations

import logging
from copy import deepcopy
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, block_on
from splink.internals.exceptions import EMTrainingException

from pccovid.linkage.anybody.chance import all_pairs, see_chance
from pccovid.linkage.anybody.comparisons import Comparison
from pccovid.linkage.anybody.keys import Key, keys_of, pairs_of, pairs_sharing_any
from pccovid.linkage.anybody.rarity import count_rarity

_LEAST_PAIRS_TO_LEARN = 50
_BELIEVED_PAIRS = 20.0
"""How many pairs of one person weigh as much as what is written in `comparisons`."""
_MOST_TAKEN_OUT = 0.8
"""Of the agreement of random pairs, on account of those that are one person's."""
_FOUND_BY_SURE_KEYS = 0.8
"""Share of the pairs of one person that agree in one of `_SURE`."""
_SURE: tuple[Key, ...] = (
    ("national_id",), ("old_id",), ("insurance_no",), ("phone", "given"), ("email",), ("born", "given", "family"),
    ("words", "born"), ("words", "address"),
)  # fmt: skip
_LEARNT_IN: tuple[Key, ...] = (
    ("given", "family"), ("born",), ("national_id",), ("phone",), ("email",), ("address",), ("family", "year"),
    ("old_id",), ("insurance_no",), ("words",),
)  # fmt: skip
_NAME = frozenset(("given", "middle", "family", "words"))
"""Each part of a name is held against the others too."""


def learnt(
    db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], filled: set[str], comparisons: list[Comparison]
) -> dict[str, Any]:
    """Splink's settings with the weights learnt from the tables, and without keys to predict with."""
    total = all_pairs(db, tables)
    believed = deepcopy(comparisons)
    see_chance(db, tables, comparisons)
    prior = _share_of_one(db, tables, filled, total)
    linker = linker_of(db, tables, {
        "link_type": "link_only" if len(tables) > 1 else "dedupe_only", "unique_id_column_name": "unique_id",
        "comparisons": comparisons, "blocking_rules_to_generate_predictions": [], "max_iterations": 20,
        "probability_two_random_records_match": prior, "retain_intermediate_calculation_columns": True,
    })  # fmt: skip
    settings = _trained(db, linker, tables, filled, comparisons)
    for seen, written in zip(settings["comparisons"], believed, strict=True):
        levels = zip(seen["comparison_levels"][1:], written["comparison_levels"][1:], strict=True)
        _settle(list(levels), pairs_of_one=prior * total, prior=prior)
    return settings


def linker_of(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], settings: dict[str, Any]) -> Linker:
    """Splink at work on one table or two of `db`."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=db)
    frames = [api.register(table) for table in tables]
    linker = Linker(frames if len(frames) > 1 else frames[0], settings, log_level=logging.ERROR)
    for comparison in settings["comparisons"]:
        same = comparison["comparison_levels"][1]
        if column := same.get("tf_adjustment_column"):
            shares = api.register(count_rarity(db, tables, column, chance=same["u_probability"]))
            linker.table_management.register_term_frequency_lookup(shares, column)
    return linker


def _share_of_one(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], filled: set[str], total: int) -> float:
    """How many of all pairs are one person's, by those that agree in so much that hardly another can be meant."""
    sure = keys_of(db, tables, filled, _SURE)
    found = pairs_sharing_any(db, tables, sure) / _FOUND_BY_SURE_KEYS
    return min(0.5, max(found, 1.0) / max(total, 1))


def _trained(
    db: duckdb.DuckDBPyConnection, linker: Linker, tables: tuple[str, ...], filled: set[str],
    comparisons: list[Comparison],
) -> dict[str, Any]:  # fmt: skip
    """The linker's settings, learnt in one block after the other."""
    settings: dict[str, Any] = linker.misc.save_model_to_json()
    for key in _LEARNT_IN:
        if not (set(key) <= filled and _tells(key, comparisons)) or pairs_of(db, tables, key) < _LEAST_PAIRS_TO_LEARN:
            continue
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*key))
            settings = linker.misc.save_model_to_json()
        except (EMTrainingException, ValueError):
            # No pair of the block has some level, so that its share would be nothing. Splink breaks off and has by then
            # forgotten what is not learnt in this block: what was learnt before goes on with a new linker.
            linker = linker_of(db, tables, settings)
    return settings


def _tells(key: Key, comparisons: list[Comparison]) -> bool:
    """Whether something is compared that pairs of one key do not have in common anyway."""
    fixed = {*key, *(_NAME if _NAME & {*key} else ())}
    return any(comparison["output_column_name"] not in fixed for comparison in comparisons)


def _settle(levels: list[tuple[dict[str, Any], dict[str, Any]]], *, pairs_of_one: float, prior: float) -> None:
    """Sets the shares of one comparison's levels, each seen beside what is written of it."""
    for seen, written in levels:
        of_one, of_two = seen["m_probability"], seen["u_probability"]
        believed = written["m_probability"] * _BELIEVED_PAIRS
        seen["m_probability"] = (of_one * pairs_of_one + believed) / (pairs_of_one + _BELIEVED_PAIRS)
        if not seen["fix_u_probability"]:
            # Shares of pairs of one person among the random ones are taken out again.
            seen["u_probability"] = max(of_two - prior * of_one, (1 - _MOST_TAKEN_OUT) * of_two)
    for name in ("m_probability", "u_probability"):
        whole = sum(seen[name] for seen, _ in levels)
        for seen, _ in levels:
            seen[name] /= whole
