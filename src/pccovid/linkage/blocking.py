"""Which nodes are worth comparing: those that share a key of some blocking rule.

Every rule is an equality, so the work is a hash join. A key that too many nodes share would explode quadratically: it
is left out, and narrower rules over the same columns catch what it held. A node that has an identifier and neither
name nor birth date is not compared: it is attached to the identifier's holder at the end (attaching.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pccovid.linkage.workspace import count


@dataclass(frozen=True)
class BlockingRule:
    """One rule: its name, the key (SQL over `nodes`, NULL for no key) and the most nodes a key may hold."""

    name: str
    keys: tuple[str, ...]
    most_nodes: int


def _joined(*columns: str) -> str:
    """NULL where any column is NULL, as || makes it."""
    return " || '|' || ".join(f"CAST({column} AS VARCHAR)" for column in columns)


RULES = (
    BlockingRule("personal_id", ("personal_id",), 150),
    BlockingRule("old_id", ("old_id",), 150),
    BlockingRule("passport", ("passport",), 150),
    BlockingRule("insurance_no", ("insurance_no",), 150),
    BlockingRule("account", ("account",), 150),
    BlockingRule("name and birthday", (_joined("name_sorted", "day"), _joined("name_sorted", "swapped")), 120),
    BlockingRule("name and phone", (_joined("name_sorted", "phone"),), 120),
    BlockingRule("given name and phone", (_joined("given", "phone"),), 60),
    BlockingRule("family name and phone", (_joined("family", "phone"),), 60),
    BlockingRule("name and address", (_joined("name_sorted", "commune_code", "address"),), 60),
    BlockingRule("birthday and phone", (_joined("day", "phone"),), 60),
    BlockingRule("name, year and commune", (_joined("name_sorted", "year", "commune_code"),), 60),
)


@dataclass(frozen=True)
class Blocked:
    """What blocking gave: pairs to compare, and nodes standing under keys that were too common, by rule."""

    pairs: int
    left_out: dict[str, int]


def keys_sql() -> str:
    """Every node under every key that it has: rule (its place in RULES), key, node; key may be NULL."""
    return " UNION ALL ".join(
        f"SELECT {number} AS rule, {key} AS key, node FROM nodes WHERE {COMPARED}"
        for number, rule in enumerate(RULES)
        for key in rule.keys
    )


def most_nodes_sql() -> str:
    """The branches of a CASE over `rule`: the most nodes a key may hold."""
    return " ".join(f"WHEN {number} THEN {rule.most_nodes}" for number, rule in enumerate(RULES))


def block(db: duckdb.DuckDBPyConnection) -> Blocked:
    """Makes `blocked` (l, r: node numbers, l < r, each pair once) from `nodes`."""
    most = most_nodes_sql()
    db.execute(f"""CREATE TABLE block_keys AS
        SELECT *, count(*) OVER (PARTITION BY rule, key) AS size FROM (
            SELECT DISTINCT rule, hash(key) AS key, node FROM ({keys_sql()}) WHERE key IS NOT NULL)
        QUALIFY size > 1""")
    db.execute(f"""CREATE TABLE blocked AS
        WITH usable AS (SELECT * FROM block_keys WHERE size <= CASE rule {most} END)
        SELECT DISTINCT a.node AS l, b.node AS r
        FROM usable a JOIN usable b ON a.rule = b.rule AND a.key = b.key AND a.node < b.node""")
    left_out = db.execute(
        f"SELECT rule, count(*) FROM block_keys WHERE size > CASE rule {most} END GROUP BY rule ORDER BY rule"
    ).fetchall()
    db.execute("DROP TABLE block_keys")
    pairs = count(db, "SELECT count(*) FROM blocked")
    return Blocked(int(pairs), {RULES[rule].name: count for rule, count in left_out})


COMPARED = "(name_key IS NOT NULL OR day IS NOT NULL)"
