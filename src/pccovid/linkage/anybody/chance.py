"""How often two people agree by chance, in these very files: any two, and two of one home."""

from __future__ import annotations

from typing import Any

import duckdb

from pccovid.linkage.anybody.comparisons import Comparison
from pccovid.linkage.anybody.keys import keys_of
from pccovid.linkage.workspace import count

_RANDOM_PAIRS = 200_000
_BELIEVED_PAIRS, _BELIEVED_PAIRS_OF_HOMES = 1_000.0, 10.0
"""How many pairs seen weigh as much as what is written in `comparisons`."""
_TWO_PEOPLE = "left({l}, 1) <> left({r}, 1) AND jaro_winkler_similarity({l}, {r}) < 0.7"
"""Who have given names as far apart as this are hardly one."""
_BY_WHICH_PEOPLE_ARE_TOLD = ("given", "middle")
_LEAST_CHANCE = 0.05
"""Of what is written: a level that no pair shows is not therefore impossible."""


def see_chance(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], comparisons: list[Comparison]) -> None:
    """Sets what share of pairs of two people each level has: of random pairs, or of pairs of one home (`…_at_home`).

    Pairs of clearly two people are looked at; only of given names, by which those are told, of all: there the level is
    not fixed (`fix_u_probability`), since some of the pairs are one person's.
    """
    random, homes = _random_pairs(db, tables), _pairs_of_homes(db, tables)
    compared = {str(comparison["output_column_name"]) for comparison in comparisons}
    shared = _shared_by_two(db, tables, compared)
    for comparison in comparisons:
        name = str(comparison["output_column_name"])
        by_name = "given" in compared and name not in _BY_WHICH_PEOPLE_ARE_TOLD
        _see(db, comparison, homes if name.endswith("_at_home") else random, of_two=by_name)
        if name in shared:
            comparison["comparison_levels"][1]["u_probability"] = shared[name]
    for made in (random, homes, "numbered_l", "numbered_r"):
        db.execute(f"DROP TABLE {made}")


def _see(db: duckdb.DuckDBPyConnection, comparison: Comparison, pairs: str, *, of_two: bool) -> None:
    nothing, *levels = comparison["comparison_levels"]
    only = _TWO_PEOPLE.format(l="given_l", r="given_r") if of_two else "TRUE"
    seen = _seen(db, f"{pairs} WHERE {only} AND NOT ({nothing['sql_condition']})", levels)
    believed_pairs = _BELIEVED_PAIRS_OF_HOMES if pairs == "pairs_of_homes" else _BELIEVED_PAIRS
    for level, found in zip(levels, seen, strict=True):
        if not level.get("fix_u_probability"):
            believed = level["u_probability"]
            level["u_probability"] = max(
                (found + believed * believed_pairs) / (sum(seen) + believed_pairs), _LEAST_CHANCE * believed
            )
            level["fix_u_probability"] = of_two


def _shared_by_two(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...], compared: set[str]) -> dict[str, float]:
    """The chance that two people share a home, a phone or an e-mail: by those pairs of sharers who are clearly two,
    since of rare things like these random pairs show hardly any but one person's."""
    if "given" not in compared:
        return {}
    apart, of = db.execute(
        f"SELECT count(*) FILTER ({_TWO_PEOPLE.format(l='given_l', r='given_r')}), count(*) FROM random_pairs"
    ).fetchall()[0]
    usable = keys_of(db, tables, compared & {"address", "phone", "email"}, (("address",), ("phone",), ("email",)))
    two = {key: count(db, f"SELECT count(*) FROM {_two_people(tables, key)}") for (key,) in usable}
    pairs = all_pairs(db, tables) * max(apart, 1) / max(of, 1)
    return {key: (found + 1) / (pairs + 1) for key, found in two.items()}


def all_pairs(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...]) -> int:
    """How many pairs of rows there are, of one table or of two."""
    sizes = [count(db, f"SELECT count(*) FROM {table}") for table in tables]
    return sizes[0] * sizes[1] if len(sizes) > 1 else sizes[0] * (sizes[0] - 1) // 2


def _random_pairs(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...]) -> str:
    """A table of pairs as Splink's conditions name their columns; the same pairs on every run."""
    for side, table in zip("lr", (tables[0], tables[-1]), strict=True):
        db.execute(f"""CREATE OR REPLACE TEMP TABLE numbered_{side} AS
            SELECT unique_id, row_number() OVER (ORDER BY unique_id) - 1 AS number FROM {table}""")
    if all_pairs(db, tables) <= _RANDOM_PAIRS:
        both = f"numbered_l l JOIN numbered_r r ON {'TRUE' if len(tables) > 1 else 'l.number < r.number'}"
    else:
        lefts, rights = (count(db, f"SELECT count(*) FROM numbered_{side}") for side in "lr")
        both = f"""(SELECT hash(i) % {lefts} AS one, hash(i + {_RANDOM_PAIRS}) % {rights} AS other
                FROM range({_RANDOM_PAIRS}) AS drawn(i))
            JOIN numbered_l l ON l.number = one
            JOIN numbered_r r ON r.number = other AND l.unique_id <> r.unique_id"""
    return _kept(db, "random_pairs", tables, [both])


def _pairs_of_homes(db: duckdb.DuckDBPyConnection, tables: tuple[str, ...]) -> str:
    usable = keys_of(db, tables, {"address", "phone"}, (("address",), ("phone",)))
    homes = [_two_people(tables, key) for (key,) in usable]
    return _kept(db, "pairs_of_homes", tables, homes or [f"{tables[0]} l JOIN {tables[-1]} r ON FALSE"])


def _two_people(tables: tuple[str, ...], key: str) -> str:
    clearly = _TWO_PEOPLE.format(l="l.given", r="r.given")
    return f"{tables[0]} l JOIN {tables[-1]} r ON l.{key} = r.{key} AND {clearly}"


def _kept(db: duckdb.DuckDBPyConnection, name: str, tables: tuple[str, ...], joins: list[str]) -> str:
    """A table of at most so many of the pairs, chosen by their ids alone before their columns are put beside them."""
    columns = ", ".join(f"l.{column} AS {column}_l, r.{column} AS {column}_r" for column in _columns(db, tables[0]))
    pairs = " UNION ALL ".join(f"SELECT l.unique_id AS one, r.unique_id AS other FROM {join}" for join in joins)
    db.execute(f"""CREATE OR REPLACE TEMP TABLE {name} AS
        WITH chosen AS (FROM ({pairs}) ORDER BY hash(one || '|' || other), one, other LIMIT {_RANDOM_PAIRS})
        SELECT {columns} FROM chosen JOIN {tables[0]} l ON l.unique_id = one
            JOIN {tables[-1]} r ON r.unique_id = other""")
    return name


def _columns(db: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [str(name) for name, *_ in db.execute(f"DESCRIBE {table}").fetchall()]


def _seen(db: duckdb.DuckDBPyConnection, pairs: str, levels: list[dict[str, Any]]) -> list[int]:
    """How many of the pairs are of each level of a comparison."""
    branches = " ".join(f"WHEN {level['sql_condition']} THEN {place}" for place, level in enumerate(levels[:-1]))
    found = dict(
        db.execute(f"SELECT CASE {branches} ELSE {len(levels) - 1} END, count(*) FROM {pairs} GROUP BY 1").fetchall()
    )
    return [int(found.get(place, 0)) for place in range(len(levels))]
