"""Pairs of rows that may be one person, each with the weight of the evidence, learnt from the files themselves.

Splink does the statistics (Fellegi–Sunter weights, expectation–maximisation, u from random pairs); here is decided what
is compared, which pairs are looked at, and in which blocks is learnt.
"""

from __future__ import annotations

import contextlib
import logging
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.exceptions import EMTrainingException

from pccovid.linkage.anybody.comparisons import comparisons_of
from pccovid.linkage.anybody.person_files import NUMBERS
from pccovid.linkage.workspace import count

LEAST_FILLED = 0.02
"""Share of rows of each file that must fill a column for it to be compared."""
MOST_PAIRS_A_ROW = 30
"""A block that would give more pairs to look at than this for each row is left out."""
_NAME = frozenset(("given", "family", "words"))
"""Each part of a name is held against the other too."""
_RANDOM_PAIRS = 400_000
_SEED = 20220301
_LEAST_PAIRS_TO_LEARN = 50

# Beside equal numbers: keys of which two records of one person nearly always share one, whatever was misspelt.
_KEYS = (
    ("born", "given"), ("born", "family"), ("given", "family"), ("words",), ("born", "commune"), ("born", "sex"),
    ("year", "given"), ("year", "family"), ("month_day", "given"), ("month_day", "family"), ("address",),
    ("born", "left(address, 6)"), ("given", "left(address, 8)"), ("family", "left(address, 8)"), ("born",),
    ("given", "right(address, 8)"), ("family", "right(address, 8)"), ("left(address, 8)", "right(address, 8)"),
    ("left(given, 3)", "right(address, 12)"), ("left(family, 3)", "right(address, 12)"),
    ("given", "commune"), ("family", "commune"), ("year", "left(given, 3)", "left(family, 3)"),
    ("left(given, 3)", "left(family, 3)"), ("month_day", "left(given, 2)"), ("year", "commune", "left(given, 1)"),
)  # fmt: skip
_LEARNT_IN = (
    ("given", "family"), ("born",), ("national_id",), ("phone",), ("email",), ("address",), ("family", "year"),
    ("old_id",), ("insurance_no",), ("words",),
)  # fmt: skip


class NothingToCompare(ValueError):
    """The files have no filled column in common beside the record's id."""


def match(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], *, least_weight: float) -> None:
    """Makes `matches` (l, r, weight, probability, and a column each of compared levels and weights).

    One table: pairs within it. Two: pairs of a row of the first (l) and one of the second (r). `least_weight` in bits.
    Raises NothingToCompare.
    """
    filled = _filled(db, tables)
    comparisons = comparisons_of(filled)
    if not comparisons:
        raise NothingToCompare("the files have no filled column in common that tells people apart")
    rules = _rules(db, tables, filled)
    logging.getLogger("splink").setLevel(logging.ERROR)
    api = DuckDBAPI(connection=db)
    linker = Linker(
        [api.register(table) for table in tables] if len(tables) > 1 else api.register(tables[0]),
        SettingsCreator(
            link_type="link_only" if len(tables) > 1 else "dedupe_only", unique_id_column_name="unique_id",
            comparisons=[*comparisons], blocking_rules_to_generate_predictions=[*rules], max_iterations=20,
            retain_intermediate_calculation_columns=True,
        ),
        log_level=logging.ERROR,
    )  # fmt: skip
    _train(db, linker, tables, filled)
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


def _rules(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], filled: set[str]) -> list[BlockingRuleCreator]:
    """Blocks worth looking at: those of filled columns that do not give too many pairs."""
    rows = sum(count(db, f"SELECT count(*) FROM {table}") for table in tables)
    keys = [(number,) for number in NUMBERS] + list(_KEYS)
    usable = [key for key in keys if {_column(part) for part in key} <= filled]
    return [block_on(*key) for key in usable if _pairs_of(db, tables, key) <= MOST_PAIRS_A_ROW * rows]


def _column(part: str) -> str:
    return part.removeprefix("left(").removeprefix("right(").split(",")[0]


def _pairs_of(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], key: tuple[str, ...]) -> int:
    sizes = [
        f"SELECT {', '.join(f'{part} AS k{place}' for place, part in enumerate(key))}, count(*) AS n FROM {table}"
        f" WHERE {' AND '.join(f'{part} IS NOT NULL' for part in key)} GROUP BY ALL"
        for table in tables
    ]
    if len(tables) == 1:
        return count(db, f"SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM ({sizes[0]})")
    using = ", ".join(f"k{place}" for place in range(len(key)))
    return count(db, f"SELECT coalesce(sum(a.n * b.n), 0) FROM ({sizes[0]}) a JOIN ({sizes[1]}) b USING ({using})")


def _train(db: duckdb.DuckDBPyConnection, linker: Linker, tables: tuple[str, ...], filled: set[str]) -> None:
    sure = [(number,) for number in NUMBERS] + [("born", "given", "family"), ("words", "born"), ("words", "address")]
    certain = [block_on(*key) for key in sure if set(key) <= filled and _pairs_of(db, tables, key)]
    if certain:
        linker.training.estimate_probability_two_random_records_match([*certain], recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=_RANDOM_PAIRS, seed=_SEED)
    for key in _LEARNT_IN:
        if set(key) <= filled and _is_learnt_in(key, filled) and _pairs_of(db, tables, key) >= _LEAST_PAIRS_TO_LEARN:
            # ValueError: no pair of the block has some level, so that its share would be nothing.
            with contextlib.suppress(EMTrainingException, ValueError):
                linker.training.estimate_parameters_using_expectation_maximisation(block_on(*key))


def _is_learnt_in(key: tuple[str, ...], filled: set[str]) -> bool:
    """Whether something is compared that pairs of one key do not have in common anyway."""
    fixed = {*key, *(_NAME if _NAME & {*key} else ())}
    return any(comparison["output_column_name"] not in fixed for comparison in comparisons_of(filled))
